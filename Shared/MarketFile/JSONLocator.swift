extension JSONScanner {
    /// Where the value that a JSON pointer names begins, or the nearest one around it.
    static func offset(of pointer: String, in bytes: FileBytes) -> Int {
        var scanner = JSONScanner(bytes)
        var path = pointer.split(separator: "/").map(String.init)[...]
        return (try? scanner.find(&path)) ?? 0
    }

    private mutating func find(_ path: inout ArraySlice<String>) throws(FileFault) -> Int {
        let mark = peek()
        let begin = offset
        guard let step = path.first, mark == UInt8(ascii: "{") || mark == UInt8(ascii: "[") else {
            try skipValue()
            return begin
        }
        var found: Int?
        var index = 0
        if mark == UInt8(ascii: "{") {
            try object { (scanner, key) throws(FileFault) in
                if key == step {
                    path.removeFirst()
                    found = try scanner.find(&path)
                } else {
                    try scanner.skipValue()
                }
            }
        } else {
            try array { (scanner) throws(FileFault) in
                if found == nil, index == Int(step) {
                    path.removeFirst()
                    found = try scanner.find(&path)
                } else {
                    try scanner.skipValue()
                }
                index += 1
            }
        }
        return found ?? begin
    }
}
