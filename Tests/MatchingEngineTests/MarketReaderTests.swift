import MarketFile
import MatchingEngine
import Testing

private func read(_ text: String) throws(InvalidFile) -> (market: Market, warnings: [FileFault]) {
    try MarketReader.read(Array(text.utf8))
}

@Suite struct MarketReaderTests {
    static let whole = """
        { "format": "tradewind-market/1",
          "applicants": [ {"id": "s1", "ranking": ["f1/backend", ["f1/web", "f2"]], "categories": ["ntu", "VN"]} ],
          "teams":      [ {"id": "t1", "members": ["a", "b", "c"], "ranking": ["f2"], "seats": 3} ],
          "couples":    [ {"id": "c1", "members": ["x", "y"],
                           "ranking": [["f2", "f2"], ["f2", null], {"tied": [[null, "f2"], ["f1/web", "f2"]]}]} ],
          "firms":      [ {"id": "f1", "capacity": 2, "minimum": 1, "ranking": ["s1", ["x"]],
                           "caps": [{"category": "ntu", "maximum": 1}], "reserves": [{"category": "VN", "seats": 1}],
                           "positions": [{"id": "f1/backend", "capacity": 1, "minimum": 1}, {"id": "f1/web", "capacity": 2}]},
                          {"id": "f2", "capacity": 4, "ranking": ["s1", ["x", "y"], "t1"]} ],
          "regions":    [ {"id": "north", "firms": ["f1", "f2"], "maximum": 10, "targets": {"f1": 5}, "order": ["f2", "f1"]} ] }
        """

