import ArgumentParser
import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Asks a running service's `/health/ready`.
struct ReadinessProbe {
    let host: String
    let port: Int

    /// Throws `ExitCode.failure` after words on stderr, where the service is not ready.
    func check() async throws {
        let anywhere: Set<String> = ["0.0.0.0", "::", ""]
        let host = anywhere.contains(host) ? "127.0.0.1" : host
        let name = host.contains(":") ? "[\(host)]" : host
        do {
            let request = HTTPClientRequest(url: "http://\(name):\(port)/health/ready")
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(3))
            if response.status == .ok { return }
            let body = try await response.body.collect(upTo: 1 << 16)
            CommandLineProgram.tell("Not ready: \(String(buffer: body))")
        } catch {
            CommandLineProgram.tell("Nothing answers at \(name):\(port). Is the service running?")
        }
        throw ExitCode.failure
    }
}
