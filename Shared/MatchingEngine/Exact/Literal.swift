/// A variable, or its negation.
struct Literal: Hashable, Sendable {
    /// Twice the variable, and one more for its negation.
    let code: Int32

    init(_ variable: Int, isTrue: Bool = true) {
        code = Int32(variable * 2 + (isTrue ? 0 : 1))
    }

    init(code: Int32) {
        self.code = code
    }

    var variable: Int { Int(code >> 1) }
    var isPositive: Bool { code & 1 == 0 }
    var index: Int { Int(code) }

    static prefix func ! (literal: Literal) -> Literal { Literal(code: literal.code ^ 1) }
}

/// `weight` counts if `literal` is true.
struct Term: Hashable, Sendable {
    var weight: Int
    var literal: Literal

    init(_ weight: Int, _ literal: Literal) {
        self.weight = weight
        self.literal = literal
    }
}
