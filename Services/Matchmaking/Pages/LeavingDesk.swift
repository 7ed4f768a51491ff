import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Takes an applicant's wish to leave the cohort, from any page of theirs.
struct LeavingDesk: Sendable {
    enum Outcome: Sendable {
        /// The form is about something else.
        case none
        /// The second sign is missing.
        case unsure
        case left
    }

    let database: Database
    let tenant: TenantID
    let applicant: ApplicantID

    func take(_ form: [String: String]) async throws -> Outcome {
        guard form["withdraw"] != nil else { return .none }
        guard form["leave"] != nil else { return .unsure }
        _ = try await database.transaction(tenant: tenant) { tx in
            try await MemberDesk(tenant: tenant, actor: Author(applicant))
                .withdraw(applicant, reason: nil, isOwnWish: true, at: Date(), in: tx)
        }
        return .left
    }

    /// So that reloading the page doesn't send the form again.
    func redirect(_ request: Request, language: LanguageTag) -> Response {
        let query = request.uri.queryParameters["lang"] == nil ? "" : "?lang=\(language)"
        return Response(
            status: .seeOther,
            headers: [.location: "\(request.uri.path)\(query)", .cacheControl: "no-store"]
        )
    }
}
