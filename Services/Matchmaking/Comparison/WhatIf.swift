import Domain
import Foundation
import HTTPTypes
import MatchingEngine
import Postgres
import ServiceKit

/// What a stored run would have been with other numbers of places, or with caps. It is computed and told, never stored.
struct WhatIf: Sendable {
    let round: StoredRound
    let market: RoundMarket
    let stored: RoundComparison.Side
    let people: [ComparedPerson]
    /// With the places that they have.
    let firms: [Firm]

    static func read(_ id: RoundID, tenant: TenantID, in tx: borrowing Transaction) async throws -> WhatIf {
        let round = try await RoundStore(tenant: tenant).find(id, in: tx)
        let record = try await CohortStore(tenant: tenant).find(round.record.cohort, in: tx)
        let store = ComparisonStore(tenant: tenant)
        return WhatIf(
            round: round,
            market: try await RoundMarket.read(record, number: round.record.number, tenant: tenant, in: tx),
            stored: try await store.side(round, in: tx),
            people: try await store.people(of: record.cohort.id, in: tx),
            firms: try await MemberStore(tenant: tenant).firms(of: record.cohort.id, in: tx)
        )
    }

    /// The run as it comes out of the cohort as it is now. Throws if that is not the run which was stored: what came
    /// of something else can't be compared with it.
    private func repeated() throws -> Outcome {
        let outcome = try market.solve()
        guard outcome.runID == round.record.runID else {
            throw Problem(
                .conflict,
                type: "run-outdated",
                title: "The cohort is not any more what this run was computed from; run it again, or take a later run"
            )
        }
        return outcome
    }

    /// What is otherwise.
    struct Changes: Sendable {
        /// By firm.
        var capacities: [FirmID: Int] = [:]
        /// By category, such as `university:ntu`: how many of it each firm may take.
        var caps: [String: Int] = [:]
    }

    /// What applicants count as.
    var categories: Set<String> { Set(market.input.applicants.flatMap(\.categories)) }

    /// Compares the stored run with one that differs in this only.
    func compare(_ changes: Changes, at now: Date) throws -> RoundComparison {
        _ = try repeated()
        var changed = market
        for index in changed.input.firms.indices {
            if let firm = FirmID(changed.input.firms[index].id), let capacity = changes.capacities[firm] {
                changed.input.firms[index].capacity = capacity
            }
            changed.input.firms[index].caps.removeAll { changes.caps[$0.category] != nil }
            changed.input.firms[index].caps += changes.caps.sorted { $0.key < $1.key }
                .map { MarketInput.Cap(category: $0.key, maximum: $0.value) }
        }
        let computed = try compute(changed, at: now)
        let side = RoundComparison.Side(
            record: computed.record,
            firms: Dictionary(uniqueKeysWithValues: computed.firms.map { ($0.firm, $0) }),
            standings: Dictionary(
                uniqueKeysWithValues: computed.placements.map {
                    ($0.applicant, Standing(firm: $0.firm, choice: $0.choice))
                }
            )
        )
        return RoundComparison(stored, side, people: people, firms: firms)
    }

    private func compute(_ market: RoundMarket, at now: Date) throws -> ComputedRound {
        do {
            return try ComputedRound(market, at: now)
        } catch let unsupported as UnsupportedMarket {
            throw Problem(.unprocessableContent, type: "unsupported", title: unsupported.reason)
        }
    }

    /// For each firm in turn, how many would be placed if it had a place more or less.
    func seatValues() throws -> [SeatValue] {
        let sensitivity = try repeated().capacitySensitivity()
        let byFirm = Dictionary(sensitivity.map { ($0.position, $0) }) { first, _ in first }
        return firms.compactMap { firm in
            byFirm[firm.id.description].map { value in
                SeatValue(
                    firm: firm,
                    placed: round.record.placed,
                    withOneMore: value.placedWithOneMore,
                    withOneLess: value.placedWithOneLess
                )
            }
        }
    }
}

/// How many are placed, and how many would be if a firm had a place more or less.
struct SeatValue: Sendable {
    let firm: Firm
    let placed: Int
    let withOneMore: Int
    /// `nil` where there is no place to take away.
    let withOneLess: Int?
}
