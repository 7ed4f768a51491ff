import Dispatch
import Foundation

/// Runs a program to its end and gives its output.
///
/// Foundation's `Process` counts a program as running as long as a child of it lives, which the server that `pg_ctl`
/// leaves behind does. So this spawns and waits by itself.
enum ChildProcess {
    struct Outcome: Sendable {
        let status: Int32
        /// Standard output and standard error together.
        let output: String
        var succeeded: Bool { status == 0 }
    }

    /// Runs `arguments[0]`, found in PATH if it has no slash, in the directory `/`.
    ///
    /// The output goes to a file without a name, so that children left behind can't hold us up by a pipe.
    static func run(_ arguments: [String], input: String = "") async throws -> Outcome {
        let inputFile = try scratchFile(input)
        defer { try? inputFile.close() }
        let outputFile = try scratchFile("")
        defer { try? outputFile.close() }
        let id = try spawn(arguments, input: inputFile.fileDescriptor, output: outputFile.fileDescriptor)
        let status = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: waitForEnd(of: id)) }
        }
        try outputFile.seek(toOffset: 0)
        let data = try outputFile.readToEnd() ?? Data()
        return Outcome(status: status, output: String(decoding: data, as: UTF8.self))
    }

    private static func spawn(_ arguments: [String], input: Int32, output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (from, to) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (output, STDERR_FILENO)] {
            posix_spawn_file_actions_adddup2(&actions, from, to)
        }
        var words: [UnsafeMutablePointer<CChar>?] = (["env", "-C", "/"] + arguments).map { strdup($0) }
        words.append(nil)
        defer { words.forEach { free($0) } }
        var id = pid_t()
        let status = posix_spawn(&id, "/usr/bin/env", &actions, nil, words, environ)
        guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: status) ?? .ENOEXEC) }
        return id
    }

    /// 128 and the signal's number for a program that a signal ended.
    private static func waitForEnd(of id: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            guard errno == EINTR else { return -1 }
        }
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    /// A file that has no name any more.
    private static func scratchFile(_ text: String) throws -> FileHandle {
        let file = FileManager.default.temporaryDirectory.appending(path: "tradewind-\(UUID().uuidString)")
        _ = FileManager.default.createFile(
            atPath: file.path,
            contents: Data(text.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        defer { try? FileManager.default.removeItem(at: file) }
        return try FileHandle(forUpdating: file)
    }
}