    @Test func everyPartOfTheFormatIsRead() throws {
        let input = try read(Self.whole).market.input
        #expect(
            input.applicants == [
                .init(id: "s1", ranking: [["f1/backend"], ["f1/web", "f2"]], categories: ["ntu", "VN"])
            ]
        )
        #expect(input.teams == [.init(id: "t1", members: ["a", "b", "c"], ranking: [["f2"]], seats: 3)])
        #expect(
            input.couples == [
                .init(
                    id: "c1",
                    first: "x",
                    second: "y",
                    ranking: [[.init("f2", "f2")], [.init("f2", nil)], [.init(nil, "f2"), .init("f1/web", "f2")]]
                )
            ]
        )
        #expect(
            input.firms[0]
                == .init(
                    id: "f1",
                    capacity: 2,
                    minimum: 1,
                    ranking: [["s1"], ["x"]],
                    caps: [.init(category: "ntu", maximum: 1)],
                    reserves: [.init(category: "VN", seats: 1)],
                    positions: [
                        .init(id: "f1/backend", capacity: 1, minimum: 1), .init(id: "f1/web", capacity: 2),
                    ]
                )
        )
        #expect(
            input.regions == [
                .init(id: "north", firms: ["f1", "f2"], maximum: 10, targets: ["f1": 5], order: ["f2", "f1"])
            ]
        )
    }

    @Test(arguments: [
        (#"{"format": "tradewind-market/1", "firms": [}"#, "1:44: Expected an object { … }."),
        (#"{"format": "other"}"#, "1:12: The format must be \"tradewind-market/1\"."),
        (#"{"applicants": []}"#, "1:1: The key \"format\" is missing."),
        (#"{"format": "tradewind-market/1"} x"#, "1:34: Expected the end of the file."),
        (#"{"format": "tradewind-market/1", "firms": [], "firms": []}"#, "1:47: The key \"firms\" comes twice."),
        ("", "1:1: Expected an object { … }."),
    ])
    func faultsNameLineAndColumn(_ text: String, _ message: String) {
        let error = #expect(throws: InvalidFile.self) { try read(text) }
        #expect(error?.description == message)
    }

    @Test(arguments: [
        (#"{"id": "s", "ranking": [["f", "nowhere"]]}"#, "3:51", "\"nowhere\" is no firm or position of this market."),
        (#"{"id": "s", "ranking": ["f", "f"]}"#, "3:50", "\"f\" is ranked twice."),
        (#"{"id": "é", "ranking": ["f", "g"]}"#, "3:50", "\"g\" has positions: rank these instead."),
        (#"{"ranking": ["f"]}"#, "3:21", "The key \"id\" is missing."),
        (#"{"id": "a"}"#, "3:28", "\"a\" is already the id of an applicant."),
        (#"{"id": "a\tb"}"#, "3:28", "The id holds a control character."),
        (#"{"id": ""}"#, "3:28", "The id is empty."),
        (#"{"id": "s", "ranking": "f"}"#, "3:44", "Expected an array [ … ]."),
        (#"{"id": "\ud800"}"#, "3:29", "Half of a surrogate pair."),
    ])
    func faultsOfApplicantsAreLocated(_ applicant: String, _ place: String, _ message: String) {
        let text = """
            { "format": "tradewind-market/1",
              "applicants": [{"id": "a"},
                                \(applicant)],
              "firms": [{"id": "f", "capacity": 1, "ranking": []},
                        {"id": "g", "capacity": 1, "positions": [{"id": "g1", "capacity": 1}]}] }
            """
        let error = #expect(throws: InvalidFile.self) { try read(text) }
        #expect(error?.description == "\(place): \(message)")
    }

    @Test func ofManyFaultsTheFirstAreTold() {
        let lines = (1...150).map { "{\"id\": \"s\($0)\", \"ranking\": [\"f\", \"f\"]}" }
        let text = """
            {"format": "tradewind-market/1", "firms": [{"id": "f", "capacity": 1}], "applicants": [
            \(lines.joined(separator: ",\n"))
            ]}
            """
        let error = #expect(throws: InvalidFile.self) { try read(text) }
        #expect(error?.faults.map(\.line) == Array(2...101))
        #expect(error?.faults.allSatisfy { $0.message == "\"f\" is ranked twice." } == true)
    }

    @Test(arguments: [
        (#""capacity": -1"#, "Must be at least 0."), (#""capacity": 1.5"#, "Expected a whole number."),
        (#""capacity": 1e400"#, "Expected a whole number."),
        (#""capacity": 9999999999"#, "Must be at most 1000000000."),
        (#""capacity": 1, "minimum": 2"#, "Must be at most the capacity, 1."),
        (#""capacity": 1, "ranking": ["f"]"#, "\"f\" is no applicant or team of this market."),
        (#""capacity": 1, "ranking": [["a", "a"]]"#, "\"a\" is ranked twice."),
        (#""capacity": 1, "ranking": ["m"]"#, "\"m\" is a team's member: rank the team."),
        (#""ranking": []"#, "The key \"capacity\" is missing."),
    ])
    func faultsOfFirmsAreFound(_ members: String, _ message: String) {
        let text = """
            {"format": "tradewind-market/1", "applicants": [{"id": "a"}], "teams": [{"id": "t", "members": ["m"]}],
             "firms": [{"id": "f", \(members)}]}
            """
        let error = #expect(throws: InvalidFile.self) { try read(text) }
        #expect(error?.faults.map(\.message) == [message])
    }

    @Test func oneSidedListingsAndUnknownKeysAreWarnings() throws {
        let (market, warnings) = try read(
            """
            {"format": "tradewind-market/1", "note": {"x": [1, null]},
             "applicants": [{"id": "a", "ranking": ["f"]}, {"id": "b"}],
             "firms": [{"id": "f", "capacity": 1, "ranking": ["b"]}]}
            """
        )
        #expect(market.oneSided == 2)
        #expect(
            warnings.map(\.description) == [
                "1:42: The key \"note\" is not known and is passed over.",
                "2:41: \"a\" lists \"f\", which does not rank them.",
                "3:51: \"f\" ranks \"b\", who does not list it.",
            ]
        )
    }

    @Test func escapesAndBOMAreUnderstood() throws {
        let text =
            "\u{FEFF}{\"format\": \"tradewind-market\\/1\", \"applicants\": [{\"id\": \"\\u00e9\\ud83d\\ude00\\\"\"}]}"
        #expect(try read(text).market.applicantIDs == ["é😀\""])
    }

    @Test func deepNestingIsRefused() {
        let text = #"{"format": "tradewind-market/1", "x": "# + String(repeating: "[", count: 100_000)
        let error = #expect(throws: InvalidFile.self) { try read(text) }
        #expect(error?.faults.first?.message == "Nested too deep.")
    }

    @Test func noBytesMakeItTrap() {
        var random = SeededGenerator(1)
        let valid = Array(Self.whole.utf8)
        for _ in 0..<3000 {
            var bytes = valid
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(valid[Int.random(in: 0..<valid.count, using: &random)], at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 20))
                }
            }
            _ = try? MarketReader.read(bytes)
            _ = try? CSVMarketReader.read(applicants: FileBytes(bytes), firms: FileBytes(bytes))
            _ = try? MatchingReader.read(bytes)
            let noise = (0..<place(&random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? MarketReader.read(noise)
            _ = try? CSVMarketReader.read(
                applicants: FileBytes(Array("id\n".utf8) + noise),
                firms: FileBytes(Array("id,capacity,ranking\n".utf8) + noise)
            )
        }
    }

    private func place(_ random: inout SeededGenerator) -> Int { Int.random(in: 0..<60, using: &random) }
}
