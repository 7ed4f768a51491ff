/// Who comes: a person, or a team that takes one place and is written to through one person.
public enum Party: Hashable, Sendable {
    case person
    case team(name: OrganisationName)

    public var teamName: OrganisationName? {
        switch self {
        case .person: nil
        case .team(let name): name
        }
    }
}

/// The name of a firm, a school or a team, in whatever script, under the same rules as a person's.
public struct OrganisationName: ParsedValue {
    public let description: String

    public init(_ text: String) throws(InvalidValue) {
        description = try PersonName(text).description
    }
}
