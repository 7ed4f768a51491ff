public import Logging
import NIOCore
import NIOPosix
import NIOSSL
public import ServiceLifecycle
import Synchronization

/// An SMTP server for trying out and for tests: it takes every mail, shows it, and delivers none.
///
/// It listens from its initialiser on, so that its port is known; it has to be run (or is closed when it is released).
public final class MailCatcher: Service, Sendable {
    public let messages: MailStore
    public let faults = Faults()
    /// The port that it listens on.
    public let port: Int
    public let options: Options
    /// The certificate that it shows, for clients that are to trust it; `nil` for a plain server.
    public let certificate: String?

    private let server: any Channel
    private let connections = ConnectionSet()
    private let logger: Logger

    public init(options: Options = .init(), logger: Logger) async throws {
        let identity = options.security == .plain ? nil : try SelfSignedCertificate(host: options.host)
        let messages = MailStore(capacity: options.capacity, maximumBytes: options.capacityBytes)
        let factory = SMTPHandler.Factory(
            options: options,
            tls: try identity?.serverContext(),
            messages: messages,
            faults: faults
        )
        server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [connections] channel in
                channel.eventLoop.makeCompletedFuture {
                    connections.add(channel)
                    if options.security == .implicitTLS, let tls = factory.tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(factory.make())
                }
            }
            .bind(host: options.host, port: options.port)
            .get()
        port = server.localAddress?.port ?? options.port
        certificate = identity?.certificatePEM
        self.messages = messages
        self.options = options
        self.logger = logger
    }

    deinit { server.close(promise: nil) }

    /// What the mailer's `smtp.url` is to be.
    public var url: String {
        let scheme = options.security == .implicitTLS ? "smtps" : "smtp"
        let user = options.credentials.map { $0.user + "@" } ?? ""
        return "\(scheme)://\(user)\(options.host):\(port)"
    }

    /// Takes mails until the graceful shutdown or the task's cancellation; then closes all connections.
    public func run() async throws {
        logger.info("mail catcher listens", metadata: ["host": "\(options.host)", "port": "\(port)"])
        let server = server
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await server.closeFuture.get()
            } onGracefulShutdown: {
                server.close(promise: nil)
            }
        } onCancel: {
            server.close(promise: nil)
        }
        connections.closeAll()
    }
}

/// The connections that are open.
private final class ConnectionSet: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        channels.withLock { $0[id] = channel }
        channel.closeFuture.whenComplete { [weak self] _ in self?.channels.withLock { $0[id] = nil } }
    }

    func closeAll() {
        for channel in channels.withLock({ Array($0.values) }) { channel.close(promise: nil) }
    }
}
