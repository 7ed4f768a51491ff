public import MatchingEngine

/// What `tradewind match` and `tradewind verify` do, apart from reading and writing files.
public struct MatchRun: Sendable {
    public var rules: MatchingRules
    public var explained: Explained
    public var form: Form
    /// Whether to find what one seat more or less at each firm would do.
    public var findsSensitivity: Bool
    /// Is told how far the run is.
    public var progress: MatchingProgress?

    public enum Explained: Hashable, Sendable {
        case nobody, everybody
        case some([String])
    }

    public enum Form: Hashable, Sendable {
        case table, json, csv
    }

    public init(
        rules: MatchingRules = MatchingRules(),
        explained: Explained = .nobody,
        form: Form = .table,
        findsSensitivity: Bool = false,
        progress: MatchingProgress? = nil
    ) {
        self.rules = rules
        self.explained = explained
        self.form = form
        self.findsSensitivity = findsSensitivity
        self.progress = progress
    }

    /// Bytes for the output, lines for the standard error, and how to exit.
    public struct Report: Hashable, Sendable {
        public var output: [UInt8] = []
        public var notes: [String] = []
        public var exitCode: Int32
    }

    /// A market file's content.
    public enum Source: Sendable {
        case json(FileBytes)
        case csv(applicants: FileBytes, firms: FileBytes)

        func read(_ progress: MatchingProgress? = nil) throws(InvalidFile) -> (market: Market, warnings: [FileFault]) {
            switch self {
            case .json(let bytes): try MarketReader.read(bytes, progress: progress)
            case .csv(let applicants, let firms):
                try CSVMarketReader.read(applicants: applicants, firms: firms, progress: progress)
            }
        }
    }

    /// Exit code 0: the matching is what was asked for. 2: bad input. 3: no such matching, or none was found.
    ///
    /// With `write`, the output goes there in pieces and is not in the report.
    public func match(_ source: Source, file: String, write: (([UInt8]) -> Void)? = nil) -> Report {
        do throws(InvalidFile) {
            let (market, warnings) = try source.read(progress)
            return match(market, notes: warnings.map { "warning: \($0.named(file))" }, ByteSink(write))
        } catch {
            return refusal(error, file)
        }
    }

    private func match(_ market: Market, notes: [String], _ output: ByteSink) -> Report {
        var output = output
        do throws(UnsupportedMarket) {
            let outcome = try market.solve(rules, progress: progress)
            var explanations: [Explanation] = []
            switch explained {
            case .nobody: break
            case .everybody: explanations = outcome.explanations()
            case .some(let ids):
                for id in ids {
                    guard let explanation = outcome.explanation(of: id) else {
                        return Report(notes: notes + ["error: \"\(id)\" is no applicant of this market."], exitCode: 2)
                    }
                    explanations.append(explanation)
                }
            }
            let sensitivity = findsSensitivity ? try outcome.capacitySensitivity() : nil
            let writer = MatchingWriter(outcome: outcome, explanations: explanations, sensitivity: sensitivity)
            switch form {
            case .table:
                MatchingTable(outcome: outcome, explanations: explanations, sensitivity: sensitivity).write(to: &output)
            case .json: writer.json(into: &output)
            case .csv: writer.csv(into: &output)
            }
            output.flush()
            return Report(output: output.bytes, notes: notes, exitCode: outcome.certificate.verdict == .holds ? 0 : 3)
        } catch {
            return Report(notes: notes + ["error: \(error.reason)"], exitCode: 2)
        }
    }

    /// Runs the checker alone. Exit code 0: the matching is what the rules ask for. 1: it is not. 2: bad input.
    public func verify(_ source: Source, file: String, matching: FileBytes, matchingFile: String) -> Report {
        do throws(InvalidFile) {
            let (market, warnings) = try source.read(progress)
            let places = try Self.readMatching(matching, matchingFile, of: market)
            progress?(.checking)
            let certificate = market.certificate(for: places, rules: rules)
            var output = ByteSink()
            if form == .json { MatchingWriter.json(certificate, into: &output, indent: 0) }
            output += (form == .json ? "\n" : certificate.text + "\n").utf8
            let notes = warnings.map { "warning: \($0.named(file))" }
            return Report(output: output.bytes, notes: notes, exitCode: certificate.verdict == .holds ? 0 : 1)
        } catch {
            return refusal(error, file)
        }
    }

    /// The places of an earlier result, as `MatchingRules.previous` wants them.
    public static func previous(_ bytes: FileBytes, file: String) throws(InvalidFile) -> [String: String] {
        do throws(FileFault) {
            return try MatchingReader.read(bytes).compactMapValues { $0 }
        } catch {
            throw InvalidFile([error.in(file)])
        }
    }

    private static func readMatching(
        _ bytes: FileBytes,
        _ file: String,
        of market: Market
    ) throws(InvalidFile) -> WrittenMatching {
        do throws(FileFault) {
            return try MatchingReader.read(bytes, of: market)
        } catch {
            throw InvalidFile([error.in(file)])
        }
    }

    private func refusal(_ error: InvalidFile, _ file: String) -> Report {
        progress?(.writing)
        return Report(notes: error.faults.map { "error: \($0.named(file))" }, exitCode: 2)
    }
}

extension FileFault {
    /// With the file's name, unless it has one.
    func named(_ file: String) -> FileFault { self.file == nil ? self.in(file) : self }
}
