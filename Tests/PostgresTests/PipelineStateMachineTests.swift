import Testing

@testable import Postgres

@Suite struct PipelineStateMachineTests {
    typealias Machine = PipelineStateMachine<Int>

    private func machine(_ steps: Machine.Step...) -> Machine {
        var machine = Machine()
        for step in steps { machine.send(step) }
        return machine
    }

    /// Feeds events that must need no action.
    private func feed(_ machine: inout Machine, _ events: Machine.Event...) {
        for event in events {
            guard case .goOn = machine.receive(event) else {
                Issue.record("\(event) was not expected")
                return
            }
        }
    }

    private func finish(_ machine: inout Machine) throws -> Machine.Outcome {
        guard case .finish(let outcome) = machine.receive(.sync) else {
            throw PostgresError(.connectionLost, message: "not finished")
        }
        return outcome
    }

    private func failure(_ state: String) -> PostgresError {
        PostgresError(.server(sqlState: state), message: "no")
    }

    @Test func aBatchWithOneStatement() throws {
        var machine = machine(.run, .sync)
        #expect(!machine.isIdle)
        feed(&machine, .completed(7), .end)
        let outcome = try finish(&machine)
        #expect(outcome.outputs == [7])
        #expect(outcome.failure == nil)
        #expect(machine.isIdle)
    }

    @Test func aPreparedOneAndAnother() throws {
        var machine = machine(.prepare(name: "s1"), .run, .run, .sync)
        feed(&machine, .completed(0), .end, .completed(1), .end, .completed(2), .end)
        try #expect(finish(&machine).outputs == [1, 2])
    }

    @Test func theSyncMayFailToCommit() throws {
        var machine = machine(.run, .sync, .run, .sync)
        feed(&machine, .completed(1), .end, .failed(failure("23505")), .end)
        let first = try finish(&machine)
        #expect(first.outputs == [1])
        #expect(first.failure?.sqlState == "23505")
        feed(&machine, .completed(2), .end)
        try #expect(finish(&machine).outputs == [2])
    }

    @Test func afterAFailureTheRestIsAbortedUpToTheSync() throws {
        var machine = machine(.run, .run, .run, .sync, .run, .sync)
        feed(&machine, .completed(1), .end, .failed(failure("23505")), .end, .aborted, .end)
        let first = try finish(&machine)
        #expect(first.outputs == [1])
        #expect(first.failure?.sqlState == "23505")
        feed(&machine, .completed(9), .end)
        let second = try finish(&machine)
        #expect(second.outputs == [9])
        #expect(second.failure == nil)
    }

    @Test func aStatementThatCouldNotBePreparedIsForgotten() throws {
        var machine = machine(.prepare(name: "s1"), .run, .prepare(name: "s2"), .run, .sync)
        guard case .forget("s1") = machine.receive(.failed(failure("42601"))) else {
            Issue.record("s1 was not forgotten")
            return
        }
        feed(&machine, .end, .aborted, .end)
        guard case .forget("s2") = machine.receive(.aborted) else {
            Issue.record("s2 was not forgotten")
            return
        }
        feed(&machine, .end, .aborted, .end)
        try #expect(finish(&machine).failure?.sqlState == "42601")
    }

    @Test func aLostConnectionTellsHowFarItCame() {
        var machine = machine(.run, .run, .sync)
        feed(&machine, .completed(1), .end)
        let outcome = machine.connectionLost()
        #expect(outcome.outputs == [1])
        #expect(outcome.failure == nil)
        #expect(machine.isIdle)
    }

    @Test(
        arguments: [
            ([], .end), ([], .sync), ([.run, .sync], .sync), ([.run, .sync], .end), ([.run, .sync], .aborted),
            ([.prepare(name: "s"), .run, .sync], .aborted), ([.sync], .completed(1)), ([.sync], .end),
            ([.sync], .aborted),
        ] as [([Machine.Step], Machine.Event)]
    )
    func answersThatDoNotFit(steps: [Machine.Step], event: Machine.Event) {
        var machine = Machine()
        for step in steps { machine.send(step) }
        guard case .violation = machine.receive(event) else {
            Issue.record("\(event) was taken")
            return
        }
    }

    @Test(
        arguments: [.completed(2), .failed(PostgresError(.connectionLost, message: "")), .aborted] as [Machine.Event]
    )
    func twoAnswersForOneStep(second: Machine.Event) {
        var machine = machine(.run, .sync)
        feed(&machine, .completed(1))
        guard case .violation = machine.receive(second) else {
            Issue.record("\(second) was taken")
            return
        }
    }

    @Test(arguments: [.completed(2), .failed(PostgresError(.connectionLost, message: ""))] as [Machine.Event])
    func nothingSucceedsOrFailsAfterAFailure(later: Machine.Event) {
        for step in [Machine.Step.run, .prepare(name: "s")] {
            var machine = machine(.run, step, .sync)
            feed(&machine, .failed(failure("42601")), .end)
            guard case .violation = machine.receive(later) else {
                Issue.record("\(later) was taken")
                return
            }
        }
    }
}
