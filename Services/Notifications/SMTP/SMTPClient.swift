import CCurl

/// Hands mails in to one server over one connection that it keeps open. One mail at a time; libcurl blocks a thread of
/// the client's own.
actor SMTPClient {
    nonisolated let endpoint: SMTPEndpoint
    nonisolated private let executor = BlockingExecutor(label: "tradewind.smtp")
    nonisolated private let conversation = Conversation()
    private var handle: CurlHandle?

    init(endpoint: SMTPEndpoint) { self.endpoint = endpoint }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Returns when the server has acknowledged the mail. If the task is cancelled, the conversation is broken off, and
    /// whether the server took the mail is not known.
    nonisolated func send(_ message: MailMessage) async throws -> SMTPAcceptance {
        try await withTaskCancellationHandler {
            try await perform(message)
        } onCancel: {
            conversation.cancel()
        }
    }

    /// Says QUIT and closes the connection.
    func close() { handle = nil }

    private func perform(_ message: MailMessage) throws(SMTPFailure) -> SMTPAcceptance {
        let handle = try openHandle()
        conversation.begin()
        let built = try CurlMessage(message, for: handle)
        let result = withExtendedLifetime(built) { curl_easy_perform(handle.pointer) }
        let code = handle.long(CURLINFO_RESPONSE_CODE)
        // The handle must not keep pointers to what is freed now.
        _ = tw_curl_set_mime(handle.pointer, nil)
        _ = tw_curl_set_list(handle.pointer, CURLOPT_HTTPHEADER, nil)
        _ = tw_curl_set_list(handle.pointer, CURLOPT_MAIL_RCPT, nil)
        if result == CURLE_OK { return SMTPAcceptance(code: code, reply: conversation.lastReply) }
        throw failure(result, code: code == 0 ? nil : code)
    }

    private func openHandle() throws(SMTPFailure) -> CurlHandle {
        if let handle { return handle }
        let handle = try CurlHandle(conversation: conversation)
        endpoint.configure(handle)
        handle.observe()
        self.handle = handle
        return handle
    }

    private func failure(_ result: CURLcode, code: Int?) -> SMTPFailure {
        SMTPFailure(
            kind: kind(result, code: code),
            code: code.flatMap { $0 >= 400 ? $0 : nil },
            reason: conversation.lastRefusal ?? String(cString: curl_easy_strerror(result))
        )
    }

    private func kind(_ result: CURLcode, code: Int?) -> SMTPFailure.Kind {
        switch result {
        case CURLE_ABORTED_BY_CALLBACK: return .cancelled
        case CURLE_SEND_ERROR, CURLE_WEIRD_SERVER_REPLY, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_OPERATION_TIMEDOUT,
            CURLE_PARTIAL_FILE, CURLE_READ_ERROR:
            // Before the server was ready for MAIL, whatever it says is not about this mail.
            guard conversation.isAboutMail else { return .unreachable }
            return switch code {
            case 421?, 454?, 530?: .unreachable
            case let code? where code >= 500: .permanent
            default: .transient
            }
        default: return .unreachable
        }
    }
}

extension SMTPEndpoint {
    fileprivate func configure(_ handle: CurlHandle) {
        handle.set(CURLOPT_URL, url)
        handle.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        handle.set(CURLOPT_UPLOAD, 1)
        handle.set(CURLOPT_NOSIGNAL, 1)
        handle.set(CURLOPT_TCP_KEEPALIVE, 1)
        handle.set(CURLOPT_CONNECTTIMEOUT_MS, connectTimeout)
        handle.set(CURLOPT_TIMEOUT_MS, timeout)
        // Servers close what idles for minutes.
        handle.set(CURLOPT_MAXAGE_CONN, 60)
        if let user {
            handle.set(CURLOPT_USERNAME, user)
            handle.set(CURLOPT_PASSWORD, password ?? "")
        }
        if let authorities { handle.set(CURLOPT_CAINFO, authorities) }
        let level: curl_usessl =
            switch tls {
            case .off: CURLUSESSL_NONE
            case .opportunistic: CURLUSESSL_TRY
            case .required: CURLUSESSL_ALL
            }
        handle.set(CURLOPT_USE_SSL, Int(level.rawValue))
        handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        let isChecked = tls == .required || authorities != nil
        handle.set(CURLOPT_SSL_VERIFYPEER, isChecked ? 1 : 0)
        handle.set(CURLOPT_SSL_VERIFYHOST, isChecked ? 2 : 0)
    }
}
