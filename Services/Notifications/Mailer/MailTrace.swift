import Tracing

/// Carries the trace of the message that asked for a mail into the SMTP conversation and the mail's `X-Traceparent`.
enum MailTrace {
    static func send<Result>(
        _ mail: OutgoingMail,
        _ body: (_ traceparent: String?) async throws -> Result
    ) async throws -> Result {
        var context = ServiceContext.topLevel
        let carrier = mail.traceparent.map { ["traceparent": $0] } ?? [:]
        InstrumentationSystem.instrument.extract(carrier, into: &context, using: DictionaryExtractor())
        return try await withSpan("send mail", context: context, ofKind: .client) { span in
            span.attributes["mail.kind"] = mail.content.kind.rawValue
            var headers: [String: String] = [:]
            InstrumentationSystem.instrument.inject(span.context, into: &headers, using: DictionaryInjector())
            return try await body(headers["traceparent"] ?? mail.traceparent)
        }
    }
}

private struct DictionaryExtractor: Extractor {
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
}

private struct DictionaryInjector: Injector {
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
}
