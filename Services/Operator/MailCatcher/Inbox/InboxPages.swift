import Foundation

/// The inbox as HTML that needs no script.
struct InboxPages {
    static let pageSize = 50
    let store: MailStore

    /// The newest mails before `before`, only those to `recipient` if given.
    func list(before: Int?, recipient: String?) -> String {
        let mails = store.page(before: before, limit: Self.pageSize) { $0.isTo(recipient) }
        let rows = mails.map { mail in
            let message = MIMEPart(mail.source[...])
            return """
                <tr><td><a href="/inbox/\(mail.number)">\(escape(message.header("Subject").orDash))</a></td>
                <td>\(escape(mail.envelope.recipients.joined(separator: ", ")))</td>
                <td><time datetime="\(mail.receivedAt.stamp)">\(mail.receivedAt.stamp)</time></td></tr>
                """
        }
        let filter = recipient.map { "&amp;to=\(escape(query($0)))" } ?? ""
        let older =
            mails.count == Self.pageSize
            ? "<p><a rel=\"next\" href=\"/inbox?before=\(mails.last?.number ?? 1)\(filter)\">Older mails</a></p>" : ""
        return layout(
            "Inbox",
            """
            <h1>Inbox</h1>
            <p>\(store.count) mails were caught. None of them was delivered.</p>
            <form action="/inbox"><label for="to">To</label> <input id="to" name="to" type="email"
            value="\(escape(recipient ?? ""))"> <button>Show</button></form>
            <table><thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Caught</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>
            \(mails.isEmpty ? "<p>Nothing here.</p>" : older)
            """
        )
    }

    /// One mail, decoded; `nil` if there is none of this number.
    func message(_ number: Int) -> String? {
        guard let mail = store[number] else { return nil }
        let message = MIMEPart(mail.source[...])
        let facts = ["From", "To", "Date", "Message-ID"].map { name in
            "<dt>\(name)</dt><dd>\(escape(message.header(name)))</dd>"
        }
        let connection = mail.connection
        let way = [
            connection.isTLS ? "TLS" : "no TLS", connection.user.map { "signed in as \($0)" } ?? "not signed in",
        ]
        let html = message.first("text/html").map { part in
            "<h2>HTML</h2><iframe sandbox title=\"The mail's HTML\" srcdoc=\"\(escape(part.text))\"></iframe>"
        }
        let sections = [
            html,
            message.first("text/plain").map { "<h2>Text</h2><pre>\(escape($0.text))</pre>" },
            message.first("text/calendar").map { "<h2>Calendar</h2><pre>\(escape($0.text))</pre>" },
            """
            <details><summary>Source</summary><pre>\(escape(String(decoding: mail.source, as: UTF8.self)))</pre></details>
            """,
        ]
        return layout(
            message.header("Subject").orDash,
            """
            <p><a href="/inbox">Inbox</a></p><h1>\(escape(message.header("Subject").orDash))</h1>
            <dl>\(facts.joined())<dt>Connection</dt>
            <dd>Message \(connection.ordinal) of its connection, \(escape(way.joined(separator: ", ")))</dd></dl>
            \(sections.compactMap(\.self).joined(separator: "\n"))
            """
        )
    }

    /// The text of one mail, for programs.
    func text(_ number: Int) -> String? {
        store[number].map { MIMEPart($0.source[...]).first("text/plain")?.text ?? "" }
    }

    private func layout(_ title: String, _ body: String) -> String {
        """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>\(escape(title))</title>
        <meta name="viewport" content="width=device-width, initial-scale=1"><style>
        body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1b1b1b;background:#fff}
        table{border-collapse:collapse;width:100%}th,td{text-align:start;padding:.4rem;border-bottom:1px solid #ccc;
        overflow-wrap:anywhere}pre{overflow:auto;background:#f4f4f4;padding:1rem;white-space:pre-wrap}
        iframe{width:100%;height:28rem;border:1px solid #767676}dt{font-weight:bold}a:focus-visible,button:focus-visible,
        input:focus-visible,summary:focus-visible{outline:3px solid #0b57d0;outline-offset:2px}
        </style></head><body><main>\(body)</main></body></html>
        """
    }

    private func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }

    private func query(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

extension CaughtMail {
    func isTo(_ recipient: String?) -> Bool {
        guard let recipient, !recipient.isEmpty else { return true }
        return envelope.recipients.contains { $0.caseInsensitiveCompare(recipient) == .orderedSame }
    }
}

extension String {
    fileprivate var orDash: String { isEmpty ? "—" : self }
}

extension Date {
    var stamp: String { formatted(.iso8601) }
}
