import Domain
import HTTPTypes
import ServiceKit

extension Problem {
    init(_ refusal: CohortRefusal) {
        self.init(.conflict, type: refusal.rawValue, title: refusal.reason)
    }

    init(_ refusal: OfferRefusal) {
        self.init(.conflict, type: refusal.rawValue, title: refusal.reason)
    }

    /// Faults of a ranking that stands at `pointer` of the body.
    init(_ invalid: InvalidRanking, at pointer: String) {
        self.init(faults: invalid.faults.map { FieldError(pointer + $0.pointer, $0.reason) })
    }

    /// At most a hundred faults are told: a file that is wrong throughout would make an answer larger than itself.
    init(faults: [FieldError]) {
        self = .invalid()
        errors = Array(faults.prefix(100))
    }

    /// Throws if there are faults.
    static func check(_ faults: [FieldError]) throws {
        guard faults.isEmpty else { throw Problem(faults: faults) }
    }
}
