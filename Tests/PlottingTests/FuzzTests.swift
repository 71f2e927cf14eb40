import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import Plotting

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Any plot, any size")
struct FuzzTests {
  private static let odd: [Double] = [
    0, -0.0, 1, -1, .nan, .infinity, -.infinity, 1e308, -1e308, .greatestFiniteMagnitude,
    -.greatestFiniteMagnitude, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
    1 + .ulpOfOne, 1e-12, 123_456.789,
  ]
  private static let sizes = [Int.min, -1, 0, 1, 2, 3, 5, 17, 23, 24, 25, 30, 41, 72, 133, 2000, Int.max]

  private func number(_ noise: inout Noise) -> Double {
    switch noise.next() % 4 {
    case 0: Self.odd.randomElement(using: &noise) ?? 0
    case 1: Double(bitPattern: noise.next())
    default: noise.uniform() * 2 - 0.5
    }
  }

  private func finite(_ noise: inout Noise) -> Double {
    let value = number(&noise)
    return value.isNaN ? 0 : value
  }

  private func style(_ noise: inout Noise) -> PlotStyle {
    PlotStyle(
      charset: noise.next() % 2 == 0 ? .ascii : .unicode, width: Self.sizes.randomElement(using: &noise) ?? 1,
      height: noise.next() % 2 == 0 ? nil : Self.sizes.randomElement(using: &noise), usesColor: false)
  }

  private func check(_ plot: Plot, _ style: PlotStyle) {
    checkPicture(plot)
    let text = plot.text(style)
    let width = min(max(style.width, 1), 1000)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      #expect(line.displayWidth <= width, "\(style)\n\(text)")
      #expect(line.last != " ")
    }
    if style.charset == .ascii { #expect(text.allSatisfy { $0.isASCII }) }
    #expect(!plot.caption.isEmpty)
    var coloured = style
    coloured.usesColor = true
    #expect(plot.text(coloured).replacing(/\u{1B}\[[0-9]+m/, with: "") == text)
  }

  /// A picture is one XML document, and no length in it is off the scale.
  private func checkPicture(_ plot: Plot) {
    let svg = plot.svg()
    #expect(svg.utf8.count < 2_000_000)
    #expect(!svg.contains("nan\"") && !svg.contains("inf\""))
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
  }

  @Test(
    "Names that markup would take for its own",
    arguments: ["&\u{301}", "\"\u{301}", "<a", "\u{FFFE}", "\r\n"])
  func names(name: String) {
    let series = [name, "b"].map { LinePlot.Series(name: $0, values: [1, 2]) }
    checkPicture(
      Plot(LinePlot(title: name, xLabel: name, yLabel: name, firstX: 1, series: series, isLogarithmic: true))
    )
  }

  @Test("Line plots", arguments: 0..<250 as Range<UInt64>)
  func lines(seed: UInt64) {
    var noise = Noise(seed: seed)
    let series = (0..<Int(noise.next() % 4)).map { index in
      let count = [0, 1, 2, 3, 7, 40, 300].randomElement(using: &noise) ?? 0
      return LinePlot.Series(
        name: "series \(index)", values: (0..<count).map { _ in number(&noise) },
        lowerIsBetter: [true, false, nil].randomElement(using: &noise) ?? nil,
        marksBest: noise.next() % 2 == 0)
    }
    let plot = LinePlot(
      title: "a title of some length", xLabel: "epoch", yLabel: "loss",
      firstX: [0, 1, -5, Int.max, Int.min].randomElement(using: &noise) ?? 0, series: series,
      isLogarithmic: noise.next() % 2 == 0, width: noise.next() % 4 == 0 ? 31 : nil)
    check(Plot(plot), style(&noise))
  }

