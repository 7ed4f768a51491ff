import Domain
import Foundation
import ServiceKit

/// What a personal link of this service opens.
enum LinkPurpose: String {
    /// An applicant's own ranking.
    case ranking
    /// An applicant's own result.
    case result
    /// A round's overview, for staff.
    case round
    /// A cohort's office page, for one member of staff.
    case cohort
    /// A university's own students, for its coordinator.
    case university
}

/// Makes the URLs of personal pages.
struct PersonalLinks: Sendable {
    let signer: LinkSigner
    let publicURL: String

    func url(
        _ purpose: LinkPurpose,
        of subject: UUID,
        tenant: TenantID,
        expires: Date? = nil
    ) async throws -> String {
        let link = try await signer.sign(
            tenant: tenant,
            purpose: purpose.rawValue,
            subject: subject,
            expires: expires
        )
        return "\(publicURL)/matchmaking/l/\(link)"
    }
}
