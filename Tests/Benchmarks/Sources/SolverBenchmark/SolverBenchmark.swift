import Foundation
import MatchingEngine

/// How long the solvers take whose work does not grow with the market in a straight line: meetings, team alliances,
/// couples. Everything is generated from fixed numbers, so that two runs solve the same.
@main
struct SolverBenchmark {
    static func main() throws {
        print("| case | processor time | result |\n|---|---|---|")
        for (name, wishes) in [("a list of 40 each", 40), ("everybody lists everybody", 300)] {
            try report("meetings 300 × 300 × 24, all free, \(name)") {
                try text(GeneratedMarkets.meetings(wishes: wishes, presence: 100, tables: 300))
            }
        }
        for (presence, tables) in [(90, 250), (75, 250), (60, 150), (40, 100)] {
            try report("meetings 300 × 300 × 24, \(presence) % have time, \(tables) tables, limits") {
                try text(GeneratedMarkets.meetings(wishes: 40, presence: presence, tables: tables, limits: 6...20))
            }
        }
        for seed in 0..<5 {
            try report("alliance \(seed): 30 teams of 158 students, 30 firms") {
                try text(GeneratedMarkets.alliance(seed))
            }
        }
        for (couples, singles, firms) in [(20, 60, 10), (50, 100, 20), (100, 200, 30), (200, 0, 40), (200, 400, 60)] {
            for seed in 0..<3 {
                try report("\(couples) couples, \(singles) singles, \(firms) firms, seed \(seed)") {
                    try text(GeneratedMarkets.couples(couples, singles: singles, firms: firms, seed: seed))
                }
            }
        }
    }

    private static func report(_ name: String, _ run: () throws -> String) rethrows {
        let start = processorTime()
        let result = try run()
        print("| \(name) | \(processorTime() - start) ms | \(result) |")
        fflush(nil)
    }

    /// What this process has used, in milliseconds: unlike the time of day it does not depend on who else is busy.
    private static func processorTime() -> Int { Int(clock()) / 1000 }

    private static func text(_ input: MeetingsInput) throws -> String {
        let schedule = try Meetings(input).schedule()
        let check = schedule.check
        let proof = check.isOptimal ? "optimal" : "bound \(check.bound), gap \(check.bound - check.points)"
        return "\(schedule.meetings.count) meetings, \(check.points) points, \(check.holds ? proof : "WRONG")"
    }

    private static func text(_ input: MarketInput) throws -> String {
        let outcome = try Market(input).solve()
        return
            "\(outcome.certificate.verdict.rawValue), \(outcome.certificate.blocking.count) blocking of at least \(outcome.certificate.leastBlocking ?? 0), \(outcome.statistics.placed) placed"
    }
}
