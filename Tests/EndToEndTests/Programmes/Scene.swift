import Domain
import Testing

@testable import tradewind

/// What both programmes need on the stage: the services as processes, and what people got in their mailboxes.
struct Scene: Sendable {
    let installation: Installation
    let post: PostBox
    let client: ProgrammeClient
    let office: CohortOffice
    let visitor: PageVisitor
    let progress = Progress(console: nil)

    init(_ installation: Installation) {
        self.installation = installation
        post = PostBox(catcher: installation.catcher)
        let api = installation.matchmaking.client
        client = ProgrammeClient(http: api.http, base: api.base, token: api.token)
        office = CohortOffice(client: client)
        visitor = PageVisitor(client: client)
    }

    /// Staff run a round and publish it over the office page.
    func runAndPublish(_ cohort: CohortOffice.Cohort) async throws {
        let page = try await visitor.open(try await office.staffLink(to: cohort))
        let ran = try await visitor.submit(page.form(with: "early"), of: page, ["early": "yes"])
        let published = try await visitor.submit(ran.form(with: "round"), of: ran, ["sure": "yes"])
        #expect(published.form(with: "round") == nil)
        #expect(try await office.read(cohort).state == "published")
    }

    /// Everybody has got so many mails, the last of them in their own language.
    func told(_ people: [GeneratedPerson], _ count: Int) async throws -> [String: PostBox.Mail] {
        var mails: [String: PostBox.Mail] = [:]
        for person in people {
            let mail = try await post.last(to: person.email, of: count)
            #expect(mail.language == person.language.description)
            mails[person.email] = mail
        }
        return mails
    }

    struct Entry: Decodable, Sendable {
        let action: String
        let actor: String
    }

    /// The cohort's record: by action, who did it.
    func trail(of cohort: CohortOffice.Cohort) async throws -> [String: [String]] {
        let entries = try await client.all(office.path(cohort, "/audit"), as: Entry.self)
        return Dictionary(grouping: entries, by: \.action).mapValues { $0.map(\.actor) }
    }
}
