extension Database {
    /// Connections that exist, those of them that nobody uses, and callers who wait for one.
    public var poolCounts: (open: Int, idle: Int, waiting: Int) {
        let counts = pool.counts
        return (counts.places, counts.idle, counts.waiting)
    }
}
