internal import Synchronization

/// The market as people write it, made from tables when somebody asks for it first.
final class WrittenMarket: Sendable {
    private let made: Mutex<MarketInput?>
    private let tables: MarketTables?

    init(_ input: MarketInput) {
        made = Mutex(input)
        tables = nil
    }

    init(_ tables: MarketTables) {
        made = Mutex(nil)
        self.tables = tables
    }

    var input: MarketInput {
        made.withLock { made in
            if let made { return made }
            let input = tables?.input ?? MarketInput()
            made = input
            return input
        }
    }
}
