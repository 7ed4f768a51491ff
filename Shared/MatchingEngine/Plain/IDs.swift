/// Ids in canonical order, in one run of bytes: a million of them are two allocations.
public struct IDs: RandomAccessCollection, Hashable, Sendable, ExpressibleByArrayLiteral {
    package let bytes: [UInt8]
    /// Where each id begins, and at the end where the last one ends.
    package let offsets: [UInt32]

    /// The ids must be in the order of their UTF-8 bytes, and no two the same.
    package init(bytes: [UInt8], offsets: [UInt32]) {
        self.bytes = bytes
        self.offsets = offsets
    }

    init(sorted ids: [String]) {
        var bytes: [UInt8] = []
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(ids.count + 1)
        for id in ids {
            bytes += id.utf8
            offsets.append(UInt32(bytes.count))
        }
        self.init(bytes: bytes, offsets: offsets)
    }

    public init(arrayLiteral elements: String...) {
        self.init(sorted: elements.canonicallySorted)
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { offsets.count - 1 }

    public subscript(index: Int) -> String { String(decoding: utf8(index), as: UTF8.self) }

    package func utf8(_ index: Int) -> ArraySlice<UInt8> { bytes[Int(offsets[index])..<Int(offsets[index + 1])] }

    /// The number of an id; `nil` if it is not among them.
    public subscript(id: String) -> Int32? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if utf8(middle).lexicographicallyPrecedes(id.utf8) { low = middle + 1 } else { high = middle }
        }
        return low < count && utf8(low).elementsEqual(id.utf8) ? Int32(low) : nil
    }
}
