import ArgumentParser
import MarketFile

/// `tradewind meetings`
struct MeetingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meetings",
        abstract: "Schedule one-to-one meetings of buyers and suppliers.",
        discussion: """
            FILE is a JSON file of the format tradewind-meetings/1, or - for the standard input. The summary says how \
            far the schedule can be from the best one.

            Exit status: 0 for a schedule within all limits; 1 if --verify finds a fault; 2 for bad input.

            Examples:
              tradewind meetings summit.json
              tradewind meetings summit.json --csv -o tables.csv
              tradewind meetings summit.json --json -o schedule.json --calendars calendars
              tradewind meetings summit.json --verify schedule.json
            """
    )

    @Argument(help: "The wishes: a JSON file, or -.")
    var file: String

    @Flag(help: "How to write the schedule; --csv is the table plan.")
    var form: OutputForm = .table

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to a file instead of the standard output.", valueName: "file")
    )
    var output: String?

    @Option(
        help: ArgumentHelp("Write everybody's meetings into this directory, an .ics file each.", valueName: "directory")
    )
    var calendars: String?

    @Option(help: ArgumentHelp("Check this schedule instead of making one.", valueName: "schedule"))
    var verify: String?

    func validate() throws {
        if verify != nil, calendars != nil { throw ValidationError("--verify writes no calendars.") }
    }

    func run() async throws {
        let run = MeetingsRun(form: form.form, calendars: calendars != nil)
        let bytes = try MarketSource.bytes(file)
        if let verify {
            let schedule = try MarketSource.bytes(verify)
            let report = run.verify(bytes, file: file, schedule: schedule, scheduleFile: verify)
            return try Terminal.finish(report, output: output)
        }
        let (report, calendars) = run.schedule(bytes, file: file)
        if report.exitCode == 0, let directory = self.calendars { try CalendarFiles.write(calendars, to: directory) }
        try Terminal.finish(report, output: output)
    }
}
