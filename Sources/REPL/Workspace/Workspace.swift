import Diagnostics
import Foundations
import Outputs
import Runner
import Sessions

/// The sessions that are open at a prompt, each with a name, networks, data, variables and history of its own.
final class Workspace {
  /// A session and its name.
  final class Named {
    var name: String
    let transcript: Transcript
    /// Keeps its cells as a run; nil where none is kept.
    let recorder: SessionRecorder?

    init(name: String, transcript: Transcript, recorder: SessionRecorder?) {
      self.name = name
      self.transcript = transcript
      self.recorder = recorder
    }
  }

  /// What the session of a new prompt is called.
  static let firstName = "main"

  private(set) var sessions: [Named]
  private(set) var current: Named
  private let makeSession: () -> Session
  private let makeRecorder: (Session, String) -> SessionRecorder?
  private let journal: Journal?

  /// Creates a workspace.
  ///
  /// - Parameters:
  ///   - journal: keeps the sessions in case the program is killed.
  ///   - makeSession: makes a session with nothing in it.
  ///   - makeRecorder: makes what keeps a session of a name.
  init(
    session: Session, journal: Journal? = nil, makeSession: @escaping () -> Session = { Session() },
    makeRecorder: @escaping (Session, String) -> SessionRecorder? = { _, _ in nil }
  ) {
    self.journal = journal
    current = Named(
      name: Workspace.firstName, transcript: Transcript(session: session),
      recorder: makeRecorder(session, Workspace.firstName))
    self.makeRecorder = makeRecorder
    sessions = [current]
    self.makeSession = makeSession
  }

  /// Told after every cell.
  func noteCell(warn: (Output) -> Void) {
    journal?.note(current, warn: warn)
    if let warning = current.recorder?.takeWarning() { warn(.notice(warning)) }
  }

  /// Told when the user leaves, or when a signal ends the program: then the sessions wait for the next prompt.
  func end(bySignal: Bool) {
    for named in sessions {
      if bySignal { journal?.note(named, isLast: true) { _ in } }
      named.recorder?.finish()
    }
    if !bySignal { journal?.end() }
  }

  /// The sessions that earlier prompts left behind.
  var orphans: [JournalFolder.Orphan] { journal?.orphans() ?? [] }
}

extension Workspace {
  /// Opens a session with nothing in it and goes there.
  func open(_ name: String?) throws -> Named {
    let name = try checked(name ?? freeName())
    let session = makeSession()
    let named = Named(
      name: name, transcript: Transcript(session: session), recorder: makeRecorder(session, name))
    sessions.append(named)
    current = named
    return named
  }

  /// Opens the session of a file and goes there. A first session in which nothing has run makes room for it.
  ///
  /// - Parameter warn: told what of the session is lost.
  func open(file path: String, as wanted: String, warn: (Output) -> Void) throws -> Named {
    let session = makeSession()
    let transcript = try SessionFile.read(path, into: session) { warn(.notice($0)) }
    let isFresh = sessions.count == 1 && current.transcript.nextNumber == 1
    let isTaken = sessions.contains { $0.name == wanted }
    let name = isFresh && isTaken ? wanted : try checked(isTaken ? freeName() : wanted)
    if isFresh { sessions = [] }
    let named = Named(name: name, transcript: transcript, recorder: makeRecorder(session, name))
    sessions.append(named)
    current = named
    return named
  }

  /// Takes up the sessions that earlier prompts left behind. One that cannot be read stays where it is, and does not
  /// keep back the others.
  ///
  /// - Returns: the names of those that are open now.
  func restore(warn: (Output) -> Void) -> [String] {
    orphans.compactMap { orphan in
      guard journal?.claim(orphan) != false else {
        warn(.text("session \(orphan.name) has been restored by another prompt"))
        return nil
      }
      do {
        let session = try open(file: orphan.path, as: orphan.name, warn: warn)
        journal?.takeOver(orphan, as: session, warn: warn)
        return session.name
      } catch {
        journal?.leave(orphan)
        let reason = error.reason
        warn(
          .text(
            "session \(orphan.name) stays in \(orphan.path); delete that file to stop this message: \(reason)"
          ))
        return nil
      }
    }
  }

  /// Goes to a session.
  func use(_ name: String) throws -> Named {
    current = try find(name)
    return current
  }

  /// - Parameter warn: told if it cannot be kept under the new name; what is kept under the old one stays then.
  func rename(_ old: String, to new: String, warn: (Output) -> Void) throws {
    let named = try find(old)
    named.name = try checked(new)
    // In this order the new file takes over the arrays that the old one names.
    if let journal, journal.note(named, warn: warn) { journal.forget(old) }
  }

  /// Closes a session; the last one is followed by a new one.
  func close(_ name: String) throws {
    let named = try find(name)
    named.recorder?.finish()
    sessions.removeAll { $0 === named }
    journal?.forget(name)
    guard named === current else { return }
    if let last = sessions.last { current = last } else { _ = try open(Workspace.firstName) }
  }

  private func find(_ name: String) throws -> Named {
    if let found = sessions.first(where: { $0.name == name }) { return found }
    let names = sessions.map(\.name)
    let nearest = DidYouMean.nearest(to: name, among: names)
    throw Diagnostic(
      .unknownSession,
      "There is no session `\(name)`. "
        + (DidYouMean.question(nearest) ?? "There is \(names.joined(separator: ", "))."),
      suggestion: nearest)
  }

  /// A name that no session has, of characters that a prompt and a file's name can show.
  private func checked(_ name: String) throws -> String {
    let isPlain = name.utf8.allSatisfy {
      $0 == 45 || $0 == 95 || $0 < 128 && Character(UnicodeScalar($0)).isLetter || (48...57).contains($0)
    }
    guard isPlain, !name.isEmpty, name.utf8.count <= 40 else {
      throw Diagnostic(
        .badValue, "A session's name consists of up to 40 letters, digits, `-` and `_`.")
    }
    guard !sessions.contains(where: { $0.name == name }) else {
      throw Diagnostic(
        .nameTaken, "There is already a session `\(name)`: `:session use \(name)` switches to it.",
        suggestion: ":session use \(name)")
    }
    return name
  }

  private func freeName() -> String {
    var number = sessions.count + 1
    while sessions.contains(where: { $0.name == "session-\(number)" }) { number += 1 }
    return "session-\(number)"
  }
}
