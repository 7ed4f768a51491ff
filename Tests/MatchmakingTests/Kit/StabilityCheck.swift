import Crypto
import Foundation
import HTTPTypes

/// Judges placements by the definition of stability alone, with lottery numbers worked out from the published seed. It
/// shares no code with the engine.
struct StabilityCheck {
    /// Groups by preference.
    let applicants: [String: [[String]]]
    let firms: [String: [[String]]]
    let capacities: [String: Int]
    let seed: String

    /// The first 16 hexadecimal digits of SHA-256 over the lines seed, round, id.
    func lottery(_ id: String) -> String {
        SHA256.hash(data: Data("\(seed)\n1\n\(id)".utf8)).prefix(8)
            .map { String(Int($0) + 256, radix: 16).dropFirst() }.joined()
    }

    static func rank(_ id: String, in groups: [[String]]?) -> Int? {
        var before = 0
        for group in groups ?? [] {
            if group.contains(id) { return before + 1 }
            before += group.count
        }
        return nil
    }

    /// Everything that is wrong with `placements`, which names the firm of each applicant who has one.
    func faults(_ placements: [String: String]) -> [String] {
        var faults: [String] = []
        var members: [String: [String]] = [:]
        for (applicant, firm) in placements {
            members[firm, default: []].append(applicant)
            if Self.rank(firm, in: applicants[applicant]) == nil { faults.append("\(applicant) did not list \(firm)") }
            if Self.rank(applicant, in: firms[firm]) == nil { faults.append("\(firm) did not rank \(applicant)") }
        }
        for (firm, members) in members where members.count > capacities[firm] ?? 0 {
            faults.append("\(firm) has \(members.count) members")
        }
        for (applicant, groups) in applicants {
            let own = placements[applicant].flatMap { Self.rank($0, in: groups) }
            for firm in groups.joined() {
                guard let wish = Self.rank(firm, in: groups), own.map({ wish < $0 }) ?? true,
                    let rank = Self.rank(applicant, in: firms[firm])
                else { continue }
                let held = members[firm] ?? []
                let hasRoom = held.count < capacities[firm] ?? 0
                let beats = held.contains { other in
                    let otherRank = Self.rank(other, in: firms[firm]) ?? .max
                    return (rank, lottery(applicant)) < (otherRank, lottery(other))
                }
                if hasRoom || beats { faults.append("\(applicant) and \(firm) block") }
            }
        }
        return faults
    }
}
