import HTTPTypes
public import Hummingbird

extension Request {
    /// Checks `If-Match` against the version of what is to be changed: 428 where it is missing, 412 where it differs.
    public func requireMatch(version: Int) throws {
        let tags = try requireCondition()
        guard tags.contains("*") || tags.contains(entityTag(version: version)) else {
            throw Problem(
                .preconditionFailed,
                type: "changed-meanwhile",
                title: "It has changed since you read it",
                detail: "Read it again and repeat your change with the new ETag.",
                headers: [.eTag: entityTag(version: version)]
            )
        }
    }

    /// The entity tags of `If-Match`; 428 where it is missing. For what has to be told before the version is known.
    @discardableResult
    public func requireCondition() throws -> [String] {
        let tags = headers[values: .ifMatch].flatMap { $0.split(separator: ",") }.map { $0.trimmingSpaces() }
        guard tags.isEmpty else { return tags }
        throw Problem(
            .preconditionRequired,
            type: "if-match-required",
            title: "Send If-Match with the ETag of what you change",
            detail: "So that nobody's change is lost unseen."
        )
    }
}

/// The entity tag of a version: `"v7"`.
public func entityTag(version: Int) -> String { "\"v\(version)\"" }

extension StringProtocol {
    /// Without spaces and tabs at its ends.
    package func trimmingSpaces() -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let start = firstIndex(where: { !isSpace($0) }), let end = lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(self[start...end])
    }
}
