import CPostgres
import Dispatch
import Glibc

extension Wire {
    enum StartStep { case read, write, done, failed }

    /// What may block: looking up a host's name, and asking for a cancellation.
    private static let blocking = DispatchQueue(label: "tradewind.postgres.blocking", attributes: .concurrent)

    /// Begins to connect. `nil` if there is no memory left.
    static func start(_ parameters: [ConnectionParameter]) async -> sending Wire? {
        await withCheckedContinuation { continuation in
            blocking.async {
                let keywords = CStrings(parameters.map(\.keyword))
                let values = CStrings(parameters.map(\.value))
                let handle = PQconnectStartParams(keywords.pointers, values.pointers, 0)
                continuation.resume(returning: handle.map { Wire(handle: $0) })
            }
        }
    }

    func continueStart() -> StartStep {
        switch PQconnectPoll(handle) {
        case PGRES_POLLING_READING: .read
        case PGRES_POLLING_WRITING: .write
        case PGRES_POLLING_OK: .done
        default: .failed
        }
    }

    /// From here on no call blocks, and everything goes by pipelines.
    func finishStart() -> Bool {
        observeNotices()
        return PQsetnonblocking(handle, 1) == 0 && enterPipeline()
    }

    /// Asks the server to cancel what runs on this connection; `done` is called once it has taken the request.
    func requestCancel(_ done: @escaping @Sendable () -> Void) {
        guard let handle = PQgetCancel(handle) else { return }
        // libpq promises that a PGcancel may be used on any thread; nothing else refers to this one.
        nonisolated(unsafe) let request = handle
        Self.blocking.async {
            var message: [CChar] = Array(repeating: 0, count: 256)
            // A failure needs no handling: the statement then misses its deadline, and the connection is closed.
            _ = PQcancel(request, &message, Int32(message.count))
            PQfreeCancel(request)
            done()
        }
    }

    /// The parameters of a connection string or URL.
    static func parse(_ url: String) throws -> [ConnectionParameter] {
        guard let options = PQconninfoParse(url, nil) else {
            // libpq's own message would quote the string, and the password with it.
            throw PostgresError(.connectionFailed, message: "the database URL is malformed")
        }
        defer { PQconninfoFree(options) }
        var parameters: [ConnectionParameter] = []
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                parameters.append(ConnectionParameter(String(cString: keyword), String(cString: value)))
            }
            option = option.advanced(by: 1)
        }
        return parameters
    }
}

struct ConnectionParameter: Sendable, Equatable {
    let keyword: String
    var value: String

    init(_ keyword: String, _ value: String) {
        self.keyword = keyword
        self.value = value
    }
}

/// A null-terminated array of C strings.
private final class CStrings {
    var pointers: [UnsafePointer<CChar>?]

    init(_ strings: [String]) {
        pointers = strings.map { UnsafePointer(strdup($0)) } + [nil]
    }

    deinit {
        for pointer in pointers { free(UnsafeMutablePointer(mutating: pointer)) }
    }
}
