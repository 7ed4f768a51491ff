import CCurl
import Domain

/// A mail as libcurl's MIME builder and header lists hold it, for as long as it is sent.
final class CurlMessage {
    private let mime: OpaquePointer
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var recipients: UnsafeMutablePointer<curl_slist>?

    init(_ message: MailMessage, for handle: CurlHandle) throws(SMTPFailure) {
        guard let mime = curl_mime_init(handle.pointer) else { throw Self.failure }
        self.mime = mime
        for part in message.parts {
            guard let built = curl_mime_addpart(mime),
                curl_mime_data(built, part.text, part.text.utf8.count) == CURLE_OK,
                curl_mime_type(built, part.type) == CURLE_OK,
                curl_mime_encoder(built, part.encoding) == CURLE_OK
            else { throw Self.failure }
        }
        for header in message.headers { headers = curl_slist_append(headers, header.line) }
        recipients = curl_slist_append(nil, message.recipient.address.description)
        handle.set(CURLOPT_MAIL_FROM, message.sender.address.description)
        _ = tw_curl_set_list(handle.pointer, CURLOPT_MAIL_RCPT, recipients)
        _ = tw_curl_set_list(handle.pointer, CURLOPT_HTTPHEADER, headers)
        guard tw_curl_set_mime(handle.pointer, mime) == CURLE_OK else { throw Self.failure }
    }

    deinit {
        curl_mime_free(mime)
        curl_slist_free_all(headers)
        curl_slist_free_all(recipients)
    }

    private static var failure: SMTPFailure {
        SMTPFailure(kind: .transient, code: nil, reason: "libcurl could not compose the message")
    }
}
