import Configuration
import Events
import Logging
import Matchmaking
import Notifications
import PrivatePostgres
import ServiceKit
import SystemPackage

/// The services that `up` and `demo` run in one process.
enum Installation {
    static let modules: [any ServiceModule.Type] = [
        EventsService.self, MatchmakingService.self, NotificationsService.self,
    ]
}

/// Settings from the command line, then the environment, then `.env`, then the command's own defaults.
struct Settings: Sendable {
    typealias Values = [AbsoluteConfigKey: ConfigValue]

    let reader: ConfigReader

    init(overriding values: Values = [:], defaults: Values = [:]) async throws {
        reader = ConfigReader(providers: [
            InMemoryProvider(name: "command line", values: values),
            EnvironmentVariablesProvider(),
            try await EnvironmentVariablesProvider(environmentFilePath: ".env", allowMissing: true),
            InMemoryProvider(name: "defaults", values: defaults),
        ])
    }

    var databaseURL: String? { text("database.url", isSecret: true) }

    /// An empty setting counts as none.
    func text(_ key: ConfigKey, isSecret: Bool = false) -> String? {
        reader.string(forKey: key, isSecret: isSecret).flatMap { $0.isEmpty ? nil : $0 }
    }
}
