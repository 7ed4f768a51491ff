import Foundation

/// A page that a personal link opened, as far as it takes to fill its forms in.
struct WebPage: Sendable {
    /// What a browser would send if the form were submitted as it is, without its buttons and unticked boxes.
    struct Form: Sendable {
        let action: String
        fileprivate(set) var fields: [String: String] = [:]
        /// Buttons and boxes, by name and value.
        fileprivate(set) var choices: [(name: String, value: String)] = []
    }

    /// Without the query.
    let path: String
    let html: String
    let forms: [Form]

    init(path: String, html: String) {
        self.path = path
        self.html = html
        forms = html.components(separatedBy: "<form ").dropFirst().map(Form.init)
    }

    /// The form that has a field, or a button of this value.
    func form(with name: String, value: String? = nil) -> Form? {
        forms.first { form in
            form.fields[name] != nil && value == nil
                || form.choices.contains { $0.name == name && (value == nil || $0.value == value) }
        }
    }
}

extension WebPage.Form {
    /// - Parameter html: What follows `<form `.
    fileprivate init(_ html: String) {
        let tags = (html.components(separatedBy: "</form>").first ?? "").components(separatedBy: "<").map(Tag.init)
        action = tags.first?.attributes["action"] ?? ""
        var select: String?
        for tag in tags {
            let (name, value) = (tag.attributes["name"], tag.attributes["value"] ?? "")
            switch (tag.name, name) {
            case ("select", let name?): select = name
            case ("option", _):
                // The first unless another is selected.
                if let select, tag.isSelected || fields[select] == nil { fields[select] = value }
            case ("input", let name?) where tag.attributes["type"] == "checkbox": choices.append((name, value))
            case ("input", let name?): fields[name] = value
            case ("button", let name?): choices.append((name, value))
            default: break
            }
        }
    }
}

/// A start tag of the pages' own templates: attributes are in double quotes, and what would end a tag is escaped.
private struct Tag {
    let name: String
    var attributes: [String: String] = [:]
    let isSelected: Bool

    init(_ text: String) {
        let parts = text.prefix { $0 != ">" }.components(separatedBy: "\"")
        name = parts[0].split(separator: " ").first.map(String.init) ?? ""
        for index in stride(from: 1, to: parts.count, by: 2) {
            let attribute = parts[index - 1].split(separator: " ").last?.dropLast() ?? ""
            attributes[String(attribute)] = parts[index].unescaped
        }
        isSelected = parts.last?.contains("selected") ?? false
    }
}

extension String {
    fileprivate var unescaped: String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .reduce(self) { $0.replacing($1.0, with: $1.1) }
    }
}
