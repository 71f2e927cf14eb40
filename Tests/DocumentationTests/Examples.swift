import DataFiles
import Datasets
import Diagnostics
import Formulas
import Foundation
import Foundations
import Language
import Localization
import ModelFiles
import NetworkSchema
import NeuralEngine
import Notebooks
import Outputs
import Plotting
import REPL
import Rendering
import Runner
import Runs
import SQLite
import Sessions
import Terminal
import Testing
import Walkthroughs

/// The examples of the doc comments, each behind the comment that names its type, as code that runs: `ExampleTests` holds
/// the comments to it.
@Suite struct DocumentedCode {
  /// A path in a folder of its own.
  private func temporary(_ name: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nbs-examples-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.appending(path: name).path
  }

  // MARK: - Language

  @Test func sourceText() {
    // SourceText
    let source = SourceText("a = 1\nb = a + c", name: "cell 1")
    let line = source.line(at: 14)  // number 2, prefix "b = a + "
    #expect(line.number == 2 && line.prefix == "b = a + ")
  }

  @Test func userLanguage() {
    // UserLanguage
    let line = UserLanguage.french.speaking { localized("\(4, "row")") }  // "4 lignes"
    #expect(line == "4 lignes")
  }

  @Test func phrase() {
    // Phrase
    let total = 4
    let score = localized("\(total, "row") of xor")  // "4 rows of xor"
    #expect(score == "4 rows of xor")
  }

  @Test func diagnostic() {
    // Diagnostic
    let result = Parser.parse(SourceText("b = (2 +* 3)", name: "cell 1"))
    let text = result.diagnostics.map { $0.rendered(width: 72) }.joined(separator: "\n")
    #expect(text.contains("cell 1"))
  }

  @Test func didYouMean() {
    // DidYouMean
    let word = DidYouMean.nearest(to: "sigmoyd", among: ["relu", "sigmoid", "tanh"])  // "sigmoid"
    #expect(word == "sigmoid")
  }

  @Test func parser() {
    // Parser
    let result = Parser.parse(SourceText("a = 1; b = [a,", name: "cell 1"))
    let count = result.program.statements.count  // 1
    let isIncomplete = result.isIncomplete  // true: a line that closes the list would mend it
    #expect(count == 1 && isIncomplete)
  }

  @Test func checker() {
    // Checker
    let names = KnownNames(data: ["xor"], networks: ["solver"])
    let (result, _) = Checker.check(SourceText("train xro", name: "cell 1"), names: names)
    let messages = result.diagnostics.map(\.message)  // There is no data set `xro`. Did you mean `xor`?
    #expect(messages.count == 1 && messages[0].contains("Did you mean `xor`?"))
  }

  @Test func cellEffects() {
    // CellEffects
    let names = KnownNames(variables: ["W", "g"])
    let effects = Checker.check(SourceText("n = 3; W -= 0.1 * g", name: "cell 1"), names: names).result
      .effects
    let reads = effects.reads.sorted()  // W, g
    let definitions = effects.definitions.sorted()  // n
    let updates = effects.updates.sorted()  // W
    #expect(reads == [.name("W"), .name("g")] && definitions == [.name("n")] && updates == [.name("W")])
  }

  @Test func commandTable() {
    // CommandTable
    let train = CommandTable.command("train")
    let options = train?.options.map(\.name) ?? []  // epochs, batch, …
    #expect(options.contains("epochs"))
  }

  @Test func helpTopic() {
    // HelpTopic
    let topic = HelpTopic.find("adam")
    let words = topic?.entries.map(\.word) ?? []  // its options
    #expect(topic != nil && words.contains("beta1"))
  }

  @Test func completer() {
    // Completer
    let names = KnownNames(data: ["xor", "iris"])
    let words = Completer.complete("train x", names: names).words  // ["xor"]
    #expect(words == ["xor"])
  }

  @Test func highlighter() {
    // Highlighter
    let marks = Highlighter.marks(in: SourceText("train xor epochs=20", name: "cell 1"))
    let kinds = marks.map(\.kind)  // a verb, a key, a number
    #expect(kinds == [.verb, .key, .number])
  }

  @Test func editorWords() {
    // EditorWords
    let words = EditorWords.current
    let knows = words.commands.contains("train") && words.functions.contains("sqrt")  // true
    #expect(knows)
  }

  @Test func indentation() {
    // Indentation
    let spaces = Indentation.below(SourceText("repeat 3 {", name: ""))  // 2
    #expect(spaces == 2)
  }

