import Domain
import ServiceKit

/// What the ranking page says of the group that an applicant is in, and how they agree to it.
struct GroupNotice: Sendable {
    struct Agreement: Sendable {
        let action: String
        let hint: String
        let button: String
    }

    let heading: String
    let text: String
    let members: [String]
    let platform: String?
    /// `nil` once the applicant has agreed, or can't any more.
    let agreement: Agreement?
}

/// A group with its members' names.
struct GroupView: Sendable {
    let group: ApplicantGroup
    let names: [PersonName]

    /// Whether the applicant's list is the team's.
    var ranksTogether: Bool { group.kind == .team && group.state == .formed }
}

extension GroupNotice {
    init?(_ view: RankingView, _ pages: PersonalPages) {
        guard let own = view.group, own.group.state != .dissolved else { return nil }
        let language = view.language
        func text(_ key: String) -> String { pages.text(key, language, ["name": own.group.name.description]) }
        let kind = own.group.kind.rawValue
        heading = text("group.\(kind).heading")
        self.text = text(own.group.state == .formed ? "group.\(kind).formed" : "group.forming")
        members = own.names.map(\.description)
        platform = own.group.platform.map { pages.text("group.platform", language, ["platform": $0.description]) }
        let isAsked = own.group.members.contains { $0.applicant == view.applicant.id && $0.agreedAt == nil }
        agreement =
            isAsked && view.isOpen
            ? Agreement(action: "?lang=\(language)", hint: text("group.\(kind).hint"), button: text("group.agree"))
            : nil
    }
}
