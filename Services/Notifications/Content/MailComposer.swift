import Domain
import Foundation
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
        let invitation = invitation(for: mail, from: sender, to: recipient)
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
            calendar: invitation.map { .init(method: $0.method, text: $0.text()) }
        )
    }

    private func link(for content: MailContent, of tenant: TenantID) async throws -> String {
        let (path, purpose) =
            switch content.kind {
            case .confirmed, .movedUp, .waiting, .cancelled, .linkRequested: ("/events/l/", "registration")
            case .rankingInvited: ("/matchmaking/l/", "ranking")
            case .placed, .unplaced: ("/matchmaking/l/", "result")
            }
        return publicURL + path + (try await links.sign(tenant: tenant, purpose: purpose, subject: content.subject))
    }

    /// Who has a place gets an entry, who gives it up has it withdrawn.
    private func invitation(for mail: OutgoingMail, from sender: Mailbox, to recipient: Mailbox) -> CalendarInvitation?
    {
        guard let method = mail.content.calendarMethod, case .registration(let facts) = mail.content.facts else {
            return nil
        }
        let language = mail.recipient.language
        return CalendarInvitation(
            method: method,
            uid: "\(facts.id)@\(sender.domain)",
            sequence: facts.sequence,
            stamp: mail.createdAt,
            startsAt: facts.event.startsAt,
            endsAt: facts.event.endsAt,
            timeZone: facts.event.timeZone,
            summary: facts.event.title[language],
            location: facts.event.venue[language],
            url: publicURL + facts.event.path,
            organizer: sender,
            attendee: recipient,
            language: language
        )
    }
}

extension MailContent {
    fileprivate var calendarMethod: CalendarMethod? {
        switch self {
        case .confirmed, .movedUp: .request
        case .cancelled(_, hadPlace: true): .cancel
        default: nil
        }
    }
}
