import Testing

@testable import Plotting

@Suite("What is drawn where")
struct DrawingTests {
  private func lines(_ plot: Plot, width: Int = 72) -> [String] {
    plot.text(PlotStyle(charset: .ascii, width: width)).split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .map(String.init)
  }

  @Test("Markdown is 7-bit ASCII in 72 columns")
  func markdown() {
    for plot in GoldenTests.plots.map(\.plot) {
      let text = plot.text(.markdown)
      #expect(text.allSatisfy { $0.isASCII })
      #expect(lines(plot).allSatisfy { $0.count <= 72 && $0.last != " " })
    }
  }

  @Test("A single spike in a long series is never lost")
  func spike() {
    for place in [0, 1, 4999, 123_456, 199_999] {
      var values = [Double](repeating: 0, count: 200_000)
      values[place] = 1
      let top = lines(Fixtures.line(values))[3]
      #expect(top.filter { $0 == "*" }.count == 1)
    }
  }

  @Test("Missing values break the line and mark the axis")
  func missing() throws {
    let all = lines(Fixtures.line([0, 0, .nan, .nan, 0, 0]))
    let axis = try #require(all.first { $0.contains("!") })
    #expect(axis.filter { $0 == "!" }.count == 2)
    #expect(all.contains { $0.hasSuffix("values missing") })
    let row = try #require(all.first { $0.contains("*") })
    #expect(row.split(separator: "*").contains { $0.count > 30 && $0.allSatisfy { $0 == " " } })
  }

  @Test("Under 24 columns there are figures in place of a drawing")
  func narrow() {
    #expect(lines(Fixtures.line([3, 1, 2]), width: 23) == ["series", "min 1", "max 3", "last 2"])
    #expect(
      lines(Fixtures.xorBoundary(), width: 20) == ["solver on xor", "4 of 4 points", "classified correctly"])
    #expect(
      lines(Fixtures.line([3, 1, 2]), width: 4) == ["seri", "es", "min", "1", "max", "3", "last", "2"])
  }

  @Test("A plot's own width holds where there is room for it")
  func wishes() {
    var plot = LinePlot(
      title: "t", xLabel: "step", yLabel: "v", firstX: 0, series: [.init(name: "v", values: [1, 2, 3])])
    plot.width = 30
    plot.height = 5
    #expect(Plot(plot).text(.markdown).split(separator: "\n").map(\.count).max() == 30)
    #expect(lines(Plot(plot)).filter { $0.contains("|") || $0.contains("  +") }.count <= 6)
    plot.width = 500
    #expect(lines(Plot(plot)).allSatisfy { $0.count <= 72 })
  }

  @Test("Names keep their script and lose what a terminal would obey")
  func names() {
    let plot = LinePlot(
      title: "損失\u{1B}[2J\nx", xLabel: "step", yLabel: "v", firstX: 0,
      series: [.init(name: "v", values: [1, 2])])
    #expect(lines(Plot(plot))[0] == "損失 [2J x   last 2")
  }

  @Test("Of points in one cell the misclassified one is on top")
  func overlap() {
    guard var plot = Fixtures.xorBoundary().content as? BoundaryPlot else { return }
    plot.points = [
      .init(x: 0.5, y: 0.5, truth: 1, predicted: 0), .init(x: 0.5, y: 0.5, truth: 1, predicted: 1),
      .init(x: .nan, y: 0, truth: 0, predicted: 0), .init(x: 9, y: 0, truth: 0, predicted: 0),
    ]
    #expect(lines(Plot(plot)).contains { $0.hasPrefix("0.5 ") && $0.contains(" B ") })
    #expect(Plot(plot).caption.hasSuffix("2 points lie outside the plane."))
  }

  @Test("A thousand classes are not named one by one")
  func manyClasses() {
    let answers = (0..<4000).map { BoundaryPlot.Answer(winner: $0 % 1000, probability: 0.9) }
    let points = (0..<1000).map { BoundaryPlot.Point(x: 0.5, y: 0.5, truth: $0, predicted: $0 / 2) }
    let plot = Plot(
      BoundaryPlot(
        title: "t", xLabel: "a", yLabel: "b", xRange: 0...1, yRange: 0...1, gridColumns: 80,
        answers: answers, classes: (0..<1000).map(String.init), points: points))
    #expect(lines(plot).count < 50)
    #expect(lines(plot).contains { $0.contains("988 more classes with the same signs") })
    #expect(plot.caption.contains("wrong about points of 999 classes, most often 1 point of class 1, "))
    #expect(plot.caption.count < 400)
    #expect(plot.svg().contains("988 more classes"))
  }

  @Test("A confusion matrix that just fits a page stays a table, its sums in line")
  func fullTable() {
    // The sums have a digit more than the counts.
    let counts = (0..<100).map { $0 / 10 == $0 % 10 ? 906 : 31 }
    let plot = Plot(
      ConfusionPlot(title: "net", classes: (0..<10).map { "class \($0)" }, counts: counts))
    let table = lines(plot).drop { !$0.hasPrefix("truth") }
    #expect(table.count == 12 && Set(table.map(\.count)) == [70], "\(table)")
  }

  @Test("The ramp darkens with the probability of the second class")
  func ramp() throws {
    let answers = (0..<2).flatMap { _ in
      (0..<11).map { BoundaryPlot.Answer(winner: $0 < 6 ? 0 : 1, probability: Double($0) / 10) }
    }
    let plot = BoundaryPlot(
      title: "t", xLabel: "a", yLabel: "b", xRange: 0...1, yRange: 0...1, gridColumns: 11, answers: answers,
      classes: ["no", "yes"], points: [])
    let row = try #require(lines(Plot(plot)).first { $0.contains("|") })
    let tones = row.drop { $0 != "|" }.dropFirst().map { Glyphs.ascii.ramp.firstIndex(of: $0) ?? -1 }
    #expect(tones == tones.sorted())
    #expect(Set(tones) == Set(0..<10))
  }
}
