import Domain
import Foundation
import ICalendar
import ServiceKit

/// Makes the message of an outgoing row: words, personal link, calendar entry.
struct MailComposer: Sendable {
    let writer: MailWriter
    let links: LinkSigner
    /// Without a slash at the end.
    let publicURL: String
    /// Whose address all mail comes from.
    let sender: Mailbox
    let replyTo: Mailbox?

    func compose(_ mail: OutgoingMail, for host: MailHost) async throws -> MailMessage {
        let text = writer.write(
            mail.content,
            to: mail.recipient,
            from: host,
            link: try await link(for: mail.content, of: host.id),
            publicURL: publicURL
        )
        let sender = Mailbox(name: sender.name ?? text.host, address: sender.address)
        let recipient = Mailbox(name: mail.recipient.name.description, address: mail.recipient.email)
        return MailMessage(
            messageID: mail.messageID,
            date: mail.createdAt,
            sender: sender,
            recipient: recipient,
            replyTo: replyTo,
            listID: "\(host.slug).\(sender.domain)",
            listName: text.host,
            language: mail.recipient.language,
            subject: text.subject,
            text: writer.plain(text),
            html: writer.rich(text),
            calendar: calendar(for: mail, from: sender, to: recipient)
        )
    }

    private func link(for content: MailContent, of tenant: TenantID) async throws -> String {
        let (path, purpose) =
            switch content.kind {
            case .confirmed, .movedUp, .waiting, .cancelled, .linkRequested: ("/events/l/", "registration")
            case .rankingInvited: ("/matchmaking/l/", "ranking")
            case .placed, .unplaced, .accepted, .declined, .expired, .withdrawn, .revoked, .deferred,
                .deferralRefused, .applicantWithdrew, .cohortClosed, .cohortAbandoned:
                ("/matchmaking/l/", content.member?.purpose ?? "result")
            case .cohortJoined, .cohortOpened, .rankingOpened, .deadlineMoved, .cohortLocked, .rankReminder,
                .certifyReminder, .confirmReminder:
                ("/matchmaking/l/", content.member?.purpose ?? "ranking")
            }
        return publicURL + path + (try await links.sign(tenant: tenant, purpose: purpose, subject: content.subject))
    }

    /// Who has a place gets an entry, who gives it up has it withdrawn.
    private func calendar(for mail: OutgoingMail, from sender: Mailbox, to recipient: Mailbox) -> CalendarDocument? {
        guard let method = mail.content.calendarMethod, case .registration(let facts) = mail.content.facts else {
            return nil
        }
        var event = CalendarEvent(
            uid: facts.id.uuid,
            sequence: facts.sequence,
            stamp: mail.createdAt,
            startsAt: facts.event.startsAt,
            endsAt: facts.event.endsAt,
            timeZone: facts.event.timeZone,
            summary: facts.event.title,
            location: facts.event.venue,
            language: mail.recipient.language
        )
        event.status = method == .cancel ? .cancelled : .confirmed
        event.url = publicURL + facts.event.path
        event.organizer = .init(name: sender.name, address: sender.address)
        event.attendee = .init(name: recipient.name, address: recipient.address)
        return CalendarDocument([event], method: method)
    }
}

extension MailContent {
    fileprivate var member: CohortMember? {
        if case .member(let facts) = facts { facts.member } else { nil }
    }

    fileprivate var calendarMethod: CalendarMethod? {
        switch self {
        case .confirmed, .movedUp: .request
        case .cancelled(_, hadPlace: true): .cancel
        default: nil
        }
    }
}

extension CohortMember {
    /// Of the link to the member's own page; an applicant's depends on what is told.
    fileprivate var purpose: String? {
        switch role {
        case .applicant: nil
        case .firm: "firm"
        case .university: "university"
        }
    }
}
