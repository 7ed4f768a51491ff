/// Sorts texts by their bytes: eight of them by radix, the rest by comparison.
struct ByteOrder {
    private let bytes: [UInt8]
    private let offsets: [UInt32]

    private struct Entry {
        let word: UInt64
        let number: Int32
    }

    /// Text `n` is `bytes[offsets[n]..<offsets[n + 1]]`.
    init(_ bytes: [UInt8], _ offsets: [UInt32]) {
        self.bytes = bytes
        self.offsets = offsets
    }

    /// The numbers of the texts, the least text first.
    func sorted() -> [Int32] {
        let common = commonPrefix()
        var entries = (0..<Int32(offsets.count - 1)).map { Entry(word: word(of: $0, from: common), number: $0) }
        sortWords(&entries)
        var begin = 0
        while begin < entries.count {
            var end = begin + 1
            while end < entries.count, entries[end].word == entries[begin].word { end += 1 }
            if end - begin > 1 {
                entries[begin..<end].sort { text($0.number).lexicographicallyPrecedes(text($1.number)) }
            }
            begin = end
        }
        return entries.map(\.number)
    }

    private func text(_ number: Int32) -> ArraySlice<UInt8> { bytes[range(number)] }

    private func range(_ number: Int32) -> Range<Int> { Int(offsets[Int(number)])..<Int(offsets[Int(number) + 1]) }

    /// How many bytes all texts have in common.
    private func commonPrefix() -> Int {
        guard offsets.count > 1 else { return 0 }
        let first = range(0)
        var common = first.count
        for number in 1..<max(1, Int32(offsets.count - 1)) {
            let other = range(number)
            common = min(common, other.count)
            var index = 0
            while index < common, bytes[first.lowerBound + index] == bytes[other.lowerBound + index] { index += 1 }
            common = index
        }
        return common
    }

    /// Eight bytes, the first one highest.
    private func word(of number: Int32, from common: Int) -> UInt64 {
        let range = range(number)
        var word: UInt64 = 0
        for index in range.lowerBound + common..<range.lowerBound + common + 8 {
            word = word << 8 | (index < range.upperBound ? UInt64(bytes[index]) : 0)
        }
        return word
    }

    private func sortWords(_ entries: inout [Entry]) {
        var other = entries
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            var starts = [Int](repeating: 0, count: 256)
            for entry in entries { starts[Int(entry.word >> shift & 0xFF)] += 1 }
            if starts.contains(entries.count) { continue }
            var sum = 0
            for byte in 0..<256 { (starts[byte], sum) = (sum, sum + starts[byte]) }
            for entry in entries {
                let byte = Int(entry.word >> shift & 0xFF)
                other[starts[byte]] = entry
                starts[byte] += 1
            }
            swap(&entries, &other)
        }
    }
}
