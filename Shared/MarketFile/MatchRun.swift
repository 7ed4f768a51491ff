public import MatchingEngine

/// What `tradewind match` and `tradewind verify` do, apart from reading and writing files.
public struct MatchRun: Sendable {
    public var rules: MatchingRules
    public var explained: Explained
    public var form: Form

    public enum Explained: Hashable, Sendable {
        case nobody, everybody
        case some([String])
    }

    public enum Form: Hashable, Sendable {
        case table, json, csv
    }

    public init(rules: MatchingRules = MatchingRules(), explained: Explained = .nobody, form: Form = .table) {
        self.rules = rules
        self.explained = explained
        self.form = form
    }

    /// Bytes for the output, lines for the standard error, and how to exit.
    public struct Report: Hashable, Sendable {
        public var output: [UInt8] = []
        public var notes: [String] = []
        public var exitCode: Int32
    }

    /// A market file's content.
    public enum Source: Sendable {
        case json([UInt8])
        case csv(applicants: [UInt8], firms: [UInt8])

        func read() throws(InvalidFile) -> (market: Market, warnings: [FileFault]) {
            switch self {
            case .json(let bytes): try MarketReader.read(bytes)
            case .csv(let applicants, let firms): try CSVMarketReader.read(applicants: applicants, firms: firms)
            }
        }
    }

    /// Exit code 0: the matching is what was asked for. 2: bad input. 3: no such matching, or none was found.
    public func match(_ source: Source, file: String) -> Report {
        do throws(InvalidFile) {
            let (market, warnings) = try source.read()
            return match(market, notes: warnings.map { "warning: \($0.named(file))" })
        } catch {
            return Self.refusal(error, file)
        }
    }

    private func match(_ market: Market, notes: [String]) -> Report {
        do throws(UnsupportedMarket) {
            let outcome = try market.solve(rules)
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
            let writer = MatchingWriter(outcome: outcome, explanations: explanations)
            let output =
                switch form {
                case .table: Array(MatchingTable(outcome: outcome, explanations: explanations).text.utf8)
                case .json: writer.json.bytes
                case .csv: writer.csv
                }
            return Report(output: output, notes: notes, exitCode: outcome.certificate.verdict == .holds ? 0 : 3)
        } catch {
            return Report(notes: notes + ["error: \(error.reason)"], exitCode: 2)
        }
    }

    /// Runs the checker alone. Exit code 0: the matching is what the rules ask for. 1: it is not. 2: bad input.
    public func verify(_ source: Source, file: String, matching: [UInt8], matchingFile: String) -> Report {
        do throws(InvalidFile) {
            let (market, warnings) = try source.read()
            let places = try Self.readMatching(matching, matchingFile)
            let certificate = MatchingChecker(market.input, locked: rules.locked).certificate(for: places, rules: rules)
            let output = form == .json ? MatchingWriter.json(certificate).bytes : Array((certificate.text + "\n").utf8)
            let notes = warnings.map { "warning: \($0.named(file))" }
            return Report(output: output, notes: notes, exitCode: certificate.verdict == .holds ? 0 : 1)
        } catch {
            return Self.refusal(error, file)
        }
    }

    private static func readMatching(_ bytes: [UInt8], _ file: String) throws(InvalidFile) -> [String: String?] {
        do throws(FileFault) {
            return try MatchingReader.read(bytes)
        } catch {
            throw InvalidFile([error.in(file)])
        }
    }

    private static func refusal(_ error: InvalidFile, _ file: String) -> Report {
        Report(notes: error.faults.map { "error: \($0.named(file))" }, exitCode: 2)
    }
}

extension FileFault {
    /// With the file's name, unless it has one.
    func named(_ file: String) -> FileFault { self.file == nil ? self.in(file) : self }
}
