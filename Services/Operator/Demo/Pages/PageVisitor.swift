import Foundation
import NIOCore

/// Opens personal links and sends their forms, as a browser without scripts does.
struct PageVisitor: Sendable {
    let client: ProgrammeClient

    /// - Parameter link: A link as it stands in a mail, or its path.
    func open(_ link: String) async throws -> WebPage {
        let path = URLComponents(string: link)?.percentEncodedPath ?? link
        let answer = try await client.exchange("GET", path, headers: ["Accept": "text/html"], body: nil)
        return WebPage(path: path, html: String(buffer: answer))
    }

    /// Sends a form and goes to the page that it leads to. Precondition: the page has the form.
    func submit(_ form: WebPage.Form?, of page: WebPage, _ entries: [String: String]) async throws -> WebPage {
        guard let form else { throw CommandFailure("A personal page lacks the form with \(entries.keys.sorted()).") }
        let fields = form.fields.merging(entries) { $1 }.map { name, value in
            "\(name.formEscaped)=\(value.formEscaped)"
        }
        let answer = try await client.exchange(
            "POST",
            form.action.hasPrefix("/") ? form.action : page.path + form.action,
            headers: ["Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"],
            body: ByteBuffer(string: fields.joined(separator: "&"))
        )
        return WebPage(path: page.path, html: String(buffer: answer))
    }
}

// What people do on their pages.

extension PageVisitor {
    /// An applicant, or any member of a team, enters the list in the numbered fields.
    @discardableResult
    func rank(_ positions: [String], at link: String) async throws -> WebPage {
        let page = try await open(link)
        let form = page.form(with: "choice1")
        var entries = (form?.fields ?? [:]).filter { $0.key.hasPrefix("choice") }.mapValues { _ in "" }
        for (index, position) in positions.enumerated() { entries["choice\(index + 1)"] = position }
        return try await submit(form, of: page, entries)
    }

    /// A recruiter enters scores or places and certifies the list.
    /// - Parameter proposing: Whether the list is the one that the scores propose.
    @discardableResult
    func certify(entering entries: [String: String], proposing: Bool, at link: String) async throws -> WebPage {
        let page = try await open(link)
        let button = proposing ? "propose" : "save"
        let saved = try await submit(page.form(with: button), of: page, entries.merging([button: "1"]) { $1 })
        return try await submit(saved.form(with: "certify"), of: saved, ["certify": "1"])
    }

    /// A student takes the place that is offered, or gives it up.
    @discardableResult
    func answer(accepts: Bool, at link: String) async throws -> WebPage {
        let page = try await open(link)
        let answer = accepts ? "accept" : "decline"
        let form = page.form(with: "answer", value: answer)
        return try await submit(form, of: page, accepts ? ["answer": answer] : ["answer": answer, "sure": "yes"])
    }
}

extension String {
    fileprivate var formEscaped: String {
        addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-._~"))) ?? self
    }
}
