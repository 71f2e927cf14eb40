import Dispatch
import Sessions

/// A clock that asks a session to stop when the time is up.
///
/// It ticks on a thread of its own, so that a training, a loop and a download all stop by the one request that
/// they look at anyway, and none of them looks at a clock.
final class TimeLimit {
  private let queue = DispatchQueue(label: "nbs.time-limit")
  private let timer: any DispatchSourceTimer
  private let request: InterruptionRequest
  private let reason: InterruptionRequest.Reason

  /// Starts the clock.
  init(seconds: Double, reason: InterruptionRequest.Reason, of request: InterruptionRequest) {
    self.request = request
    self.reason = reason
    timer = DispatchSource.makeTimerSource(queue: queue)
    // A limit of years is none, and the clock counts nanoseconds in 64 bits.
    timer.schedule(deadline: .now() + min(seconds, 1e9))
    timer.setEventHandler { request.request(reason) }
    timer.resume()
  }

  /// Stops the clock. When this returns it asks no more, and what it has asked is withdrawn.
  func stop() {
    queue.sync { timer.cancel() }
    request.withdraw(reason)
  }
}
