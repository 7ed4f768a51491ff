import ArgumentParser
import Foundation

struct Workload: ExpressibleByArgument {
    let name: String
    let applicants: Int
    let firms: Int
    let capacity: Int
    let isZipf: Bool

    static let all = [
        Workload(name: "2k-12", applicants: 2_000, firms: 12, capacity: 160, isZipf: false),
        Workload(name: "10k-uniform", applicants: 10_000, firms: 500, capacity: 20, isZipf: false),
        Workload(name: "10k-zipf", applicants: 10_000, firms: 500, capacity: 20, isZipf: true),
        Workload(name: "100k-uniform", applicants: 100_000, firms: 5_000, capacity: 20, isZipf: false),
        Workload(name: "100k-zipf", applicants: 100_000, firms: 5_000, capacity: 20, isZipf: true),
        Workload(name: "1m-uniform", applicants: 1_000_000, firms: 50_000, capacity: 20, isZipf: false),
        Workload(name: "1m-zipf", applicants: 1_000_000, firms: 50_000, capacity: 20, isZipf: true),
    ]
}

extension Workload {
    init?(argument: String) {
        guard let workload = Self.all.first(where: { $0.name == argument }) else { return nil }
        self = workload
    }
}

/// Markets in which each applicant lists ten firms, drawn evenly or after Zipf, and firms rank all who list them in an
/// order of their own.
struct MarketGenerator {
    private let workload: Workload
    private static let choices = 10

    init(_ workload: Workload) {
        self.workload = workload
    }

    func write(to path: String) throws {
        var random = SplitMix(state: 2018)
        var popularity: [Double] = []
        var sum = 0.0
        for firm in 0..<workload.firms {
            sum += workload.isZipf ? 1 / Double(firm + 1) : 1
            popularity.append(sum)
        }
        var listing = [[Int32]](repeating: [], count: workload.firms)
        try Data().write(to: URL(filePath: path))
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        var buffer = Array("{\"format\": \"tradewind-market/1\",\n\"applicants\": [\n".utf8)
        func flush(_ limit: Int) throws {
            guard buffer.count > limit else { return }
            try file.write(contentsOf: Data(buffer))
            buffer.removeAll(keepingCapacity: true)
        }
        for applicant in 0..<workload.applicants {
            var firms: [Int] = []
            while firms.count < Self.choices {
                let point = Double(random.next() >> 11) / Double(1 << 53) * sum
                let firm = popularity.partitioningIndex { $0 > point }
                if firm < workload.firms, !firms.contains(firm) { firms.append(firm) }
            }
            for firm in firms { listing[firm].append(Int32(applicant)) }
            buffer += "\(applicant == 0 ? "" : ",\n"){\"id\": \"s\(applicant)\", \"ranking\": [".utf8
            buffer += firms.map { "\"f\($0)\"" }.joined(separator: ", ").utf8
            buffer += "]}".utf8
            try flush(1 << 20)
        }
        buffer += "\n],\n\"firms\": [\n".utf8
        for firm in 0..<workload.firms {
            buffer += "\(firm == 0 ? "" : ",\n"){\"id\": \"f\(firm)\", \"capacity\": \(workload.capacity), ".utf8
            buffer += "\"ranking\": [".utf8
            buffer += listing[firm].shuffled(using: &random).map { "\"s\($0)\"" }.joined(separator: ", ").utf8
            buffer += "]}".utf8
            try flush(1 << 20)
        }
        buffer += "\n]}\n".utf8
        try flush(0)
        try file.close()
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

extension [Double] {
    /// The first index whose element satisfies `belongs`, of elements that do from some index on.
    fileprivate func partitioningIndex(where belongs: (Double) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
