import Domain
import Foundation
import MailCatcher
import TestKit
import Testing

@testable import Notifications

@Suite struct SMTPFailureTests {
    static let cases: [(Fault, SMTPFailure.Kind, Int?)] = [
        (Fault(.connection, .reply(554, "5.3.2 Go away")), .unreachable, 554),
        (Fault(.connection, .reply(421, "4.3.2 Too busy")), .unreachable, 421),
        (Fault(.connection, .drop), .unreachable, nil),
        (Fault(.hello, .reply(550, "5.7.1 Not you")), .unreachable, 550),
        (Fault(.mail, .reply(451, "4.7.1 Later")), .transient, 451),
        (Fault(.mail, .reply(550, "5.1.8 Bad sender")), .permanent, 550),
        (Fault(.recipient, .reply(450, "4.2.1 Greylisted")), .transient, 450),
        (Fault(.recipient, .reply(550, "5.1.1 No such user")), .permanent, 550),
        (Fault(.data, .reply(451, "4.3.0 Disk full")), .transient, 451),
        (Fault(.data, .reply(554, "5.7.1 No")), .permanent, 554),
        (Fault(.acknowledgement, .reply(452, "4.3.1 No room")), .transient, 452),
        (Fault(.acknowledgement, .reply(554, "5.6.0 Looks like spam")), .permanent, 554),
        (Fault(.content, .drop), .transient, nil),
        (Fault(.acknowledgement, .drop), .transient, nil),
        (Fault(.recipient, .reply(421, "4.3.2 Closing")), .unreachable, 421),
        (Fault(.mail, .delay(.seconds(600))), .transient, nil),
    ]

    @Test(arguments: cases.indices)
    func faultsAreTold(_ index: Int) async throws {
        let (fault, kind, code) = Self.cases[index]
        try await withCatcher { catcher in
            catcher.faults.add(fault)
            let isSlow = if case .delay = fault.effect { true } else { false }
            // Enough on a busy machine too, to come as far as MAIL and to send the next one.
            let client = SMTPClient(endpoint: try .local(catcher, timeout: .seconds(isSlow ? 5 : 60)))
            let failure = await #expect(throws: SMTPFailure.self) { try await client.send(.sample()) }
            #expect(failure?.kind == kind)
            #expect(failure?.code == code)
            if case .reply(_, let text) = fault.effect { #expect(failure?.reason.contains(text) == true) }
            #expect(failure?.description.contains("@") == false)
            // The same client is good for the next mail.
            catcher.faults.removeAll()
            let before = catcher.messages.count
            _ = try await client.send(.sample())
            #expect(catcher.messages.count == before + 1)
        }
    }

    @Test func noServerIsUnreachable() async throws {
        let port = try ReservedPort()
        let client = SMTPClient(endpoint: try SMTPEndpoint(url: "smtp://127.0.0.1:\(port.number)"))
        let failure = await #expect(throws: SMTPFailure.self) { try await client.send(.sample()) }
        #expect(failure?.kind == .unreachable)
    }

    @Test func cancellationBreaksTheConversationOff() async throws {
        try await withCatcher { catcher in
            catcher.faults.add(Fault(.mail, .delay(.seconds(600))))
            let client = SMTPClient(endpoint: try .local(catcher, timeout: .seconds(600)))
            let failure = await withTaskGroup(of: SMTPFailure?.self) { group in
                group.addTask {
                    do throws(any Error) {
                        _ = try await client.send(.sample())
                        return nil
                    } catch {
                        return error as? SMTPFailure
                    }
                }
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(failure?.kind == .cancelled)
        }
    }
}
