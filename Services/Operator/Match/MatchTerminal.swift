import Foundation
import MatchingEngine
import Synchronization

/// Tells on a terminal how far a run is, in one line that goes away again. Small files are done before it would show.
final class MatchTerminal: Sendable {
    private let isShown = Mutex(false)

    /// `nil` if the standard error is no terminal.
    static var progress: MatchingProgress? {
        guard isatty(FileHandle.standardError.fileDescriptor) == 1 else { return nil }
        let terminal = MatchTerminal()
        return { terminal.show($0) }
    }

    private func show(_ stage: MatchingStage) {
        let text =
            switch stage {
            case .reading(let bytes, let total): "reading: \(bytes >> 20) of \(total >> 20) MB"
            case .ranking: "ranking"
            case .solving: "matching"
            case .checking: "checking"
            case .writing: ""
            }
        isShown.withLock { isShown in
            if case .reading = stage { isShown = true }
            guard isShown else { return }
            // Back to the beginning of the line, the text, and the rest of the line cleared.
            try? FileHandle.standardError.write(contentsOf: Data("\r\(text)\u{1B}[K".utf8))
        }
    }
}
