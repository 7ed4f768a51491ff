import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization

@testable import Observability
@testable import Web

/// Runs routes behind the host's middleware, without a database.
func withEdge(
    logger: Logger = quietLogger,
    _ addRoutes: (Router<AppContext>) -> Void,
    _ test: @escaping @Sendable (any TestClientProtocol) async throws -> Void
) async throws {
    Observability.install()
    let router = Router(context: AppContext.self, options: .autoGenerateHeadEndpoints)
    let routes = RouteTable()
    router.add(middleware: TraceRequests())
    router.add(middleware: ObserveRequests())
    router.add(middleware: TellProblems(pages: try ProblemPages(), routes: routes))
    router.add(middleware: BufferedBodies())
    addRoutes(router)
    routes.read(router)
    try await Application(router: router, logger: logger).test(.router, test)
}

let quietLogger: Logger = {
    var logger = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .critical
    return logger
}()

/// Keeps what was logged.
final class RecordedLog: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger {
        Logger(label: "recorded") { _ in Handler(log: self) }
    }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace
        var metadataProvider: Logger.MetadataProvider?

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            let text = fields.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            log.lines.withLock { $0.append("\(event.level) \(event.message) \(text)") }
        }
    }
}
