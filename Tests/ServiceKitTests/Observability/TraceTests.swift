import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import TestKit
import Testing
import Tracing
import Web

@testable import Observability

@Suite("W3C Trace Context")
struct TraceTests {
    static let given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test(
        "a good traceparent is read",
        arguments: [
            given, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        ]
    )
    func read(text: String) throws {
        let context = try #require(TraceContext(traceparent: text))
        #expect(context.traceID == "0af7651916cd43dd8448eb211c80319c" && context.spanID == "b7ad6b7169203331")
        #expect(context.isSampled == text.contains("-01"))
        if text.hasPrefix("00") { #expect(context.traceparent == text) }
    }

    @Test(
        "a bad one is not",
        arguments: [
            "", "00", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
        ]
    )
    func refused(text: String) {
        #expect(TraceContext(traceparent: text) == nil)
    }

    @Test("a request continues the caller's trace, and what it calls continues the request's")
    func requests() async throws {
        let log = RecordedLog()
        let outgoing = Box<String>()
        try await withEdge(logger: log.logger) { router in
            router.get("/a/:id") { _, context in
                context.logger.info("working")
                withSpan("inner") { span in
                    var carrier: [String: String] = [:]
                    InstrumentationSystem.instrument.inject(span.context, into: &carrier, using: DictionaryInjector())
                    outgoing.set(carrier["traceparent"] ?? "")
                }
                return "ok"
            }
        } _: { client in
            let answer = try await client.send(.get, "/a/1", headers: [.traceparent: Self.given])
            let own = try #require(TraceContext(traceparent: answer.headers[.traceparent] ?? ""))
            let inner = try #require(TraceContext(traceparent: outgoing.value ?? ""))
            #expect(own.traceID == "0af7651916cd43dd8448eb211c80319c" && inner.traceID == own.traceID)
            #expect(Set([own.spanID, inner.spanID, "b7ad6b7169203331"]).count == 3)
            let line = try #require(log.all.first { $0.contains("working") })
            #expect(line.contains("trace_id=\(own.traceID)") && line.contains("span_id=\(own.spanID)"))
            let fresh = try await client.send(.get, "/a/1", headers: [.traceparent: "nonsense"])
            let new = try #require(TraceContext(traceparent: fresh.headers[.traceparent] ?? ""))
            #expect(new.traceID != own.traceID)
        }
    }

    @Test("the access log and the metrics know routes, never paths, queries or headers")
    func accessLog() async throws {
        let log = RecordedLog()
        try await withEdge(logger: log.logger) { router in
            router.get("/tiny/l/:link") { _, _ in "ok" }
        } _: { client in
            _ = try await client.send(.get, "/tiny/l/SECRETLINK?email=a@b.example", token: "tw_SECRETTOKEN")
            _ = try await client.send(.get, "/not/a/SECRETPATH")
            _ = try await client.send(HTTPRequest.Method("BREW") ?? .get, "/tiny/l/x")
        }
        let lines = log.all
        #expect(
            lines.contains {
                $0.contains("method=GET") && $0.contains("route=/tiny/l/{link}") && $0.contains("status=200")
            }
        )
        #expect(lines.contains { $0.contains("method=other") && $0.contains("status=405") })
        #expect(!lines.contains { $0.contains("SECRET") || $0.contains("example") })
        let metrics = Observability.metrics.text()
        #expect(
            metrics.contains(
                #"http_server_request_duration_seconds_count{method="GET",route="/tiny/l/{link}",status="200"}"#
            )
        )
        #expect(!metrics.contains("SECRET"))
    }

    @Test("a line of log is one line, as text or JSON")
    func lines() throws {
        let event = LogEvent(
            level: .info,
            message: "two\nlines",
            metadata: ["a": "x y", "b": "\"q\"", "c": "plain"],
            source: "test",
            file: "",
            function: "",
            line: 1
        )
        let provider = Logger.MetadataProvider { ["trace_id": "abc"] }
        let time = Date(timeIntervalSince1970: 0)
        let text = LineLogHandler(label: "tiny", level: .info, format: .text, metadataProvider: provider)
        #expect(
            text.line(event, at: time)
                == #"1970-01-01T00:00:00.000Z INFO tiny: two\nlines a="x y" b="\"q\"" c=plain trace_id=abc"#
        )
        let json = LineLogHandler(label: "tiny", level: .info, format: .json, metadataProvider: provider)
        #expect(
            json.line(event, at: time) == #"{"a":"x y","b":"\"q\"","c":"plain","level":"info","logger":"tiny","#
                + #""message":"two\nlines","time":"1970-01-01T00:00:00.000Z","trace_id":"abc"}"#
        )
    }
}
