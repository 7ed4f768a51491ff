import ArgumentParser
import Foundation
import MarketFile
import MatchingEngine
import Synchronization

/// One run of the engine, as `tradewind match --json -o RESULT` does it, in a process of its own.
struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Match a file and print what each part took.")

    @Argument var market: String
    @Argument var result: String
    @Option var proposing = "applicants"

    func run() throws {
        guard let bytes = FileBytes(mapping: market) else { throw ValidationError("can't read \(market)") }
        try Data().write(to: URL(filePath: result))
        let output = try FileHandle(forWritingTo: URL(filePath: result))
        let clock = PartClock()
        let rules = MatchingRules(proposing: proposing == "firms" ? .firms : .applicants)
        let run = MatchRun(rules: rules, form: .json, progress: { clock.note($0) })
        let report = run.match(.json(bytes), file: market, write: { try? output.write(contentsOf: Data($0)) })
        try output.close()
        guard report.exitCode == 0 else { throw ExitCode(report.exitCode) }
        print(String(decoding: try JSONEncoder().encode(clock.measurement()), as: UTF8.self))
    }
}

/// CPU time between the stages of a run.
private final class PartClock: Sendable {
    private let times = Mutex<[(stage: MatchingStage, at: Double)]>([])
    private let begin = PartClock.now

    func note(_ stage: MatchingStage) {
        if case .reading = stage { return }
        times.withLock { $0.append((stage, Self.now)) }
    }

    func measurement() -> Measurement {
        let end = Self.now
        var measurement = Measurement()
        times.withLock { times in
            measurement.parse = (times.first?.at ?? end) - begin
            for (index, time) in times.enumerated() {
                let took = (index + 1 < times.count ? times[index + 1].at : end) - time.at
                switch time.stage {
                case .reading: break
                case .ranking: measurement.rank += took
                case .solving: measurement.solve += took
                case .checking: measurement.certificate += took
                case .writing: measurement.write += took
                }
            }
        }
        measurement.total = end
        measurement.peakKB = Self.peakKB
        return measurement
    }

    /// What `getrusage` tells would count the parent's memory as well.
    private static var peakKB: Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Double($0.filter(\.isNumber)) } ?? 0
    }

    /// Milliseconds of CPU that this process has used.
    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }
}
