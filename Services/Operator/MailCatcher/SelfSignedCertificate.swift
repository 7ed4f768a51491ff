import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import X509

/// A certificate for one host, made now and good for a week.
struct SelfSignedCertificate {
    let certificatePEM: String
    private let keyPEM: String

    init(host: String) throws {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName(host) }
        let now = Date()
        let certificate = try Certificate(
            version: .v3,
            serialNumber: .init(),
            publicKey: .init(key.publicKey),
            notValidBefore: now - 3600,
            notValidAfter: now + 7 * 86400,
            issuer: name,
            subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                SubjectAlternativeNames([Self.alternativeName(host)])
            },
            issuerPrivateKey: .init(key)
        )
        certificatePEM = try certificate.serializeAsPEM().pemString
        keyPEM = key.pemRepresentation
    }

    func serverContext() throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: NIOSSLCertificate.fromPEMBytes(Array(certificatePEM.utf8)).map { .certificate($0) },
                privateKey: .privateKey(NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem))
            )
        )
    }

    private static func alternativeName(_ host: String) -> GeneralName {
        let octets = host.split(separator: ".").compactMap { UInt8($0) }
        return octets.count == 4 ? .ipAddress(.init(contentBytes: octets[...])) : .dnsName(host)
    }
}
