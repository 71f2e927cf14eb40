import ArgumentParser
import Diagnostics
import Language
import Notebooks
import Runner

/// `-p NAME=VALUE` and `--params FILE`.
struct ParameterArguments: ParsableArguments {
  @Option(
    name: .customShort("p"),
    help: ArgumentHelp(
      "Set a parameter of the notebook. May be repeated.", valueName: "name=value"))
  var assignments: [String] = []

  @Option(
    name: .customLong("params"),
    help: ArgumentHelp("Set parameters from a JSON object; -p takes precedence.", valueName: "file.json"))
  var file: String?

  /// What is given, in order of growing weight.
  func given() throws(HeadlessRun.Refusal) -> [[GivenParameter]] {
    do {
      var lists: [[GivenParameter]] = []
      if let file { lists.append(try GivenParameter.read(file)) }
      var typed: [GivenParameter] = []
      for assignment in assignments { typed.append(try GivenParameter(assignment: assignment)) }
      return lists + [typed]
    } catch { throw HeadlessRun.Refusal([error]) }
  }
}

/// A time on the command line: `60`, `60s`, `500ms`, `5min`, `2h`.
struct TimeSpan: ExpressibleByArgument {
  let seconds: Double

  init?(argument: String) {
    guard let seconds = Double(argument) ?? Cell.seconds(argument), seconds > 0, seconds.isFinite else {
      return nil
    }
    self.seconds = seconds
  }
}
