import Foundation
import Testing

@testable import Messaging

@Suite struct LaneBoardTests {
    private func cursor(_ lane: Int32, of subscription: Int32 = 1) -> LaneCursor {
        LaneCursor(
            lane: Lane(subscription: subscription, number: lane),
            seq: 1,
            position: 0,
            snapshot: "1:1:",
            seen: 0,
            handled: 0,
            attempt: 0
        )
    }

    private func board(lanes: ClosedRange<Int32>, concurrency: Int = 2) -> LaneBoard {
        var board = LaneBoard(subscriptions: [1], concurrency: concurrency)
        for lane in lanes { board.add(cursor(lane)) }
        return board
    }

    @Test func lanesAreWorkedOnInTurnAndNoMoreThanAllowedAtOnce() {
        var board = board(lanes: 1...3)
        #expect(board.takeActions() == [.deliver(cursor(1)), .deliver(cursor(2))])
        #expect(board.takeActions() == [])
        board.finished(.lane(cursor(1).lane), cursor: cursor(1), hasMore: true)
        #expect(board.takeActions() == [.deliver(cursor(3))])
        board.finished(.lane(cursor(2).lane), cursor: cursor(2))
        #expect(board.takeActions() == [.deliver(cursor(1))])
    }

    @Test func aRingWhileALaneIsWorkedOnIsNotMissed() {
        var board = board(lanes: 1...1)
        _ = board.takeActions()
        board.wake(1)
        #expect(board.takeActions() == [.deliverRetries(subscription: 1)])
        board.finished(.lane(cursor(1).lane), cursor: cursor(1))
        #expect(board.takeActions() == [.deliver(cursor(1))])
        board.finished(.lane(cursor(1).lane), cursor: cursor(1))
        #expect(board.takeActions() == [])
    }

    @Test func anotherSubscriptionsRingWakesNothing() {
        var board = board(lanes: 1...1)
        _ = board.takeActions()
        board.finished(.lane(cursor(1).lane), cursor: cursor(1))
        board.wake(2)
        #expect(board.takeActions() == [])
    }

    @Test func idleLanesAreGivenUpBeforeBusyOnes() {
        var board = board(lanes: 1...2, concurrency: 1)
        #expect(board.takeActions() == [.deliver(cursor(1))])
        board.giveUp(1, of: 1)
        #expect(board.takeActions() == [.giveBack([cursor(2)])])
        board.giveUp(1, of: 1)
        #expect(board.takeActions() == [])
        board.remove(cursor(2).lane)
        #expect(board.lanes == [cursor(1).lane])
    }

    @Test func aLostLaneIsForgottenUnlessItIsWorkedOn() {
        var board = board(lanes: 1...2, concurrency: 1)
        _ = board.takeActions()
        board.lose(cursor(1).lane)
        board.lose(cursor(2).lane)
        #expect(board.lanes == [cursor(1).lane])
        board.finished(.lane(cursor(1).lane), cursor: cursor(1))
        board.lose(cursor(1).lane)
        #expect(board.lanes == [])
    }

    @Test func stoppingWaitsForWhatRunsAndGivesAllBack() {
        var board = board(lanes: 1...2, concurrency: 1)
        _ = board.takeActions()
        board.stop()
        #expect(board.takeActions() == [.giveBack([cursor(2)])])
        board.remove(cursor(2).lane)
        #expect(!board.isFinished)
        board.finished(.lane(cursor(1).lane), cursor: cursor(1), hasMore: true)
        #expect(board.takeActions() == [.giveBack([cursor(1)])])
        board.add(cursor(3))
        #expect(board.takeActions() == [.giveBack([cursor(3)])])
        board.remove(cursor(1).lane)
        board.remove(cursor(3).lane)
        #expect(board.isFinished)
    }

    @Test func idleLanesAreGivenBackTogetherAndInOrder() {
        var board = board(lanes: 1...5, concurrency: 1)
        #expect(board.takeActions() == [.deliver(cursor(1))])
        board.stop()
        #expect(board.takeActions() == [.giveBack((2...5).map { cursor($0) })])
        #expect(board.takeActions() == [])
    }
}

@Suite struct LaneSpreadTests {
    private let workers = (0..<3).map { _ in UUID() }

    private func spread(lanes: Int, owners: [Int32: UUID] = [:]) -> LaneSpread {
        LaneSpread(
            standings: (0..<Int32(lanes)).map { .init(lane: $0, owner: owners[$0]) },
            workers: workers
        )
    }

    @Test func sharesAreEvenAndCoverAllLanes() {
        for lanes in 0...10 {
            let shares = workers.map { spread(lanes: lanes).share(of: $0) }
            #expect(shares.reduce(0, +) == lanes)
            #expect((shares.max() ?? 0) - (shares.min() ?? 0) <= 1)
        }
        #expect(spread(lanes: 8).share(of: UUID()) == 0)
    }

    @Test func onlyFreeLanesAreTakenUpToTheShare() {
        let spread = spread(lanes: 6, owners: [0: workers[0], 1: workers[1], 2: workers[1]])
        #expect(spread.wanted(by: workers[1], holding: [1, 2]) == [])
        #expect(Set(spread.wanted(by: workers[2], holding: [])).isSubset(of: [3, 4, 5]))
        #expect(spread.wanted(by: workers[2], holding: []).count == 2)
        // Its own in the ledger, but dropped after an error.
        #expect(Set((0..<50).flatMap { _ in spread.wanted(by: workers[0], holding: []) }).contains(0))
        #expect(spread.surplus(of: workers[1], holding: [1, 2, 3]) == 1)
        // It was set free, or taken by another.
        #expect(spread.lost(by: workers[1], holding: [0, 1, 3]) == [0, 3])
    }

    @Test func whatADeadOwnerHasIsFree() {
        let standings = [LaneSpread.Standing(lane: 0, owner: workers[1], isAlive: false)]
        let spread = LaneSpread(standings: standings, workers: [workers[0]])
        #expect(spread.wanted(by: workers[0], holding: []) == [0])
        // It may yet be noticed to live, if it is this worker.
        #expect(spread.lost(by: workers[1], holding: [0]) == [])
    }
}
