/// What one look at the installation found.
struct Finding: Sendable, Encodable {
    enum State: String, Sendable, Encodable { case ok, warn, fail }

    let check: String
    let state: State
    let detail: String
    /// How to mend it, where it is not well.
    var mend: String?

    static func ok(_ check: String, _ detail: String) -> Finding {
        Finding(check: check, state: .ok, detail: detail)
    }

    static func warn(_ check: String, _ detail: String, mend: String) -> Finding {
        Finding(check: check, state: .warn, detail: detail, mend: mend)
    }

    static func fail(_ check: String, _ detail: String, mend: String) -> Finding {
        Finding(check: check, state: .fail, detail: detail, mend: mend)
    }
}
