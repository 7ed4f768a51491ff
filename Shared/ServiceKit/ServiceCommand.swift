public import ArgumentParser

/// The command line of one service's executable: `serve`, `migrate`, `healthcheck`, `--help-config`.
public struct ServiceCommand<Module: ServiceModule>: AsyncParsableCommand {
    public init() {}
    public mutating func run() async throws { fatalError("stub") }
}
