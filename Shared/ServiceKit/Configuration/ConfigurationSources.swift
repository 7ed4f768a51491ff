public import Configuration
import Foundation
import SystemPackage

/// Where settings come from, the first that has one wins: the environment, files named by `…_FILE` for secrets, `.env`,
/// the JSON file that `TRADEWIND_CONFIG` names.
public enum ConfigurationSources {
    /// `decided` wins over all of them, such as what a command line says; `fallbacks` loses to all.
    public static func reader(
        keys: [ConfigurationKey],
        decided: [AbsoluteConfigKey: ConfigValue] = [:],
        fallbacks: [AbsoluteConfigKey: ConfigValue] = [:]
    ) async throws -> ConfigReader {
        try await reader(
            keys: keys,
            environment: ProcessInfo.processInfo.environment,
            environmentFile: ".env",
            decided: decided,
            fallbacks: fallbacks
        )
    }

    static func reader(
        keys: [ConfigurationKey],
        environment: [String: String],
        environmentFile: String,
        decided: [AbsoluteConfigKey: ConfigValue] = [:],
        fallbacks: [AbsoluteConfigKey: ConfigValue] = [:]
    ) async throws -> ConfigReader {
        let secrets = Set((SharedSettings.keys + keys).filter(\.isSecret).map(\.environmentName))
        let specifier = SecretsSpecifier<String, String>.specific(secrets)
        let environment = EnvironmentVariablesProvider(environmentVariables: environment, secretsSpecifier: specifier)
        let file = try await EnvironmentVariablesProvider(
            environmentFilePath: FilePath(environmentFile),
            allowMissing: true,
            secretsSpecifier: specifier
        )
        var providers: [any ConfigProvider] = [environment, file]
        let first = ConfigReader(providers: providers)
        if let path = first.string(forKey: "tradewind.config") {
            do {
                providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(path)))
            } catch {
                throw ConfigurationFault("TRADEWIND_CONFIG names \(path), which can't be read as JSON.")
            }
        }
        providers.insert(try secretFiles(keys: SharedSettings.keys + keys, reader: first), at: 1)
        providers.insert(InMemoryProvider(name: "decided", values: decided), at: 0)
        providers.append(InMemoryProvider(name: "fallbacks", values: fallbacks))
        return ConfigReader(providers: providers)
    }

    private static func secretFiles(keys: [ConfigurationKey], reader: ConfigReader) throws -> InMemoryProvider {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for key in keys where key.isSecret {
            guard let path = reader.string(forKey: ConfigKey(key.key + ".file")) else { continue }
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw ConfigurationFault("\(key.environmentName)_FILE names \(path), which can't be read.")
            }
            let value = text.trimmingCharacters(in: .newlines)
            let name = key.key.split(separator: ".").map(String.init)
            values[AbsoluteConfigKey(name)] = ConfigValue(.string(value), isSecret: true)
        }
        return InMemoryProvider(name: "secret files", values: values)
    }
}

extension ConfigurationKey {
    /// `smtp.url` → `SMTP_URL`.
    public var environmentName: String { Self.environmentName(key) }

    static func environmentName(_ key: String) -> String { key.replacing(".", with: "_").uppercased() }
}
