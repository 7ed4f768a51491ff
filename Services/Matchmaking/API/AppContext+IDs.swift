import Domain
import Foundation
import Hummingbird
import ServiceKit

extension AppContext {
    /// The cohort that the path names. What is not a UUID names nothing.
    func cohortID() throws -> CohortID { try id("cohort") }
    func applicantID() throws -> ApplicantID { try id("applicant") }
    func firmID() throws -> FirmID { try id("firm") }
    func universityID() throws -> UniversityID { try id("university") }
    func offerID() throws -> OfferID { try id("offer") }
    func positionID() throws -> PositionID { try id("position") }
    func groupID() throws -> GroupID { try id("group") }
    func roundID() throws -> RoundID { try id("round") }
    func staffLinkID() throws -> StaffLinkID { try id("staff-link") }
    func importID() throws -> ImportID { try id("import") }

    private func id<Subject>(_ name: String) throws -> ID<Subject> {
        guard let id = parameters.get(name).flatMap({ ID<Subject>($0) }) else { throw Problem.notFound(name) }
        return id
    }
}

extension PageRequest {
    /// The id after which the page begins.
    func uuidAfter() throws -> UUID {
        guard let after else { return .beforeAll }
        guard let uuid = UUID(uuidString: after) else {
            throw Problem(.badRequest, type: "bad-cursor", title: "The cursor is not of this list")
        }
        return uuid
    }
}

extension UUID {
    /// After which a list begins with its first.
    static let beforeAll = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}
