/// A small random generator whose numbers are the same for the same seed, on any machine and in any version.
struct SplitMix64: Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// A number from 0 up to but not including `bound`. Precondition: `bound > 0`.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// One of `items`, which are not empty.
    mutating func pick<Item>(_ items: [Item]) -> Item {
        items[below(items.count)]
    }

    /// Around 0 in a bell curve: the sum of four numbers, each within `width`.
    mutating func bell(_ width: Int) -> Int {
        (0..<4).reduce(0) { sum, _ in sum + below(2 * width + 1) - width }
    }

    /// The first `count` of `items` in random order.
    mutating func sample<Item>(_ count: Int, of items: [Item]) -> [Item] {
        var items = items
        for index in 0..<min(count, items.count) {
            items.swapAt(index, index + below(items.count - index))
        }
        return Array(items.prefix(count))
    }
}
