public import ArgumentParser
public import Domain
public import Foundation
public import ServiceKit

// Values that are read from the command line.

extension LanguageTag: ExpressibleByArgument {
    public init?(argument: String) {
        try? self.init(argument)
    }
}

extension TimeZoneID: ExpressibleByArgument {
    public init?(argument: String) {
        try? self.init(argument)
    }
}

extension UUID: @retroactive ExpressibleByArgument {
    public init?(argument: String) {
        self.init(uuidString: argument)
    }
}

extension Principal.Role: ExpressibleByArgument {}
