import CIcal
import Foundation

/// A component of libical that is being built. It is freed unless it was added to another.
struct CalendarComponent: ~Copyable {
    private let pointer: OpaquePointer

    init?(_ kind: icalcomponent_kind) {
        guard let pointer = icalcomponent_new(kind) else { return nil }
        self.pointer = pointer
    }

    deinit { icalcomponent_free(pointer) }

    func add(_ property: OpaquePointer?, _ parameters: OpaquePointer?...) {
        for parameter in parameters { icalproperty_add_parameter(property, parameter) }
        icalcomponent_add_property(pointer, property)
    }

    /// Becomes a part of `parent`, which frees it.
    consuming func join(_ parent: borrowing CalendarComponent) {
        icalcomponent_add_component(parent.pointer, pointer)
        discard self
    }

    /// As RFC 5545 writes it: lines folded, CRLF.
    var text: String {
        guard let bytes = icalcomponent_as_ical_string_r(pointer) else { return "" }
        defer { icalmemory_free_buffer(bytes) }
        return String(cString: bytes)
    }
}

/// Times for libical, from instants.
enum CalendarTime {
    /// `20180702T010000Z`
    static func utc(_ date: Date) -> icaltimetype { local(date, .gmt, suffix: "Z") }

    /// What a clock on the wall shows, for a value with a TZID.
    static func local(_ date: Date, _ zone: TimeZone) -> icaltimetype { local(date, zone, suffix: "") }

    private static func local(_ date: Date, _ zone: TimeZone, suffix: String) -> icaltimetype {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        let text = String(
            format: "%04d%02d%02dT%02d%02d%02d",
            parts.year ?? 0,
            parts.month ?? 0,
            parts.day ?? 0,
            parts.hour ?? 0,
            parts.minute ?? 0,
            parts.second ?? 0
        )
        return icaltime_from_string(text + suffix)
    }
}
