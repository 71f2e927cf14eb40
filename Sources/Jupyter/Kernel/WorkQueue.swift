import Dispatch
import Foundation
import JSON
import REPL
import Synchronization

/// The requests that wait for the session, and what other requests can be answered from while it works.
final class WorkQueue: Sendable {
  /// What the session is to do.
  enum Work: Sendable {
    case execute(Message)
    case inspect(Message)
    /// End.
    ///
    /// - Parameter isKept: whether the sessions wait for the next prompt.
    case end(isKept: Bool)
  }

  private struct State {
    var work: [Work] = []
    var vocabulary: PromptVocabulary
    var history = History()
    var isEnding = false
    /// Until when, and up to which time of sending, requests are given up behind a cell that failed.
    var failure: (isRecentUntil: ContinuousClock.Instant, date: Date)?
  }

  private let state: Mutex<State>
  private let arrivals = DispatchSemaphore(value: 0)

  /// Requests that come so soon behind a failure may have been under way then.
  private static let patience = Duration.milliseconds(100)
  private static let moment = DispatchTimeInterval.milliseconds(50)

  init(_ vocabulary: PromptVocabulary) { state = Mutex(State(vocabulary: vocabulary)) }

  /// Takes a request in.
  ///
  /// - Returns: false where it is to be given up, since it was sent before a cell that it stands behind failed.
  func add(_ request: Message) -> Bool {
    let isTaken = state.withLock { state in
      if state.isEnding { return false }
      if let failure = state.failure, failure.isRecentUntil > .now, let date = request.date,
        date < failure.date
      {
        return false
      }
      state.work.append(request.type == "inspect_request" ? .inspect(request) : .execute(request))
      return true
    }
    if isTaken { arrivals.signal() }
    return isTaken
  }

  /// Tells the session to end, whatever waits.
  func end(isKept: Bool) {
    let isFirst = state.withLock { state in
      defer { state.isEnding = true }
      if !state.isEnding { state.work = [.end(isKept: isKept)] }
      return !state.isEnding
    }
    if isFirst { arrivals.signal() }
  }

  /// Whether there is work.
  var isWaiting: Bool { state.withLock { !$0.work.isEmpty } }

  /// Waits for the next work.
  ///
  /// - Parameter rest: done when there was nothing to do for a moment.
  func next(rest: () -> Void) -> Work {
    while true {
      if arrivals.wait(timeout: .now() + WorkQueue.moment) == .timedOut {
        rest()
        arrivals.wait()
      }
      // What was given up has left its signal behind.
      if let work = state.withLock({ $0.work.isEmpty ? nil : $0.work.removeFirst() }) { return work }
    }
  }

  /// Gives up the cells that wait behind one that failed.
  func giveUp() -> [Message] {
    state.withLock { state in
      state.failure = (.now + WorkQueue.patience, Date())
      var left: [Work] = []
      var given: [Message] = []
      for work in state.work {
        if case .execute(let request) = work { given.append(request) } else { left.append(work) }
      }
      state.work = left
      return given
    }
  }

  /// The names that completion goes by.
  var vocabulary: PromptVocabulary {
    get { state.withLock(\.vocabulary) }
    set { state.withLock { $0.vocabulary = newValue } }
  }

  /// The cells so far.
  var history: History { state.withLock(\.history) }

  func note(_ entry: History.Entry) { state.withLock { $0.history.entries.append(entry) } }
}

/// The cells that ran, as a client asks for them.
struct History: Sendable {
  struct Entry: Sendable {
    let number: Int
    let source: String
    /// The value that it showed, if it showed one.
    let value: String?
  }

  var entries: [Entry] = []
  /// The number of the kernel's own session; there are no others.
  static let session = 1

  /// The entries that a `history_request` asks for.
  func reply(to content: JSONValue) -> JSONValue {
    let chosen = chosen(by: content)
    let wantsValue = content["output"]?.bool ?? false
    return .array(
      chosen.map { entry in
        let source = JSONValue.string(entry.source)
        let value = entry.value.map(JSONValue.string) ?? .null
        return .array([
          JSONValue(History.session), JSONValue(entry.number), wantsValue ? .array([source, value]) : source,
        ])
      })
  }

  private func chosen(by content: JSONValue) -> [Entry] {
    let count = content["n"]?.int.map { max(0, $0) }
    switch content["hist_access_type"]?.string {
    case "range":
      guard [0, History.session].contains(content["session"]?.int ?? 0) else { return [] }
      let (start, stop) = (content["start"]?.int ?? 0, content["stop"]?.int ?? .max)
      return entries.filter { $0.number >= start && $0.number < stop }
    case "search":
      let pattern = content["pattern"]?.string ?? "*"
      var found = entries.filter { fnmatch(pattern, $0.source, 0) == 0 }
      if content["unique"]?.bool ?? false {
        var seen: Set<String> = []
        found = found.reversed().filter { seen.insert($0.source).inserted }.reversed()
      }
      return found.suffix(count ?? found.count)
    default: return entries.suffix(count ?? 10)
    }
  }
}
