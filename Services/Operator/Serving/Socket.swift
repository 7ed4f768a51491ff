import Foundation

/// Plain TCP sockets, for a look at a port before something is built on it.
enum Socket {
    /// Binds a port (0: any) as the server will, and lets it go again. `nil` where it is taken or forbidden.
    static func freePort(_ port: Int, host: String) -> Int? {
        guard let address = resolve(host: host, port: port, flags: AI_PASSIVE) else { return nil }
        defer { freeaddrinfo(address) }
        let descriptor = socket(address.pointee.ai_family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0, listen(descriptor, 1) == 0
        else { return nil }
        return boundPort(descriptor)
    }

    /// Connects and reads what the server says first, within `seconds`.
    static func greeting(host: String, port: Int, seconds: Int) throws(CommandFailure) -> String {
        guard let address = resolve(host: host, port: port, flags: 0) else {
            throw CommandFailure("The name \(host) is not known.")
        }
        defer { freeaddrinfo(address) }
        let descriptor = socket(address.pointee.ai_family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        guard connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else { throw failure() }
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw failure() }
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    private static func failure() -> CommandFailure {
        CommandFailure(String(cString: strerror(errno == EINPROGRESS || errno == EAGAIN ? ETIMEDOUT : errno)))
    }

    private static func resolve(host: String, port: Int, flags: Int32) -> UnsafeMutablePointer<addrinfo>? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = flags
        var list: UnsafeMutablePointer<addrinfo>?
        return getaddrinfo(host, String(port), &hints, &list) == 0 ? list : nil
    }

    private static func boundPort(_ descriptor: Int32) -> Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard status == 0 else { return nil }
        return withUnsafePointer(to: &storage) { pointer in
            // The port is in the same place for IPv4 and IPv6.
            pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { Int(UInt16(bigEndian: $0.pointee.sin_port)) }
        }
    }
}
