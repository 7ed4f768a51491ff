import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@Suite("Recruiters and coordinators are sent their links")
struct InvitationTests {
    static let firm = "code,name.en,capacity,contact.name,contact.email,contact.language\n"
    static let university = "code,name.en,contact.name,contact.email,contact.language\n"

    /// Who was sent a link: address, language and role, by address.
    static func sent(_ office: Office) async throws -> [String] {
        try await office.inbox.read().news.filter { $0.step == .joined }
            .map { "\($0.recipient.email) \($0.recipient.language) \($0.member.role)" }.sorted()
    }

    @Test func whoJoinsIsSentTheLinkOnceTheCohortIsKnown() async throws {
        try await Office.run { office in
            let (cohort, _, _, _) = try await CohortLifeTests.drafted(office)
            #expect(try await Self.sent(office).isEmpty)
            try await office.move(cohort, to: "open")
            let firms: JSONValue = [
                "firms": [
                    ["code": "htc", "name": ["en": "HTC"], "capacity": 1, "contact": CohortLifeTests.contact],
                    ["code": "mute", "name": ["en": "Mute"], "capacity": 1],
                ]
            ]
            _ = office.expect(.created, try await office.post("\(cohort)/firms", firms))
            #expect(try await Self.sent(office) == ["mei@firm.example zh-Hant firm"])
            let universities: JSONValue = [
                "universities": [["code": "um", "name": ["en": "UM"], "contact": CohortLifeTests.coordinator]]
            ]
            _ = office.expect(.created, try await office.post("\(cohort)/universities", universities))
            let news = try #require(try await office.inbox.read().news.last)
            #expect(news.step == .joined && news.member.role == .university && news.recipient.language == .malay)
            #expect(news.deadline != nil)
        }
    }

