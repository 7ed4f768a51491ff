import Domain
import Foundation
import Testing

@testable import Matchmaking

@Suite("Files of any bytes")
struct ImportFuzzTests {
    static let valid = """
        email,name,university,economy,language\r
        ann@example.org,"Ann, ""A\""",ntu,VN,vi\r
        王@example.org,王小明,ntu,TW,zh-Hant\r

        """

    /// Whatever it is, it is read to its end, every row is either kept or faulty, and every fault has a place.
    static func check<Entry: ImportEntry>(_ type: Entry.Type, _ bytes: [UInt8]) {
        let records = Array(CSVReader(bytes))
        let file = ImportFile<Entry>(bytes)
        let lines = bytes.count { $0 == 0x0A } + 1
        #expect(file.faults.allSatisfy { $0.line >= 1 && $0.line <= lines && $0.column >= 1 })
        if file.headerFaults.isEmpty {
            #expect(file.rows.count + file.faultyRows.count == records.count - 1)
            #expect(file.faultyRows.allSatisfy { !$0.faults.isEmpty })
            #expect(Set(file.rows.map(\.entry.key)).count == file.rows.count)
        } else {
            #expect(file.rows.isEmpty && file.faultyRows.isEmpty)
        }
    }

    @Test func randomBytes() {
        var random = SeededGenerator(3)
        let favourites = Array("\",\r\n\0;'a,".utf8) + [0xEF, 0xBB, 0xBF, 0xFF, 0xC3]
        for round in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ -> UInt8 in
                round.isMultiple(of: 2)
                    ? favourites.randomElement(using: &random) ?? 0 : UInt8.random(in: .min ... .max, using: &random)
            }
            Self.check(UniversityEntry.self, bytes)
            Self.check(StudentEntry.self, Array("email,name,university,economy,language\n".utf8) + bytes)
        }
    }

    @Test func mutatedFiles() {
        var random = SeededGenerator(5)
        let valid = Array(Self.valid.utf8)
        for _ in 0..<3000 {
            var bytes = valid
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let index = bytes.indices.randomElement(using: &random) ?? 0
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(UInt8(ascii: "\""), at: index)
                default: bytes.removeLast(Int.random(in: 0...min(20, bytes.count - 1), using: &random))
                }
                if bytes.isEmpty { bytes = valid }
            }
            Self.check(StudentEntry.self, bytes)
        }
    }

    @Test func theFileItselfIsWhole() {
        let file = ImportFile<StudentEntry>(Array(Self.valid.utf8))
        #expect(file.rows.map(\.entry.name.description) == ["Ann, \"A\"", "王小明"])
        #expect(file.faults.isEmpty)
    }
}
