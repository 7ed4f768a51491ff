import ArgumentParser

struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON on standard output.")
    var json = false
}

struct DataOptions: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp(
            "Where the private PostgreSQL lives. DATABASE_URL wins over it.",
            valueName: "dir"
        )
    )
    var directory: String?
}

struct InteractionOptions: ParsableArguments {
    @Flag(name: [.customLong("yes"), .customShort("y")], help: "Go ahead without asking.")
    var yes = false
    @Flag(name: .customLong("no-input"), help: "Never ask; fail where an answer is needed.")
    var noInput = false
}

struct PortOptions: ParsableArguments {
    @Option(help: "The port to serve on. Default: HTTP_PORT, or 8080, or the next free one.")
    var port: Int?
    @Option(help: "The address to serve on. Default: HTTP_HOST, or 127.0.0.1.")
    var host: String?

    func validate() throws {
        if let port, !(0...65535).contains(port) { throw ValidationError("--port must be from 0 to 65535.") }
    }
}
