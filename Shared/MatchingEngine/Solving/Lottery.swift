import Crypto

/// A draw that anybody can repeat: an id's number is the first eight bytes of SHA-256 over the lines seed, round, id.
///
/// `printf 'seed\nround\nid' | sha256sum | cut -c1-16` prints it.
public struct Lottery: Hashable, Sendable {
    public let seed: String
    public let round: String

    public init(seed: String, round: String) {
        self.seed = seed
        self.round = round
    }

    public func number(of id: String) -> LotteryNumber { number(of: Array("\(seed)\n\(round)\n\(id)".utf8)) }

    private func number(of lines: [UInt8]) -> LotteryNumber {
        LotteryNumber(value: SHA256.hash(data: lines).prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// By id: its turn when ids are sorted by lottery number.
    func turns(of ids: IDs) -> [Int32] {
        let lines = Array("\(seed)\n\(round)\n".utf8)
        let numbers = ids.indices.map { number(of: lines + ids.utf8($0)) }
        var turns = [Int32](repeating: 0, count: ids.count)
        let sorted = ids.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
        for (turn, index) in sorted.enumerated() { turns[index] = Int32(turn) }
        return turns
    }

    /// What can be published before lists close, to prove later that the seed was not chosen by the result.
    public var seedHash: String { sha256(Array(seed.utf8)) }
}

/// The lower number wins.
public struct LotteryNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let value: UInt64

    public init(value: UInt64) {
        self.value = value
    }

    /// 16 hexadecimal digits.
    public var description: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

func sha256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
}
