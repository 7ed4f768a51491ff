public import Foundation

/// Applicants who go together, once each of them has agreed.
public struct ApplicantGroup: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Goes to one position as a whole, or nowhere, and has one list. It takes a place for each member.
        case team
        /// Two who want places near each other. Each has a list; the joint one follows from both.
        case couple

        /// How many members it may have.
        public var size: ClosedRange<Int> { self == .couple ? 2...2 : 2...20 }
    }

    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// Not every member has agreed yet: each of them is on their own.
        case forming
        case formed
        case dissolved
    }

    public struct Member: Hashable, Sendable {
        public let applicant: ApplicantID
        public internal(set) var agreedAt: Date?

        public init(applicant: ApplicantID, agreedAt: Date?) {
            self.applicant = applicant
            self.agreedAt = agreedAt
        }
    }

    public let id: GroupID
    public let kind: Kind
    public let name: PersonName
    /// What a team works with.
    public let platform: Slug?
    /// A couple that would rather be far from each other than without two places.
    public let apart: Bool
    public private(set) var members: [Member]
    public private(set) var state: State
    /// Rises with each change.
    public private(set) var version: Int

    public init(
        id: GroupID,
        kind: Kind,
        name: PersonName,
        platform: Slug? = nil,
        apart: Bool = false,
        members: [Member],
        state: State = .forming,
        version: Int = 1
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.platform = platform
        self.apart = apart
        self.members = members
        let isAgreed = members.allSatisfy { $0.agreedAt != nil }
        self.state = state == .forming && isAgreed ? .formed : state
        self.version = version
    }

    public var applicants: [ApplicantID] { members.map(\.applicant) }

    /// A member agrees; with the last one the group is formed. Tells whether that is new.
    public mutating func agree(_ applicant: ApplicantID, at now: Date) throws(GroupRefusal) -> Bool {
        guard state != .dissolved else { throw .dissolved }
        guard let place = members.firstIndex(where: { $0.applicant == applicant }) else { throw .notAMember }
        guard members[place].agreedAt == nil else { return false }
        members[place].agreedAt = now
        if members.allSatisfy({ $0.agreedAt != nil }) { state = .formed }
        version += 1
        return true
    }

    /// Everybody is on their own again.
    public mutating func dissolve() throws(GroupRefusal) {
        guard state != .dissolved else { throw .dissolved }
        state = .dissolved
        members = []
        version += 1
    }
}

/// Why something may not happen to a group.
public enum GroupRefusal: String, Error, Hashable, Sendable, CaseIterable {
    case dissolved = "group-dissolved"
    case notAMember = "not-a-member"
    case notATeam = "not-a-team"
    case notFormed = "group-forming"

    /// A sentence for whoever asked.
    public var reason: String {
        switch self {
        case .dissolved: "The group is dissolved"
        case .notAMember: "The applicant is not a member of the group"
        case .notATeam: "Only a team has one list; each of a couple has their own"
        case .notFormed: "Not every member has agreed yet"
        }
    }
}
