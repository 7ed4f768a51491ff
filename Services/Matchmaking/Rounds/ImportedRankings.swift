import Domain
import Foundation
import Postgres
import ServiceKit

/// Many rankings of both sides that are checked and stored together.
struct ImportedRankings: Sendable {
    private let body: RankingImport

    init(_ body: RankingImport) {
        self.body = body
    }

    /// Precondition: the transaction holds the cohort's lock.
    func save(in cohort: Cohort, tenant: TenantID, _ tx: borrowing Transaction) async throws {
        let stores = Stores(cohort: cohort.id, tenant: tenant)
        let positions = try await PositionStore(tenant: tenant).all(of: cohort.id, in: tx).map(\.position)
        let eligibility = try await EligibilityBook.read(positions, of: cohort.id, tenant: tenant, in: tx)
        let groups = try await GroupStore(tenant: tenant).formed(in: cohort.id, tx).filter { $0.kind == .team }
        let teams = Dictionary(uniqueKeysWithValues: groups.map { ($0.id, $0.applicants) })
        let unacceptable = try await AcceptanceStore(tenant: tenant).unacceptable(in: cohort.id, tx)
            .mapValues { $0.mapValues { _ in "is marked unacceptable" } }
        let candidates = try await stores.firms.knownSubjects(in: tx)
        let ranked = Set(positions.map(\.id))

        let lists = cohort.rules.lists
        var faults: [Problem.FieldError] = []
        let ofApplicants: [RankingStore<ApplicantSubject, PositionSubject>.Entry] = parse(
            body.applicants.map { ($0.applicant, $0.ranking) },
            known: try await stores.applicants.knownOwners(in: tx).intersection(candidates),
            among: ranked,
            except: { eligibility.barred([$0]).mapValues(\.reason) },
            lengths: (lists.applicants.minimum, lists.applicants.maximum),
            names: ("/applicants", "applicant"),
            &faults
        )
        let ofTeams: [RankingStore<GroupSubject, PositionSubject>.Entry] = parse(
            (body.teams ?? []).map { ($0.team, $0.ranking) },
            known: Set(teams.keys),
            among: ranked,
            except: { eligibility.barred(teams[$0] ?? []).mapValues(\.reason) },
            lengths: (lists.applicants.minimum, lists.applicants.maximum),
            names: ("/teams", "team"),
            &faults
        )
        let ofFirms: [RankingStore<FirmSubject, ApplicantSubject>.Entry] = parse(
            body.firms.map { ($0.firm, $0.ranking) },
            known: Set(positions.filter { $0.description == nil }.map(\.firm)),
            among: candidates,
            except: { unacceptable[PositionID($0.uuid)] ?? [:] },
            lengths: (lists.firms.minimum, lists.firms.maximum ?? candidates.count),
            names: ("/firms", "firm"),
            &faults
        )
        let ofPositions: [RankingStore<PositionSubject, ApplicantSubject>.Entry] = parse(
            (body.positions ?? []).map { ($0.position, $0.ranking) },
            known: Set(positions.filter { $0.description != nil }.map(\.id)),
            among: candidates,
            except: { unacceptable[$0] ?? [:] },
            lengths: (lists.firms.minimum, lists.firms.maximum ?? candidates.count),
            names: ("/positions", "position"),
            &faults
        )
        try Problem.check(faults)
        if !ofApplicants.isEmpty { try await stores.applicants.save(ofApplicants, in: tx) }
        if !ofTeams.isEmpty { try await stores.teams.save(ofTeams, in: tx) }
        if !ofFirms.isEmpty { try await stores.firms.save(ofFirms, in: tx) }
        if !ofPositions.isEmpty { try await stores.positions.save(ofPositions, in: tx) }
    }

    /// Where each side's rankings are.
    private struct Stores {
        let applicants: RankingStore<ApplicantSubject, PositionSubject>
        let teams: RankingStore<GroupSubject, PositionSubject>
        let firms: RankingStore<FirmSubject, ApplicantSubject>
        let positions: RankingStore<PositionSubject, ApplicantSubject>

        init(cohort: CohortID, tenant: TenantID) {
            applicants = .applicants(of: cohort, tenant: tenant)
            teams = .teams(of: cohort, tenant: tenant)
            firms = .firms(of: cohort, tenant: tenant)
            positions = .positions(of: cohort, tenant: tenant)
        }
    }

    private func parse<Owner, Subject>(
        _ lists: [(owner: ID<Owner>, groups: [[ID<Subject>]])],
        known: Set<ID<Owner>>,
        among subjects: Set<ID<Subject>>,
        except barred: (ID<Owner>) -> [ID<Subject>: String],
        lengths: (minimum: Int, maximum: Int),
        names: (list: String, owner: String),
        _ faults: inout [Problem.FieldError]
    ) -> [RankingStore<Owner, Subject>.Entry] {
        var seen: Set<ID<Owner>> = []
        var entries: [RankingStore<Owner, Subject>.Entry] = []
        entries.reserveCapacity(lists.count)
        for (index, list) in lists.enumerated() {
            let pointer = "\(names.list)/\(index)"
            if !known.contains(list.owner) {
                faults.append(.init("\(pointer)/\(names.owner)", "is not of this cohort"))
            } else if !seen.insert(list.owner).inserted {
                faults.append(.init("\(pointer)/\(names.owner)", "is listed twice"))
            }
            do throws(InvalidRanking) {
                let ranking = try Ranking(
                    list.groups,
                    among: subjects,
                    except: barred(list.owner),
                    atLeast: lengths.minimum,
                    atMost: lengths.maximum
                )
                entries.append(.init(owner: list.owner, ranking: ranking))
            } catch {
                faults += error.faults.map { .init("\(pointer)/ranking\($0.pointer)", $0.reason) }
            }
        }
        return entries
    }
}
