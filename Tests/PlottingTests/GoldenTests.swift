import Diagnostics
import Plotting
import Testing

@Suite("Golden texts")
struct GoldenTests {
  static let plots: [(name: String, plot: Plot)] = [
    ("xor-loss", Fixtures.xorLoss()),
    ("overfit", Fixtures.overfit),
    ("accuracy", Fixtures.shortAccuracy),
    ("broken", Fixtures.broken),
    ("xor-boundary", Fixtures.xorBoundary()),
    ("xor-boundary-wrong", Fixtures.xorBoundary(wrong: [2])),
    ("three-classes", Fixtures.threeClasses),
    ("cubic", Fixtures.cubic),
    ("pole", Fixtures.pole),
    ("two-lines", Fixtures.twoLines),
    ("cloud", Fixtures.cloud(60)),
    ("large-cloud", Fixtures.cloud(3000)),
    ("classes", Fixtures.classes),
    ("histogram", Fixtures.histogram),
    ("dice", Fixtures.dice),
    ("columns", Fixtures.columns),
    ("confusion", Fixtures.confusion),
    ("many-classes", Fixtures.manyClasses),
    ("weights", Fixtures.weights),
    ("large-matrix", Fixtures.largeMatrix),
    ("channels", Fixtures.channels),
    ("filters", Fixtures.filters),
    ("volume", Fixtures.volume),
    ("signals", Fixtures.signals),
    ("units", Fixtures.units),
    ("picture", Fixtures.picture),
    ("sheet", Fixtures.sheet),
    ("chain", Fixtures.chain),
    ("skip", Fixtures.skip),
    ("branches", Fixtures.branches),
    ("circles", Fixtures.circles),
    ("many-circles", Fixtures.manyCircles),
    ("neuron", Fixtures.neuron),
    ("large-neuron", Fixtures.largeNeuron),
    ("descent", Fixtures.descent),
    ("gaps", Fixtures.gaps),
    ("effects", Fixtures.effects),
    ("one-effect", Fixtures.oneEffect),
    ("parallel", Fixtures.parallel),
    ("many-parallel", Fixtures.manyParallel),
    ("unrolled", Fixtures.unrolled),
    ("unrolled-edges", Fixtures.unrolledEdges),
    ("unrolled-both", Fixtures.unrolledBoth),
    ("forecast", Fixtures.forecast),
  ]

  @Test(
    "A plot looks as it did when somebody last looked at it", arguments: plots.map(\.name), [40, 72, 200])
  func looksTheSame(name: String, width: Int) throws {
    let plot = try #require(Self.plots.first { $0.name == name }?.plot)
    let ascii = plot.text(PlotStyle(charset: .ascii, width: width))
    let unicode = plot.text(PlotStyle(charset: .unicode, width: width))
    try expectGolden(ascii + "\n\n" + plot.caption, "\(name)-\(width)-ascii")
    try expectGolden(unicode, "\(name)-\(width)-unicode")
  }

  @Test("A picture looks as it did when somebody last looked at it", arguments: plots.map(\.name))
  func pictureLooksTheSame(name: String) throws {
    let plot = try #require(Self.plots.first { $0.name == name }?.plot)
    try expectGolden(plot.svg(), name, extension: "svg")
  }

  @Test("Colours are the only thing that a coloured text adds", arguments: plots.map(\.name))
  func colour(name: String) throws {
    let plot = try #require(Self.plots.first { $0.name == name }?.plot)
    let style = PlotStyle(charset: .unicode, width: 72, usesColor: true)
    let plain = PlotStyle(charset: .unicode, width: 72)
    let codes = /\u{1B}\[[0-9]+m/
    #expect(plot.text(style).replacing(codes, with: "") == plot.text(plain))
    #expect(!plot.text(plain).contains("\u{1B}"))
  }

  @Test("A narrow page has the figures, and all of them", arguments: plots.map(\.name), [1, 9, 23])
  func narrow(name: String, width: Int) throws {
    let plot = try #require(Self.plots.first { $0.name == name }?.plot)
    let lines = plot.text(PlotStyle(charset: .unicode, width: width)).split(separator: "\n")
    #expect(lines.allSatisfy { $0.displayWidth <= width })
    #expect(!lines.joined().contains("…"))
    // Whatever the width, the same characters are there.
    let wider = plot.text(PlotStyle(charset: .unicode, width: 23))
    #expect(lines.joined().filter { !$0.isWhitespace } == wider.filter { !$0.isWhitespace })
  }
}
