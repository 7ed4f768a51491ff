import Domain
import Foundation

/// Who has still to act, as the office shows it.
struct WaitingMembers: Sendable {
    struct Member: Sendable {
        let name: String
        let role: String
        let action: String
        let reminded: String
    }

    static let maximum = 50

    let figures: [OfficePage.Figure]
    /// The first of them; the API lists all.
    let members: [Member]
    let hasMembers: Bool
    let more: String?

    init(_ waiting: Waiting, under rules: CohortRules, _ session: StaffSession) {
        func figure(_ key: String, _ value: Int) -> OfficePage.Figure { .init(label: session.text(key), value: value) }
        let certifications = [
            figure("staff.uncertifiedApplicants", waiting.count(.certify, .applicant, .team)),
            figure("staff.uncertifiedFirms", waiting.count(.certify, .firm)),
        ]
        figures =
            [
                figure("staff.waitingApplicants", waiting.count(.rank, .applicant, .team)),
                figure("staff.waitingFirms", waiting.count(.rank, .firm)),
            ] + (rules.certification == .required ? certifications : []) + [
                figure("staff.waitingStudents", waiting.count(.confirm, .university)),
                figure("staff.waitingOffers", waiting.offers),
            ]
        members = waiting.members.prefix(Self.maximum).map { member in
            Member(
                name: member.name,
                role: session.text("staff.role.\(member.role.rawValue)"),
                action: session.text("staff.action.\(member.action.rawValue)", ["count": "\(member.count)"]),
                reminded: member.remindedAt.map { session.time($0) } ?? "–"
            )
        }
        hasMembers = !members.isEmpty
        let hidden = waiting.members.count - members.count
        more = hidden > 0 ? session.text("staff.waitingMore", ["count": "\(hidden)"]) : nil
    }
}
