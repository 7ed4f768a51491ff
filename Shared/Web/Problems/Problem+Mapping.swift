import Access
import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import Postgres

extension Problem {
    /// The problem that an error of any kind is told as. Nothing of an unexpected error shows.
    package init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as InvalidValue: self = .invalid(.init("", error.reason))
        case is InvalidLink: self = .notFound("page")
        case is UnknownTenant: self = .notFound("tenant")
        case let error as PostgresError: self.init(error)
        case is CancellationError: self = .unavailable("The request was given up.")
        case is NIOTooManyBytesError: self = .tooLarge(limit: BodyLimit.standard)
        case let error as HTTPError: self.init(error.status, detail: error.body, headers: error.headers)
        case let error as any HTTPResponseError: self.init(error.status, detail: nil, headers: [:])
        default: self = .unexpected
        }
    }

    static let unexpected = Problem(
        .internalServerError,
        type: "unexpected",
        title: "Something went wrong on our side",
        detail: "It has been recorded. Try again later."
    )

    static func tooLarge(limit: Int) -> Problem {
        Problem(
            .contentTooLarge,
            type: "too-large",
            title: "The request is too large",
            detail: "At most \(limit) bytes are read here."
        )
    }

    package static func unavailable(_ detail: String) -> Problem {
        Problem(
            .serviceUnavailable,
            type: "unavailable",
            title: "The service can't answer right now",
            detail: detail,
            headers: [.retryAfter: "2"]
        )
    }

    private init(_ error: PostgresError) {
        switch error.code {
        case .poolTimeout, .connectionFailed, .connectionLost, .deadlineExceeded, .shutDown, .commitUnknown:
            self = .unavailable("The database did not answer in time.")
        case .server("40001"), .server("40P01"), .server("55P03"):
            self = .unavailable("Others changed the same things at the same time.")
        // Too many connections or too little memory or disk; being shut down or not up yet; cancelled; read-only.
        case .server(let state) where state.hasPrefix("53") || state.hasPrefix("57") || state == "25006":
            self = .unavailable("The database can't take it on right now.")
        case .server("22021"), .server("22P05"):
            self = .invalid(.init("", "must not hold the character U+0000"))
        default: self = .unexpected
        }
    }

    /// A problem of the framework, by its status.
    private init(_ status: HTTPResponse.Status, detail: String?, headers: HTTPFields) {
        if status.code >= 500 {
            self = .unexpected
            self.status = status
        } else if status == .notFound {
            self = .notFound("page")
        } else if status == .contentTooLarge {
            self = .tooLarge(limit: BodyLimit.standard)
        } else {
            self.init(status, type: "http-\(status.code)", title: status.reasonPhrase, detail: detail, headers: headers)
        }
    }
}
