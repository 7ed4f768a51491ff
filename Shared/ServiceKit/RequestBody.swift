public import HTTPTypes
public import Hummingbird

extension Request {
    /// Decodes a JSON body. A fault is a 400 (not JSON), 413, 415 or 422 problem with the JSON pointer of the field.
    public func decodeJSON<Body: Decodable>(_ type: Body.Type, context: AppContext) async throws -> Body {
        fatalError("stub")
    }

    /// Decodes an HTML form. A fault is a problem as above; pointers are `/<field>`.
    public func decodeForm<Body: Decodable>(_ type: Body.Type, context: AppContext) async throws -> Body {
        fatalError("stub")
    }
}

extension Response {
    /// A JSON answer with sorted keys and ISO 8601 times.
    public static func json(_ body: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) throws
        -> Response
    {
        fatalError("stub")
    }
}
