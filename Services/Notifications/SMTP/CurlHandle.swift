import CCurl
import Domain
import Foundation
import Synchronization

/// One libcurl easy handle with its kept-open connection. Used on one thread at a time.
final class CurlHandle {
    private static let isInitialised = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    let pointer: UnsafeMutableRawPointer
    /// What libcurl's callbacks write to.
    let conversation: Conversation

    init(conversation: Conversation) throws(SMTPFailure) {
        guard Self.isInitialised, let pointer = curl_easy_init() else {
            throw SMTPFailure(kind: .unreachable, code: nil, reason: "libcurl could not be started")
        }
        self.pointer = pointer
        self.conversation = conversation
    }

    deinit { curl_easy_cleanup(pointer) }

    func set(_ option: CURLoption, _ value: Int) { _ = tw_curl_set_long(pointer, option, value) }

    func set(_ option: CURLoption, _ value: String?) { _ = tw_curl_set_string(pointer, option, value) }

    func set(_ option: CURLoption, _ value: Duration) {
        set(option, Int(value.components.seconds * 1000 + value.components.attoseconds / 1_000_000_000_000_000))
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        _ = tw_curl_get_long(pointer, info, &value)
        return value
    }

    /// Has what is said on both sides heard, and the transfer ended when it is cancelled.
    func observe() {
        let context = Unmanaged.passUnretained(conversation).toOpaque()
        _ = tw_curl_set_data(pointer, CURLOPT_DEBUGDATA, context)
        _ = tw_curl_set_debug(pointer) { _, kind, bytes, count, context in
            guard let bytes, let context else { return 0 }
            let line = UnsafeRawBufferPointer(start: bytes, count: count)
            let conversation = Unmanaged<Conversation>.fromOpaque(context).takeUnretainedValue()
            switch kind {
            case CURLINFO_HEADER_IN: conversation.hearServer(line)
            case CURLINFO_HEADER_OUT: conversation.hearClient(line)
            default: break
            }
            return 0
        }
        set(CURLOPT_VERBOSE, 1)
        _ = tw_curl_set_data(pointer, CURLOPT_XFERINFODATA, context)
        _ = tw_curl_set_progress(pointer) { context, _, _, _, _ in
            guard let context else { return 0 }
            return Unmanaged<Conversation>.fromOpaque(context).takeUnretainedValue().isCancelled ? 1 : 0
        }
        set(CURLOPT_NOPROGRESS, 0)
    }
}

/// How far a conversation came, what the server said, and whether the client is to stop.
final class Conversation: Sendable {
    private struct State {
        var reply = ""
        var refusal: String?
        var isAboutMail = false
        var isCancelled = false
    }

    private let state = Mutex(State())

    var lastReply: String { state.withLock(\.reply) }
    /// The last reply of 400 or more: QUIT and its answer may follow it.
    var lastRefusal: String? { state.withLock(\.refusal) }
    /// Whether the client came past the greeting, EHLO, TLS and AUTH, to MAIL.
    var isAboutMail: Bool { state.withLock(\.isAboutMail) }
    var isCancelled: Bool { state.withLock(\.isCancelled) }

    func begin() { state.withLock { $0 = State(isCancelled: $0.isCancelled) } }
    func cancel() { state.withLock { $0.isCancelled = true } }

    func hearServer(_ bytes: UnsafeRawBufferPointer) {
        let line = String(decoding: bytes.prefix(500), as: UTF8.self).withoutControls
            .trimmingCharacters(in: .whitespaces)
        state.withLock { state in
            state.reply = line
            if line.hasPrefix("4") || line.hasPrefix("5") { state.refusal = line }
        }
    }

    func hearClient(_ bytes: UnsafeRawBufferPointer) {
        if bytes.starts(with: Array("MAIL ".utf8)) { state.withLock { $0.isAboutMail = true } }
    }
}
