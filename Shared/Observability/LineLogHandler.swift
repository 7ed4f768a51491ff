import Foundation
import Logging

/// One line on stderr for each event, as text for people or JSON for machines.
struct LineLogHandler: LogHandler {
    let label: String
    var logLevel: Logger.Level
    let format: Observability.LogFormat
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(
        label: String,
        level: Logger.Level,
        format: Observability.LogFormat,
        metadataProvider: Logger.MetadataProvider?
    ) {
        self.label = label
        logLevel = level
        self.format = format
        self.metadataProvider = metadataProvider
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        FileHandle.standardError.write(Data((line(event, at: Date()) + "\n").utf8))
    }

    func line(_ event: LogEvent, at time: Date) -> String {
        var fields = metadataProvider?.get() ?? [:]
        fields.merge(metadata) { $1 }
        fields.merge(event.metadata ?? [:]) { $1 }
        if let error = event.error { fields["error"] = "\(error)" }
        let time = Date.ISO8601FormatStyle(includingFractionalSeconds: true).format(time)
        switch format {
        case .text:
            let pairs = fields.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.quoted("\($0.value)"))" }
            let head = "\(time) \(event.level.rawValue.uppercased()) \(label): \(Self.oneLine("\(event.message)"))"
            return ([head] + pairs).joined(separator: " ")
        case .json:
            var object = fields.mapValues { "\($0)" }
            object["time"] = time
            object["level"] = event.level.rawValue
            object["logger"] = label
            object["message"] = "\(event.message)"
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return (try? encoder.encode(object)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }

    private static func quoted(_ value: String) -> String {
        let plain = oneLine(value)
        let needsQuotes = plain.isEmpty || plain.contains { $0 == " " || $0 == "\"" || $0 == "=" }
        return needsQuotes ? "\"\(plain.replacing("\"", with: "\\\""))\"" : plain
    }

    /// So that a value can't pretend to be a line of its own.
    private static func oneLine(_ text: String) -> String {
        text.unicodeScalars.contains { $0.properties.generalCategory == .control }
            ? text.debugDescription.dropFirst().dropLast().description : text
    }
}
