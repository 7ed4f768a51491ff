import ArgumentParser
import Domain
import ServiceKit

struct TenantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant",
        abstract: "Make and list tenants: the cities and agencies that host programmes.",
        subcommands: [Create.self, List.self],
        defaultSubcommand: List.self
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a tenant, or show the one that is there.",
            discussion: """
                EXAMPLES
                  tradewind tenant create kaohsiung --name "Kaohsiung City" --language zh-Hant --time-zone Asia/Taipei
                """
        )

        @Argument(help: "Its name in addresses: a-z, 0-9 and hyphens.")
        var slug: String
        @Option(help: "Its name for people.")
        var name: String
        @Option(help: "The language where a reader's is not known, such as en or zh-Hant.")
        var language: LanguageTag = .english
        @Option(help: "An IANA time zone such as Asia/Taipei.")
        var timeZone: TimeZoneID
        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let console = Console()
            let name = try LocalizedText([language: name])
            let id = try await DatabaseAccess.use(data) { access in
                try await access.withDatabase { database in
                    try await AccessAdministration(database: database).ensureTenant(
                        slug: slug,
                        name: name,
                        language: language,
                        timeZone: timeZone
                    )
                }
            }
            if output.json { return try console.put(json: ["id": id.description, "slug": slug]) }
            console.put(id.description)
            console.say("Next: tradewind token create \(slug) --name office --role staff")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tenants.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var data: DataOptions

        private struct Item: Encodable {
            let id: String
            let slug: String
            let name: String
            let language: String
            let timeZone: String
        }

        func run() async throws {
            let console = Console()
            let tenants = try await DatabaseAccess.use(data) { access in
                try await access.withDatabase { try await TenantList(database: $0).all() }
            }
            let items = tenants.map {
                Item(
                    id: $0.id.description,
                    slug: $0.slug,
                    name: $0.name[.english],
                    language: $0.language,
                    timeZone: $0.timeZone
                )
            }
            if output.json { return try console.put(json: items) }
            guard !items.isEmpty else {
                return console.say("There is no tenant yet. Next: tradewind tenant create --help")
            }
            var table = Table("SLUG", "NAME", "LANGUAGE", "TIME ZONE", "ID")
            for item in items {
                table.add(item.slug, item.name, item.language, item.timeZone, item.id)
            }
            console.put(table.text)
        }
    }
}
