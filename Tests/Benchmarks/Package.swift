// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses or tests the workspace builds it.
let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "tradewind", path: "../.."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(name: "BenchmarkSupport", path: "Sources/BenchmarkSupport"),
        .executableTarget(
            name: "matching-benchmark",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "MarketFile", package: "tradewind"),
                .product(name: "MatchingEngine", package: "tradewind"),
            ],
            path: "Sources/MatchingBenchmark"
        ),
        .executableTarget(
            name: "postgres-benchmark",
            dependencies: [
                "BenchmarkSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Postgres", package: "tradewind"),
            ],
            path: "Sources/PostgresBenchmark"
        ),
        .executableTarget(
            name: "queue-benchmark",
            dependencies: [
                "BenchmarkSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Domain", package: "tradewind"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Messaging", package: "tradewind"),
                .product(name: "Postgres", package: "tradewind"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "Sources/QueueBenchmark"
        ),
        .executableTarget(
            name: "round-benchmark",
            dependencies: [
                "BenchmarkSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Domain", package: "tradewind"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Matchmaking", package: "tradewind"),
                .product(name: "Postgres", package: "tradewind"),
                .product(name: "TestKit", package: "tradewind"),
            ],
            path: "Sources/RoundBenchmark"
        ),
        .executableTarget(
            name: "solver-benchmark",
            dependencies: [.product(name: "MatchingEngine", package: "tradewind")],
            path: "Sources/SolverBenchmark"
        ),
    ],
    swiftLanguageModes: [.v6]
)