    @Test func whoIsImportedIsSentTheLinkOnce() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let firms = Self.firm + "htc,HTC,1,Lin Mei,mei@firm.example,zh-Hant\nmute,Mute,1,,,\n"
            try await office.importFile(cohort, "firms", firms)
            try await office.importFile(cohort, "universities", Self.university + "um,UM,Ali,ali@um.example,ms\n")
            let both = ["ali@um.example ms university", "mei@firm.example zh-Hant firm"]
            #expect(try await Self.sent(office) == both)
            #expect(try await office.get("\(cohort)/firms").json["items"][0]["contact"]["name"] == "Lin Mei")
            // The same again, and what does not name anybody, changes nothing.
            let again = try await office.importFile(cohort, "firms", firms)
            #expect(ImportAPITests.counts(again) == [0, 0, 2, 0])
            let silent = try await office.importFile(cohort, "firms", "code,name.en,capacity\nhtc,HTC,1\n")
            #expect(ImportAPITests.counts(silent) == [0, 0, 1, 0])
            #expect(try await office.get("\(cohort)/firms").json["items"][0]["contact"]["name"] == "Lin Mei")
            #expect(try await Self.sent(office) == both)
            // Another person is sent it, and so is one who comes first.
            let other = Self.firm + "htc,HTC,1,Wu An,an@firm.example,en\nmute,Mute,1,Bo,bo@mute.example,vi\n"
            #expect(ImportAPITests.counts(try await office.importFile(cohort, "firms", other)) == [0, 2, 0, 0])
            let new = ["an@firm.example en firm", "bo@mute.example vi firm"]
            #expect(try await Self.sent(office) == (both + new).sorted())
            // What has left stays as it was, and is told nothing.
            let htc = try await office.get("\(cohort)/firms").json["items"][0]["id"].string
            _ = office.expect(.ok, try await office.post("\(cohort)/firms/\(htc)/withdrawal", [:]))
            #expect(ImportAPITests.counts(try await office.importFile(cohort, "firms", firms)) == [0, 0, 2, 0])
            #expect(try await office.get("\(cohort)/firms").json["items"][0]["contact"]["name"] == "Wu An")
            #expect(try await Self.sent(office) == (both + new).sorted())
        }
    }

    @Test func whatIsWrongWithAContactIsToldByLineAndColumn() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            func faults(_ text: String) async throws -> [JSONValue] {
                let preview = office.expect(.created, try await office.upload(cohort, "firms", text))
                return preview["faults"].items.map { [$0["line"], $0["column"], $0["code"]] }
            }
            let rows = "htc,HTC,1,Lin Mei,,\nasus,ASUS,1,Lin,nowhere,en\ndelta,Delta,1,Lin,lin@delta.example,klingon!\n"
            #expect(
                try await faults(Self.firm + rows) == [[2, 11, "contact"], [3, 17, "email"], [4, 37, "language"]]
            )
            #expect(
                try await faults("code,name.en,capacity,contact.email\nhtc,HTC,1,a@b.example\n")
                    == [[1, 1, "missing-column"], [1, 1, "missing-column"]]
            )
        }
    }

    @Test func staffHaveTheLinkSentAgainOrToSomebodyElse() async throws {
        try await Office.run { office in
            let (cohort, firm, university, _) = try await CohortLifeTests.drafted(office)
            let path = "/firms/\(firm)/invitation"
            #expect(try await office.post(path, [:]).problem?.type == "wrong-step")
            try await office.move(cohort, to: "open")
            #expect(try await office.client.send(.post, Office.api + path, token: office.token).status == .ok)
            let other: JSONValue = ["name": "Wu An", "email": "an@firm.example", "language": "en"]
            let version = try await office.version(cohort)
            let answer = office.expect(.ok, try await office.post(path, ["contact": other], key: "once"))
            #expect(try await office.version(cohort) != version)
            #expect(answer == ["contact": other])
            // The same request again is the same answer, and no second mail.
            _ = office.expect(.ok, try await office.post(path, ["contact": other], key: "once"))
            _ = office.expect(.ok, try await office.post("/universities/\(university)/invitation", [:]))
            let all = ["mei@firm.example zh-Hant firm", "an@firm.example en firm", "anna@ntu.example ms university"]
            #expect(try await Self.sent(office) == all.sorted())
            #expect(try await office.get("\(cohort)/firms").json["items"][0]["contact"] == other)
            let record = try await office.audit(cohort).filter { $0["action"] == "member.invited" }
            #expect(record.map(\.["subject"].string) == [firm, firm, university])
            #expect(record.map(\.["after"]) == [[:], ["contact": "changed"], [:]])

            let faulty: JSONValue = ["contact": ["name": "X", "email": "nowhere", "language": "en"]]
            #expect(try await office.post(path, faulty).problem?.pointers == ["/contact/email"])
            #expect(try await office.post(path, ["to": other]).status == .unprocessableContent)
            #expect(try await office.post("/firms/\(university)/invitation", [:]).problem?.status == 404)
            let mute = try await office.firms(cohort, [1])[0]
            #expect(try await office.post("/firms/\(mute)/invitation", [:]).problem?.type == "no-contact")
            _ = office.expect(.ok, try await office.post("\(cohort)/firms/\(firm)/withdrawal", [:]))
            #expect(try await office.post(path, [:]).problem?.type == "firm-withdrawn")
        }
    }

    @Test func theOfficePageSendsThem() async throws {
        try await Office.run { office in
            let (cohort, firm, university, _) = try await CohortLifeTests.drafted(office)
            let home = try await office.staffLink(cohort)
            #expect(!(try await office.view(home).text.contains("Send the link")))
            let early = try await office.client.submit("\(home)/invitations", form: ["member": "firm \(firm)"])
            #expect(early.status == .conflict && early.text.contains("nobody is told anything of a draft"))
            try await office.move(cohort, to: "open")
            let page = try await office.view(home).text
            #expect(page.contains("<option value=\"university \(university)\">NTU – Anna Ooi</option>"))
            #expect(page.contains("<option value=\"firm \(firm)\">ASUS – Lin Mei</option>"))
            let answer = try await office.client.submit("\(home)/invitations", form: ["member": "firm \(firm)"])
            #expect(answer.headers[.location] == "\(home)?news=invited")
            #expect(try await office.view("\(home)?news=invited").text.contains("The personal link is on its way."))
            #expect(try await Self.sent(office) == ["mei@firm.example zh-Hant firm"])
            #expect(try await office.audit(cohort).last?["actor"] == "staff:mei")
            let mute = try await office.firms(cohort, [1])[0]
            let nobody = try await office.client.submit("\(home)/invitations", form: ["member": "firm \(mute)"])
            #expect(nobody.status == .conflict && nobody.text.contains("nobody knows whom to write to"))
            for member in ["firm", "applicant \(firm)", "firm x", "university \(firm)"] {
                let status = try await office.client.submit("\(home)/invitations", form: ["member": member]).status
                #expect([.notFound, .unprocessableContent].contains(status))
            }
            // Only members of the link's own cohort.
            let other = try await office.staffLink(try await office.cohort(Office.draft("spring")))
            let strange = try await office.client.submit("\(other)/invitations", form: ["member": "firm \(firm)"])
            #expect(strange.status == .notFound)
        }
    }
}
