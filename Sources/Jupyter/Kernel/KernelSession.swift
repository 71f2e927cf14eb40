import Diagnostics
import Foundation
import Foundations
import JSON
import Outputs
import REPL
import Rendering
import Runner
import Sessions

/// The half of a kernel that runs cells: takes requests one by one and does them with a prompt. It has the main thread.
final class KernelSession {
  private let queue: WorkQueue
  private let outbox: Outbox
  private let page: KernelPage
  private let prompt: Prompt
  /// The last numbers of the notebook's cells, by the names that clients give them.
  private var numbers: [String: Int] = [:]
  private var lastKept = ContinuousClock.now
  /// A session is kept at least so often while cells come.
  private static let longestUnkept = Duration.seconds(2)
  /// The stale cells that the user has been told of.
  private var toldStale: Set<Int> = []

  init(_ prompt: Prompt, _ page: KernelPage, _ queue: WorkQueue, _ outbox: Outbox) {
    self.prompt = prompt
    self.page = page
    self.queue = queue
    self.outbox = outbox
    prompt.keepsLater = true
  }

  /// Works until the kernel is to end.
  func run() { while step() {} }

  /// Does the next piece of work, and waits for it; false when the kernel is to end.
  func step() -> Bool {
    switch queue.next(rest: keep) {
    case .execute(let request):
      execute(request)
      if .now - lastKept > KernelSession.longestUnkept { keep() }
    case .inspect(let request): inspect(request)
    case .end(let isKept):
      prompt.end(bySignal: isKept)
      return false
    }
    return true
  }

  /// Puts the session on the disk. Nobody waits for it: cells that come one after the other are answered first.
  private func keep() {
    prompt.keep()
    lastKept = .now
  }

  private func inspect(_ request: Message) {
    outbox.begin(request)
    outbox.end(request, .inspection(request, in: prompt.session))
  }

  // MARK: - Cells

  /// What a client asks for with a cell.
  private struct Options {
    let isSilent: Bool
    let storesHistory: Bool
    let stopsOnError: Bool
    let expressions: [JSONValue.Member]

    init(_ content: JSONValue) {
      isSilent = content["silent"]?.bool ?? false
      storesHistory = !isSilent && content["store_history"]?.bool ?? true
      stopsOnError = content["stop_on_error"]?.bool ?? true
      expressions = content["user_expressions"]?.members ?? []
    }
  }

  /// How a cell ended.
  private enum Ending {
    case done(payload: [JSONValue])
    case failed(Diagnostic)
  }

  private func execute(_ request: Message) {
    outbox.begin(request)
    let options = Options(request.content)
    let number = prompt.number
    page.begin(request, isSilent: options.isSilent)
    guard let code = request.content["code"]?.string else {
      return end(request, options, number, .failed(Diagnostic(.badValue, "The request has no `code`.")))
    }
    if !options.isSilent {
      outbox.send([
        .published(
          "execute_input", ["code": .string(code), "execution_count": JSONValue(number)], for: request.header)
      ])
    }
    let cell = request.metadata["cellId"]?.string
    let ending =
      options.storesHistory ? run(code, repeating: cell.flatMap { numbers[$0] }) : runUncounted(code)
    let last = max(number, prompt.number - 1)
    if options.storesHistory {
      if let cell, prompt.number > number { numbers[cell] = last }
      if prompt.number == number, !code.allSatisfy(\.isWhitespace) { prompt.skipNumber() }
      queue.note(History.Entry(number: last, source: code, value: page.value))
      tellStale()
    }
    queue.vocabulary = prompt.vocabulary
    end(request, options, last, ending)
  }

  private func end(_ request: Message, _ options: Options, _ number: Int, _ ending: Ending) {
    let reply: OutgoingMessage
    switch ending {
    case .done(let payload):
      let values = options.expressions.map { JSONValue.Member($0.key, value(of: $0.value.string ?? "")) }
      reply = .reply(
        to: request,
        [
          "status": "ok", "execution_count": JSONValue(number), "payload": .array(payload),
          "user_expressions": .object(values),
        ])
    case .failed(let diagnostic):
      let members: [JSONValue.Member] =
        [.init("status", "error"), .init("execution_count", JSONValue(number))] + KernelPage.error(diagnostic)
        + [.init("payload", .array([])), .init("user_expressions", .object([]))]
      reply = .reply(to: request, members)
      // Before the reply, so that a client which waits for it is not too early.
      if options.stopsOnError { for other in queue.giveUp() { outbox.send(.aborting(other)) } }
    }
    outbox.end(request, reply)
  }

