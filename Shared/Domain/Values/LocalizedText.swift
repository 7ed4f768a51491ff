/// One text in several languages.
public struct LocalizedText: Hashable, Sendable, Codable {
    /// Never empty.
    public let texts: [LanguageTag: String]

    public init(_ texts: [LanguageTag: String]) throws(InvalidValue) {
        guard !texts.isEmpty else { throw InvalidValue("must hold the text in at least one language") }
        for text in texts.values {
            guard !text.allSatisfy(\.isWhitespace) else { throw InvalidValue("must not be blank in any language") }
            guard text.count <= 2000 else { throw InvalidValue("must have at most 2000 characters in each language") }
            guard
                text.unicodeScalars.allSatisfy({
                    $0.properties.generalCategory != .control || "\t\r\n".unicodeScalars.contains($0)
                })
            else { throw InvalidValue("must not have control characters") }
        }
        self.texts = texts
    }

    /// The text in `language`, else in the nearest one by BCP 47 look-up (`zh-Hant-TW`, `zh-Hant`, `zh`), else in
    /// English, else in the first language by name.
    public subscript(_ language: LanguageTag) -> String { nearest(to: language).text }

    /// The same, with the language that it is in.
    public func nearest(to language: LanguageTag) -> (language: LanguageTag, text: String) {
        for tag in language.fallbacks + [.english] {
            if let text = texts[tag] { return (tag, text) }
        }
        guard let first = texts.min(by: { $0.key.description < $1.key.description }) else { return (language, "") }
        return (first.key, first.value)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        var texts: [LanguageTag: String] = [:]
        for (tag, text) in try container.decode([String: String].self) {
            do throws(InvalidValue) {
                let known = texts.updateValue(text, forKey: try LanguageTag(tag))
                guard known == nil else { throw InvalidValue("must name each language once") }
            } catch {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: error.reason)
            }
        }
        do throws(InvalidValue) {
            try self.init(texts)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.reason)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Dictionary(uniqueKeysWithValues: texts.map { ($0.key.description, $0.value) }))
    }
}
