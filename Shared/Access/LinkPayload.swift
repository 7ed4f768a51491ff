import Domain
import Foundation

/// A link's signed part: version, key number, tenant, subject, expiry in seconds (0: never), purpose.
struct LinkPayload {
    private static let version: UInt8 = 1
    private static let fixedLength = 1 + 2 + 16 + 16 + 8

    let key: Int
    let link: LinkSigner.Link

    init(key: Int, link: LinkSigner.Link) {
        self.key = key
        self.link = link
    }

    var bytes: [UInt8] {
        var bytes = [Self.version, UInt8(truncatingIfNeeded: key >> 8), UInt8(truncatingIfNeeded: key)]
        bytes += Self.bytes(of: link.tenant.uuid) + Self.bytes(of: link.subject)
        let expires = link.expires.map { UInt64(max(1, $0.timeIntervalSince1970)) } ?? 0
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: expires >> (56 - 8 * $0)) }
        return bytes + Array(link.purpose.utf8)
    }

    init?(_ bytes: [UInt8]) {
        guard bytes.count > Self.fixedLength, bytes[0] == Self.version,
            let purpose = String(validating: bytes[Self.fixedLength...], as: UTF8.self)
        else { return nil }
        key = Int(bytes[1]) << 8 | Int(bytes[2])
        let expires = bytes[35..<43].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        link = LinkSigner.Link(
            tenant: .init(Self.uuid(bytes[3..<19])),
            purpose: purpose,
            subject: Self.uuid(bytes[19..<35]),
            expires: expires == 0 ? nil : Date(timeIntervalSince1970: TimeInterval(expires))
        )
    }

    private static func bytes(of uuid: UUID) -> [UInt8] {
        withUnsafeBytes(of: uuid.uuid) { Array($0) }
    }

    private static func uuid(_ bytes: ArraySlice<UInt8>) -> UUID {
        var uuid = UUID().uuid
        withUnsafeMutableBytes(of: &uuid) { $0.copyBytes(from: bytes) }
        return UUID(uuid: uuid)
    }
}
