import Domain
import Foundation
import MailCatcher
import Testing

@testable import Notifications

@Suite struct SMTPSecurityTests {
    /// Starts a catcher, and an endpoint that knows its certificate if it is to be trusted.
    private func withServer(
        _ security: MailCatcher.Security,
        isTrusted: Bool = true,
        _ body: @Sendable (MailCatcher, SMTPEndpoint) async throws -> Void
    ) async throws {
        var options = MailCatcher.Options()
        options.security = security
        options.credentials = .init(user: "mailer", password: "geheim")
        try await withCatcher(options) { catcher in
            let file = FileManager.default.temporaryDirectory.appending(component: "\(UUID()).pem")
            try catcher.certificate?.write(to: file, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(at: file) }
            var endpoint = try SMTPEndpoint.local(catcher)
            endpoint.tls = .required
            endpoint.password = "geheim"
            endpoint.authorities = isTrusted ? file.path() : nil
            try await body(catcher, endpoint)
        }
    }

    @Test(arguments: [MailCatcher.Security.startTLS(isRequired: true), .implicitTLS])
    func signsInOverTLS(_ security: MailCatcher.Security) async throws {
        try await withServer(security) { catcher, endpoint in
            let client = SMTPClient(endpoint: endpoint)
            for _ in 1...3 { _ = try await client.send(.sample()) }
            #expect(catcher.messages.all.map(\.connection.ordinal) == [1, 2, 3])
            #expect(catcher.messages.all.allSatisfy { $0.connection.isTLS && $0.connection.user == "mailer" })
        }
    }

    @Test func aWrongPasswordIsNotTheMailsFault() async throws {
        try await withServer(.startTLS(isRequired: true)) { catcher, endpoint in
            var endpoint = endpoint
            endpoint.password = "falsch"
            let client = SMTPClient(endpoint: endpoint)
            let failure = await #expect(throws: SMTPFailure.self) { try await client.send(.sample()) }
            #expect(failure?.kind == .unreachable)
            #expect(failure?.code == 535)
            #expect(catcher.messages.count == 0)
        }
    }

    @Test func anUntrustedCertificateIsRefused() async throws {
        try await withServer(.startTLS(isRequired: true), isTrusted: false) { catcher, endpoint in
            let client = SMTPClient(endpoint: endpoint)
            let failure = await #expect(throws: SMTPFailure.self) { try await client.send(.sample()) }
            #expect(failure?.kind == .unreachable)
            #expect(catcher.messages.count == 0)
        }
    }

    @Test func withoutTLSNothingIsSentWhereItIsRequired() async throws {
        try await withCatcher { catcher in
            var endpoint = try SMTPEndpoint.local(catcher)
            endpoint.tls = .required
            let client = SMTPClient(endpoint: endpoint)
            let failure = await #expect(throws: SMTPFailure.self) { try await client.send(.sample()) }
            #expect(failure?.kind == .unreachable)
            #expect(catcher.messages.count == 0)
        }
    }

    @Test func urlsSayHowToConnect() throws {
        #expect(try SMTPEndpoint(url: "smtp://mailer@smtp.example:587").tls == .required)
        #expect(try SMTPEndpoint(url: "smtp://mailer@127.0.0.1:587").tls == .opportunistic)
        #expect(try SMTPEndpoint(url: "smtp://smtp.example").tls == .opportunistic)
        #expect(try SMTPEndpoint(url: "smtps://mailer%40a.example@smtp.example").user == "mailer@a.example")
        #expect(try SMTPEndpoint(url: "smtps://smtp.example").port == 465)
        #expect(try SMTPEndpoint(url: "smtp://[::1]:2525").url == "smtp://[::1]:2525/localhost")
        for bad in ["http://a", "smtp://", "smtp://u:p@host", "smtp://host/path", "host:25"] {
            #expect(throws: InvalidValue.self) { try SMTPEndpoint(url: bad) }
        }
    }
}
