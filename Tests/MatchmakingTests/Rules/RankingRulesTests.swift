import Domain
import Testing

@Suite("What a ranking may be")
struct RankingRulesTests {
    let firms = (0..<5).map { _ in FirmID() }

    func faults(_ groups: [[FirmID]], atMost maximum: Int = 5) -> [String: String] {
        do {
            _ = try Ranking(groups, among: Set(firms), atMost: maximum)
            return [:]
        } catch {
            return Dictionary(uniqueKeysWithValues: error.faults.map { ($0.pointer, $0.reason) })
        }
    }

    @Test func groupsKeepTheirOrderAndTies() throws {
        let ranking = try Ranking([[firms[2]], [firms[0], firms[4]]], among: Set(firms), atMost: 3)
        #expect(ranking.ids == [firms[2], firms[0], firms[4]])
        #expect(ranking.tiers == [1, 2, 2])
        #expect(Ranking(ids: ranking.ids, tiers: ranking.tiers) == ranking)
    }

    @Test func nothingMayBeRanked() throws {
        let ranking = try Ranking([], among: Set(firms), atMost: 1)
        #expect(ranking.ids.isEmpty)
        #expect(Ranking<FirmSubject>(ids: [], tiers: []) == ranking)
    }

    @Test func everyFaultIsToldWhereItIs() {
        #expect(faults([[firms[0]], [firms[1], firms[0]]]) == ["/1/1": "is ranked twice"])
        #expect(faults([[firms[0]], [FirmID()]]) == ["/1/0": "is not one that can be ranked here"])
        #expect(faults([[], [firms[0]]]) == ["/0": "must not be empty"])
        #expect(faults([[firms[0], firms[1]], [firms[2]]], atMost: 2) == ["": "must rank at most 2"])
        #expect(faults([[firms[0], firms[1]]], atMost: 2).isEmpty)
        #expect(faults([[firms[0]], [firms[0]], [], [FirmID()]], atMost: 2).count == 4)
    }
}
