/// Lets so many in at a time; the others wait in their order.
actor Places {
    /// Whoever is in may enter again: it would wait for itself.
    @TaskLocal private static var isInside = false

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) {
        free = count
    }

    nonisolated func occupied<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        if Self.isInside { return try await body() }
        await enter()
        do {
            let result = try await Self.$isInside.withValue(true) { try await body() }
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
