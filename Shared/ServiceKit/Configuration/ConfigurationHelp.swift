/// `--help-config`: every setting with its variable, meaning and default.
public enum ConfigurationHelp {
    public static func text(for modules: [any ServiceModule.Type]) -> String {
        let keys = SharedSettings.keys + modules.flatMap { $0.configurationKeys }
        var seen = Set<String>()
        let entries = keys.filter { seen.insert($0.key).inserted }.map { key in
            let notes =
                (key.defaultValue.map { ["Default: \($0)."] } ?? [])
                + (key.isSecret ? ["Secret: may be in a file that \(key.environmentName)_FILE names."] : [])
            return "\(key.environmentName)  (\(key.key))\n    \(([key.summary + "."] + notes).joined(separator: " "))"
        }
        let sources = """
            Settings are read from the environment, then from .env in the working directory, then from the JSON file
            that TRADEWIND_CONFIG names ({"http": {"port": 8080}}); the first that has one wins.
            """
        return ([sources] + entries).joined(separator: "\n\n")
    }
}
