import HTTPTypes

extension HTTPField.Name {
    static var traceparent: Self { named("traceparent") }
    static var idempotentReplayed: Self { named("Idempotent-Replayed") }
    static var link: Self { named("Link") }
    static var referrerPolicy: Self { named("Referrer-Policy") }

    private static func named(_ name: String) -> Self {
        guard let name = Self(name) else { preconditionFailure("no name of a field") }
        return name
    }
}
