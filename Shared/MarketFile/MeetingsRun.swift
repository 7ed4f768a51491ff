internal import MatchingEngine

/// What `tradewind meetings` does, apart from reading and writing files.
public struct MeetingsRun: Sendable {
    public var form: MatchRun.Form
    /// Whether everybody's calendar is wanted.
    public var calendars: Bool

    public init(form: MatchRun.Form = .table, calendars: Bool = false) {
        self.form = form
        self.calendars = calendars
    }

    /// Exit code 0: a schedule within all limits. 2: bad input.
    public func schedule(_ bytes: FileBytes, file: String) -> (report: MatchRun.Report, calendars: [PersonalCalendar]) {
        do throws(InvalidFile) {
            let (meetings, warnings) = try MeetingsReader.read(bytes)
            let notes = warnings.map { "warning: \($0.named(file))" }
            if calendars, let slot = meetings.input.slots.first(where: { $0.start == nil }) {
                let fault = "error: \(file): calendars need a start for each slot; \"\(slot.id)\" has none."
                return (MatchRun.Report(notes: notes + [fault], exitCode: 2), [])
            }
            let schedule = meetings.schedule()
            let report = MatchRun.Report(
                output: output(schedule, of: meetings.input),
                notes: notes,
                exitCode: schedule.check.holds ? 0 : 3
            )
            return (report, calendars ? PersonalCalendar.all(schedule, of: meetings.input) : [])
        } catch {
            return (MatchRun.Report(notes: error.faults.map { "error: \($0.named(file))" }, exitCode: 2), [])
        }
    }

    /// Runs the checker alone. Exit code 0: within all limits. 1: not. 2: bad input.
    public func verify(_ bytes: FileBytes, file: String, schedule: FileBytes, scheduleFile: String) -> MatchRun.Report {
        do throws(InvalidFile) {
            let (meetings, warnings) = try MeetingsReader.read(bytes)
            let (list, prices) = try Self.read(schedule, scheduleFile)
            let check = MeetingsCheck(meetings.input, list, prices: prices)
            let writer = ScheduleWriter(input: meetings.input, meetings: list, prices: prices, check: check)
            return MatchRun.Report(
                output: form == .json ? writer.certificate.bytes : Array(writer.summary.utf8),
                notes: warnings.map { "warning: \($0.named(file))" },
                exitCode: check.holds ? 0 : 1
            )
        } catch {
            return MatchRun.Report(notes: error.faults.map { "error: \($0.named(file))" }, exitCode: 2)
        }
    }

    private func output(_ schedule: MeetingSchedule, of input: MeetingsInput) -> [UInt8] {
        let writer = ScheduleWriter(
            input: input,
            meetings: schedule.meetings,
            prices: schedule.prices,
            check: schedule.check
        )
        return switch form {
        case .table: Array((writer.table + "\n" + writer.summary).utf8)
        case .json: writer.json.bytes
        case .csv: writer.csv
        }
    }

    private static func read(
        _ bytes: FileBytes,
        _ file: String
    ) throws(InvalidFile) -> ([MeetingSchedule.Meeting], MeetingPrices) {
        do throws(FileFault) {
            return try ScheduleReader.read(bytes)
        } catch {
            throw InvalidFile([error.in(file)])
        }
    }
}
