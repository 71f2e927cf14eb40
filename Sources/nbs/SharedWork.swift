import ArgumentParser
import Diagnostics
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
  ///
  /// - Parameter notebook: the file that all of them are to read; standard input is the first process's alone.
  static func join(reading notebook: String?) throws -> MPIProcesses? {
    let environment = ProcessInfo.processInfo.environment
    if let notice = MPILaunch.notice(environment) { Streams.writeError("nbs: \(notice)\n") }
    let processes: MPIProcesses
    do throws(CodedError) {
      guard let launch = try MPILaunch(environment) else { return nil }
      processes = try MPIProcesses(launch)
    } catch { throw refuse(error.message) }
    guard notebook == "-", processes.count > 1 else { return processes }
    // The others are silent.
    throw refuse("Several processes cannot share a notebook from standard input. Name a file.")
  }

  /// Makes sure that a command which has no work to share was started alone.
  static func refuseOthers(_ command: any ParsableCommand) throws {
    if command is RunCommand || command is SweepCommand || command is CrossValidateCommand { return }
    guard let launch = try? MPILaunch(ProcessInfo.processInfo.environment) else { return }
    // One of them says it.
    guard launch.isFirst else { throw ExitStatus.usage }
    throw refuse(
      "Several processes can share `nbs run`, `nbs sweep` and `nbs crossvalidate`, and no other command.")
  }
}

extension MPIProcesses {
  /// Whether this process speaks to the user.
  var isFirst: Bool { rank == 0 }

  /// Makes sure that all processes begin the same work.
  ///
  /// - Parameter settings: what was asked for besides, as a text.
  func confirmStart(_ source: NotebookFile, _ settings: String) {
    confirm("nbs \(Release.version), kernels \(InstructionSet.kernelsVersion)") { other, its, first in
      "\(name(of: other)) is \(its), and \(name(of: 0)) is \(first). Install the same version on all hosts."
    }
    var digest = BitDigest()
    for cell in source.notebook.cells { digest.add(String(describing: cell.kind) + cell.source) }
    confirm(String(digest.value)) { other, _, _ in
      "\(name(of: other)) has another \(source.name) than \(name(of: 0)). Copy the notebook to all hosts."
    }
    confirm(settings) { other, its, first in
      "\(name(of: other)) was started with other options or parameters than \(name(of: 0)): \(its) there, \(first) here."
    }
  }

  /// Makes sure that all processes hold the same after a cell.
  ///
  /// - Parameters:
  ///   - outcome: how it ended.
  ///   - keepsGoing: whether the run takes the next cell even if this one failed.
  func cellEnded(in session: Session, _ outcome: NotebookRun.Outcome?, keepsGoing: Bool) {
    if session.hasLeftOthers {
      guard keepsGoing || outcome == .done else { return }
      abandon(
        "The time limit of a cell struck outside a training, where the first process stops alone. Several processes cannot go on from there; one can."
      )
    }
    guard !session.interruption.isRequested else { return }
    var failure: Diagnostic?
    if case .failed(let diagnostic)? = outcome { failure = diagnostic }
    let codes = gather(failure?.code.rawValue ?? "")
    if Set(codes).count > 1, !codes[0].isEmpty, !keepsGoing {
      // The first process writes what the others only pretend to, and its disk may be full: its run ends in good order, and
      // theirs with it.
      return leaveOthers()
    }
    confirm(failure?.code.rawValue ?? "", remark: failure?.message ?? "") { other, its, first in
      its.isEmpty
        ? "A cell failed in \(name(of: 0)), and not in \(name(of: other)): \(first)"
        : "A cell failed in \(name(of: other)), and not in the same way in \(name(of: 0)): \(its)"
    }
    session.confirmState(with: self)
    session.mergeData(with: self)
  }
}
