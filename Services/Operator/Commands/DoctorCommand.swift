import ArgumentParser

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at what is installed, reachable and up to date, and say how to mend what is not.",
        discussion: """
            It changes and starts nothing. Exits with 1 if something has to be mended.

            EXAMPLES
              tradewind doctor
              tradewind doctor --json
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    private struct Report: Encodable {
        let healthy: Bool
        let findings: [Finding]
    }

    func run() async throws {
        let console = Console()
        let settings = try await Settings()
        settings.startLogging()
        let machine = MachineChecks(settings: settings, directory: data.directory)
        let database = DatabaseChecks(settings: settings, directory: data.directory)
        let findings = await machine.findings() + database.findings()
        let healthy = !findings.contains { $0.state == .fail }
        if output.json {
            try console.put(json: Report(healthy: healthy, findings: findings))
        } else {
            findings.map(line).forEach(console.put)
        }
        guard healthy else { throw ExitCode(1) }
    }

    private func line(_ finding: Finding) -> String {
        let mark =
            switch finding.state {
            case .ok: "ok  "
            case .warn: "warn"
            case .fail: "FAIL"
            }
        return "\(mark)  \(finding.check): \(finding.detail)" + (finding.mend.map { "\n      → \($0)" } ?? "")
    }
}
