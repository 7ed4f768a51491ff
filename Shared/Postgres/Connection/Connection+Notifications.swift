/// LISTEN's side of a connection.
extension Connection {
    /// Begins with one empty notification for each channel; from then on whoever waits is woken now and then, to look
    /// whether the server is still there.
    func startListening(_ channels: [String], heartbeat: Duration) {
        for channel in channels { notifications.append(Notification(channel: channel, payload: "")) }
        beat(every: heartbeat)
    }

    /// The next notification; `nil` on a heartbeat, if the connection is lost or the task is cancelled.
    func nextNotification() async -> Notification? {
        if let first = notifications.popFirst() { return first }
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                if notifications.isWaitPointless {
                    continuation.resume()
                } else {
                    notifications.wait(continuation)
                }
            }
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.notifications.wake() } }
        }
        return notifications.popFirst()
    }

    private func beat(every interval: Duration) {
        loop.schedule(at: .now + interval) { [weak self] in
            self?.assumeIsolated { connection in
                guard connection.isOpen else { return }
                connection.notifications.wake()
                connection.beat(every: interval)
            }
        }
    }
}
