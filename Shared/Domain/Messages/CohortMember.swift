/// An applicant, firm or university of a cohort.
public struct CohortMember: Hashable, Sendable, Codable {
    public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
        case applicant, firm, university
    }

    public let role: Role
    public let id: ID<CohortMember>

    public init(_ id: ApplicantID) {
        role = .applicant
        self.id = ID(id.uuid)
    }

    public init(_ id: FirmID) {
        role = .firm
        self.id = ID(id.uuid)
    }

    public init(_ id: UniversityID) {
        role = .university
        self.id = ID(id.uuid)
    }
}