  @Test("Boundary plots", arguments: 0..<250 as Range<UInt64>)
  func boundaries(seed: UInt64) {
    var noise = Noise(seed: seed)
    let classes = (0..<Int(noise.next() % 13)).map { "class \($0)" }
    let ends = (0..<4).map { _ in noise.next() % 3 == 0 ? finite(&noise) : noise.uniform() }
    let answers = (0..<Int(noise.next() % 90)).map { _ in
      BoundaryPlot.Answer(winner: Int(noise.next() % 15) - 1, probability: number(&noise))
    }
    let points = (0..<Int(noise.next() % 30)).map { _ in
      BoundaryPlot.Point(
        x: number(&noise), y: number(&noise), truth: Int(noise.next() % 50) - 2,
        predicted: Int(noise.next() % 3))
    }
    let plot = BoundaryPlot(
      title: "net on data", xLabel: "x", yLabel: "y", xRange: min(ends[0], ends[1])...max(ends[0], ends[1]),
      yRange: min(ends[2], ends[3])...max(ends[2], ends[3]), gridColumns: Int(noise.next() % 14) - 1,
      answers: answers, classes: classes, points: points)
    check(Plot(plot), style(&noise))
  }

  @Test("Points", arguments: 0..<250 as Range<UInt64>)
  func points(seed: UInt64) {
    var noise = Noise(seed: seed)
    let series = (0..<Int(noise.next() % 4)).map { index in
      let count = [0, 1, 2, 3, 7, 40, 300].randomElement(using: &noise) ?? 0
      return XYPlot.Series(
        name: "series \(index)", xs: (0..<count).map { _ in number(&noise) },
        ys: (0..<count + Int(noise.next() % 2)).map { _ in number(&noise) })
    }
    let kinds: [XYPlot.Kind] = [.function, .line, .scatter, .classes]
    let plot = XYPlot(
      kinds.randomElement(using: &noise) ?? .line, title: "y against x", xLabel: "x", yLabel: "y",
      series: series, isLogarithmic: noise.next() % 2 == 0)
    check(Plot(plot), style(&noise))
  }

  @Test("Counts and matrices", arguments: 0..<250 as Range<UInt64>)
  func counts(seed: UInt64) {
    var noise = Noise(seed: seed)
    func values() -> [Double] {
      let count = [0, 1, 2, 3, 7, 40, 300].randomElement(using: &noise) ?? 0
      return (0..<count).map { _ in number(&noise) }
    }
    let bins = [nil, -3, 1, 2, 17, 9999].randomElement(using: &noise) ?? nil
    check(Plot(HistogramPlot(title: "h", xLabel: "x", values: values(), bins: bins)), style(&noise))
    let columns = (0..<Int(noise.next() % 5)).map { index in
      ColumnsPlot.Column(name: "a column \(index)", isTarget: index == 3, values: values())
    }
    check(Plot(ColumnsPlot(title: "d", rows: 3, columns: columns, hidden: 2)), style(&noise))
    let classes = (0..<[0, 1, 2, 3, 9, 12, 13, 40][Int(noise.next() % 8)]).map { "class \($0)" }
    let counts = classes.flatMap { _ in classes.map { _ in Int(noise.next() % 3) * Int(noise.next() % 1000) }
    }
    check(Plot(ConfusionPlot(title: "c", classes: classes, counts: counts)), style(&noise))
    let blocks = (0..<Int(noise.next() % 4)).map { index in
      MatrixPlot.Block(name: "block \(index)", columns: Int(noise.next() % 90) - 1, values: values())
    }
    check(Plot(MatrixPlot(title: "m", rowLabel: "unit", blocks: blocks)), style(&noise))
  }

  @Test("Panels", arguments: 0..<250 as Range<UInt64>)
  func panels(seed: UInt64) {
    var noise = Noise(seed: seed)
    let form: PanelsPlot.Form = [.pictures, .signals, .bars][Int(noise.next() % 3)]
    let columns = [0, 1, 2, 3, 28, 300][Int(noise.next() % 6)]
    let units = (0..<Int(noise.next() % 50)).map { index in
      let pictures = (0..<Int(noise.next() % 11)).map { slice in
        MatrixPlot.Block(
          name: "z\(slice)", columns: columns,
          values: (0..<columns * Int(noise.next() % 4)).map { _ in number(&noise) })
      }
      return PanelsPlot.Unit(name: "\(index)", pictures: pictures)
    }
    let shown = [nil, 0, 1, 7, 99][Int(noise.next() % 5)]
    let plot = PanelsPlot(title: "p", noun: "channel", form: form, units: units, shown: shown)
    check(Plot(plot), style(&noise))
  }

