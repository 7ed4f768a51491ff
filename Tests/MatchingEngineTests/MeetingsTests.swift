import MatchingEngine
import Testing

@Suite struct MeetingsTests {
    @Test func whereAllAreFreeNoScheduleIsBetter() throws {
        for seed in 0..<400 {
            let input = RandomMeetings(tables: seed % 2 == 0 ? 0...3 : nil)(seed)
            let schedule = try Meetings(input).schedule()
            let brute = MeetingsBruteForce(input: input)
            #expect(brute.isAllowed(schedule.meetings), "seed \(seed)")
            #expect(schedule.check.isOptimal, "seed \(seed)")
            #expect(schedule.check.points == brute.best(), "seed \(seed)")
        }
    }

    @Test func withAvailabilityTheBestLiesBetweenScheduleAndBound() throws {
        var best = 0
        for seed in 0..<400 {
            let input = RandomMeetings(
                presence: 60,
                tables: seed % 2 == 0 ? 1...2 : nil,
                areTablesUneven: seed % 4 == 1
            )(
                seed
            )
            let schedule = try Meetings(input).schedule()
            let brute = MeetingsBruteForce(input: input)
            let most = brute.best()
            #expect(brute.isAllowed(schedule.meetings), "seed \(seed)")
            #expect(schedule.check.holds, "seed \(seed): \(schedule.check.breaches)")
            #expect(schedule.check.points <= most && most <= schedule.check.bound, "seed \(seed)")
            if schedule.check.points == most { best += 1 }
        }
        #expect(best > 380)
    }

    @Test func manyPeopleFillTheTables() throws {
        let input = RandomMeetings(people: 40...40, slots: 12...12, density: 50, tables: 20...20)(1)
        let schedule = try Meetings(input).schedule()
        #expect(schedule.check.isOptimal)
        #expect(schedule.check.points > 0)
        #expect(MeetingsBruteForce(input: input).isAllowed(schedule.meetings))
    }

    @Test func absencesCostLittle() throws {
        let input = RandomMeetings(people: 40...40, slots: 12...12, density: 50, presence: 75, tables: 24...24)(2)
        let check = try Meetings(input).schedule().check
        #expect(check.holds)
        #expect(check.points * 100 >= check.bound * 97)
    }

    @Test func theOrderOfTheInputMakesNoDifference() throws {
        for seed in 0..<60 {
            let input = RandomMeetings(people: 2...6, slots: 2...5, presence: 70, tables: 2...4)(seed)
            var random = SeededGenerator(seed)
            var other = input
            other.slots.shuffle(using: &random)
            other.buyers.shuffle(using: &random)
            other.suppliers.shuffle(using: &random)
            for index in other.buyers.indices {
                other.buyers[index].ranking = other.buyers[index].ranking.map { $0.shuffled(using: &random) }
                other.buyers[index].refuses.shuffle(using: &random)
                other.buyers[index].available?.shuffle(using: &random)
            }
            let first = try Meetings(input).schedule()
            #expect(try Meetings(other).schedule() == first, "seed \(seed)")
        }
    }

    @Test func suppliersKeepTheirTables() throws {
        let input = MeetingsInput(
            tables: 2,
            slots: ["1", "2"].map { .init(id: $0) },
            buyers: ["a", "b"].map { .init(id: $0, ranking: [["x", "y"]]) },
            suppliers: ["x", "y"].map { .init(id: $0) }
        )
        let schedule = try Meetings(input).schedule()
        #expect(schedule.meetings.count == 4)
        for supplier in ["x", "y"] {
            #expect(Set(schedule.meetings.filter { $0.supplier == supplier }.map(\.table)).count == 1)
        }
    }
}

@Suite struct MeetingsCheckTests {
    private let input = MeetingsInput(
        tables: 2,
        slots: [.init(id: "1", tables: 1), .init(id: "2")],
        buyers: [
            .init(id: "a", ranking: [["x"], ["y"]], limit: 1), .init(id: "b", ranking: [["x"]], available: ["2"]),
            .init(id: "c"),
        ],
        suppliers: [.init(id: "x", ranking: [["a"]]), .init(id: "y", ranking: [["b"]], refuses: ["c"])]
    )

