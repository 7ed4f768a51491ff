import Foundation
package import Tracing

/// Where in a trace we are, as W3C Trace Context's `traceparent` says it.
package struct TraceContext: Sendable, Hashable {
    /// 32 hexadecimal digits in lower case.
    package let traceID: String
    /// 16 of them.
    package let spanID: String
    package let isSampled: Bool

    /// The first span of a new trace.
    package init() {
        traceID = Self.randomHex() + Self.randomHex()
        spanID = Self.randomHex()
        isSampled = true
    }

    private init(traceID: String, spanID: String, isSampled: Bool) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// A span within this one.
    package func child() -> TraceContext {
        TraceContext(traceID: traceID, spanID: Self.randomHex(), isSampled: isSampled)
    }

    /// Nothing for what the recommendation calls invalid. Later versions are read as far as they are known.
    package init?(traceparent: String) {
        let parts = traceparent.trimmingCharacters(in: .whitespaces).split(
            separator: "-",
            omittingEmptySubsequences: false
        )
        guard parts.count >= 4, parts[0].isLowerHex(2), parts[0] != "ff", parts[0] != "00" || parts.count == 4,
            parts[1].isLowerHex(32), parts[2].isLowerHex(16), parts[3].isLowerHex(2),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" }),
            let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        self.init(traceID: String(parts[1]), spanID: String(parts[2]), isSampled: flags & 1 == 1)
    }

    package var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    private static func randomHex() -> String {
        let digits = String(UInt64.random(in: 1 ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension Substring {
    fileprivate func isLowerHex(_ length: Int) -> Bool {
        utf8.count == length
            && utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

extension ServiceContext {
    private enum TraceContextKey: ServiceContextKey {
        typealias Value = TraceContext
        static var nameOverride: String? { "trace" }
    }

    package var traceContext: TraceContext? {
        get { self[TraceContextKey.self] }
        set { self[TraceContextKey.self] = newValue }
    }
}
