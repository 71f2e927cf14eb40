public import Diagnostics
import Foundation
public import Language
import Notebooks
import Sessions

/// What `nbs run --json` prints when the run is over.
public struct RunSummary: Encodable {
  struct CellSummary: Encodable {
    let number: Int
    let id: String
    let title: String?
    let status: String
    let seconds: Double?
    let error: DiagnosticSummary?
  }

  /// The version of this form; it grows when a member changes its meaning.
  let version = 1
  let notebook: String
  let status: String
  let exitCode: Int32
  var seed: UInt64?
  var parameters: [String: ParameterSummary]?
  /// What is no number, as a loss that diverged, is null, as it is in `nbs runs --json`.
  var metrics: [String: Double?]?
  var seconds: Double?
  var cells: [CellSummary]?
  var reports: [String]?
  var diagnostics: [DiagnosticSummary]?

  /// The summary of a run.
  ///
  /// - Parameters:
  ///   - reports: the files that were written.
  ///   - exitCode: how the program ends.
  public init(_ run: NotebookRun, of headless: HeadlessRun, reports: [String], exitCode: Int32) {
    notebook = headless.source.path
    status = run.outcome.word
    self.exitCode = exitCode
    seed = headless.session.seed
    parameters = Dictionary(
      uniqueKeysWithValues: headless.session.parameterValues.map {
        ($0.name, ParameterSummary(value: $0.value))
      })
    metrics = headless.session.metrics.mapValues { $0.isFinite ? $0 : nil }
    seconds = run.results.map(\.duration).reduce(.zero, +) / .seconds(1)
    cells = run.results.filter { $0.cell.kind == .code }.map(CellSummary.init)
    self.reports = reports
  }

  /// The summary of a notebook that was not run.
  public init(refused path: String, _ diagnostics: [Diagnostic], exitCode: Int32) {
    notebook = path
    status = "refused"
    self.exitCode = exitCode
    self.diagnostics = diagnostics.map { DiagnosticSummary($0) }
  }
}

extension RunSummary.CellSummary {
  fileprivate init(_ result: NotebookRun.CellResult) {
    number = result.cell.index + 1
    id = result.cell.id
    title = result.cell.title
    status = result.outcome?.word ?? "not run"
    seconds = result.outcome.map { _ in result.duration / .seconds(1) }
    switch result.outcome {
    case .failed(let diagnostic), .timedOut(let diagnostic):
      error = DiagnosticSummary(diagnostic)
    case .done, .interrupted, nil: error = nil
    }
  }
}

/// What is known of a parameter that a notebook declares, for those who set it.
public struct ParameterDescription: Encodable {
  /// The name.
  public let name: String
  /// The values that it takes: `number from 1 to 1000`.
  public let type: String
  /// The default as it is written in a notebook.
  public let spelling: String
  /// The meaning, where the notebook tells it.
  public let help: String?
  private let defaultValue: ParameterSummary
  private let minimum, maximum: Double?

  private enum CodingKeys: String, CodingKey {
    case name, type, help, minimum, maximum
    case defaultValue = "default"
  }

  /// Describes a parameter.
  public init(_ parameter: Parameter) {
    name = parameter.name.name
    type =
      switch parameter.defaultValue {
      case .number: String(parameter.wanted.dropFirst("a ".count))
      case .boolean: "true or false"
      case .text: "text"
      case .list: "list"
      case .none: "any"
      }
    spelling = parameter.defaultValue.spelling
    help = parameter.help
    defaultValue = ParameterSummary(value: parameter.defaultValue)
    minimum = parameter.minimum
    maximum = parameter.maximum
  }
}

/// A parameter's value as the JSON that it stands for.
struct ParameterSummary: Encodable {
  let value: Literal

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch value {
    case .number(let number): try container.encode(number)
    case .boolean(let truth): try container.encode(truth)
    case .text(let text): try container.encode(text)
    case .list(let items): try container.encode(items.map(ParameterSummary.init))
    case .none: try container.encodeNil()
    }
  }
}

extension NotebookRun.Outcome {
  /// What a program calls it.
  fileprivate var word: String {
    switch self {
    case .done: "done"
    case .failed: "failed"
    case .timedOut: "timed out"
    case .interrupted: "interrupted"
    }
  }
}
