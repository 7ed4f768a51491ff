import Configuration
import Events
import Logging
import Matchmaking
import Notifications
import ServiceKit

/// The services that `up` and `demo` run in one process.
enum Installation {
    static let modules: [any ServiceModule.Type] = [
        EventsService.self, MatchmakingService.self, NotificationsService.self,
    ]
}

/// What the command line decides, then what the services' own sources say, then what the command falls back on.
struct Settings: Sendable {
    typealias Values = [AbsoluteConfigKey: ConfigValue]

    let reader: ConfigReader

    init(decided: Values = [:], fallbacks: Values = [:]) async throws {
        reader = try await ConfigurationSources.reader(
            keys: Installation.modules.flatMap { $0.configurationKeys },
            decided: decided,
            fallbacks: fallbacks
        )
    }

    var databaseURL: String? { text("database.url", isSecret: true) }

    /// An empty setting counts as none.
    func text(_ key: ConfigKey, isSecret: Bool = false) -> String? {
        reader.string(forKey: key, isSecret: isSecret).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Logs go to standard error. People who watch a command want its words more than its log.
    func startLogging() {
        let level = text("log.level").flatMap { Logger.Level(rawValue: $0.lowercased()) } ?? .warning
        let format = text("log.format").flatMap { Observability.LogFormat(rawValue: $0.lowercased()) } ?? .text
        Observability.logToStandardError(level: level, format: format)
    }
}
