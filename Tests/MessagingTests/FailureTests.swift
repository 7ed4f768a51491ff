import Foundation
import Postgres
import Testing

@testable import Messaging

@Suite struct FailureTests {
    private struct Person: Error { let name = "Mei-Ling Chen" }
    private enum Plain: Error { case full }

    @Test func backoffDoublesUpToItsCap() {
        let policy = RetryPolicy()
        #expect([1, 2, 3, 4].map { policy.backoff(after: $0, jitter: 1) } == [1, 2, 4, 8].map { .seconds($0) })
        #expect(policy.backoff(after: 1000, jitter: 1) == .seconds(600))
        let jittered = (0..<100).map { _ in policy.backoff(after: 1) }
        #expect(jittered.allSatisfy { (.milliseconds(500) ... .milliseconds(1500)).contains($0) })
        #expect(Set(jittered).count > 50)
    }

    @Test func attemptsRunOut() {
        var policy = RetryPolicy()
        policy.maximumAttempts = 2
        guard case .retry = Failure(of: Plain.full, attempt: 1, policy: policy) else { return #expect(Bool(false)) }
        #expect(Failure(of: Plain.full, attempt: 2, policy: policy) == .dead(error: "Plain: full"))
        let later = MessageDisposition.retry(after: .seconds(5))
        #expect(
            Failure(of: later, attempt: 1, policy: policy)
                == .retry(after: .seconds(5), error: "asked to be tried again")
        )
        guard case .dead = Failure(of: later, attempt: 2, policy: policy) else { return #expect(Bool(false)) }
    }

    @Test func errorTextsShowNoFields() {
        #expect(Failure.text(of: Person()) == "Person")
        #expect(Failure.text(of: Plain.full) == "Plain: full")
        #expect(Failure.text(of: PostgresError(.connectionLost, message: "secret")).contains("secret") == false)
        struct Form: Codable { let year: Int }
        let error = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Form].self, from: Data(#"[{"year": "Mei-Ling Chen"}]"#.utf8))
        }
        #expect(error.map(Failure.text(of:)) == "DecodingError: not a Int at /Index 0/year")
    }
}
