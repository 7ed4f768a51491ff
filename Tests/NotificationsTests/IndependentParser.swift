import Foundation
import MailCatcher

/// A mail as Python's email package reads it, which shares no code with ours.
struct ParsedMail: Decodable {
    struct Part: Decodable {
        let type: String
        let parameters: [String: String]
        let text: String
    }

    struct Address: Decodable, Equatable {
        let name: String
        let address: String
    }

    /// Decoded, by their lower-case names.
    let headers: [String: [String]]
    let from: [Address]
    let to: [Address]
    let type: String
    let parts: [Part]
    let defects: [String]
    let longestHeaderLine: Int

    subscript(_ header: String) -> String? { headers[header.lowercased()]?.first }
    func part(_ type: String) -> Part? { parts.first { $0.type == type } }

    static func parse(_ source: [UInt8]) throws -> ParsedMail {
        guard let mail = try parse(all: [source]).first else { throw ParserFailure() }
        return mail
    }

    static func parse(all sources: [[UInt8]]) throws -> [ParsedMail] {
        let file = FileManager.default.temporaryDirectory.appending(component: "\(UUID()).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try JSONEncoder().encode(sources.map { Data($0).base64EncodedString() }).write(to: file)
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, file.path()]
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ParserFailure() }
        return try JSONDecoder().decode([ParsedMail].self, from: data)
    }

    private static let script = """
        import base64, email, email.policy, json, sys
        from email.header import decode_header, make_header
        from email.utils import parseaddr
        def address(raw):
            name, address = parseaddr(raw)
            return {"name": str(make_header(decode_header(name))), "address": address}
        def parse(source):
            text = source.decode("utf-8")
            m = email.message_from_string(text, policy=email.policy.SMTPUTF8)
            old = email.message_from_string(text)
            headers = {}
            for k, v in old.items():
                value = str(make_header(decode_header(v.replace("\\r\\n", ""))))
                headers.setdefault(k.lower(), []).append(value)
            parts = [p for p in m.walk() if not p.is_multipart()]
            defects = [repr(d) for p in m.walk() for d in p.defects]
            defects += [f"{k}: {d!r}" for k, v in m.items() for d in getattr(v, "defects", [])]
            return {"headers": headers, "from": [address(a) for a in old.get_all("from")],
                "to": [address(a) for a in old.get_all("to")], "type": m.get_content_type(),
                "parts": [{"type": p.get_content_type(), "parameters": dict(p["content-type"].params),
                           "text": p.get_content()} for p in parts],
                "defects": defects,
                "longestHeaderLine": max(len(l) for l in text.split("\\r\\n\\r\\n")[0].split("\\r\\n")
                    # libcurl writes this one.
                    if not l.startswith("Content-Type:"))}
        print(json.dumps([parse(base64.b64decode(s)) for s in json.load(open(sys.argv[1]))]))
        """
}

struct ParserFailure: Error {}
