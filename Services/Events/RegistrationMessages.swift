import Domain

extension RegistrationRecord {
    func confirmed(facts: EventFacts, wasWaiting: Bool) -> RegistrationConfirmed {
        RegistrationConfirmed(
            registrationID: id,
            event: facts,
            recipient: registrant.recipient,
            wasWaiting: wasWaiting,
            sequence: version
        )
    }

    func waits(at position: Int, facts: EventFacts) -> RegistrationWaiting {
        RegistrationWaiting(
            registrationID: id,
            event: facts,
            recipient: registrant.recipient,
            position: position,
            sequence: version
        )
    }

    func cancelled(facts: EventFacts) -> RegistrationCancelled {
        RegistrationCancelled(registrationID: id, event: facts, recipient: registrant.recipient, sequence: version)
    }

    func linkRequested(facts: EventFacts) -> RegistrationLinkRequested {
        RegistrationLinkRequested(registrationID: id, event: facts, recipient: registrant.recipient)
    }
}
