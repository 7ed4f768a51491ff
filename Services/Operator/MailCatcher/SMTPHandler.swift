import Foundation
import NIOCore
import NIOSSL

/// Performs what the session of one connection says.
final class SMTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    struct Factory: Sendable {
        let options: MailCatcher.Options
        let tls: NIOSSLContext?
        let messages: MailStore
        let faults: Faults

        func make() -> SMTPHandler { SMTPHandler(self) }
    }

    private let factory: Factory
    private var session: SMTPSession
    private var facts = ConnectionFacts(id: UUID())
    private var waiting: [SMTPSession.Action] = []
    private var isDelayed = false

    private init(_ factory: Factory) {
        self.factory = factory
        session = SMTPSession(
            options: factory.options,
            faults: factory.faults,
            isSecure: factory.options.security == .implicitTLS
        )
    }

    func channelActive(context: ChannelHandlerContext) {
        waiting = session.greet()
        perform(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        session.receive(unwrapInboundIn(data).readableBytesView)
        perform(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// Goes on until more bytes or the end of a delay are needed.
    private func perform(_ context: ChannelHandlerContext) {
        while !isDelayed {
            if waiting.isEmpty {
                guard let actions = session.step() else { break }
                waiting = actions
                continue
            }
            perform(waiting.removeFirst(), context)
        }
        context.flush()
    }

    private func perform(_ action: SMTPSession.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .reply(let text):
            context.write(wrapOutboundOut(context.channel.allocator.buffer(string: text + "\r\n")), promise: nil)
        case .keep(let envelope, let source):
            facts.ordinal += 1
            facts.isTLS = session.isSecure
            facts.user = session.user
            factory.messages.keep(envelope, source, facts)
        case .delay(let time):
            isDelayed = true
            context.flush()
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: TimeAmount(time)) {
                let (handler, context) = bound.value
                handler.isDelayed = false
                handler.perform(context)
            }
        case .startTLS:
            context.flush()
            guard let tls = factory.tls else { return context.close(promise: nil) }
            do {
                try context.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .first)
            } catch {
                context.close(promise: nil)
            }
        case .close:
            context.flush()
            context.close(promise: nil)
        }
    }
}
