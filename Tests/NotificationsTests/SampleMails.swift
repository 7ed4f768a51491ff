import Domain
import Foundation

@testable import Notifications

/// One mail of each kind, about the real summit and the real talent programme.
enum SampleMails {
    static func event(zone: String = "Asia/Taipei") throws -> EventFacts {
        EventFacts(
            id: EventID(),
            path: "/events/kaohsiung/o2o-summit-2018",
            title: try LocalizedText([.english: "2018 APEC O2O Summit", .traditionalChinese: "2018 APEC O2O 高峰會"]),
            startsAt: try Date("2018-07-02T01:00:00Z", strategy: .iso8601),
            endsAt: try Date("2018-07-03T09:30:00Z", strategy: .iso8601),
            timeZone: try TimeZoneID(zone),
            venue: try LocalizedText([.english: "Kaohsiung Exhibition Center", .traditionalChinese: "高雄展覽館"])
        )
    }

    static func all() throws -> [MailContent] {
        let registration = RegistrationFacts(id: RegistrationID(), event: try event(), sequence: 2)
        let applicant = ApplicantFacts(
            id: ApplicantID(),
            cohortTitle: try LocalizedText([.english: "Southbound ICT talent", .traditionalChinese: "南洋北流計畫"])
        )
        let firm = try LocalizedText([.english: "Advantech", .traditionalChinese: "研華"])
        let deadline = try Date("2018-03-05T09:00:00Z", strategy: .iso8601)
        return [
            .confirmed(registration), .movedUp(registration), .waiting(registration, position: 4711),
            .cancelled(registration, hadPlace: true), .linkRequested(registration),
            .rankingInvited(applicant, deadline: deadline),
            .placed(applicant, firm: firm, deadline: deadline), .unplaced(applicant),
        ]
            + OfferNews.allCases.map {
                MailContent.offer($0, applicant, firm: firm, deadline: $0 == .deferralRefused ? deadline : nil)
            } + [.applicantWithdrew(applicant)]
            + CohortNews.Step.allCases.map {
                let isToCome = [.joined, .opened, .ranking, .deadline].contains($0)
                return .cohort($0, member(CohortMember(FirmID()), applicant), deadline: isToCome ? deadline : nil)
            } + [
                .reminder(.rank, member(CohortMember(applicant.id), applicant), count: 1, deadline: deadline),
                .reminder(.certify, member(CohortMember(FirmID()), applicant), count: 1, deadline: deadline),
                .reminder(.confirm, member(CohortMember(UniversityID()), applicant), count: 4712, deadline: deadline),
            ]
    }

    /// What is said otherwise to others.
    static func variants() throws -> [MailContent] {
        try all().compactMap { content -> MailContent? in
            switch content {
            case .cohort(let step, let facts, let deadline) where [.joined, .ranking].contains(step):
                .cohort(step, other(facts, CohortMember(UniversityID())), deadline: deadline)
            case .reminder(.rank, let facts, let count, let deadline):
                .reminder(.rank, other(facts, CohortMember(FirmID())), count: count, deadline: deadline)
            case .reminder(.certify, let facts, let count, let deadline):
                .reminder(.certify, other(facts, CohortMember(ApplicantID())), count: count, deadline: deadline)
            default: nil
            }
        }
    }

    private static func member(_ member: CohortMember, _ facts: ApplicantFacts) -> MemberFacts {
        MemberFacts(member: member, cohortTitle: facts.cohortTitle)
    }

    private static func other(_ facts: MemberFacts, _ member: CohortMember) -> MemberFacts {
        MemberFacts(member: member, cohortTitle: facts.cohortTitle)
    }

    static func recipient(
        _ language: LanguageTag = .english,
        name: String = "Nguyễn & Söhne",
        email: String = "anh.nguyet@team.example"
    ) throws -> Recipient {
        Recipient(name: try PersonName(name), email: try EmailAddress(email), language: language)
    }
}
