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
}
