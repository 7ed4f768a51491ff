import Domain
import Foundation
import ServiceKit

/// Makes the paths of personal pages, which people have from their mails.
struct PersonalLinks: Sendable {
    let signer: LinkSigner
    let tenant: TenantID

    func path(_ purpose: String, of subject: String) async throws -> String {
        guard let subject = UUID(uuidString: subject) else { throw CommandFailure("\(subject) is no id.") }
        return try await "/matchmaking/l/" + signer.sign(tenant: tenant, purpose: purpose, subject: subject)
    }
}