  /// Runs a cell as the prompt would.
  private func run(_ code: String, repeating repeated: Int?) -> Ending {
    let trimmed = code.trimmingCharacters(in: .whitespacesAndNewlines)
    if let help = Prompt.helpRequest(trimmed) { return explain(help) }
    if ["exit", "quit"].contains(trimmed) {
      page.show(text: "The notebook's page ends its session: Kernel, Shut Down Kernel.\n")
      return .done(payload: [])
    }
    switch prompt.enter(code, repeating: repeated, givesParameters: KernelSession.isInjected(code)) {
    case .leave: return .done(payload: [.members(["source": "ask_exit", "keepkernel": .bool(false)])])
    case .line: return refuse(code)
    case .cell: return prompt.outcome == .interrupted ? .failed(KernelSession.interruption) : ending
    }
  }

  /// Whether papermill put a cell in: it begins with the comment that papermill writes into it.
  private static func isInjected(_ code: String) -> Bool {
    code.split(separator: "\n", maxSplits: 1).first == "# Parameters"
  }

  /// How what the page has shown ended.
  private var ending: Ending { page.error.map(Ending.failed) ?? .done(payload: []) }

  private static let interruption = Diagnostic(.interrupted, "The cell was interrupted.")

  /// Source that stops in the middle gets no more lines here.
  private func refuse(_ code: String) -> Ending {
    for diagnostic in prompt.session.check(source(code)).diagnostics {
      page.show(.error(diagnostic), ofCell: nil)
    }
    return ending
  }

  private func source(_ code: String) -> SourceText { SourceText(code, name: "In [\(prompt.number)]") }

  /// Runs a cell that takes no number and that the session's memory of cells knows nothing of.
  private func runUncounted(_ code: String) -> Ending {
    let session = prompt.session
    session.interruption.clear()
    defer {
      page.endWork()
      session.interruption.clear()
    }
    let cell = session.check(source(code))
    if cell.isIncomplete { return refuse(code) }
    let outcome = session.evaluate(cell, isCounted: false) { [page] output in
      page.show(output, ofCell: nil)
    }
    return outcome == .interrupted ? .failed(KernelSession.interruption) : ending
  }

  /// `train?`: the help goes to the client's pager.
  private func explain(_ help: String) -> Ending {
    let (outcome, outputs) = prompt.session.aside(source(help))
    guard outcome == .done else {
      for output in outputs { page.show(output, ofCell: nil) }
      return ending
    }
    return .done(payload: [
      .members(["source": "page", "data": [RenderedOutput](outputs).pagerBundle, "start": .number("0")])
    ])
  }

  /// The value of an expression that a client asks for beside a cell.
  private func value(of expression: String) -> JSONValue {
    let (outcome, outputs) = prompt.session.aside(SourceText(expression, name: "expression"))
    let error = outputs.compactMap { if case .error(let diagnostic) = $0 { diagnostic } else { nil } }.first
    guard outcome == .done, let last = outputs.compactMap(RenderedOutput.init).last else {
      let words = Diagnostic(.noValue, "The expression has no value.")
      return .object([.init("status", "error")] + KernelPage.error(error ?? words))
    }
    return .members(["status": "ok", "data": KernelPage.bundle(last), "metadata": .object([])])
  }

  // MARK: - Stale cells

  /// Tells which cells no longer hold since this one.
  private func tellStale() {
    let stale = Dependencies(prompt.transcript.entries).stale
    let new = stale.filter { !toldStale.contains($0.number) }
    toldStale = Set(stale.map(\.number))
    guard !new.isEmpty else { return }
    let cells = new.map { "In [\($0.number)], since In [\($0.cause)] changed \($0.resource)" }
    page.remark("stale: \(cells.joined(separator: "; ")). `:rerun stale` brings up to date what it can.")
  }
}

extension OutgoingMessage {
  /// What is said of a word under the cursor.
  static func inspection(_ request: Message, in session: Session) -> OutgoingMessage {
    let code = request.content["code"]?.string ?? ""
    let words = Inspection.words(
      in: code, at: request.content["cursor_pos"]?.int ?? code.unicodeScalars.count)
    let isDetailed = request.content["detail_level"]?.int == 1
    let found = words.lazy.compactMap { Inspection($0, in: session, isDetailed: isDetailed) }.first
    return .reply(
      to: request,
      [
        "status": "ok", "found": .bool(found != nil), "data": found?.bundle ?? .object([]),
        "metadata": .object([]),
      ])
  }
}

extension [OutgoingMessage] {
  /// What is said of a cell that is given up.
  static func aborting(_ request: Message) -> [OutgoingMessage] {
    [
      .status("busy", for: request.header), .reply(to: request, ["status": "aborted"]),
      .status("idle", for: request.header),
    ]
  }
}
