/// Why an applicant has the place they have: the list walked down to it.
public struct Explanation: Hashable, Sendable {
    public let applicant: String
    /// `nil` without a place.
    public let placedAt: String?
    /// The choices in the order of the applicant's list, down to the place.
    public let steps: [Step]
    /// The smallest change that would have led to a better place, checked by solving again. `nil` if there is nothing
    /// better to have, or if none was sought.
    public let smallestChange: SmallestChange?

    public struct Step: Hashable, Sendable {
        /// 1 for the first choice. Tied choices have the same number.
        public let choice: Int
        public let position: String
        public let reason: Reason
    }

    public enum Reason: Hashable, Sendable {
        /// It is the place.
        case placed
        /// The firm did not list the applicant.
        case notRankedByFirm
        /// The firm ranked the applicant, but everybody admitted was ranked better.
        case ranked(Int, lastAdmitted: Int)
        /// Equal in rank with the last admitted; the lottery decided. The lower number wins.
        case lottery(rank: Int, own: LotteryNumber, lastAdmitted: LotteryNumber)
        /// The firm offers no seats.
        case noSeats
        /// The most that the firm may take of the category is reached.
        case categoryFull(String)
        /// Somebody of the category, ranked worse, has one of the seats that the firm keeps for it.
        case reserved(String)
        /// The most that the region may take is reached.
        case regionFull(String)
        /// As good to the applicant as the place they got.
        case equallyGood
        /// The place was settled beforehand.
        case locked
        /// Not free for the team or couple as a whole.
        case noRoomTogether
        /// The applicant, or couple, and the firm would rather have each other: no matching suits everybody.
        case blocking
        /// The engine's rules for this market led to another place.
        case other
    }

    public enum SmallestChange: Hashable, Sendable {
        /// A rank of at most `rank` at `position` would have been enough, and one worse would not. A couple's other member
        /// would have its place of the same pair. Where a better rank can harm (couples, teams of several seats, regional
        /// maxima) this is so of the rank named.
        case ranked(position: String, atMost: Int)
        /// Listing `position` as the last choice would have led to a place there.
        case listing(position: String)
    }
}
