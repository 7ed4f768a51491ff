/// What sort of meeting an event is.
public enum EventKind: String, Hashable, Sendable, Codable, CaseIterable {
    case forum, summit, tradeShow, training
}