  @Test("Sweeps", arguments: 0..<250 as Range<UInt64>)
  func sweeps(seed: UInt64) {
    var noise = Noise(seed: seed)
    let count = [0, 1, 2, 3, 7, 40, 600].randomElement(using: &noise) ?? 0
    let parameters = (0..<Int(noise.next() % 6)).map { index -> SweepPlot.Parameter in
      let name = noise.next() % 5 == 0 ? "損失\(index)" : "a parameter \(index)"
      if noise.next() % 2 == 0 {
        let names = (0...Int(noise.next() % 30)).map { "value \($0)" }
        return .init(
          name: name, values: .named(names),
          places: (0..<count).map { _ in Double(noise.next() % UInt64(names.count)) })
      }
      let ends = [finite(&noise), finite(&noise)]
      return .init(
        name: name,
        values: .range(min(ends[0], ends[1])...max(ends[0], ends[1]), isLogarithmic: noise.next() % 2 == 0),
        places: (0..<count).map { _ in number(&noise) })
    }
    let plot = SweepPlot(
      noise.next() % 2 == 0 ? .effects : .parallel, title: "loss by all", metric: "loss",
      isLarger: noise.next() % 2 == 0, parameters: parameters,
      measured: (0..<count).map { _ in number(&noise) })
    var style = style(&noise)
    // Names keep their script, in ASCII too, and one of its characters takes two columns.
    if parameters.contains(where: { !$0.name.allSatisfy(\.isASCII) }) {
      style.charset = .unicode
      style.width = max(style.width, 2)
    }
    check(Plot(plot), style)
  }

  @Test("Networks", arguments: 0..<250 as Range<UInt64>)
  func networks(seed: UInt64) {
    var noise = Noise(seed: seed)
    let count = [0, 1, 2, 3, 5, 9, 30].randomElement(using: &noise) ?? 0
    let nodes = (0..<count).map { index in
      NetworkPlot.Node(
        name: noise.next() % 5 == 0 ? "損失\(index)" : "layer\(index)", detail: "dense 3 relu",
        units: [0, 1, 3, 8, 9][Int(noise.next() % 5)], biases: noise.next() % 2 == 0 ? [1, .nan, -3] : nil)
    }
    // Edges back, from a node to itself and from nowhere are among them.
    let edges = (0..<Int(noise.next() % UInt64(2 * count + 2))).map { _ in
      NetworkPlot.Edge(
        source: Int(noise.next() % UInt64(count + 1)), target: Int(noise.next() % UInt64(count + 1)),
        label: noise.next() % 4 == 0 ? "one" : nil, weights: noise.next() % 2 == 0 ? [1, 2, 3] : nil)
    }
    let plot = Plot(NetworkPlot(title: "n", nodes: nodes, edges: edges))
    var style = style(&noise)
    // Names keep their script, in ASCII too.
    if nodes.contains(where: { !$0.name.allSatisfy(\.isASCII) }) { style.charset = .unicode }
    check(plot, style)
  }

  @Test("Unrolled networks", arguments: 0..<250 as Range<UInt64>)
  func unrolled(seed: UInt64) {
    var noise = Noise(seed: seed)
    let count = [0, 1, 2, 3, 5, 9, 30].randomElement(using: &noise) ?? 0
    let rows = (0..<count).map { index in
      UnrolledPlot.Row(
        name: noise.next() % 5 == 0 ? "損失\(index)" : "layer\(index)", detail: "dense 3",
        isWhole: noise.next() % 4 == 0)
    }
    // Arrows up, to steps that there are not, and from nowhere are among them.
    let arrows = (0..<Int(noise.next() % UInt64(2 * count + 2))).map { _ in
      UnrolledPlot.Arrow(
        source: Int(noise.next() % UInt64(count + 1)), target: Int(noise.next() % UInt64(count + 1)),
        age: Int(noise.next() % 6) - 2, isGate: noise.next() % 4 == 0,
        moment: [.always, .atEnd, .atStart][Int(noise.next() % 3)], label: noise.next() % 3 == 0 ? "one" : nil
      )
    }
    let steps = [-1, 0, 1, 2, 3, 12, 1_000_000].randomElement(using: &noise) ?? 3
    let plot = Plot(UnrolledPlot(title: "n", rows: rows, arrows: arrows, steps: steps))
    var style = style(&noise)
    // Names keep their script, in ASCII too.
    if rows.contains(where: { !$0.name.allSatisfy(\.isASCII) }) { style.charset = .unicode }
    check(plot, style)
  }
}
