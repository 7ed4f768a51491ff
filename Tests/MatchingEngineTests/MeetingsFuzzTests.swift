import Foundation
import Testing

@testable import MarketFile
@testable import MatchingEngine

/// No bytes make the readers of meetings trap, and what they accept can be scheduled, written and checked.
///
/// `FUZZ_ROUNDS` and `FUZZ_SEED` as for markets.
@Suite struct MeetingsFuzzTests {
    private static let seeds = ReaderFuzzTests.begin..<ReaderFuzzTests.begin + ReaderFuzzTests.rounds

    private static func wishes(_ seed: Int) -> MeetingsInput {
        var input = RandomMeetings(presence: 80, tables: 1...3, areTablesUneven: seed % 2 == 0)(seed)
        input.title = "Gipfel \"18\" in Zürich"
        input.place = "Halle 2"
        input.revision = seed
        for index in input.slots.indices where seed % 3 == 0 {
            input.slots[index].start = 1_538_701_200 + index * 1800
            input.slots[index].minutes = 30
        }
        for index in input.buyers.indices where seed % 4 == 0 { input.buyers[index].name = "米 \\ \"\(index)\"" }
        return input
    }

    @Test func whatIsWrittenIsRead() throws {
        for seed in 0..<200 {
            let input = Self.wishes(seed)
            let (meetings, warnings) = try MeetingsReader.read(FileBytes(input.json))
            #expect(meetings.input == input, "seed \(seed)")
            #expect(warnings.isEmpty)
        }
    }

    @Test func noMutationMakesAReaderTrap() throws {
        for seed in Self.seeds {
            var random = SeededGenerator(seed)
            let valid = Self.wishes(seed).json
            let bytes = FileBytes(ReaderFuzzTests.mutated(valid, &random))
            do {
                let (meetings, warnings) = try MeetingsReader.read(bytes)
                #expect(warnings.allSatisfy { $0.isWithin(bytes) })
                let schedule = meetings.schedule()
                #expect(schedule.check.holds, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
                #expect(schedule.check.points <= schedule.check.bound)
                _ = PersonalCalendar.all(schedule, of: meetings.input)
            } catch {
                #expect(!error.faults.isEmpty)
                #expect(error.faults.allSatisfy { $0.isWithin(bytes) }, "seed \(seed): \(error.faults)")
            }
            for form in [MatchRun.Form.table, .json, .csv] {
                _ = MeetingsRun(form: form, calendars: true).schedule(bytes, file: "m.json")
            }
        }
    }

    @Test func noMutatedScheduleMakesTheCheckerTrap() throws {
        for seed in Self.seeds {
            var random = SeededGenerator(seed)
            let input = Self.wishes(seed)
            guard let schedule = try? Meetings(input).schedule() else { continue }
            let writer = ScheduleWriter(
                input: input,
                meetings: schedule.meetings,
                prices: schedule.prices,
                check: schedule.check
            )
            let bytes = FileBytes(ReaderFuzzTests.mutated(writer.json.bytes, &random))
            let report = MeetingsRun(form: seed % 2 == 0 ? .table : .json)
                .verify(FileBytes(input.json), file: "m.json", schedule: bytes, scheduleFile: "s.json")
            #expect([0, 1, 2].contains(report.exitCode))
        }
    }

    @Test func noNoiseMakesAReaderTrap() {
        for seed in Self.seeds {
            var random = SeededGenerator(seed)
            let noise = ReaderFuzzTests.noise(&random)
            for begin in ["", "{\"format\": \"tradewind-meetings/1\", \"slots\": [", "{\"buyers\": [{\"id\": \"a\", "] {
                let bytes = FileBytes(Array(begin.utf8) + noise)
                _ = try? MeetingsReader.read(bytes)
                _ = try? ScheduleReader.read(bytes)
            }
            _ = Timestamp(String(decoding: noise, as: UTF8.self))
        }
    }

    @Test func anyPricesAreAddedUp() throws {
        let people = (0..<20).map { MeetingsInput.Person(id: "b\($0)", ranking: [["s"]], limit: 1000) }
        let input = MeetingsInput(
            tables: 1,
            slots: (0..<1000).map { .init(id: "\($0)") },
            buyers: people,
            suppliers: [.init(id: "s")]
        )
        _ = try Meetings(input)
        let prices = Dictionary(uniqueKeysWithValues: people.map { ($0.id, Int.max) })
        let check = MeetingsCheck(input, [], prices: MeetingPrices(people: prices, table: .max))
        #expect(check.holds)
        // No pair is worth more than 200, and so no price counts for more.
        #expect(check.bound == 20 * 1000 * 200 + 1000 * 200)
    }
}

extension FileFault {
    /// Whether there is such a place, or the file ends just before it.
    fileprivate func isWithin(_ bytes: FileBytes) -> Bool {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1) else { return false }
        let characters = lines[line - 1].count { $0 & 0xC0 != 0x80 }
        return (1...characters + 1).contains(column)
    }
}

extension MeetingsInput {
    fileprivate var json: [UInt8] {
        func number(_ number: Int?) -> JSONValue { number.map(JSONValue.number) ?? .null }
        func texts(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
        func side(_ people: [Person]) -> JSONValue {
            .array(
                people.map { person in
                    .members([
                        "id": .string(person.id), "name": .string(person.name),
                        "ranking": .array(person.ranking.map { $0.count == 1 ? .string($0[0]) : texts($0) }),
                        "refuses": texts(person.refuses), "limit": number(person.limit),
                        "available": person.available.map(texts) ?? .null,
                    ])
                }
            )
        }
        let times = slots.map { slot in
            JSONValue.members([
                "id": .string(slot.id), "minutes": .number(slot.minutes), "tables": number(slot.tables),
                "start": slot.start.map { .string(Timestamp(seconds: $0).description) } ?? .null,
            ])
        }
        return JSONValue.members([
            "format": .string(MeetingsReader.format), "title": .string(title), "place": .string(place),
            "revision": .number(revision), "tables": number(tables), "slots": .array(times),
            "buyers": side(buyers), "suppliers": side(suppliers),
        ]).bytes
    }
}
