import Foundation

/// Data goes to standard output, words for people to standard error.
struct Console: Sendable {
    enum Style: String, Sendable { case bold = "1", faint = "2", red = "31", green = "32", yellow = "33" }

    /// Whether somebody watches standard error.
    let isInteractive: Bool
    private let usesColor: Bool

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        isInteractive = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        usesColor = isInteractive && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Whether somebody can be asked.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    func styled(_ text: String, _ style: Style) -> String {
        usesColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Words on standard error.
    func say(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }

    /// Data on standard output.
    func put(_ text: String) {
        FileHandle.standardOutput.write(Data("\(text)\n".utf8))
    }

    /// Data on standard output as JSON with sorted keys and ISO 8601 times.
    func put(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        put(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Says what went wrong; further lines say what to do.
    func report(_ failure: String) {
        var lines = failure.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines[0] = "\(styled("error:", .red)) \(lines[0])"
        say(lines.joined(separator: "\n"))
    }

    /// Asks for a yes; without a terminal or with `--no-input` it fails and says how to do without the question.
    func confirm(_ question: String, options: InteractionOptions) throws {
        if options.yes { return }
        guard Self.canAsk, !options.noInput else {
            throw CommandFailure("This needs a confirmation.", hint: "Add --yes to go ahead.", exitCode: 2)
        }
        FileHandle.standardError.write(Data("\(question) [y/N] ".utf8))
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw CommandFailure("Nothing was changed.")
        }
    }
}
