// What ids identify. The types carry no values: they only keep one kind of id from another.

public enum EventSubject {}
public enum RegistrationSubject {}
public enum CohortSubject {}
public enum RoundSubject {}
public enum ApplicantSubject {}
public enum OfferSubject {}
public enum FirmSubject {}
public enum PositionSubject {}
public enum UniversitySubject {}
public enum GroupSubject {}

public typealias EventID = ID<EventSubject>
public typealias RegistrationID = ID<RegistrationSubject>
public typealias CohortID = ID<CohortSubject>
public typealias RoundID = ID<RoundSubject>
/// Whom firms rank: an applicant, or a whole team by its group's id.
public typealias ApplicantID = ID<ApplicantSubject>
public typealias OfferID = ID<OfferSubject>
public typealias FirmID = ID<FirmSubject>
/// What applicants rank. A firm that has described no position is its one position, by its own id.
public typealias PositionID = ID<PositionSubject>
public typealias UniversityID = ID<UniversitySubject>
public typealias GroupID = ID<GroupSubject>
