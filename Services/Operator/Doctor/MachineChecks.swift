import CCurl
import CIcal
import Configuration
import Foundation
import PrivatePostgres

/// Looks at the machine: programs, libraries, ports, addresses.
struct MachineChecks: Sendable {
    let settings: Settings
    let directory: String?

    func findings() async -> [Finding] {
        var findings = [libraries, publicAddress, port, mail]
        if settings.databaseURL == nil { findings.insert(contentsOf: await privatePostgres(), at: 0) }
        return findings
    }

    private func privatePostgres() async -> [Finding] {
        let check = "PostgreSQL's programs"
        let installed = await PostgresBinaries.installed()
        guard let newest = installed.first else {
            return [
                .fail(
                    check,
                    "none found",
                    mend: "Install the package postgresql, or set DATABASE_URL to a server elsewhere."
                )
            ]
        }
        var findings = [
            newest.major >= PostgresBinaries.oldestMajor
                ? Finding.ok(check, "PostgreSQL \(newest.major) in \(newest.directory)")
                : .fail(
                    check,
                    "PostgreSQL \(newest.major) is too old",
                    mend: "Install PostgreSQL \(PostgresBinaries.oldestMajor) or newer."
                )
        ]
        do {
            let status = try PrivatePostgres.status(directory: directory)
            if let major = status.major, !installed.contains(where: { $0.major == major }) {
                findings.append(
                    .fail(
                        "Private PostgreSQL",
                        "the data below \(status.base) is of version \(major), which is not installed",
                        mend: "Install postgresql-\(major), or name another directory with --data."
                    )
                )
            } else {
                let state = status.url != nil ? "running" : status.major != nil ? "not running" : "not made yet"
                findings.append(.ok("Private PostgreSQL", "\(state), below \(status.base)"))
            }
        } catch {
            findings.append(.fail("Private PostgreSQL", error.message, mend: error.hint ?? "See above."))
        }
        return findings
    }

    private var libraries: Finding {
        .ok("Libraries", "\(String(cString: curl_version())), libical \(ICAL_VERSION)")
    }

    private var publicAddress: Finding {
        let check = "Public address"
        guard let text = settings.text("public.url") else {
            return .warn(
                check,
                "not set: links in mails lead to this machine only",
                mend: "Set PUBLIC_URL, such as https://programmes.example."
            )
        }
        guard let url = URLComponents(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
            url.host?.isEmpty == false
        else { return .fail(check, "not an address", mend: "Set PUBLIC_URL to https:// and a name.") }
        guard scheme == "https" else {
            return .warn(check, text, mend: "Use https: personal links should not travel in the clear.")
        }
        return .ok(check, text)
    }

    private var port: Finding {
        let host = settings.text("http.host") ?? "127.0.0.1"
        let wanted = settings.reader.int(forKey: "http.port")
        let port = wanted ?? ServingAddress.usualPort
        if Socket.freePort(port, host: host) != nil { return .ok("Port", "\(port) of \(host) is free") }
        guard wanted == nil else {
            return .fail("Port", "\(port) of \(host) is taken", mend: "End what uses it, or set HTTP_PORT to another.")
        }
        return .warn("Port", "\(port) of \(host) is taken", mend: "Nothing to do: the next free one is used.")
    }

    private var mail: Finding {
        let check = "Mail server"
        guard let text = settings.text("smtp.url") else {
            return .warn(check, "not set: no mail is sent", mend: "Set SMTP_URL, such as smtp://user@mail.example:587.")
        }
        guard let url = URLComponents(string: text), let host = url.host, ["smtp", "smtps"].contains(url.scheme) else {
            return .fail(check, "not an address", mend: "Set SMTP_URL to smtp:// or smtps:// and a name.")
        }
        let port = url.port ?? (url.scheme == "smtps" ? 465 : 587)
        do {
            // With smtps the server waits for us to speak first.
            let greeting = try Socket.greeting(host: host, port: port, seconds: 3)
            if greeting.hasPrefix("220") { return .ok(check, "\(host):\(port) answers") }
            return .warn(check, "\(host):\(port) did not greet with 220", mend: "Is it a mail server?")
        } catch {
            if url.scheme == "smtps", error.message == String(cString: strerror(ETIMEDOUT)) {
                return .ok(check, "\(host):\(port) takes connections")
            }
            return .fail(
                check,
                "\(host):\(port): \(error.message)",
                mend: "See SMTP_URL, the firewall and the mail server."
            )
        }
    }
}