  @Test func literal() {
    // Literal
    let value = Literal("[1, 20%, true]")  // a list of 1, 0.2 and true
    #expect(value == .list([.number(1), .number(0.2), .boolean(true)]))
  }

  @Test func parameterValues() {
    // ParameterValues
    let source = SourceText("param epochs = 20 min=1", name: "cell 1")
    let declared = Checker.check(source, names: KnownNames()).result.program.parameters
    let given = [GivenParameter(name: "epochs", value: .spelled("5"), origin: "-p epochs=5")]
    let values = ParameterValues([given], declared: declared, notebook: "xor.nbs").values  // epochs: 5
    #expect(values == ["epochs": .number(5)])
  }

  // MARK: - Engine

  @Test func networkCatalog() {
    // NetworkCatalog
    let adam = NetworkCatalog.standard.optimizers["adam"]
    let options = adam?.options.map(\.name) ?? []  // beta1, beta2, …
    #expect(options.contains("beta1"))
  }

  @Test func kindSchema() {
    // KindSchema
    let gain = KindSchema(
      "gain", "multiplies by a number",
      options: [.required("factor", .number(.any), "what to multiply by")],
      examples: ["layer loud gain 2"])
    var catalog = NetworkCatalog.standard
    catalog.layers.append(gain)
    let names = NetworkCatalog.$current.withValue(catalog) { NetworkCatalog.current.layers.names }
    #expect(gain.option("factor") != nil && names.last == "gain")
  }

  @Test func layersAndRules() {
    let hidden = Layer(name: "hid", kind: .dense(units: 3, activation: .sigmoid))
    let optimizer = Optimizer.adam(beta1: 0.8)
    let loss = Loss(named: "mse") ?? .mse
    // Objective
    let objective = Objective([
      .init(output: "price", loss: .mse), .init(output: "kind", loss: .crossentropy, weight: 0.5),
    ])
    #expect(hidden.hasBias && optimizer != .sgd() && loss == .mse && !objective.isUniform)
  }

  @Test func tensor() throws {
    // Tensor
    let a = try Tensor(shape: [2, 2], values: [1, 2, 3, 4])
    let b = try (a * a).sum()  // 30
    #expect(b.scalar == 30)
  }

  @Test func gradient() throws {
    // gradients
    let w = Tensor([1, 2, 3]).stamped(variable: 1)
    let gradient = try gradients(of: (w * w).sum(), withRespectTo: [w])[0]  // [2 4 6]
    #expect(gradient.values == [2, 4, 6])
  }

  @Test func randomStream() {
    // RandomStream
    var random = RandomStream(seed: 7)
    let first = random.uniform()
    random = RandomStream(seed: 7)
    let again = random.uniform()  // the same number
    #expect(first == again)
  }

  @Test func networkGraph() throws {
    // NetworkGraph
    var graph = NetworkGraph()
    try graph.add(Layer(name: "inp", kind: .input(size: 2)))
    try graph.add(Layer(name: "out", kind: .dense(units: 1, activation: .sigmoid)))
    try graph.connect(Edge(from: "inp", to: "out"))
    let width = graph.outputWidth  // 1
    #expect(width == 1)
  }

  @Test func network() throws {
    // Network
    let network = Network(name: "solver")
    try network.edit { (graph) throws(CodedError) in
      try graph.add(Layer(name: "inp", kind: .input(size: 2)))
      try graph.add(Layer(name: "hid", kind: .dense(units: 3, activation: .tanh)))
      try graph.add(Layer(name: "out", kind: .dense(units: 1, activation: .sigmoid)))
      try graph.connect([Edge(from: "inp", to: "hid"), Edge(from: "hid", to: "out")])
    }
    var random = RandomStream(seed: 1)
    try network.prepare(ExecutionOptions(), random: &random)
    let xor = Examples(name: "xor", rows: 4, inputs: [0, 0, 0, 1, 1, 0, 1, 1], targets: [0, 1, 1, 0])
    let options = TrainingOptions(epochs: 500, batchSize: 1, loss: .bce, optimizer: .adam, rate: 0.05)
    _ = try network.train(xor, options, random: &random)
    let outputs = try network.predict(xor)  // near 0, 1, 1 and 0
    #expect(outputs.map { $0.rounded() } == [0, 1, 1, 0])
  }

  // MARK: - Data

  @Test func dataset() throws {
    // Dataset
    let xor = try Dataset(
      name: "xor", inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [[0], [1], [1], [0]])
    let row = xor.inputs(ofRow: 2)  // 1, 0
    #expect(Array(row) == [1, 0])
  }

