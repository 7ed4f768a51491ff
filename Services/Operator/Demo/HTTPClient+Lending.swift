import AsyncHTTPClient

/// Lends `body` an HTTP client, and shuts it down afterwards.
func withHTTPClient<Result: Sendable>(
    _ body: @Sendable (HTTPClient) async throws -> Result
) async throws -> Result {
    let http = HTTPClient(eventLoopGroupProvider: .singleton)
    do {
        let result = try await body(http)
        try await http.shutdown()
        return result
    } catch {
        try? await http.shutdown()
        throw error
    }
}
