import Domain
import Foundation
import Testing

@Suite struct IDTests {
    @Test func idsOfOneThreadRiseStrictly() {
        let ids = (0..<20_000).map { _ in EventID() }
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0.description < $1.description })
    }

    @Test func idsOfManyTasksAreUniqueAndEachTaskSeesThemRise() async {
        let batches = await withTaskGroup(of: [EventID].self) { group in
            for _ in 0..<16 {
                group.addTask { (0..<5_000).map { _ in EventID() } }
            }
            var batches: [[EventID]] = []
            for await batch in group { batches.append(batch) }
            return batches
        }
        #expect(Set(batches.joined()).count == 80_000)
        for batch in batches { #expect(zip(batch, batch.dropFirst()).allSatisfy { $0 < $1 }) }
    }

    @Test func theyAreOfVersion7AndCarryTheTime() throws {
        let before = Int(Date().timeIntervalSince1970 * 1000)
        let id = EventID()
        let digits = id.description.replacing("-", with: "")
        #expect(Array(digits)[12] == "7")
        #expect("89ab".contains(Array(digits)[16]))
        let stamp = try #require(Int(digits.prefix(12), radix: 16))
        let after = Int(Date().timeIntervalSince1970 * 1000)
        // Ids made faster than 4096 a millisecond run ahead of the clock by a little.
        #expect((before - 1...after + 1_000).contains(stamp))
    }

    @Test func theOrderIsThatOfTheText() throws {
        let low = try #require(EventID("0198c5d0-6f0a-7c3e-9d7e-3f1b2a4c5d6e"))
        let high = try #require(EventID("0198c5d0-6f0a-7c3e-ad7e-3f1b2a4c5d6e"))
        #expect(low < high)
        #expect(!(high < low))
        #expect(!(low < low))
    }

    @Test(arguments: [
        "", "x", "0198c5d0-6f0a-7c3e-9d7e-3f1b2a4c5d6", "0198c5d06f0a7c3e9d7e3f1b2a4c5d6e",
        "{0198c5d0-6f0a-7c3e-9d7e-3f1b2a4c5d6e}",
    ])
    func otherTextIsNoID(_ text: String) {
        #expect(EventID(text) == nil)
    }

    @Test func jsonHoldsLowerCaseText() throws {
        let id = try #require(EventID("0198C5D0-6F0A-7C3E-9D7E-3F1B2A4C5D6E"))
        let data = try JSONEncoder().encode([id])
        #expect(String(decoding: data, as: UTF8.self) == #"["0198c5d0-6f0a-7c3e-9d7e-3f1b2a4c5d6e"]"#)
        #expect(try JSONDecoder().decode([EventID].self, from: data) == [id])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([EventID].self, from: Data(#"["x"]"#.utf8)) }
    }
}
