import Foundation

/// Ends the process. (In a command, `exit` is ArgumentParser's own.)
func endProcess(_ status: Int32) -> Never {
    exit(status)
}
