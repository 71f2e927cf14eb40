import Diagnostics
import Foundation
import Notebooks
import Outputs
import Rendering
import Sessions

/// A reader of files, and what it is given.
final class Target {
  /// A file that inputs are made of.
  struct Seed {
    let name: String
    let bytes: [UInt8]
    /// The cell that is run before, for weights that need their network.
    var preparation = ""
    /// What the file's name ends in.
    var ending: String {
      name.split(separator: "/").last?.split(separator: ".", maxSplits: 1).last.map(String.init) ?? ""
    }
  }

  /// What came of an input.
  enum Answer {
    case taken, refused
    /// It was answered with a mistake of nbs itself.
    case wrong(String)
  }

  static let names = [
    "onnx", "safetensors", "weights", "keras", "hdf5", "npy", "npz", "idx", "gzip", "csv", "json", "png",
    "session", "nbs",
    "markdown", "ipynb", "runs",
  ]

  let name: String
  let folder: String
  let seeds: [Seed]
  private let interruption = InterruptionRequest()
  private let session: Session
  private var snapshots: [String: SessionSnapshot] = [:]

  init(_ name: String, folder: String) throws {
    self.name = name
    self.folder = folder
    session = Session(seed: 1, interruption: interruption)
    session.files = FilePlaces(notebookFolder: folder, scratchFolder: folder + "/out")
    session.files.mayDownload = false
    var seeds = Target.fixtures(name)
    try seeds += Target.made(name, folder)
    self.seeds = seeds
    if name == "png", let other = seeds.first {
      for part in ["a", "b"] {
        try FileManager.default.createDirectory(
          atPath: folder + "/images/" + part, withIntermediateDirectories: true)
      }
      try Data(other.bytes).write(to: URL(fileURLWithPath: folder + "/images/a/0.png"))
    }
  }

  var form: Mutator.Form {
    switch name {
    case "csv", "json", "nbs", "markdown", "ipynb", "runs": .text
    case "png": .png
    case "safetensors", "weights", "session": .safetensors
    default: .bytes
    }
  }

  // MARK: Reading

  func read(_ bytes: [UInt8], of seed: Seed, number: Int, tells: Bool = false) -> Answer {
    switch name {
    case "session": readSession(write(bytes, "input.session"), tells: tells)
    case "nbs": readNotebook(NotebookFormat.read(bytes, name: "n.nbs"), number, tells: tells)
    case "markdown": readNotebook(NotebookFormat.readMarkdown(bytes, name: "n.md"), number, tells: tells)
    case "ipynb": readNotebook(IPYNB.read(bytes, name: "n.ipynb"), number, tells: tells)
    case "runs": WholeRun(folder: folder, tells: tells).answer(bytes, number)
    default: run(bytes, seed, number, tells: tells)
    }
  }

