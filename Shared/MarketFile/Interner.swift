internal import CMemory
internal import MatchingEngine

/// Numbers ids in the order in which they are first seen. Ids of up to eight bytes lie in the table itself, so that
/// looking one up takes one line of memory.
struct Interner {
    /// An id's bytes, or what they come down to.
    struct Key {
        /// The bytes, the first one lowest; of longer ids a hash with the highest byte 255, which no UTF-8 holds.
        let word: UInt64

        var isShort: Bool { word >> 56 != 0xFF }
    }

    private struct Slot {
        var word: UInt64
        /// -1 in an empty slot.
        var number: Int32
        /// The last list that named the id.
        var list: Int32
    }

    private var slots: [Slot]
    private var shift: UInt64
    private var bytes: [UInt8] = []
    private var offsets: [UInt32] = [0]

    init() {
        slots = Array(repeating: Slot(word: 0, number: -1, list: -1), count: 1024)
        shift = 54
    }

    var count: Int { offsets.count - 1 }

    func utf8(_ number: Int32) -> ArraySlice<UInt8> {
        bytes[Int(offsets[Int(number)])..<Int(offsets[Int(number) + 1])]
    }

    func text(_ number: Int32) -> String { String(decoding: utf8(number), as: UTF8.self) }

    static func key(_ text: some Collection<UInt8>) -> Key {
        if text.count <= 8, !text.contains(0) {
            return Key(word: text.reversed().reduce(0) { $0 << 8 | UInt64($1) })
        }
        let hash = text.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return Key(word: hash | 0xFF << 56)
    }

    /// Asks for the memory that `number(of:in:list:)` will need.
    @inline(__always)
    func prefetch(_ key: Key) {
        let index = home(key.word)
        slots.withUnsafeBufferPointer { CMemory.prefetch($0.baseAddress.unsafelyUnwrapped + index) }
    }

    /// As below, of a short id that has a number.
    @inline(__always)
    mutating func find(_ key: Key, list: Int32) -> (number: Int32, isRepeated: Bool)? {
        guard key.isShort else { return nil }
        var index = home(key.word)
        while slots[index].number >= 0 {
            if slots[index].word == key.word {
                let isRepeated = slots[index].list == list
                slots[index].list = list
                return (slots[index].number, isRepeated)
            }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }

    /// The number of the id with the bytes `text`, and whether `list` named it before.
    mutating func number(
        of key: Key,
        in text: some Collection<UInt8>,
        list: Int32
    ) -> (number: Int32, isRepeated: Bool) {
        if count * 2 >= slots.count { grow() }
        var index = home(key.word)
        while slots[index].number >= 0 {
            if slots[index].word == key.word, key.isShort || utf8(slots[index].number).elementsEqual(text) {
                let isRepeated = slots[index].list == list
                slots[index].list = list
                return (slots[index].number, isRepeated)
            }
            index = (index + 1) & (slots.count - 1)
        }
        let number = Int32(count)
        slots[index] = Slot(word: key.word, number: number, list: list)
        for byte in text { bytes.append(byte) }
        offsets.append(UInt32(bytes.count))
        return (number, false)
    }

    @inline(__always)
    private func home(_ word: UInt64) -> Int { Int((word &* 0x9E37_79B9_7F4A_7C15) >> shift) }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(word: 0, number: -1, list: -1), count: old.count * 2)
        shift -= 1
        for slot in old where slot.number >= 0 {
            var index = home(slot.word)
            while slots[index].number >= 0 { index = (index + 1) & (slots.count - 1) }
            slots[index] = slot
        }
    }

    /// The ids in canonical order, and by number where each went. Empties the table first: it is large.
    mutating func canonical() -> (ids: IDs, places: [Int32]) {
        slots = []
        let order = ByteOrder(bytes, offsets).sorted()
        var sorted: [UInt8] = []
        sorted.reserveCapacity(bytes.count)
        var ends: [UInt32] = [0]
        ends.reserveCapacity(order.count + 1)
        var places = [Int32](repeating: 0, count: order.count)
        for (place, number) in order.enumerated() {
            for index in Int(offsets[Int(number)])..<Int(offsets[Int(number) + 1]) { sorted.append(bytes[index]) }
            ends.append(UInt32(sorted.count))
            places[Int(number)] = Int32(place)
        }
        return (IDs(bytes: sorted, offsets: ends), places)
    }
}
