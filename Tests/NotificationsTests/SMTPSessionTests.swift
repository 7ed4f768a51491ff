import Testing

@testable import MailCatcher

@Suite struct SMTPSessionTests {
    /// Feeds `text` in pieces of `size` bytes and gathers what is done.
    private func run(
        _ text: String,
        size: Int = .max,
        options: MailCatcher.Options = .init(),
        faults: [Fault] = []
    ) -> [SMTPSession.Action] {
        let all = Faults()
        for fault in faults { all.add(fault) }
        var session = SMTPSession(options: options, faults: all, isSecure: false)
        var actions = session.greet()
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            session.receive(bytes.prefix(size))
            bytes = bytes.dropFirst(size)
            while let step = session.step() { actions += step }
        }
        return actions
    }

    private func codes(_ actions: [SMTPSession.Action]) -> [String] {
        actions.compactMap { if case .reply(let text) = $0 { String(text.prefix(3)) } else { nil } }
    }

    private func messages(_ actions: [SMTPSession.Action]) -> [String] {
        actions.compactMap { if case .keep(_, let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil } }
    }

    static let conversation = """
        EHLO client.example\r
        MAIL FROM:<a@b.example> SIZE=100 BODY=8BITMIME\r
        RCPT TO:<c@d.example>\r
        RCPT TO:<e@f.example>\r
        DATA\r
        Subject: x\r
        \r
        ..dot\r
        .\r
        QUIT\r

        """

    @Test(arguments: [1, 2, 7, 1000])
    func aPipelinedConversationIsReadInAnyPieces(_ size: Int) {
        let actions = run(Self.conversation, size: size)
        #expect(codes(actions) == ["220", "250", "250", "250", "250", "354", "250", "221"])
        #expect(messages(actions) == ["Subject: x\r\n\r\n.dot\r\n"])
        #expect(actions.last == .close)
    }

    @Test func onlyADotBetweenCRLFsEndsAMessage() {
        let start = "EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"
        let actions = run(start + "x\n.\nMAIL FROM:<evil@b.example>\r\n.\n\r\n.\r\nNOOP\r\n")
        #expect(messages(actions) == ["x\n.\nMAIL FROM:<evil@b.example>\r\n\n\r\n"])
        #expect(codes(actions).suffix(2) == ["250", "250"])
    }

    @Test(
        arguments: [
            ("MAIL FROM:<a@b.example>", "503"), ("EHLO", "501"), ("EHLO c\r\nDATA", "503"), ("FOO", "500"),
            ("EHLO c\r\nRCPT TO:<a@b.example>", "503"), ("EHLO c\r\nMAIL FROM:a@b.example", "501"),
            ("EHLO c\r\nMAIL FROM:<a@b@c>", "501"), ("EHLO c\r\nMAIL FROM:<é@b.example>", "553"),
            ("EHLO c\r\nMAIL FROM:<é@b.example> SMTPUTF8", "250"), ("EHLO c\r\nMAIL FROM:<> SIZE=99999999999", "552"),
            ("EHLO c\r\nMAIL FROM:<>\r\nMAIL FROM:<>", "503"),
            ("EHLO c\r\nMAIL FROM:<>\r\nRSET\r\nMAIL FROM:<>", "250"),
            ("EHLO c\r\nMAIL FROM:<>\r\nDATA", "503"), ("STARTTLS", "503"), ("EHLO c\r\nAUTH PLAIN", "503"),
            ("HELO c\r\nNOOP", "250"),
        ]
    )
    func commandsAreCheckedInTheirOrder(_ text: String, _ code: String) {
        #expect(codes(run(text + "\r\n")).last == code)
    }

    @Test func aMessageBeyondTheLimitIsReadAndRefused() {
        var options = MailCatcher.Options()
        options.maximumMessageSize = 64
        let start = "EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"
        let actions = run(start + String(repeating: "0123456789\r\n", count: 9) + ".\r\nNOOP\r\n", options: options)
        #expect(messages(actions).isEmpty)
        #expect(codes(actions).suffix(2) == ["552", "250"])
        #expect(codes(run(String(repeating: "x", count: 5000))).last == "500")
    }

    private var guarded: MailCatcher.Options {
        var options = MailCatcher.Options()
        options.credentials = .init(user: "mailer", password: "geheim")
        return options
    }

    @Test(
        arguments: [
            ("AUTH PLAIN AG1haWxlcgBnZWhlaW0=", "235"), ("AUTH PLAIN\r\nAG1haWxlcgBnZWhlaW0=", "235"),
            ("AUTH LOGIN\r\nbWFpbGVy\r\nZ2VoZWlt", "235"), ("AUTH LOGIN bWFpbGVy\r\nZ2VoZWlt", "235"),
            ("AUTH PLAIN AG1haWxlcgBmYWxzY2g=", "535"), ("AUTH PLAIN\r\n*", "501"), ("AUTH PLAIN %%%", "501"),
            ("AUTH CRAM-MD5", "504"), ("MAIL FROM:<>", "530"),
        ]
    )
    func whoSignsInHasToKnowThePassword(_ text: String, _ code: String) {
        #expect(codes(run("EHLO c\r\n" + text + "\r\n", options: guarded)).last == code)
    }

    @Test func nothingSentAheadOfTLSIsReadAfterIt() {
        var options = guarded
        options.security = .startTLS(isRequired: true)
        let actions = run("EHLO c\r\nMAIL FROM:<>\r\nAUTH PLAIN\r\nSTARTTLS\r\nMAIL FROM:<>\r\n", options: options)
        #expect(codes(actions) == ["220", "250", "530", "538", "220"])
        #expect(actions.last == .startTLS)
    }

    @Test func faultsHappenAsOftenAsTheySay() {
        let mail = "MAIL FROM:<>\r\nRSET\r\n"
        let fault = Fault(.mail, .reply(451, "4.7.1 Later"), times: 2)
        let actions = run("EHLO c\r\n" + mail + mail + mail, faults: [fault])
        #expect(codes(actions) == ["220", "250", "451", "250", "451", "250", "250", "250"])
    }

    @Test func aFaultMayConcernOneRecipient() {
        let fault = Fault(.recipient, .reply(550, "5.1.1 No such user"), recipient: "x@d.example")
        let actions = run(
            "EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<x@d.example>\r\nRCPT TO:<y@d.example>\r\n",
            faults: [fault]
        )
        #expect(codes(actions).suffix(2) == ["550", "250"])
    }
}
