import Foundation

extension EmailAddress {
    /// Equal for addresses that must count as one person's: letters' case, and forms of one character that look the
    /// same (full-width letters, composed or not), make no difference.
    public var mailboxKey: String {
        description.precomposedStringWithCompatibilityMapping.lowercased().precomposedStringWithCanonicalMapping
    }
}