  @Test func windows() throws {
    // windows
    let series = try Dataset(name: "s", inputs: [[1], [2], [3], [4]], targets: [[], [], [], []])
    let windows = try series.windows(SeriesWindow(steps: 2))
    let first = (windows.inputs(ofRow: 0), windows.targets(ofRow: 0))  // 1, 2 and 3
    #expect(Array(first.0) == [1, 2] && Array(first.1) == [3])
  }

  @Test func sequences() throws {
    // Dataset+Sequences
    let walks = try Dataset(
      name: "walks", sequences: [[[1], [2]], [[3], [4], [5]]], targets: .rows([[0], [1]]))
    let second = walks.inputs(ofRow: 1)  // 3, 4, 5
    #expect(Array(second) == [3, 4, 5])
  }

  @Test func sequenceSteps() throws {
    // SequenceSteps
    let steps = SequenceSteps(lengths: [2, 3])
    let second = steps[1]  // 2..<5
    #expect(second == 2..<5)
  }

  @Test func series() throws {
    // series
    let table = try Dataset(name: "s", inputs: [[2, 20], [1, 10], [3, 30]], targets: [[], [], []])
    let series = try table.series(SeriesOptions(order: "x1"))
    let values = series.inputs  // 10, 20, 30
    #expect(values == [10, 20, 30])
  }

  @Test func vocabulary() throws {
    // Vocabulary
    let vocabulary = Vocabulary(of: "to be", unit: .char)
    let numbers = try vocabulary.encode("be", of: "text")  // 1, 2: after the blank
    let text = vocabulary.decode(numbers)  // be
    #expect(numbers == [1, 2] && text == "be")
  }

  @Test func textDataset() throws {
    // Dataset+Text
    let text = try Dataset(name: "t", text: "abab a", unit: .char, window: 2)
    let row = (text.inputs(ofRow: 1), text.targets(ofRow: 1))  // a b, and what follows each: b and the blank
    #expect(Array(row.0) == [1, 2] && Array(row.1) == [2, 0])
  }

  @Test func datasetFile() throws {
    let path = try temporary("people.csv")
    try Data("height,age\n170,30\n180,40\n165,20\n".utf8).write(to: URL(fileURLWithPath: path))
    // DatasetFile
    let people = try DatasetFile.read(path, name: "people", options: ReadOptions(targets: ["age"]))
    let names = people.train.inputNames  // height
    #expect(names == ["height"])
  }

  @Test func builtInSets() throws {
    // BuiltInSets
    let iris = try BuiltInSets.load("iris")
    let classes = iris?.classes  // setosa, versicolor, virginica
    #expect(classes == ["setosa", "versicolor", "virginica"])
  }

  @Test func generators() throws {
    // Generators
    var random = RandomStream(seed: 1)
    let spiral = try Generators.make("spiral", count: 100, noise: 0.2, random: &random)
    #expect(spiral?.rows == 100)
  }

  @Test func datasetParts() throws {
    // DatasetParts
    var random = RandomStream(seed: 1)
    guard let iris = try BuiltInSets.load("iris") else { return }
    let parts = try iris.split(SplitOptions(test: 0.2), random: &random)
    let sizes = parts.named.map(\.data.rows)  // 120, 30
    #expect(sizes == [120, 30])
  }

  @Test func preparation() throws {
    let train = try Dataset(name: "t", inputs: [[0], [10]], targets: [[0], [1]])
    // Preparation
    let preparation = try Preparation.fitted(to: train, .minmax)
    let scaled = preparation.apply(to: train).inputs  // 0 and 1 for the least and the largest
    #expect(scaled == [0, 1])
  }

  @Test func arrayFile() throws {
    let path = try temporary("weights.safetensors")
    // ArrayFile
    var file = ArrayFile()
    file.add(StoredArray("hid/bias", shape: [2], [0.5, -1]))
    try file.write(to: path)
    let bias = try ArrayFile.read(path)["hid/bias"]?.doubles  // 0.5, -1
    #expect(bias == [0.5, -1])
  }

  // MARK: - Notebooks

  @Test func formula() throws {
    // Formula
    let formula = try Formula("\\hat{y} = \\sigma(w x + b)")
    let text = formula.plain  // ŷ = σ(w x + b)
    #expect(text == "ŷ = σ(w x + b)")
  }

  @Test func notebook() {
    // Notebook
    let notebook = Notebook(cells: [Cell(.markdown, "# Sums"), Cell(.code, "print 1 + 1")])
    let text = NotebookFormat.write(notebook)  // the lines of a .nbs file
    #expect(text.contains("# %%") && text.contains("print 1 + 1"))
  }

