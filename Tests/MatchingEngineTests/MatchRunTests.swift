import MarketFile
import MatchingEngine
import Testing

@Suite struct MatchRunTests {
    static let market = """
        {"format": "tradewind-market/1",
         "applicants": [{"id": "an", "ranking": ["x", "y"], "categories": ["ntu"]}, {"id": "bo", "ranking": ["x", "y"]},
                        {"id": "陳", "ranking": ["x"]}],
         "firms": [{"id": "x", "capacity": 1, "ranking": ["bo", "an", "陳"]}, {"id": "y", "capacity": 2, "ranking": ["an"]}]}
        """
    static let source = MatchRun.Source.json(FileBytes(Array(market.utf8)))

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func theTableIsForPeople() {
        let report = MatchRun(explained: .some(["陳"])).match(Self.source, file: "m.json")
        let lines = text(report.output).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(report.exitCode == 0)
        #expect(report.notes == ["warning: m.json:2:107: \"bo\" lists \"y\", which does not rank them."])
        #expect(
            lines.dropLast(2) == [
                "applicant  choice  place", "an         2       y", "bo         1       x", "陳         –       –", "",
                "陳", "  1. x: you were 3rd; the last place went to the 1st.", "  You have no place.",
                "  Ranked 1st or better at x, you would have a place there.", "",
                "2 of 3 placed; 2 of 3 seats filled.", "1 got the 1st choice, 1 got the 2nd choice.",
                "Checked: stable, no pair would rather have each other.",
            ]
        )
    }

    @Test func jsonCanBeVerifiedAgain() throws {
        let report = MatchRun(explained: .everybody, form: .json).match(Self.source, file: "m.json")
        let places: Matching = ["an": "y", "bo": "x", "陳": nil]
        #expect(try MatchingReader.read(report.output) == places)
        let verified = MatchRun().verify(
            Self.source,
            file: "m.json",
            matching: FileBytes(report.output),
            matchingFile: "r.json"
        )
        #expect(verified.exitCode == 0)
        let other = Array(#"{"matching": {"an": "x", "bo": null, "陳": null}}"#.utf8)
        let refused = MatchRun().verify(Self.source, file: "m.json", matching: FileBytes(other), matchingFile: "r.json")
        #expect(refused.exitCode == 1)
        #expect(
            text(refused.output) == """
                This matching is not stable, no pair would rather have each other.
                bo and x would both rather have each other.

                """
        )
    }

    @Test(arguments: [
        (#"{"matching": {"an": "y", "bo": "x"}}"#, "陳 is missing from the matching."),
        (#"{"matching": {"an": "y", "bo": "x", "陳": "x"}}"#, "x has 1 seats, and 2 are taken."),
        (#"{"matching": {"an": "y", "bo": "y", "陳": null}}"#, "bo is placed at y, which is not listed by both sides."),
        (#"{"matching": {"an": "q", "bo": "x", "陳": null}}"#, "an is placed at q, which does not exist."),
        (#"{"matching": {"an": "y", "bo": "x", "陳": null, "z": "x"}}"#, "z is no applicant of the market."),
    ])
    func breachesAreTold(_ matching: String, _ breach: String) {
        let report = MatchRun().verify(
            Self.source,
            file: "m.json",
            matching: FileBytes(Array(matching.utf8)),
            matchingFile: "r.json"
        )
        #expect(report.exitCode == 1)
        #expect(text(report.output).contains(breach))
    }

    @Test func csvIsReadAndWritten() {
        let source = MatchRun.Source.csv(
            applicants: FileBytes(Array("id,choice1,choice2\nan,x,y\nbo,x=y\n\"c,d\",x\n".utf8)),
            firms: FileBytes(Array("id,capacity,ranking\nx,1,bo=an\ny,2,an bo\n".utf8))
        )
        let report = MatchRun(rules: .init(seed: "3"), form: .csv).match(source, file: "dir")
        #expect(report.exitCode == 0)
        #expect(report.notes == ["warning: applicants.csv:4:7: \"c,d\" lists \"x\", which does not rank them."])
        #expect(["id,place\nan,x\nbo,y\n\"c,d\",\n", "id,place\nan,y\nbo,x\n\"c,d\",\n"].contains(text(report.output)))
    }

    @Test(arguments: [
        (
            "id\na,zzz\n", "id,capacity,ranking\nx,1,a\n",
            "error: applicants.csv:2:3: \"zzz\" is no firm or position of this market."
        ),
        (
            "id\na,x\n", "id,capacity,ranking\nx,1,a b\n",
            "error: firms.csv:2:7: \"b\" is no applicant or team of this market."
        ),
        ("id\na,x\n", "id,capacity,ranking\nx,many,a\n", "error: firms.csv:2:3: The capacity must be a whole number."),
        ("name\na,x\n", "id,capacity,ranking\n", "error: applicants.csv:1:1: The first line must begin with id."),
        ("id\n\"a", "id,capacity,ranking\n", "error: applicants.csv:2:1: The quoted cell does not end."),
    ])
    func faultsInTablesAreLocated(_ applicants: String, _ firms: String, _ message: String) {
        let source = MatchRun.Source.csv(
            applicants: FileBytes(Array(applicants.utf8)),
            firms: FileBytes(Array(firms.utf8))
        )
        let report = MatchRun().match(source, file: "dir")
        #expect(report.exitCode == 2)
        #expect(report.notes.first == message)
        #expect(report.output.isEmpty)
    }

    @Test func badInputEndsWithTwo() {
        let report = MatchRun().match(.json(FileBytes(Array("{".utf8))), file: "m.json")
        #expect(report.notes == ["error: m.json:1:2: Expected a key in quotes."])
        #expect(report.exitCode == 2)
        let unknown = MatchRun(explained: .some(["nobody"])).match(Self.source, file: "m.json")
        #expect(unknown.exitCode == 2)
    }
}
