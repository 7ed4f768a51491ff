/// Where output goes: kept, or handed on in pieces so that a large result need not lie in memory.
struct ByteSink {
    private(set) var bytes: [UInt8] = []
    private let forward: (([UInt8]) -> Void)?

    private static let piece = 1 << 20

    init(_ forward: (([UInt8]) -> Void)? = nil) {
        self.forward = forward
    }

    @inline(__always)
    static func += (sink: inout ByteSink, more: some Collection<UInt8>) { sink.bytes.append(contentsOf: more) }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    /// Takes back what was appended after the last flush.
    mutating func removeLast(_ count: Int) { bytes.removeLast(count) }

    mutating func write(_ value: JSONValue, indent: Int) { value.write(to: &bytes, indent: indent) }

    mutating func writeText(_ text: some Collection<UInt8>) { JSONValue.write(text, to: &bytes) }

    /// To be called now and then.
    mutating func flushIfLarge() { if bytes.count >= Self.piece { flush() } }

    mutating func flush() {
        guard let forward, !bytes.isEmpty else { return }
        forward(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
