import ArgumentParser
import Foundation
import Foundations
import MPI
import NeuralEngine
import Notebooks
import Runner
import Sessions
import Terminal

/// What the processes of `mpirun` make of a command that they share.
enum SharedWork {
  /// Joins the other processes; nil where this one was started alone. All but the first are silent.
  static func join() throws -> MPIProcesses? {
    do throws(CodedError) {
      guard let launch = try MPILaunch(ProcessInfo.processInfo.environment) else { return nil }
      return try MPIProcesses(launch)
    } catch { throw refuse(error.message) }
  }

  /// Makes sure that a command which has no work to share was started alone.
  static func refuseOthers(_ command: any ParsableCommand) throws {
    if command is RunCommand || command is SweepCommand { return }
    guard let launch = try? MPILaunch(ProcessInfo.processInfo.environment) else { return }
    // One of them says it.
    guard launch.isFirst else { throw ExitStatus.usage }
    throw refuse("Several processes can share `nbs run` and `nbs sweep`, and no other command.")
  }
}

extension MPIProcesses {
  /// Whether this process speaks to the user.
  var isFirst: Bool { rank == 0 }

  /// Makes sure that all processes begin the same work.
  ///
  /// - Parameter settings: what was asked for besides, as a text.
  func confirmStart(_ source: NotebookFile, _ settings: String) {
    func confirm(_ what: String, _ texts: [String]) {
      var digest = BitDigest()
      for text in texts { digest.add(text) }
      self.confirm(digest.value, what)
    }
    confirm("the versions of nbs", [Release.version, String(InstructionSet.kernelsVersion)])
    confirm(
      "the notebooks, \(source.name),",
      source.notebook.cells.map { String(describing: $0.kind) + $0.source })
    confirm("the parameters", [settings])
  }

  /// Makes sure that all processes hold the same after a cell.
  ///
  /// - Parameter goesOn: whether the run takes the next cell even if this one was stopped.
  func cellEnded(in session: Session, goesOn: Bool) {
    if session.hasLeftOthers {
      guard goesOn else { return }
      abandon(
        "The time limit of a cell struck outside a training, where the first process stops alone. Several processes cannot go on from there; one can."
      )
    }
    guard !session.interruption.isRequested else { return }
    confirm(session.digest, "what the session holds after a cell")
  }
}
