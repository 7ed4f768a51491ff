import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import TestKit
import Testing

@testable import Matchmaking

@Suite("Files over the office page")
struct ImportPageTests {
    @Test(arguments: [true, false])
    func aFileIsLookedAtAndStored(_ asFile: Bool) async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let home = try await office.staffLink(cohort)
            let content = ImportAPITests.universities
            let sent = try await office.submitFile(
                "\(home)/imports",
                kind: "universities",
                file: asFile ? content : "",
                text: asFile ? "" : content
            )
            #expect(sent.status == .seeOther)
            let path = try #require(sent.headers[.location])
            let page = try await office.view(path)
            #expect(page.text.contains("<strong>2</strong> New"))
            #expect(page.text.contains("Nothing is stored yet."))
            #expect(try await office.get("\(cohort)/universities").json["items"] == [])
            #expect(try await office.client.submit("\(path)/application", form: [:]).headers[.location] == path)
            #expect(try await office.view(path).text.contains("Stored: "))
            #expect(try await office.get("\(cohort)/universities").json["items"].items.count == 2)
            #expect(try await office.audit(cohort).last?["actor"] == "staff:mei")
            #expect(try await office.view(home).text.contains(path))
            let again = try await office.submitFile("\(home)/imports", kind: "universities", text: content)
            let same = try await office.view(try #require(again.headers[.location]))
            #expect(same.text.contains("there is nothing to store"))
            #expect(!same.text.contains("<form"))
        }
    }

    @Test func faultsAreShownAndSetAside() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let home = try await office.staffLink(cohort)
            let text = "code,name.en,capacity\nhtc,<script>HTC</script>,many\nasus,ASUS,2\n"
            let sent = try await office.submitFile("\(home)/imports", kind: "firms", text: text)
            let path = try #require(sent.headers[.location])
            let page = try await office.view(path).text
            #expect(page.contains("This is no number of places."))
            #expect(page.contains("data-label=\"Line\">2</td><td class=\"number\" data-label=\"Column\">26</td>"))
            #expect(!page.contains("<script>"))
            let refused = try await office.client.submit("\(path)/application", form: [:])
            #expect(refused.status == .conflict)
            #expect(refused.text.contains("some rows are faulty"))
            let rows = try await office.view("\(path)/faulty-rows.csv")
            #expect(CSVReaderTests.texts(rows.text)[1].first == "2")
            #expect(try await office.client.submit("\(path)/application", form: ["aside": "yes"]).status == .seeOther)
            #expect(try await office.get("\(cohort)/firms").json["items"].items.map(\.["code"]) == ["asus"])
        }
    }

    @Test func whatChangedMeanwhileIsTold() async throws {
        try await Office.run { office in
            let cohort = try await office.cohort()
            let home = try await office.staffLink(cohort)
            let sent = try await office.submitFile("\(home)/imports", kind: "firms", text: ImportAPITests.firms)
            _ = try await office.firms(cohort, [1])
            let path = try #require(sent.headers[.location])
            let late = try await office.client.submit("\(path)/application", form: [:])
            #expect(late.status == .preconditionFailed)
            #expect(late.text.contains("has changed in the meantime"))
            #expect(try await office.get("\(cohort)/firms").json["items"].items.count == 1)
            let unreadable = try await office.submitFile("\(home)/imports", kind: "firms", text: "code;capacity")
            let page = try await office.view(try #require(unreadable.headers[.location])).text
            #expect(page.contains("The columns are not in order"))
            #expect(!page.contains("<form"))
        }
    }

    @Test func formsThatAreNoneAreRefused() async throws {
        try await Office.run { office in
            let home = try await office.staffLink(try await office.cohort())
            let empty = try await office.submitFile("\(home)/imports", kind: "firms")
            #expect(empty.status == .unprocessableContent)
            #expect(empty.text.contains("Choose a file or paste its text."))
            #expect(
                try await office.submitFile("\(home)/imports", kind: "teachers", text: "x").status
                    == .unprocessableContent
            )
            #expect(
                try await office.client.submit("\(home)/imports", form: ["kind": "firms"]).status
                    == .unsupportedMediaType
            )
        }
    }

    @Test func formsAreReadWhateverTheirBytes() throws {
        let type = "multipart/form-data; boundary=\"b\""
        let whole = Array(
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n2\r\n--b\r\ncontent-disposition: form-data; name=c\r\n\r\n\r\n--b--"
                .utf8
        )
        let form = try #require(MultipartForm(whole, contentType: type))
        #expect(form.fields == ["a": Array("1\r\n2".utf8), "c": []])
        #expect(MultipartForm(whole, contentType: "multipart/form-data") == nil)
        for length in 0..<(whole.count - 2) {
            #expect(MultipartForm(Array(whole.prefix(length)), contentType: type) == nil)
        }
        var random = SeededGenerator(9)
        for _ in 0..<2000 {
            var bytes = whole
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            _ = MultipartForm(bytes, contentType: type)
        }
    }
}
