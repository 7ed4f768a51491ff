import Foundation
import Testing

@testable import Postgres

@Suite(.serialized) struct ValueTests {
    private func echo<Value: PostgresEncodable & PostgresDecodable>(_ value: Value) async throws -> Value {
        try await withDatabase { try await $0.value(Value.self, "SELECT \(value)") }
    }

    @Test func numbersAndTruthComeBackAsTheyWent() async throws {
        try await #expect(echo([true, false]) == [true, false])
        try await #expect(echo([Int16.min, -1, 0, .max]) == [.min, -1, 0, .max])
        try await #expect(echo([Int32.min, -1, 0, .max]) == [.min, -1, 0, .max])
        try await #expect(echo([Int64.min, -1, 0, .max]) == [.min, -1, 0, .max])
        try await #expect(echo([Int.min, -1, 0, .max]) == [.min, -1, 0, .max])
        try await #expect(
            echo([0.1, -.infinity, .greatestFiniteMagnitude]) == [0.1, -.infinity, .greatestFiniteMagnitude]
        )
        try await #expect(echo(Double.nan).isNaN)
        try await #expect(echo(true))
        try await #expect(echo(-7) == -7)
    }

    @Test(arguments: ["", "高雄市", "Nguyễn Thị Hồng", "สวัสดี", "👩‍👩‍👧‍👦 e\u{301}", "a\"b'c\\d$1\n\t"])
    func textComesBackAsItWent(text: String) async throws {
        try await #expect(echo(text) == text)
        try await #expect(echo([text, text]) == [text, text])
    }

    @Test func uuidsDatesAndBytesComeBackAsTheyWent() async throws {
        let ids = [UUID(), UUID()]
        try await #expect(echo(ids) == ids)
        try await #expect(echo(ids[0]) == ids[0])
        let bytes: [UInt8] = Array(0...255)
        try await #expect(echo(bytes) == bytes)
        try await #expect(echo([bytes, []]) == [bytes, []])
        let dates = [0, -1_000_000.25, 820_454_400.123456, 3e9].map { Date(timeIntervalSinceReferenceDate: $0) }
        for (sent, received) in zip(dates, try await echo(dates)) {
            #expect(abs(sent.timeIntervalSince(received)) < 0.000_001)
        }
        try await #expect(echo([Date.distantPast, .distantFuture]) == [.distantPast, .distantFuture])
    }

    @Test func aDateIsTheMomentThatTheServerMeans() async throws {
        try await withDatabase { database in
            let date = Date(timeIntervalSince1970: 1_546_300_800.5)
            let text = try await database.value(
                String.self,
                "SELECT to_char(\(date) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
            )
            #expect(text == "2019-01-01 00:00:00.500000")
            let bounds = try await database.query("SELECT 'infinity'::timestamptz, '-infinity'::timestamptz")
            let (latest, earliest) = try #require(bounds.first).decode(Date.self, Date.self)
            #expect([latest, earliest] == [.distantFuture, .distantPast])
        }
    }

    @Test func jsonComesBackAsItWent() async throws {
        struct Note: Codable, Equatable {
            var text = "héllo \"world\""
            var when = Date(timeIntervalSince1970: 1_700_000_000.123456)
            var missing: Int?
        }
        let note = Note()
        let back = try await echo(JSON(note)).value
        #expect(back.text == note.text)
        #expect(abs(back.when.timeIntervalSince(note.when)) < 0.000_001)
        try await #expect(echo([JSON([1, 2]), JSON([])]).map(\.value) == [[1, 2], []])
        try await withDatabase { database in
            let when = try await database.value(String.self, "SELECT \(JSON(note)) ->> 'when'")
            #expect(when == "2023-11-14T22:13:20.123456Z")
            let old = Date(timeIntervalSince1970: -0.25)
            let text = try await database.value(String.self, "SELECT \(JSON([old])) ->> 0")
            #expect(text == "1969-12-31T23:59:59.750000Z")
            let wholeSeconds = try await database.value(JSON<[Date]>.self, #"SELECT '["2026-05-01T09:30:00Z"]'::json"#)
            #expect(wholeSeconds.value == [Date(timeIntervalSince1970: 1_777_627_800)])
            let error = await #expect(throws: PostgresError.self) {
                try await database.query("SELECT \(JSON([Double.nan]))")
            }
            #expect(error?.sqlState == "22P02")
        }
    }

    @Test func arraysWithNullsAndEmptyOnes() async throws {
        try await #expect(echo([1, nil, 3] as [Int?]) == [1, nil, 3])
        try await #expect(echo(["", nil] as [String?]) == ["", nil])
        try await #expect(echo([] as [Int]) == [])
        try await withDatabase { database in
            let rows = try await database.query(
                "SELECT number FROM generate_series(1, 9) AS number WHERE number = ANY(\([2, 3, 11]))"
            )
            let found = try rows.map { try $0.decode(Int.self) }
            #expect(found == [2, 3])
            await #expect(throws: PostgresError.self) {
                try await database.value([Int].self, "SELECT '{1,NULL}'::int[]")
            }
            await #expect(throws: PostgresError.self) {
                try await database.value([Int].self, "SELECT '{{1},{2}}'::int[]")
            }
        }
    }

    @Test func narrowerNumbersAndOtherTextsAreReadToo() async throws {
        try await withDatabase { database in
            let row = try #require(
                try await database.query(
                    """
                    SELECT 1::int2, 2::int4, 3::int8, 4::oid, 5::float4, 'a'::varchar, 'b'::char(3), 'c'::name,
                           '{"d":1}'::json, pg_current_xact_id()::text
                    """
                ).first
            )
            let values = try row.decode(
                Int.self,
                Int64.self,
                Int16.self,
                Int.self,
                Double.self,
                String.self,
                String.self,
                String.self,
                String.self,
                String.self
            )
            #expect((values.0, values.1, values.2, values.3, values.4) == (1, 2, 3, 4, 5))
            #expect([values.5, values.6, values.7, values.8] == ["a", "b  ", "c", #"{"d":1}"#])
            #expect(Int(values.9) != nil)
            let mood = try await database.transaction { tx in
                tx.enqueue("CREATE TYPE pg_temp.mood AS ENUM ('glad')")
                return try await tx.value(String.self, "SELECT 'glad'::pg_temp.mood")
            }
            #expect(mood == "glad")
        }
    }

    @Test func whatDoesNotFitIsRefusedWithTheColumnsName() async throws {
        try await withDatabase { database in
            let row = try #require(
                try await database.query("SELECT 'x' AS name, NULL::int AS age, 70000 AS big").first
            )
            for (attempt, word) in [
                ({ _ = try row.decode(Int.self, column: "name") }, "name"),
                ({ _ = try row.decode(Int.self, column: "age") }, "age"),
                ({ _ = try row.decode(Int16.self, column: "big") }, "big"),
                ({ _ = try row.decode(Bool.self, column: "height") }, "height"),
                ({ _ = try row.decode(String.self, Int?.self) }, "3 columns"),
                ({ _ = try row.decode(String.self, UUID?.self, String.self) }, "big"),
            ] as [(() throws -> Void, String)] {
                let error = #expect(throws: PostgresError.self, performing: attempt)
                #expect(error?.code == .decoding)
                #expect(error?.message.contains(word) == true)
            }
            try #expect(row.decode(Int?.self, column: "age") == nil)
            try #expect(row.decode(Int.self, column: "big") == 70000)
        }
    }

    @Test func tenMegabytesGoBothWays() async throws {
        var bytes: [UInt8] = Array(0..<250)
        while bytes.count < 10_000_000 { bytes += bytes.prefix(10_000_000 - bytes.count) }
        let sent = bytes
        try await withDatabase { database in
            let rows = try await database.query("SELECT \(sent), length(\(sent)), repeat('é', 1000000)")
            let (back, length, text) = try #require(rows.first).decode([UInt8].self, Int.self, String.self)
            #expect(back == sent)
            #expect(length == 10_000_000)
            #expect(text.utf8.count == 2_000_000)
        }
    }

    @Test func manyRows() async throws {
        try await withDatabase { database in
            let rows = try await database.query("SELECT n, n::text FROM generate_series(1, \(100_000)) AS n")
            #expect(rows.count == 100_000)
            try #expect(rows[99_999].decode(Int.self, String.self) == (100_000, "100000"))
        }
    }

    @Test func tooManyBindsAreRefusedWithoutHarm() async throws {
        try await withDatabase { database in
            var sql: SQL = "SELECT 1"
            sql.binds = Array(repeating: SQL.Bind(1), count: 65_536)
            let refused = sql
            let error = await #expect(throws: PostgresError.self) { try await database.query(refused) }
            #expect(error?.sqlState == "54023")
            #expect(database.pool.counts.idle == 1)
        }
    }
}
