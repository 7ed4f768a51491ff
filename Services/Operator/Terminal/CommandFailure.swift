/// Why a command could not do what it was asked to, and what to do about it.
struct CommandFailure: Error, CustomStringConvertible {
    let message: String
    let hint: String?
    /// 1: it failed; 2: it was asked wrongly.
    let exitCode: Int32

    init(_ message: String, hint: String? = nil, exitCode: Int32 = 1) {
        self.message = message
        self.hint = hint
        self.exitCode = exitCode
    }

    var description: String { hint.map { "\(message)\n\($0)" } ?? message }
}
