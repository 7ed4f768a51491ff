// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses or tests the workspace builds it.
let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "tradewind", path: "../.."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
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
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Postgres", package: "tradewind"),
            ],
            path: "Sources/PostgresBenchmark"
        ),
        .executableTarget(
            name: "solver-benchmark",
            dependencies: [.product(name: "MatchingEngine", package: "tradewind")],
            path: "Sources/SolverBenchmark"
        ),
    ],
    swiftLanguageModes: [.v6]
)
