public import Foundation

/// The account that the private server runs as. PostgreSQL refuses to run as root, so root lends it `postgres`.
public struct ServerAccount: Sendable, Hashable {
    public let userID: uid_t
    public let groupID: gid_t
    /// The user to drop to; `nil` where the server runs as whoever runs us.
    let dropsTo: String?

    public static func current() throws(PrivatePostgresError) -> ServerAccount {
        guard geteuid() == 0 else { return ServerAccount(userID: geteuid(), groupID: getegid(), dropsTo: nil) }
        guard let entry = getpwnam("postgres") else {
            throw PrivatePostgresError(
                .noServerAccount,
                "PostgreSQL refuses to run as root, and there is no user postgres to run it as.",
                hint: "Install the package postgresql, run as another user, or set DATABASE_URL."
            )
        }
        return ServerAccount(userID: entry.pointee.pw_uid, groupID: entry.pointee.pw_gid, dropsTo: "postgres")
    }

    /// The command line that runs `arguments` as this account, without our environment where the account is another.
    func command(_ arguments: [String]) -> [String] {
        guard let dropsTo else { return arguments }
        return ["setpriv", "--reuid", dropsTo, "--regid", String(groupID), "--init-groups", "--reset-env"] + arguments
    }

    /// Makes a directory that belongs to this account and that nobody else may enter.
    func makeDirectory(_ path: String) throws(PrivatePostgresError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            if dropsTo != nil, chown(path, userID, groupID) != 0 {
                throw CocoaError(.fileWriteNoPermission)
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        } catch {
            throw Self.refused(path, error)
        }
    }

    private static func refused(_ path: String, _ error: any Error) -> PrivatePostgresError {
        if (error as? CocoaError)?.code == .fileWriteOutOfSpace {
            return PrivatePostgresError(
                .diskFull,
                "The disk is full at \(path).",
                hint: "Make room, or name another --data."
            )
        }
        return PrivatePostgresError(
            .permission,
            "The directory \(path) can't be made or taken over.",
            hint: "Mend its permissions, or name another directory with --data."
        )
    }

    /// The first of the directories that lead to `path` which this account may not pass, if there is one.
    func firstBarrier(on path: String) -> String? {
        guard dropsTo != nil else { return nil }
        var prefix = ""
        for part in path.split(separator: "/").dropLast() {
            prefix += "/" + part
            var status = stat()
            guard stat(prefix, &status) == 0 else { return nil }
            let mode = Int(status.st_mode)
            let bit = status.st_uid == userID ? 0o100 : status.st_gid == groupID ? 0o010 : 0o001
            if mode & bit == 0 { return prefix }
        }
        return nil
    }
}
