import HTTPTypes
package import Hummingbird
import Synchronization

/// Which methods each route takes, so that a wrong method is told from a wrong path.
package final class RouteTable: Sendable {
    package init() {}

    private struct Route: Sendable {
        let path: RouterPath
        let method: String
    }

    private let routes = Mutex<[Route]>([])

    /// Learns the routes, once they are all there.
    package func read(_ router: Router<AppContext>) {
        let all = router.routes.map { Route(path: $0.path, method: $0.method.rawValue) }
        routes.withLock { $0 = all }
    }

    /// 405 with the methods that would do, where the path has a route.
    func problem(for request: Request) -> Problem? {
        let parts = request.uri.path.split(separator: "/")
        let methods = routes.withLock { $0 }.filter { Self.matches($0.path, parts) }.map(\.method)
        // A route that takes the method was shadowed by a literal one of which nothing hangs: there is no such page.
        guard !methods.isEmpty, !methods.contains(request.method.rawValue) else { return nil }
        let allowed = Set(methods + (methods.contains("GET") ? ["HEAD"] : [])).sorted().joined(separator: ", ")
        return Problem(
            .methodNotAllowed,
            type: "method-not-allowed",
            title: "This page does not take \(request.method.rawValue)",
            detail: "It takes \(allowed).",
            headers: [.allow: allowed]
        )
    }

    private static func matches(_ path: RouterPath, _ parts: [Substring]) -> Bool {
        let elements = path.components
        if elements.last?.description == "**" {
            return parts.count >= elements.count - 1 && zip(elements, parts).allSatisfy { $0 ~= $1 }
        }
        return elements.count == parts.count && zip(elements, parts).allSatisfy { $0 ~= $1 }
    }
}
