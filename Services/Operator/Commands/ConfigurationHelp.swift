import ServiceKit

/// Every setting, for `--help-config`.
enum ConfigurationHelp {
    static var text: String {
        var seen: Set<String> = []
        let keys = Installation.modules.flatMap { $0.configurationKeys }.filter { seen.insert($0.key).inserted }
        return keys.map { key in
            let name = key.key.uppercased().replacing(".", with: "_")
            let marks = [key.defaultValue.map { "default: \($0)" }, key.isSecret ? "secret" : nil].compactMap(\.self)
            return "\(name)\n    \(key.summary)" + (marks.isEmpty ? "" : " (\(marks.joined(separator: "; ")))")
        }.joined(separator: "\n")
    }
}
