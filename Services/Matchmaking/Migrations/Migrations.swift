import Postgres

/// The history of the schema `matchmaking`, in order.
enum Migrations {
    static let all: [Migration] = [cohorts, rankings, rounds, offers, rules, staff]
}
