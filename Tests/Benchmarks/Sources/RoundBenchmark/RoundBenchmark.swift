import ArgumentParser
import BenchmarkSupport
import Domain
import Foundation
import HummingbirdTesting
import Matchmaking
import TestKit

/// Times "run": from the request to the tentative run that is stored with its certificate and an explanation for each
/// applicant. The service is the real one, over PostgreSQL; only the socket between client and router is left out.
@main
struct RoundBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "round-benchmark",
        abstract: "Time rounds of a generated cohort on the server of DATABASE_TEST_URL."
    )

    @Option(help: "How many applicants.") var applicants = 2000
    @Option(help: "How many firms.") var firms = 12
    @Option(help: "Places of each firm.") var places = 20
    @Option(help: "How many firms an applicant ranks.") var choices = 5
    @Option(help: "How often a run is timed; the median counts.") var rounds = 5

    func run() async throws {
        let plan = self
        try await TestService.run(MatchmakingService.self) { client, service in
            let office = BenchmarkOffice(client: client, service: service)
            let cohort = try await office.cohort(plan)
            var runs: [Sample] = []
            var copies: [Sample] = []
            for _ in 0..<plan.rounds {
                var round = ""
                runs.append(try await Sample.of { round = try await office.run(cohort) })
                copies.append(try await Sample.of { try await office.copy(round) })
            }
            print(
                "\(plan.applicants) applicants, \(plan.firms) firms of \(plan.places) places, \(plan.choices) choices"
            )
            print("run, computed, checked, explained, stored: \(Sample.median(runs))")
            print("the same rows copied by one statement:     \(Sample.median(copies))")
        }
    }
}

/// How long something took, and how much of this process's processor time.
struct Sample: CustomStringConvertible {
    let seconds: Double
    let processor: Double

    static func of(_ body: () async throws -> Void) async rethrows -> Sample {
        let processor = CPUTime.own
        let start = ContinuousClock.now
        try await body()
        let time = (ContinuousClock.now - start).components
        return Sample(
            seconds: Double(time.seconds) + Double(time.attoseconds) / 1e18,
            processor: CPUTime.own - processor
        )
    }

    static func median(_ samples: [Sample]) -> Sample {
        let sorted = samples.sorted { $0.seconds < $1.seconds }
        return sorted[sorted.count / 2]
    }

    var description: String {
        let digits = FloatingPointFormatStyle<Double>.number.precision(.fractionLength(3))
        return "\(seconds.formatted(digits)) s, \(processor.formatted(digits)) s of it here"
    }
}
