import Testing

@testable import Postgres

@Suite struct StatementCacheTests {
    @Test func theSameTextIsPreparedOnce() {
        var cache = StatementCache(capacity: 2)
        #expect(cache.find("SELECT \(1)") == .new(name: "s1"))
        #expect(cache.find("SELECT \(2)") == .known(name: "s1"))
        #expect(cache.cleanUp().isEmpty)
    }

    @Test func otherTypesAreAnotherStatement() {
        var cache = StatementCache(capacity: 2)
        _ = cache.find("SELECT \(1)")
        #expect(cache.find("SELECT \("x")") == .new(name: "s2"))
        #expect(cache.cleanUp() == ["DEALLOCATE s1"])
        #expect(cache.cleanUp().isEmpty)
        #expect(cache.find("SELECT \("y")") == .known(name: "s2"))
    }

    @Test func theOneUsedLongestAgoIsEvicted() {
        var cache = StatementCache(capacity: 2)
        _ = cache.find("SELECT 1")
        _ = cache.find("SELECT 2")
        _ = cache.find("SELECT 1")
        #expect(cache.find("SELECT 3") == .new(name: "s3"))
        #expect(cache.count == 2)
        #expect(cache.cleanUp() == ["DEALLOCATE s2"])
        #expect(cache.find("SELECT 1") == .known(name: "s1"))
    }

    @Test func whatTheServerRefusedIsForgotten() {
        var cache = StatementCache(capacity: 2)
        _ = cache.find("SELECT nonsense")
        cache.forget(name: "s1")
        #expect(cache.find("SELECT nonsense") == .new(name: "s2"))
        #expect(cache.cleanUp().isEmpty)
    }

    @Test func aStaleCacheBeginsAgain() {
        var cache = StatementCache(capacity: 2)
        _ = cache.find("SELECT 1")
        cache.markStale()
        #expect(cache.cleanUp() == ["DEALLOCATE ALL"])
        #expect(cache.find("SELECT 1") == .new(name: "s2"))
    }

    @Test func withoutCapacityNothingIsNamed() {
        var cache = StatementCache(capacity: 0)
        #expect(cache.find("SELECT 1") == .unnamed)
    }
}
