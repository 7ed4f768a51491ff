/// Where a registration stands. `waiting` becomes `confirmed` when a place is free; `cancelled` is the end of each.
public enum RegistrationState: String, Hashable, Sendable, Codable, CaseIterable {
    case confirmed, waiting, cancelled
}

/// Why nobody can register now.
public enum RegistrationRefusal: Error, Hashable, Sendable {
    case notOpenYet, closed
}

/// Why a registration can't be cancelled.
public enum CancellationRefusal: Error, Hashable, Sendable {
    case alreadyCancelled
}
