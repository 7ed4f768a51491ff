import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("The API's description")
struct DescriptionTests {
    @Test func theDescriptionIsServedAndNamesEveryRoute() async throws {
        try await Office.run { office in
            let answer = try await office.client.send(.get, "/matchmaking/api/openapi.yaml")
            #expect(answer.status == .ok)
            #expect(answer.text.hasPrefix("openapi: 3.1.0"))
            for path in [
                "/cohorts:", "/cohorts/{cohort}:", "/cohorts/{cohort}/universities:", "/cohorts/{cohort}/firms:",
                "/cohorts/{cohort}/applicants:", "/cohorts/{cohort}/nominations:", "/cohorts/{cohort}/rankings:",
                "/cohorts/{cohort}/applicants/{applicant}/ranking:", "/cohorts/{cohort}/firms/{firm}/ranking:",
                "/cohorts/{cohort}/rounds:", "/rounds/{round}:", "/rounds/{round}/placements:",
                "/rounds/{round}/publication:", "/applicants/{applicant}/result:",
                "/cohorts/{cohort}/supplementary-rounds:", "/cohorts/{cohort}/offers:", "/offers/{offer}:",
                "/offers/{offer}/answer:", "/offers/{offer}/deferral:", "/offers/{offer}/withdrawal:",
                "/cohorts/{cohort}/positions:", "/cohorts/{cohort}/firms/{firm}/positions:", "/positions/{position}:",
                "/positions/{position}/candidates:", "/positions/{position}/scores:",
                "/positions/{position}/unacceptable/{applicant}:", "/positions/{position}/ranking:",
                "/positions/{position}/certification:", "/cohorts/{cohort}/applicants/{applicant}/certification:",
                "/cohorts/{cohort}/profiles:", "/firms/{firm}/link:",
                "/cohorts/{cohort}/groups:", "/groups/{group}:", "/groups/{group}/agreement:",
                "/groups/{group}/dissolution:", "/groups/{group}/ranking:", "/groups/{group}/certification:",
                "/cohorts/{cohort}/audit:", "/cohorts/{cohort}/exports/{file}:", "/cohorts/{cohort}/imports:",
                "/cohorts/{cohort}/imports/{kind}:", "/imports/{import}:", "/imports/{import}/faulty-rows.csv:",
                "/imports/{import}/application:", "/cohorts/{cohort}/staff-links:", "/staff-links/{staff-link}:",
                "/cohorts/{cohort}/ranking-deadline:", "/firms/{firm}/invitation:",
                "/universities/{university}/invitation:", "/rounds/{round}/comparison:",
                "/rounds/{round}/seat-values:", "/rounds/{round}/what-if:",
                "/cohorts/{cohort}/state:", "/cohorts/{cohort}/rules:", "/cohorts/{cohort}/outstanding:",
                "/cohorts/{cohort}/reminders:", "/cohorts/{cohort}/firms/{firm}/capacity:",
                "/cohorts/{cohort}/firms/{firm}/withdrawal:", "/applicants/{applicant}/withdrawal:",
                "/applicants/{applicant}/enrolment:", "/universities/{university}/link:",

            ] {
                #expect(answer.text.contains("\n  \(path)\n"))
            }
        }
    }
}
