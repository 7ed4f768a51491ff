import Domain
import Foundation
import Postgres
import TestKit
import Testing

@testable import Messaging

@Suite struct LaneOwnershipTests {
    @Test func oneThatWasLostDoesNotKeepTheOthersFromBeingGivenBack() async throws {
        try await Bench.run { bench in
            let worker = Worker(bench.consumer(bench.router()))
            try await worker.declareSubscriptions()
            let lanes = try await worker.spread(holding: []).taken
            #expect(lanes.count == 4)
            let lost = try #require(lanes.first)
            try await bench.operate { owner in
                _ = try await owner.database.query(
                    "SELECT queue.fence(\(lost.lane.subscription), \(lost.lane.number))"
                )
            }
            try await worker.ownership.giveBack(lanes)
            #expect(try await bench.inspector.lanes().map(\.owner) == [nil, nil, nil, nil])
            #expect(try await bench.count("SELECT count(*) FROM queue.ledger WHERE attempt > 0") == 0)
            // Each was appended once: taken, and given back or fenced.
            #expect(try await bench.count("SELECT count(*) FROM queue.ledger") == 4 * 3)
            try await worker.life.end()
        }
    }

    /// To give lanes back failed, say: nobody else may take them, so they must not be forgotten.
    @Test func lanesThatAWorkerDroppedAreTakenAgainAndGivenBack() async throws {
        try await Bench.run { bench in
            let (worker, other) = (Worker(bench.consumer(bench.router())), Worker(bench.consumer(bench.router())))
            try await worker.declareSubscriptions()
            try await other.declareSubscriptions()
            let all = try await worker.spread(holding: []).taken
            _ = try await other.spread(holding: [])
            let held = all.prefix(2).map(\.lane)
            let dropped = try await worker.spread(holding: held).taken
            #expect(Set(dropped.map(\.lane)) == Set(all.dropFirst(2).map(\.lane)))
            #expect(try await worker.spread(holding: all.map(\.lane)).surplus.values.first == 2)
            try await worker.ownership.giveBack(dropped)
            #expect(try await other.spread(holding: []).taken.count == 2)
            try await worker.life.end()
            try await other.life.end()
        }
    }

    @Test func lanesAreTakenInOneOrder() async throws {
        try await Bench.run { bench in
            let worker = Worker(bench.consumer(bench.router()))
            try await worker.declareSubscriptions()
            let taken = try await bench.database.query(
                "SELECT lane FROM queue.take(1, '{12291,12288,12290,12289}', \(UUID()))"
            ).map { try $0.decode(Int32.self) }
            #expect(taken == [12288, 12289, 12290, 12291])
        }
    }
}
