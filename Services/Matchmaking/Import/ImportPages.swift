import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Messaging
import Postgres
import ServiceKit

/// Takes files over the office page and shows what they would change.
struct ImportPages: Sendable {
    let session: StaffSession

    private var desk: ImportDesk {
        ImportDesk(tenant: session.tenant.id, actor: session.actor, pages: session.pages)
    }

    /// What was sent is kept and shown by a redirect: reloading the page doesn't send it again.
    func preview(_ request: Request, _ context: AppContext) async throws -> Response {
        let bytes = try await request.collectBytes(as: "multipart/form-data", limit: BodyLimit.large)
        guard let form = MultipartForm(bytes, contentType: request.headers[.contentType] ?? "") else {
            throw Problem(.badRequest, type: "malformed", title: "The form has no end")
        }
        let kind = form.fields["kind"].flatMap { ImportKind(rawValue: String(decoding: $0, as: UTF8.self)) }
        guard let kind else { throw Problem.invalid(.init("/kind", "must be universities, firms or students")) }
        let content = [form.fields["file"], form.fields["text"]].compactMap { $0 }.first { !$0.isEmpty }
        guard let content else {
            return try await OfficeDesk(session: session).show(.noFile, status: .unprocessableContent)
        }
        let record = try await session.database.transaction(tenant: session.tenant.id) { tx in
            try await desk.preview(
                content,
                of: kind,
                for: session.link.cohort,
                language: session.language,
                at: Date(),
                in: tx
            )
        }
        return session.go(to: "/imports/\(record.id)")
    }

    func show(_ id: ImportID) async throws -> Response { try await show(id, nil) }

    private func show(
        _ id: ImportID,
        _ notice: Notice?,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let record = try await session.read { tx in try await find(id, in: tx) }
        let page = ImportPage(record, session, notice: notice)
        return try session.page("import", page, title: page.frame.title, status: status)
    }

    func apply(_ id: ImportID, _ form: [String: String]) async throws -> Response {
        do {
            _ = try await session.database.transaction(tenant: session.tenant.id) { tx in
                try await desk.apply(
                    id,
                    of: session.link.cohort,
                    settingAside: form["aside"] != nil,
                    at: Date(),
                    in: tx
                )
            }
            return session.go(to: "/imports/\(id)")
        } catch let problem as Problem where [.conflict, .preconditionFailed].contains(problem.status) {
            let text =
                problem.status == .preconditionFailed
                ? session.text("staff.news.changed")
                : session.text("staff.news.refused", ["reason": session.reason(of: problem)])
            return try await show(id, Notice(kind: "bad", text: text), status: problem.status)
        }
    }

    func faultyRows(_ id: ImportID) async throws -> Response {
        let content = try await session.read { tx in
            _ = try await find(id, in: tx)
            return try await ImportRecords(tenant: session.tenant.id).content(of: id, in: tx)
        }
        return try .faultyRows(content)
    }

    private func find(_ id: ImportID, in tx: borrowing Transaction) async throws -> ImportRecord {
        let record = try await ImportRecords(tenant: session.tenant.id).find(id, in: tx)
        guard record.cohort == session.link.cohort else { throw Problem.notFound("page") }
        return record
    }
}
