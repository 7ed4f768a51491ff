import Foundation
import Testing

@testable import MarketFile

@Suite struct FileBytesTests {
    private func temporaryFile(_ bytes: [UInt8]) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "bytes-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    @Test func aMappedFileIsItsBytesEvenOnceReleased() throws {
        let bytes = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        let path = try temporaryFile(bytes)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let mapped = try #require(FileBytes(mapping: path))
        #expect(mapped.elementsEqual(bytes))
        mapped.release(before: mapped.count)
        #expect(mapped.elementsEqual(bytes))
        #expect(mapped.word(at: mapped.count - 7) == nil)
        #expect(mapped.word(at: mapped.count - 8) == mapped.suffix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }

    @Test func whatIsNoFileIsNotMapped() throws {
        #expect(FileBytes(mapping: "/nowhere") == nil)
        #expect(FileBytes(mapping: "/tmp") == nil)
        let empty = try temporaryFile([])
        defer { try? FileManager.default.removeItem(atPath: empty) }
        #expect(FileBytes(mapping: empty) == nil)
    }

    @Test func aFileThatIsTooLargeIsRefused() throws {
        let path = try temporaryFile([])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        // It has no bytes on the disk.
        try file.truncate(atOffset: 1 << 32)
        try file.close()
        let large = try #require(FileBytes(mapping: path))
        let small = FileBytes(Array("id\n".utf8))
        let fault = FileFault(line: 1, column: 1, message: "The file has 4 GiB or more.")
        #expect(throws: InvalidFile([fault])) { try MarketReader.read(large) }
        #expect(throws: InvalidFile([fault.in("firms.csv")])) {
            try CSVMarketReader.read(applicants: small, firms: large)
        }
    }

    @Test func textsAreSortedByTheirBytes() {
        var random = SeededGenerator(3)
        for round in 0..<200 {
            let prefix = ["", "applicant-", "é"][round % 3]
            let texts = Set(
                (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    prefix
                        + String(
                            (0..<Int.random(in: 0...12, using: &random)).map { _ in
                                "ab陳".randomElement(using: &random) ?? "a"
                            }
                        )
                }
            ).sorted().shuffled(using: &random)
            var bytes: [UInt8] = []
            var offsets: [UInt32] = [0]
            for text in texts {
                bytes += text.utf8
                offsets.append(UInt32(bytes.count))
            }
            let sorted = ByteOrder(bytes, offsets).sorted().map { texts[Int($0)] }
            #expect(sorted == texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        }
    }

    @Test func idsOfAnyLengthKeepTheirNumbers() {
        var ids = Interner()
        let texts = (0..<3000).map { String(repeating: "x", count: $0 % 23) + "\($0)" } + ["", "a\0", "a", "\0\0"]
        for _ in 0..<2 {
            for (number, text) in texts.enumerated() {
                let found = ids.number(of: Interner.key(text.utf8), in: Array(text.utf8), list: -1)
                #expect(found.number == Int32(number))
            }
        }
        #expect(ids.text(3001) == "a\0")
    }
}
