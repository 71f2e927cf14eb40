import Diagnostics
import Foundations
import Interchange
import Language
import Localization
import ModelFiles
import NeuralEngine
import ONNX

/// What `save` writes, which the ending of the file's name says.
enum SavedFormat {
  /// nbs's own: all that a training needs to go on.
  case safetensors
  /// The answers alone, for other programs.
  case onnx
  /// A program of its own that gives the answers.
  case program(StandaloneLanguage)

  /// Endings of other formats, which whoever opens such a file would take it for.
  private static let foreign: Set<String> = [
    "pt", "pth", "h5", "hdf5", "keras", "pb", "tflite", "pkl", "npz", "npy", "json", "csv", "nbs", "ipynb",
    "md", "html", "txt", "session", "zip", "png",
  ]

  /// The format of a path.
  ///
  /// - Throws: `bad-value` for a name that says what the file would not be.
  init(of path: String, at span: SourceSpan) throws {
    self = .safetensors
    guard let point = path.lastIndex(of: "."), !path[point...].contains("/") else { return }
    let ending = path[path.index(after: point)...].lowercased()
    if ending == "onnx" {
      self = .onnx
    } else if let language = StandaloneLanguage(rawValue: ending) {
      self = .program(language)
    } else if SavedFormat.foreign.contains(ending) {
      let name = path[..<point] + ".safetensors"
      if PredictionFormat(path: path) != nil {
        throw Diagnostic(
          .badValue,
          "A network is saved as safetensors or ONNX, and a file `.\(ending)` is neither. To write what it predicts for a "
            + "data set: save predictions \"\(path)\"",
          at: span, suggestion: "save predictions \"\(path)\"")
      }
      throw Diagnostic(
        .badValue,
        "A network is saved as safetensors, ONNX or a program (.c, .py, .js, .swift), and a file `.\(ending)` is none of "
          + "them. Save it as \"\(name)\", or for other programs as \"\(path[..<point]).onnx\".",
        at: span, suggestion: String(name))
    }
  }
}

extension SaveNetwork {
  /// Writes a network for other programs.
  ///
  /// - Returns: what there is to say of it.
  func export(_ saved: SavedNetwork, of network: Network, to path: String) throws(CodedError) -> String {
    let metrics = network.lastTraining?.metrics
    let named = (metrics?.metrics ?? []).compactMap { metric in
      metrics?[metric].map { (name: metric.rawValue, value: $0) }
    }
    let export = try ONNXExport(saved, metrics: named)
    try AtomicFile.write([export.bytes], to: path)
    let rounded = export.isRounded ? localized(", in single precision") : ""
    return rounded + localized("; checked on \(export.checkedRows, "row")")
  }

  /// Writes a network as a program of its own.
  ///
  /// - Returns: what there is to say of it.
  func export(_ saved: SavedNetwork, in language: StandaloneLanguage, to path: String) throws(CodedError)
    -> String
  {
    let program = try StandaloneProgram(saved)
    try AtomicFile.write(program.text(in: language), to: path)
    return localized("; a program in \(language.name) that tests itself on \(program.testedRows, "row")")
  }
}
