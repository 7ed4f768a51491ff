import Foundation

/// Counts who uses the private server: each holds a shared lock on one file, which ends with its process however that
/// ends. Whoever can make its lock exclusive is alone, and may start or stop the server.
struct UserLock: Sendable {
    private let descriptor: Int32

    init(path: String) throws(PrivatePostgresError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw PrivatePostgresError(
                errno == ENOSPC ? .diskFull : .permission,
                "The file \(path) can't be opened: \(String(cString: strerror(errno))).",
                hint: "Mend its permissions, or name another directory with --data."
            )
        }
    }

    /// Whether nobody else holds the lock; then we hold it alone.
    func tryExclusive() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    /// Whether nobody holds it alone; then we hold it with others.
    func tryShared() -> Bool { flock(descriptor, LOCK_SH | LOCK_NB) == 0 }

    func close() { _ = Foundation.close(descriptor) }
}