  @Test func notebookFormat() {
    // NotebookFormat
    let reading = NotebookFormat.read("# %%\na = 1\n# %%\nprint a\n", name: "a.nbs")
    let sources = reading.notebook?.cells.map(\.source) ?? []  // "a = 1", "print a"
    #expect(sources == ["a = 1", "print a"])
  }

  // MARK: - Sessions

  @Test func session() {
    // Session
    let session = Session(seed: 1)
    var shown: [Output] = []
    let outcome = session.evaluate(SourceText("a = 2; a ^ 10", name: "cell 1")) { shown.append($0) }
    let text = shown.map { $0.text(.report) }  // 1024
    #expect(outcome == .done && text.joined().contains("1024"))
  }

  @Test func transcript() {
    // Transcript
    let transcript = Transcript(session: Session())
    for cell in ["a = 1", "a = a + 1", "a"] { _ = transcript.run(cell) { _ in } }
    _ = transcript.undo()  // takes `a` back
    _ = transcript.undo()  // and `a = a + 1`
    let next = transcript.nextNumber
    #expect(transcript.entries.map(\.source) == ["a = 1"] && next > 1)
  }

  @Test func dependencies() {
    // Dependencies
    let transcript = Transcript(session: Session())
    for cell in ["a = 1", "b = 2 * a", "a = 5"] { _ = transcript.run(cell) { _ in } }
    let stale = Dependencies(transcript.entries).stale.map(\.number)  // 2
    #expect(stale == [2])
  }

  @Test func sessionFile() throws {
    let path = try temporary("work.session")
    let transcript = Transcript(session: Session())
    _ = transcript.run("a = 7") { _ in }
    // SessionFile
    try SessionFile.contents(of: transcript) { $0.text(.report) }.write(to: path)
    let copy = try SessionFile.read(path, into: Session()) { print($0.message) }
    #expect(copy.entries.map(\.source) == ["a = 7"])
  }

  // MARK: - Outputs and reports

  @Test func table() {
    // Table
    let table = Table(
      columns: [.words("class"), .numbers("rows")], rows: [["setosa", "50"], ["virginica", "50"]])
    let text = Output.table(table).text(.report)
    #expect(text.contains("virginica"))
  }

  @Test func plot() {
    // Plot
    let squares = XYPlot.Series(name: "x ^ 2", xs: [0, 1, 2, 3], ys: [0, 1, 4, 9])
    let plot = Plot(XYPlot(.line, title: "Squares", xLabel: "x", yLabel: "y", series: [squares]))
    let text = plot.text(.markdown)
    #expect(text.contains("Squares"))
  }

  @Test func report() {
    // Report
    let cell = Cell(.code, "print 1 + 1")
    let report = Report(title: "Sums", facts: [], entries: [Report.Entry(cell: cell, outputs: [.text("2")])])
    let page = report.markdown()
    #expect(page.contains("# Sums") && page.contains("print 1 + 1"))
  }

  @Test func reportComparison() {
    let notebook = Notebook(cells: [Cell(.code, "print 1")])
    func page(_ text: String) -> String {
      Report(title: "A", facts: [], entries: [Report.Entry(cell: notebook.cells[0], outputs: [.text(text)])])
        .markdown()
    }
    let (old, new) = (page("1"), page("2"))
    // ReportComparison
    let comparison = ReportComparison(expected: old, found: new, notebook: notebook)
    let cells = comparison.differences.map(\.cell)
    #expect(cells.count == 1)
  }

  // MARK: - Runs

  @Test func database() throws {
    // Database
    let database = try Database(path: ":memory:")
    try database.write { db in
      try db.execute("CREATE TABLE runs (id INTEGER PRIMARY KEY, title TEXT NOT NULL)")
      try db.execute("INSERT INTO runs (title) VALUES (?)", ["xor"])
    }
    let titles: [String] = try database.read { try $0.values("SELECT title FROM runs") }  // xor
    #expect(titles == ["xor"])
  }

  @Test func row() throws {
    let found = try Database(path: ":memory:").read { try $0.row("SELECT 'xor' AS title, NULL AS path") }
    let row = try #require(found)
    // Row
    let title: String = try row["title"]
    let path = try row["path"] as String?  // nil for NULL
    #expect(title == "xor" && path == nil)
  }

