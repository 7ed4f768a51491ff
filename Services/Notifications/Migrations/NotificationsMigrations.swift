import Postgres

enum NotificationsMigrations {
    static let all = [createOutgoing]
}
