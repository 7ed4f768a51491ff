import Crypto
import Foundation

extension Bundle {
    /// The text files of `Resources/<folder>` by their names without the extension.
    func texts(in folder: String, extension suffix: String) throws -> [String: String] {
        let directory = bundleURL.appending(path: "Resources/\(folder)")
        guard FileManager.default.fileExists(atPath: directory.path) else { return [:] }
        let files = try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
        var texts: [String: String] = [:]
        for file in files where file.pathExtension == suffix {
            texts[file.deletingPathExtension().lastPathComponent] = try String(contentsOf: file, encoding: .utf8)
        }
        return texts
    }
}

enum HexDigest {
    static func sha256(_ text: String) -> String {
        SHA256.hash(data: Array(text.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
