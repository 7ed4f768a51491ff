// What ids identify. The types carry no values: they only keep one kind of id from another.

public enum EventSubject {}
public enum RegistrationSubject {}
public enum CohortSubject {}
public enum RoundSubject {}
public enum ApplicantSubject {}
public enum OfferSubject {}
public enum FirmSubject {}
public enum UniversitySubject {}

public typealias EventID = ID<EventSubject>
public typealias RegistrationID = ID<RegistrationSubject>
public typealias CohortID = ID<CohortSubject>
public typealias RoundID = ID<RoundSubject>
public typealias ApplicantID = ID<ApplicantSubject>
public typealias OfferID = ID<OfferSubject>
public typealias FirmID = ID<FirmSubject>
public typealias UniversityID = ID<UniversitySubject>
