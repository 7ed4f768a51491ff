import Domain
import Foundation
import Mustache
import ServiceKit

/// In whose name a mail is sent.
struct MailHost: Sendable {
    let id: TenantID
    let slug: String
    let name: LocalizedText
    /// For readers whose own language the texts do not exist in.
    let language: LanguageTag
    /// For times that are not of a venue.
    let timeZone: TimeZoneID
}

extension MailHost {
    init(_ tenant: AccessStore.TenantRecord) {
        self.init(
            id: tenant.id,
            slug: tenant.slug,
            name: tenant.name,
            language: tenant.language,
            timeZone: tenant.timeZone
        )
    }
}

/// Puts mails into words, in the reader's language, with times in the venue's zone.
struct MailWriter: Sendable {
    private let strings: Strings
    private let text: MustacheTemplate
    private let html: MustacheTemplate

    init(strings: Strings) throws {
        self.strings = strings
        text = try Self.template("text")
        html = try Self.template("html")
    }

    func plain(_ mail: MailText) -> String { text.render(mail) }
    func rich(_ mail: MailText) -> String { html.render(mail) }

    func write(
        _ content: MailContent,
        to recipient: Recipient,
        from host: MailHost,
        link: String,
        publicURL: String
    ) -> MailText {
        let language = Strings.negotiate(recipient.language.description, default: host.language)
        let values = Values(content, recipient, host, language)
        func say(_ key: String) -> String { strings("mail.\(key)", language, values.all) }
        func fact(_ key: String, _ value: String?) -> MailText.Fact? {
            value.map { .init(label: say("fact.\(key)"), value: $0) }
        }
        let keys = content.textKeys
        return MailText(
            language: language.description,
            subject: say(keys.subject),
            greeting: say("greeting"),
            paragraphs: keys.paragraphs.map(say),
            facts: [
                fact("event", values.all["event"]), fact("when", values.when), fact("where", values.venue),
                fact("programme", values.all["programme"]), fact("firm", values.all["firm"]),
                fact("position", values.all["position"]), fact("deadline", values.all["deadline"]),
            ].compactMap(\.self),
            actionLabel: say(keys.action),
            actionURL: link,
            pages: values.path.map { [.init(label: say("page"), value: publicURL + $0)] } ?? [],
            closing: say("closing"),
            host: host.name[language],
            footer: [say("footer.automatic"), say("footer.personal")]
        )
    }

    private static func template(_ name: String) throws -> MustacheTemplate {
        guard let url = Bundle.module.url(forResource: name, withExtension: "mustache", subdirectory: "Resources/Mails")
        else { throw CocoaError(.fileNoSuchFile) }
        return try MustacheTemplate(string: String(contentsOf: url, encoding: .utf8))
    }
}

/// What the placeholders of the texts stand for.
private struct Values {
    var all: [String: String]
    var when: String?
    var venue: String?
    var path: String?

    init(
        _ content: MailContent,
        _ recipient: Recipient,
        _ host: MailHost,
        _ language: LanguageTag
    ) {
        all = ["name": recipient.name.description, "host": host.name[language]]
        switch content.facts {
        case .registration(let facts):
            let event = facts.event
            all["event"] = event.title[language]
            when = LocalizedTime.interval(from: event.startsAt, to: event.endsAt, event.timeZone, language)
            venue = event.venue[language]
            path = event.path
        case .applicant(let facts):
            all["programme"] = facts.cohortTitle[language]
        case .member(let facts):
            all["programme"] = facts.cohortTitle[language]
        }
        switch content {
        case .waiting(_, let position): all["position"] = String(position)
        case .rankingInvited(_, let deadline):
            all["deadline"] = LocalizedTime.dateTime(deadline, host.timeZone, language)
        case .placed(_, let firm, let deadline), .offer(_, _, let firm, let deadline):
            all["firm"] = firm[language]
            all["deadline"] = deadline.map { LocalizedTime.dateTime($0, host.timeZone, language) }
        case .cohort(_, _, let deadline):
            all["deadline"] = deadline.map { LocalizedTime.dateTime($0, host.timeZone, language) }
        case .reminder(_, _, let count, let deadline):
            all["deadline"] = LocalizedTime.dateTime(deadline, host.timeZone, language)
            all["count"] = String(count)
        default: break
        }
    }
}

extension MailContent {
    /// Which texts make up the mail.
    fileprivate var textKeys: (subject: String, paragraphs: [String], action: String) {
        let kind = kind.rawValue
        return switch self {
        case .confirmed, .movedUp: ("\(kind).subject", ["\(kind).lead", "place.detail"], "registration.action")
        case .waiting, .linkRequested: ("\(kind).subject", ["\(kind).lead", "\(kind).detail"], "registration.action")
        case .cancelled, .rankingInvited: ("\(kind).subject", ["\(kind).lead", "\(kind).detail"], "\(kind).action")
        case .placed(_, _, _?): ("result.subject", ["\(kind).lead", "offer.answer"], "result.action")
        case .offer(.deferralRefused, _, _, _): ("offer.subject", ["\(kind).lead", "offer.answer"], "result.action")
        case .offer: ("offer.subject", ["\(kind).lead", "offer.detail"], "result.action")
        case .applicantWithdrew: ("\(kind).subject", ["\(kind).lead", "\(kind).detail"], "result.action")
        case .cohort(.opened, _, _), .cohort(.locked, _, _):
            ("\(kind).subject", ["\(kind).lead", "\(kind).detail"], "cohort.action")
        case .cohort(.joined, let facts, _), .cohort(.ranking, let facts, _):
            (
                "\(kind).subject",
                ["\(kind).lead", facts.member.role == .firm ? "\(kind).firm" : "\(kind).university"], "cohort.action"
            )
        case .cohort: ("\(kind).subject", ["\(kind).lead", "\(kind).detail"], "cohort.action")
        case .reminder(.rank, let facts, _, _), .reminder(.certify, let facts, _, _):
            (
                "reminder.subject",
                ["\(kind).\(facts.member.role == .applicant ? "applicant" : "firm")", "reminder.detail"],
                "cohort.action"
            )
        case .reminder: ("reminder.subject", ["\(kind).lead", "reminder.detail"], "cohort.action")
        case .placed, .unplaced: ("result.subject", ["\(kind).lead", "\(kind).detail"], "result.action")
        }
    }
}
