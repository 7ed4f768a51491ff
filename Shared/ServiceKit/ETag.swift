public import Hummingbird

extension Request {
    /// Checks `If-Match` against the version of what is to be changed: 428 where it is missing, 412 where it differs.
    public func requireMatch(version: Int) throws { fatalError("stub") }
}

/// The entity tag of a version: `"v7"`.
public func entityTag(version: Int) -> String { "\"v\(version)\"" }
