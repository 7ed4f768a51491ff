import ArgumentParser
import Domain
import Foundation
import ServiceKit

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make and revoke API tokens.",
        subcommands: [Create.self, Revoke.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token and print it, once: only its hash is kept.",
            discussion: """
                EXAMPLES
                  tradewind token create kaohsiung --name office --role staff
                  tradewind token create kaohsiung --name website --role machine --days 90
                """
        )

        @Argument(help: "The tenant's slug.")
        var tenant: String
        @Option(help: "What the token is for; it is revoked by this name.")
        var name: String
        @Option(help: "What its holder may do: \(Principal.Role.allCases.map(\.rawValue).joined(separator: ", ")).")
        var role: Principal.Role = .staff
        @Option(help: "After how many days it ends. Default: never.")
        var days: Int?
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func validate() throws {
            if let days, days < 1 { throw ValidationError("--days must be at least 1.") }
        }

        func run() async throws {
            let console = Console()
            let token = try await DatabaseAccess.use(data) { access in
                try await access.withDatabase { database in
                    try await AccessAdministration(database: database).makeToken(
                        tenant: try await tenantID(tenant, in: database),
                        role: role,
                        name: name,
                        expires: days.map { Date(timeIntervalSinceNow: Double($0) * 86_400) }
                    )
                }
            }
            if output.json { return try console.put(json: ["name": name, "role": role.rawValue, "token": token]) }
            console.put(token)
            console.say("Send it as: Authorization: Bearer <token>. It can't be shown again.")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a token, now.",
            discussion: """
                EXAMPLES
                  tradewind token revoke kaohsiung --name website
                """
        )

        @Argument(help: "The tenant's slug.")
        var tenant: String
        @Option(help: "The token's name.")
        var name: String
        @OptionGroup var interaction: InteractionOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let console = Console()
            try console.confirm("Revoke the token \(name) of \(tenant)?", options: interaction)
            let wasThere = try await DatabaseAccess.use(data) { access in
                try await access.withDatabase { database in
                    try await AccessAdministration(database: database).revokeToken(
                        tenant: try await tenantID(tenant, in: database),
                        name: name
                    )
                }
            }
            guard wasThere else { throw CommandFailure("The tenant \(tenant) has no valid token named \(name).") }
            console.say("Revoked. Services forget it within seconds.")
        }
    }
}