    private func breaches(_ meetings: (String, String, String, Int)...) -> [String] {
        let list = meetings.map { MeetingSchedule.Meeting(buyer: $0, supplier: $1, slot: $2, table: $3) }
        let check = MeetingsCheck(input, list, prices: MeetingPrices())
        #expect(check.holds == MeetingsBruteForce(input: input).isAllowed(list))
        return check.breaches
    }

    @Test func everyRuleIsChecked() {
        #expect(breaches(("a", "x", "1", 1), ("b", "y", "2", 2)) == [])
        #expect(breaches(("c", "y", "2", 1)) == ["c and y meet, and did not ask for it or refused."])
        #expect(breaches(("c", "x", "2", 1)) == ["c and x meet, and did not ask for it or refused."])
        #expect(breaches(("a", "x", "3", 1)) == ["a and x meet in slot 3, which does not exist."])
        #expect(breaches(("b", "x", "1", 1)) == ["b has no time in slot 1."])
        #expect(breaches(("a", "x", "1", 1), ("a", "y", "2", 1)) == ["a has more than 1 meetings."])
        #expect(
            breaches(("b", "x", "2", 1), ("b", "y", "2", 2)) == ["b has two meetings in slot 2."]
        )
        #expect(
            breaches(("a", "x", "2", 1), ("b", "x", "2", 2)) == ["x has two meetings in slot 2."]
        )
        #expect(breaches(("a", "y", "2", 1), ("b", "x", "2", 1)) == ["Table 1 has two meetings in slot 2."])
        #expect(breaches(("a", "x", "1", 2)) == ["Slot 1 has no table 2."])
        #expect(breaches(("a", "x", "2", 0)) == ["Slot 2 has no table 0."])
        #expect(
            breaches(("b", "x", "2", 1), ("b", "x", "2", 2)).contains("b and x meet twice.")
        )
    }

    @Test func theBoundHoldsForAnyPrices() throws {
        for seed in 0..<200 {
            var random = SeededGenerator(seed)
            let input = RandomMeetings(presence: seed % 2 == 0 ? 100 : 70, tables: 0...3)(seed)
            var prices = MeetingPrices(table: Int.random(in: -5...90, using: &random))
            for person in input.buyers + input.suppliers {
                prices.people[person.id] = Int.random(in: -50...150, using: &random)
            }
            let check = MeetingsCheck(input, [], prices: prices)
            #expect(check.bound >= MeetingsBruteForce(input: input).best(), "seed \(seed)")
        }
    }

    @Test func textsFitALine() {
        let input = MeetingsInput(
            title: "two\nlines",
            place: String(repeating: "x", count: 501),
            buyers: [.init(id: "a", name: "  ")]
        )
        let error = #expect(throws: InvalidMarket.self) { try Meetings(input) }
        #expect(
            error?.faults == [
                .init("/title", "The text holds a control character."),
                .init("/place", "The text has more than 500 characters."),
                .init("/buyers/0/name", "The text is blank."),
            ]
        )
    }

    @Test func badInputIsRefusedWithItsPlace() {
        let input = MeetingsInput(
            tables: -1,
            slots: [
                .init(id: "1", start: 0, minutes: 20), .init(id: "1"), .init(id: "2", start: 600, minutes: 0),
            ],
            buyers: [.init(id: "a", ranking: [["x"], ["x", "z"]], limit: -1, available: ["9"]), .init(id: "")],
            suppliers: [.init(id: "x", ranking: [["a"]], refuses: ["a", "q"]), .init(id: "a")]
        )
        let error = #expect(throws: InvalidMarket.self) { try Meetings(input) }
        #expect(
            error?.faults == [
                .init("/tables", "Expected a number from 0 to 1000000."),
                .init("/slots/1/id", "\"1\" comes twice."),
                .init("/slots/2/minutes", "Expected a number from 1 to 1440."),
                .init("/slots/2", "\"2\" begins before \"1\" ends."),
                .init("/buyers/1/id", "The id is empty."),
                .init("/suppliers/1/id", "\"a\" is already the id of a buyer."),
                .init("/buyers/0/limit", "Expected a number from 0 to 1000000."),
                .init("/buyers/0/ranking/1/0", "\"x\" is ranked twice."),
                .init("/buyers/0/ranking/1/1", "\"z\" is no supplier."),
                .init("/buyers/0/available/0", "\"9\" is no slot."),
                .init("/suppliers/0/refuses/0", "\"a\" is ranked and refused."),
                .init("/suppliers/0/refuses/1", "\"q\" is no buyer."),
            ]
        )
    }
}
