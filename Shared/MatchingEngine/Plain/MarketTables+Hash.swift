internal import Crypto

extension MarketTables {
    /// SHA-256 of the tables, numbers as four bytes with the lowest first. Since ids and ties are in canonical order, it
    /// does not depend on the order in which the market was written.
    var canonicalHash: String {
        var hash = SHA256()
        hash.update(data: Array("tradewind-market/1 tables\n\(applicants.count) \(firms.count)\n".utf8))
        for ids in [applicants, firms] {
            HotLoops.update(&hash, with: ids.offsets)
            hash.update(data: ids.bytes)
        }
        HotLoops.update(&hash, with: capacity)
        for lists in [choices, rankings] {
            HotLoops.update(&hash, with: lists.start)
            HotLoops.update(&hash, with: lists.entries)
        }
        for (index, categories) in categories.enumerated() where !categories.isEmpty {
            var line = "\(index)"
            for category in Array(Set(categories)).canonicallySorted { line += " \(category.utf8.count):\(category)" }
            hash.update(data: Array("\(line)\n".utf8))
        }
        return hexadecimal(hash.finalize())
    }
}
