// swift-tools-version: 6.2
import PackageDescription

// Arrows run down only: a target names the floors below it and never one above or beside it.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// Packages from outside, each named once.
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let asyncAlgorithms = Target.Dependency.product(name: "AsyncAlgorithms", package: "swift-async-algorithms")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let inMemoryTracing = Target.Dependency.product(name: "InMemoryTracing", package: "swift-distributed-tracing")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let metricsTestKit = Target.Dependency.product(name: "MetricsTestKit", package: "swift-metrics")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")

let package = Package(
    name: "tradewind",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "tradewind", targets: ["tradewind"]),
        .executable(name: "events", targets: ["EventsApp"]),
        .executable(name: "matchmaking", targets: ["MatchmakingApp"]),
        .executable(name: "notifications", targets: ["NotificationsApp"]),
        .library(name: "Domain", targets: ["Domain"]),
        .library(name: "MarketFile", targets: ["MarketFile"]),
        .library(name: "Matchmaking", targets: ["Matchmaking"]),
        .library(name: "MatchingEngine", targets: ["MatchingEngine"]),
        .library(name: "Postgres", targets: ["Postgres"]),
        .library(name: "Messaging", targets: ["Messaging"]),
        .library(name: "TestKit", targets: ["TestKit"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.1.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Floor 0: C libraries, and pure code
        .systemLibrary(
            name: "CPostgres",
            path: "Shared/CPostgres",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]
        ),
        .systemLibrary(
            name: "CCurl",
            path: "Shared/CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        .systemLibrary(
            name: "CIcal",
            path: "Shared/CIcal",
            pkgConfig: "libical",
            providers: [.apt(["libical-dev"])]
        ),
        .target(name: "Domain", path: "Shared/Domain", swiftSettings: strict),
        .systemLibrary(name: "CMemory", path: "Shared/CMemory"),
        .target(
            name: "MatchingEngine",
            dependencies: ["CMemory", crypto],
            path: "Shared/MatchingEngine",
            swiftSettings: strict
        ),

        // Floor 1
        .target(name: "ICalendar", dependencies: ["CIcal", "Domain"], path: "Shared/ICalendar", swiftSettings: strict),
        .target(
            name: "MarketFile",
            dependencies: ["CMemory", "MatchingEngine"],
            path: "Shared/MarketFile",
            swiftSettings: strict
        ),
        .target(
            name: "Postgres",
            dependencies: ["CPostgres", crypto, deque, logging, serviceLifecycle, tracing],
            path: "Shared/Postgres",
            swiftSettings: strict
        ),

        // Floor 2
        .target(
            name: "Messaging",
            dependencies: ["Domain", "Postgres", logging, metrics, serviceLifecycle, tracing],
            path: "Shared/Messaging",
            swiftSettings: strict
        ),

        // Floor 3: ServiceKit, of which services import no other part by name
        .target(
            name: "Observability",
            dependencies: [coreMetrics, httpTypes, hummingbird, logging, metrics, nioCore, tracing],
            path: "Shared/Observability",
            swiftSettings: strict
        ),
        .target(
            name: "Access",
            dependencies: ["Domain", "Postgres", crypto],
            path: "Shared/Access",
            swiftSettings: strict
        ),
        .target(
            name: "Web",
            dependencies: [
                "Access", "Domain", "Messaging", "Observability", "Postgres", crypto, httpTypes, hummingbird, logging,
                mustache, nioCore, tracing,
            ],
            path: "Shared/Web",
            resources: [.copy("Resources")],
            swiftSettings: strict
        ),
        .target(
            name: "ServiceKit",
            dependencies: [
                "Access", "Domain", "Messaging", "Observability", "Postgres", "Web", argumentParser, asyncHTTPClient,
                configuration, httpTypes, hummingbird, logging, metrics, nioCore, nioHTTP1, serviceLifecycle,
                unixSignals,
            ],
            path: "Shared/ServiceKit",
            swiftSettings: strict
        ),

        // Floor 4: they never import each other
        .target(
            name: "Events",
            dependencies: [
                "Domain", "ICalendar", "Messaging", "Postgres", "ServiceKit", crypto, httpTypes, hummingbird, logging,
                mustache, nioCore, serviceLifecycle,
            ],
            path: "Services/Events",
            exclude: ["App"],
            resources: [.copy("Resources")],
            swiftSettings: strict
        ),
        .target(
            name: "Matchmaking",
            dependencies: [
                "Domain", "MatchingEngine", "Messaging", "Postgres", "ServiceKit", crypto, httpTypes, hummingbird,
                logging, mustache, nioCore, serviceLifecycle,
            ],
            path: "Services/Matchmaking",
            exclude: ["App"],
            resources: [.copy("Resources")],
            swiftSettings: strict
        ),
        .target(
            name: "Notifications",
            dependencies: [
                "CCurl", "Domain", "ICalendar", "Messaging", "Postgres", "ServiceKit", crypto, httpTypes, hummingbird,
                logging, metrics, mustache, nioCore, serviceLifecycle, tracing,
            ],
            path: "Services/Notifications",
            exclude: ["App"],
            resources: [.copy("Resources")],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "EventsApp",
            dependencies: ["Events", "ServiceKit", argumentParser],
            path: "Services/Events/App",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "MatchmakingApp",
            dependencies: ["Matchmaking", "ServiceKit", argumentParser],
            path: "Services/Matchmaking/App",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "NotificationsApp",
            dependencies: ["Notifications", "ServiceKit", argumentParser],
            path: "Services/Notifications/App",
            swiftSettings: strict
        ),

        // Floor 5
        .target(
            name: "MailCatcher",
            dependencies: [
                asn1, crypto, httpTypes, hummingbird, logging, nioCore, nioPosix, nioSSL, serviceLifecycle, x509,
            ],
            path: "Services/Operator/MailCatcher",
            swiftSettings: strict
        ),
        .target(name: "PrivatePostgres", path: "Services/Operator/PrivatePostgres", swiftSettings: strict),
        .executableTarget(
            name: "tradewind",
            dependencies: [
                "CCurl", "CIcal", "Domain", "Events", "ICalendar", "MailCatcher", "MarketFile", "MatchingEngine",
                "Matchmaking",
                "Messaging", "Notifications", "Postgres", "PrivatePostgres", "ServiceKit", argumentParser,
                asyncHTTPClient, configuration, hummingbird, logging, nioCore, nioHTTP1, serviceLifecycle,
            ],
            path: "Services/Operator",
            exclude: ["MailCatcher", "PrivatePostgres"],
            resources: [.copy("Resources")],
            swiftSettings: strict
        ),

        // Tests
        .target(
            name: "TestKit",
            dependencies: [
                "Domain", "Messaging", "Postgres", "ServiceKit", asyncHTTPClient, configuration, httpTypes, hummingbird,
                hummingbirdTesting, logging, nioCore, serviceLifecycle,
            ],
            path: "Tests/TestKit",
            swiftSettings: strict
        ),
        .testTarget(
            name: "ICalendarTests",
            dependencies: ["CIcal", "Domain", "ICalendar"],
            path: "Tests/ICalendarTests",
            swiftSettings: strict
        ),
        .testTarget(name: "DomainTests", dependencies: ["Domain"], path: "Tests/DomainTests", swiftSettings: strict),
        .testTarget(
            name: "MatchingEngineTests",
            dependencies: ["MarketFile", "MatchingEngine"],
            path: "Tests/MatchingEngineTests",
            resources: [.copy("Resources")],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PostgresTests",
            dependencies: ["Postgres", "TestKit", logging, serviceLifecycle],
            path: "Tests/PostgresTests",
            swiftSettings: strict
        ),
        .testTarget(
            name: "MessagingTests",
            dependencies: [
                "Domain", "Messaging", "Postgres", "TestKit", inMemoryTracing, logging, metrics, metricsTestKit,
                serviceLifecycle, tracing,
            ],
            path: "Tests/MessagingTests",
            swiftSettings: strict
        ),
        .testTarget(
            name: "ServiceKitTests",
            dependencies: [
                "Access", "Domain", "Messaging", "Observability", "Postgres", "ServiceKit", "TestKit", "Web",
                argumentParser, asyncHTTPClient, configuration, httpTypes, hummingbird, hummingbirdTesting, logging,
                coreMetrics, metrics, nioCore, serviceLifecycle, tracing,
            ],
            path: "Tests/ServiceKitTests",
            swiftSettings: strict
        ),
        .testTarget(
            name: "EventsTests",
            dependencies: [
                "Domain", "Events", "Messaging", "Postgres", "ServiceKit", "TestKit", httpTypes, hummingbird,
                hummingbirdTesting, logging, nioCore,
            ],
            path: "Tests/EventsTests",
            swiftSettings: strict
        ),
        .testTarget(
            name: "MatchmakingTests",
            dependencies: [
                "Domain", "Matchmaking", "MatchingEngine", "Messaging", "Postgres", "ServiceKit", "TestKit", httpTypes,
                hummingbird, hummingbirdTesting, logging, nioCore,
            ],
            path: "Tests/MatchmakingTests",
            swiftSettings: strict
        ),
        .testTarget(
            name: "NotificationsTests",
            dependencies: [
                "Domain", "ICalendar", "MailCatcher", "Messaging", "Notifications", "Postgres", "ServiceKit", "TestKit",
                httpTypes, hummingbird, hummingbirdTesting, logging, nioCore, serviceLifecycle,
            ],
            path: "Tests/NotificationsTests",
            swiftSettings: strict
        ),
        .testTarget(
            name: "OperatorTests",
            dependencies: ["Domain", "MarketFile", "MatchingEngine", "PrivatePostgres", "tradewind"],
            path: "Tests/OperatorTests",
            swiftSettings: strict
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Domain", "MailCatcher", "Messaging", "Postgres", "ServiceKit", "TestKit", "tradewind", asyncHTTPClient,
                logging, nioCore, nioHTTP1,
            ],
            path: "Tests/EndToEndTests",
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