  @Test func notebookCheck() {
    // NotebookCheck
    let notebook = Notebook(cells: [Cell(.code, "a = 1"), Cell(.code, "print b")])
    let check = NotebookCheck(notebook, name: "a.nbs", names: Session().knownNames)
    let places = check.mistakes.map(\.cell.index)  // 1
    #expect(places == [1])
  }

  @Test func notebookRun() {
    // NotebookRun
    let notebook = Notebook(cells: [Cell(.code, "a = 1"), Cell(.code, "print a")])
    let run = NotebookRun.run(notebook, name: "a.nbs", in: Session()) { _ in }
    let outputs = run.results.map(\.outputs.count)  // 0, 1
    #expect(run.outcome == .done && outputs == [0, 1])
  }

  @Test func headlessRun() throws {
    let path = try temporary("sums.nbs")
    try Data("# %%\nparam n = 2\nprint n + 1\n".utf8).write(to: URL(fileURLWithPath: path))
    // HeadlessRun
    guard let file = NotebookFile.load(path).file else { return }
    let given = GivenParameter(name: "n", value: .spelled("9"), origin: "-p n=9")
    let headless = try HeadlessRun(file, parameters: [[given]], in: Session())
    let (run, _) = headless.run(keptAt: nil) { print($0.text(.report)) }  // 10
    let report = headless.report(of: run).markdown()
    #expect(run.outcome == .done && report.contains("10"))
  }

  @Test func runStore() throws {
    let folder = try temporary("runs")
    // RunStore
    let (store, _) = try RunStore.open(at: StoreLocation(folder: folder))
    let latest = try store.runs(RunQuery(limit: 10)).runs  // none yet
    #expect(latest.isEmpty)
  }

  @Test func runRecorder() throws {
    let folder = try temporary("runs")
    // RunRecorder
    let location = StoreLocation(folder: folder)
    let description = RunDescription(title: "Sums", origin: .prompt, seed: 1, version: "1.0")
    let recorder = RunRecorder(description, location: { location }, render: { RenderedOutput($0) })
    recorder.cellBegan(Cell(.code, "print 2"))
    recorder.showed(.text("2"))
    recorder.cellEnded(.done)
    recorder.finish(.done)
    let titles = try RunStore.openToRead(at: location)?.runs().runs.map(\.title)  // Sums
    #expect(titles == ["Sums"])
  }

  @Test func sweepRecorder() throws {
    let folder = try temporary("runs")
    // SweepRecorder
    let location = StoreLocation(folder: folder)
    var description = RunDescription(title: "Rates", origin: .file, seed: 0, version: "1.0")
    description.sweep = "{}"
    let recorder = SweepRecorder(description, location: { location })
    recorder.begin()
    description.sweep = "{\"trial\": 1}"
    recorder.keep(SweepRecorder.Trial(description, metrics: ["loss": 0.5], ending: .done))
    recorder.finish(.done, metrics: ["loss": 0.5])
    let trials = try RunStore.openToRead(at: location)?.runs().runs.first?.trials  // 1
    #expect(trials == 1)
  }

  @Test func successiveHalving() throws {
    // SuccessiveHalving
    let halving = try SuccessiveHalving("epochs", to: 90, of: 12)
    let budgets = halving.budgets  // 10, 30, 90
    let counts = halving.counts  // 12, 4, 2
    #expect(budgets == [10, 30, 90] && counts == [12, 4, 2])
  }

  // MARK: - Prompt and lessons

  @Test func library() {
    // Library
    let names = Library.names
    let walkthrough = names.first.flatMap { Library.builtIn($0) }
    #expect(walkthrough?.steps.isEmpty == false)
  }

  @Test func lesson() {
    // Lesson
    let notebook = Notebook(cells: [Cell(.markdown, "# Sums"), Cell(.code, "print 1 + 1")])
    var shown: [Lesson.Event] = []
    let lesson = Lesson(
      Walkthrough(name: "sums", notebook: notebook), makeSession: { Session() }, save: { _ in },
      show: { shown.append($0) })
    lesson.begin()  // shows the title, the prose and the code
    _ = lesson.enter("")  // runs the code
    #expect(shown.contains { if case .output = $0 { true } else { false } })
  }

  @Test func prompt() {
    var written = ""
    // Prompt
    let presenter = Presenter(
      style: { TextStyle(width: 80) }, progressPlace: { .log }, write: { written += $0 },
      writeProgress: { _ in })
    let prompt = Prompt(session: Session(), presenter: presenter)
    _ = prompt.enter("2 ^ 10")  // shows 1024
    _ = prompt.enter(":undo")
    #expect(written.contains("1024"))
  }
}
