import Foundation

/// A port of 127.0.0.1 that nobody else is given while this is there: bound, and never listened on. So whoever connects
/// is refused, and whoever is told its number may listen there (with SO_REUSEADDR, as servers do), end and listen again.
public final class ReservedPort: Sendable {
    public let number: Int
    private let descriptor: Int32

    public init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var isReusable: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isReusable, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutableBytes(of: &address) { [descriptor] bytes in
            guard let pointer = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress else { return false }
            return bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
        }
        number = Int(UInt16(bigEndian: address.sin_port))
        guard isBound else { throw NoFreePort() }
    }

    deinit { close(descriptor) }

    struct NoFreePort: Error {}
}