  private func write(_ bytes: [UInt8], _ name: String) -> String {
    let path = folder + "/" + name
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var rest = bytes[...]
    while file >= 0, !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if written <= 0 { break }
      rest = rest.dropFirst(written)
    }
    close(file)
    return path
  }

  /// Reads a file as a cell would.
  private func run(_ bytes: [UInt8], _ seed: Seed, _ number: Int, tells: Bool) -> Answer {
    session.restore(snapshot(behind: seed.preparation))
    let cell: String
    switch name {
    case "onnx", "safetensors":
      _ = write(bytes, "input.\(name)")
      cell = "load n \"input.\(name)\"" + (number % 8 == 0 ? "; summary" : "")
    case "weights", "keras", "hdf5":
      let file =
        "input." + ["weights": "safetensors", "keras": "keras", "hdf5": "weights.h5"][name, default: ""]
      _ = write(bytes, file)
      cell = "load weights \"\(file)\"" + (number % 8 == 0 ? " strict=false" : "")
    case "png":
      _ = write(bytes, "images/b/0.png")
      cell = "data d from \"images\""
    default:
      _ = write(bytes, "input.data")
      cell = "data d from \"input.data\"" + (number % 8 == 0 ? "; show data d" : "")
    }
    return evaluate(cell, tells: tells)
  }

  private func evaluate(_ cell: String, tells: Bool) -> Answer {
    var length = 0
    let outcome = session.evaluate(SourceText(cell, name: "cell")) { output in
      let text = output.text(.report)
      length += text.count
      if tells { say(text) }
    }
    switch outcome {
    case .done: return .taken
    case .failed(let diagnostic) where diagnostic.code == .internalError: return .wrong(diagnostic.message)
    default: return .refused
    }
  }

  private func snapshot(behind cell: String) -> SessionSnapshot {
    if let known = snapshots[cell] { return known }
    if snapshots.isEmpty { snapshots[""] = session.snapshot() }
    if let empty = snapshots[""] { session.restore(empty) }
    if !cell.isEmpty {
      _ = session.evaluate(SourceText(cell, name: "preparation")) { output in
        if case .error(let error) = output { say("a preparation fails: \(error.message)") }
      }
    }
    let made = session.snapshot()
    snapshots[cell] = made
    return made
  }

  private func readSession(_ path: String, tells: Bool) -> Answer {
    let session = Session()
    do {
      let transcript = try SessionFile.read(path, into: session) { _ in }
      // What was read can be used and written again.
      _ = session.evaluate(SourceText("show data; summary", name: "cell")) { _ = $0.text(.report) }
      _ = try SessionFile.contents(of: transcript) { $0.text(.report) }
      return .taken
    } catch {
      if tells { say("\(error)") }
      return (error as? Diagnostic)?.code == .internalError ? .wrong("\(error)") : .refused
    }
  }

  /// Writes a notebook that was read in all forms, and checks its cells.
  private func readNotebook(_ reading: NotebookReading, _ number: Int, tells: Bool) -> Answer {
    if tells { reading.diagnostics.forEach { say($0.message) } }
    guard let notebook = reading.notebook else { return .refused }
    let text = NotebookFormat.write(notebook)
    let canonical = NotebookFormat.format(notebook)
    if number % 4 == 0 || tells { _ = IPYNB.write(notebook) }
    if let again = NotebookFormat.read(canonical, name: "again.nbs").notebook {
      let twice = NotebookFormat.format(again)
      if twice != canonical { return .wrong("its canonical form is formatted otherwise") }
    } else {
      return .wrong("its canonical form cannot be read")
    }
    if name == "nbs", NotebookFormat.read(text, name: "again.nbs").notebook == nil {
      return .wrong("what is written cannot be read")
    }
    guard number % 4 == 1 || tells else { return .taken }
    session.restore(snapshot(behind: ""))
    for cell in notebook.cells where cell.kind == .code {
      _ = session.check(SourceText(cell.source, name: "cell"))
    }
    return .taken
  }

  // MARK: Files to begin with

  private static let endings: [String: [String]] = [
    "onnx": ["onnx"], "safetensors": ["safetensors"], "weights": ["safetensors"], "keras": ["keras"],
    "hdf5": ["h5"],
    "npy": ["npy"], "npz": ["npz"], "idx": ["idx", "idx3-ubyte", "idx1-ubyte"], "gzip": ["gz"],
    "csv": ["csv", "tsv"],
    "json": ["json", "jsonl"], "png": ["png"], "session": ["session"], "nbs": ["nbs"], "markdown": ["md"],
    "ipynb": ["ipynb"], "runs": ["nbs"],
  ]

  /// The project's folder.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "../../.."
  )
  .standardizedFileURL

  /// The repository's own files of a reader's kind.
  private static func fixtures(_ name: String) -> [Seed] {
    let networks = preparations(root)
    let folders = ["nbs", "markdown", "ipynb", "runs"].contains(name) ? ["notebooks", "Tests"] : ["Tests"]
    var seeds: [Seed] = []
    for folder in folders {
      let walk = FileManager.default.enumerator(atPath: root.path + "/" + folder)
      for path in (walk?.compactMap { $0 as? String } ?? []).sorted() {
        let isWeights = path.hasPrefix("SessionsTests/Fixtures/weights/")
        guard
          endings[name, default: []].contains(where: { path.hasSuffix("." + $0) || path.hasSuffix("-" + $0) }
          ),
          name != "weights" || isWeights, name != "safetensors" || !isWeights,
          let data = FileManager.default.contents(atPath: root.path + "/" + folder + "/" + path),
          data.count < 50_000
        else { continue }
        let own = path.split(separator: "/").last.map(String.init) ?? path
        let plain =
          ["weights", "keras", "hdf5"].contains(name)
          ? "net n; layer inp input 2; layer hid dense 2; connect all" : ""
        for (part, bytes) in parts(of: Array(data), name).enumerated() {
          seeds.append(
            Seed(
              name: folder + "/" + path + (part == 0 ? "" : " (part \(part + 1))"), bytes: bytes,
              preparation: networks[own] ?? plain))
        }
      }
    }
    return seeds
  }

  /// Long notebooks in parts, which are read as well, and much sooner.
  private static func parts(of bytes: [UInt8], _ name: String) -> [[UInt8]] {
    guard ["nbs", "markdown"].contains(name) else { return [bytes] }
    var parts: [[UInt8]] = [[]]
    for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
      if let last = parts.last, last.count > 1200, line.isEmpty { parts.append([]) }
      parts[parts.count - 1] += line + [10]
    }
    return parts
  }

  /// The networks that the fixtures of weights are of.
  private static func preparations(_ root: URL) -> [String: String] {
    struct Known: Decodable { let cell: String }
    let path = root.path + "/Tests/SessionsTests/Fixtures/weights/answers.json"
    let known = FileManager.default.contents(atPath: path).flatMap {
      try? JSONDecoder().decode([String: Known].self, from: $0)
    }
    return (known ?? [:]).mapValues(\.cell)
  }

  /// Files that nbs writes, and records in JSON.
  private static func made(_ name: String, _ folder: String) throws -> [Seed] {
    switch name {
    case "onnx", "safetensors":
      return try zoo.enumerated().map { place, cell in
        let file = folder + "/zoo\(place).\(name)"
        let session = Session(seed: 1)
        _ = session.evaluate(SourceText("\(cell)\nsave net \"\(file)\"", name: "zoo")) { output in
          if case .error(let error) = output { say("a network of the zoo fails: \(error.message)") }
        }
        guard let data = FileManager.default.contents(atPath: file) else {
          throw FuzzError("\(file) was not written")
        }
        return Seed(name: file, bytes: Array(data))
      }
    case "session":
      return try zoo.enumerated().map { place, cell in
        let transcript = Transcript(session: Session(seed: 1))
        var cells = cell.split(separator: "\n").map(String.init)
        cells += ["w = randn(3, 4); l = [1, \"a\", w]", "def f(x) = x + 1", "f(2)"]
        for line in cells {
          _ = transcript.run(line) { _ in }
        }
        let file = folder + "/zoo\(place).session"
        try SessionFile.contents(of: transcript) { $0.text(.report) }.write(to: file)
        guard let data = FileManager.default.contents(atPath: file) else {
          throw FuzzError("\(file) was not written")
        }
        return Seed(name: file, bytes: Array(data))
      }
    case "json":
      return records.enumerated().map { Seed(name: "records\($0).json", bytes: Array($1.utf8)) }
    default: return []
    }
  }

  private static let records = [
    #"[{"a": 1, "b": "x", "c": true}, {"a": 2.5e-3, "b": "y", "c": false}, {"a": null, "b": "x\u00e9", "c": true}]"#,
    "{\"a\": 1, \"b\": 2}\n{\"a\": 3, \"b\": 4}\n{\"a\": 5, \"b\": -6.25}\n",
    #"{"data": [{"x": [1, 2], "y": 0}, {"x": [3, 4], "y": 1}], "n": 2}"#, "[[1, 2, 3], [4, 5, 6]]",
    #"{"columns": ["a", "b"], "data": [[1, 2], [3, 4]]}"#, #"{"a": [1, 2, 3], "b": [0, 1, 0]}"#,
  ]

  private static let zoo = [
    "data d { 0 0 0 1 -> 0; 0 1 0 1 -> 1; 1 0 1 0 -> 1 }\nnet n; layer inp input 4; layer hid dense 3 tanh; layer out dense 1 sigmoid; connect all",
    "net n; layer inp input 6x6x2; layer c conv2d 3 3x3 relu; layer b batchnorm; layer p maxpool 2x2; layer f flatten; layer out dense 3 softmax; connect all",
    "net n; layer inp input 5x3; layer l lstm 4 return=all; layer g gru 3 bidirectional=concat; layer out dense 2; connect all",
    "net n; layer inp input 4; layer e embedding 6 3; layer r rnn 3 return=all; layer v globalavgpool; layer out dense 2 softmax; connect all",
    "net n; layer inp input 4; layer a dense 3 tanh; layer b dense 3 relu; layer m dense 2; connect inp -> a; connect inp -> b; connect {a b} -> m merge=concat",
    "net n; layer inp input 4x2; layer s conv1d 3 2 padding=same; layer n1 layernorm; layer f flatten; layer out dense 2 gelu; connect all",
  ]
}
