import Foundation
import Testing

@testable import MarketFile
@testable import MatchingEngine

/// No bytes make a reader trap, and both ways of reading JSON say the same of any file.
///
/// `FUZZ_ROUNDS` sets how many files are tried, `FUZZ_SEED` where to begin.
@Suite struct ReaderFuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    static let rounds = environment["FUZZ_ROUNDS"].flatMap(Int.init) ?? 1500
    static let begin = environment["FUZZ_SEED"].flatMap(Int.init) ?? 0

    /// Bytes that mean something to one of the readers.
    private static let marks =
        Array("{}[]\":,\\ \n\r=-0123456789.eEnutf\u{FEFF}é陳\u{0}\u{7F}".utf8) + [0xFF, 0xC0, 0xED]

    static func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...5, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 1...30, using: &random))
            switch Int.random(in: 0..<7, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[place] = marks.randomElement(using: &random) ?? 0
            case 2: bytes.insert(marks.randomElement(using: &random) ?? 0, at: place)
            case 3: bytes.removeSubrange(place..<end)
            case 4: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &random))
            case 5: bytes.removeLast(bytes.count - place)
            default: bytes.swapAt(place, end - 1)
            }
        }
        return bytes
    }

    static func noise(_ random: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0..<80, using: &random)).map { _ in
            Bool.random(using: &random)
                ? UInt8.random(in: 0...255, using: &random) : marks.randomElement(using: &random) ?? 0
        }
    }

    private static func market(_ seed: Int) -> MarketInput {
        var input = RandomMarket(applicants: 0...6, firms: 1...4, ties: true)(seed)
        if seed % 3 == 0 { for index in input.applicants.indices { input.applicants[index].categories = ["x", "é"] } }
        return input
    }

    private enum Reading: Equatable {
        case market(hash: String, warnings: [String])
        case faults([String])

        init(_ read: () throws -> (market: Market, warnings: [FileFault])) {
            do {
                let (market, warnings) = try read()
                self = .market(hash: market.input.canonicalHash, warnings: warnings.map(\.message).sorted())
            } catch let error as InvalidFile {
                // One fault for each way in which an entry is wrong; the order is each reader's own.
                self = .faults(Set(error.faults.map(\.message)).sorted())
            } catch {
                self = .faults(["\(error)"])
            }
        }
    }

    @Test func bothReadersSayTheSame() {
        for seed in Self.begin..<Self.begin + Self.rounds {
            var random = SeededGenerator(seed)
            let valid = Self.market(seed).json
            let bytes = FileBytes(seed % 10 == 0 ? valid : Self.mutated(valid, &random))
            let lean = Reading { try MarketReader.read(bytes) }
            let general = Reading { try MarketReader.readAll(bytes) }
            #expect(lean == general, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test func noMutationMakesAReaderTrap() {
        let whole = Array(MarketReaderTests.whole.utf8)
        for seed in Self.begin..<Self.begin + Self.rounds {
            var random = SeededGenerator(seed)
            let input = Self.market(seed)
            _ = try? MarketReader.read(Self.mutated(whole, &random))
            let csv = input.csv
            _ = try? CSVMarketReader.read(
                applicants: FileBytes(Self.mutated(csv.applicants, &random)),
                firms: FileBytes(Self.mutated(csv.firms, &random))
            )
            guard let market = try? Market(input), let outcome = try? market.solve() else { continue }
            var result = ByteSink()
            MatchingWriter(outcome: outcome, explanations: []).json(into: &result)
            let bytes = Self.mutated(result.bytes, &random)
            _ = try? MatchingReader.read(bytes)
            _ = try? MatchingReader.read(FileBytes(bytes), of: market)
        }
    }

    @Test func noNoiseMakesAReaderTrap() {
        for seed in Self.begin..<Self.begin + Self.rounds {
            var random = SeededGenerator(seed)
            let noise = Self.noise(&random)
            let rest = Array("{\"format\": \"tradewind-market/1\", \"applicants\": [".utf8) + noise
            for bytes in [noise, rest] { _ = try? MarketReader.read(bytes) }
            _ = try? MatchingReader.read(noise)
            _ = try? CSVMarketReader.read(
                applicants: FileBytes(Array("id\n".utf8) + noise),
                firms: FileBytes(Array("id,capacity,ranking\n".utf8) + noise)
            )
        }
    }
}
