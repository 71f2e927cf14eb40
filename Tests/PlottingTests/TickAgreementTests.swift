import Foundation
import TestSupport
import Testing

@testable import Plotting

/// The labels of ticks as a reader finds them in a painted plot.
private struct PaintedTicks: Equatable {
  var x: [String] = []
  /// From the bottom up.
  var y: [String] = []

  init(text: String) throws {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let bottom = try #require(lines.lastIndex { $0.prefixMatch(of: /\ +[+└][-+─┬!]/) != nil })
    x = lines[bottom + 1].split(separator: " ").map(String.init)
    y = lines[..<bottom].reversed().compactMap { line in
      line.prefixMatch(of: /\ *([-0-9.e]+) [+┤]/).map { String($0.1) }
    }
  }

  init(svg: String) {
    x = svg.matches(of: /class="" text-anchor="middle">([^<]*)</).map { String($0.1) }
    y = svg.matches(of: /class="" text-anchor="end">([^<]*)</).map { String($0.1) }
  }

  /// Whether these are some of the others, in their order.
  func isPart(of all: PaintedTicks) -> Bool {
    func isPart(_ some: [String], _ all: [String]) -> Bool {
      var rest = all[...]
      return some.allSatisfy { label in
        guard let place = rest.firstIndex(of: label) else { return false }
        rest = rest[(place + 1)...]
        return true
      }
    }
    return isPart(x, all.x) && isPart(y, all.y)
  }
}

@Suite("Ticks are the same in every form of a plot")
struct TickAgreementTests {
  /// A plot of each kind that has axes, and lines of all sizes.
  private static let plots: [Plot] = GoldenTests.plots.map(\.plot).filter(hasAxes) + lines

  private static func hasAxes(_ plot: Plot) -> Bool { plot.layout.parts.count { $0 is Axes } == 1 }

  private static let lines: [Plot] = (0..<60).map { seed in
    var noise = Noise(seed: UInt64(seed))
    let size = Fixtures.power(10, seed % 13) / 1e6
    let values = (0..<[2, 5, 40, 3000][seed % 4]).map { _ in size * (noise.uniform() + Double(seed % 3)) }
    return Plot(
      LinePlot(
        title: "t", xLabel: "step", yLabel: "v", firstX: seed % 2, series: [.init(name: "v", values: values)],
        isLogarithmic: seed % 5 > 2, height: seed % 7 == 6 ? 3 + seed % 11 : nil))
  }

  @Test("Every kind of plot with axes is looked at")
  func kinds() {
    #expect(Self.plots.count > 70)
    for name in ["xor-loss", "broken", "three-classes", "cubic", "pole", "cloud", "classes", "histogram"] {
      #expect(GoldenTests.plots.contains { $0.name == name && Self.hasAxes($0.plot) })
    }
  }

  private static let pictures = plots.map { PaintedTicks(svg: $0.svg()) }

  @Test("Where there is room all forms have the same labels", arguments: [72, 133])
  func same(width: Int) throws {
    for (plot, picture) in zip(Self.plots, Self.pictures) {
      #expect(!picture.x.isEmpty || !picture.y.isEmpty)
      for (ticks, text) in try painted(plot, width: width) {
        // Who asks for few rows has fewer ticks along them.
        let isWhole = plot.layout.height == nil
        #expect(isWhole ? ticks == picture : ticks.isPart(of: picture), "\(ticks) \(picture)\n\(text)")
      }
    }
  }

  @Test("Where there is less room some of them are left out", arguments: [24, 40, 71])
  func subset(width: Int) throws {
    for (plot, picture) in zip(Self.plots, Self.pictures) {
      for (ticks, text) in try painted(plot, width: width) {
        #expect(ticks.isPart(of: picture), "\(ticks) \(picture)\n\(text)")
      }
    }
  }

  private func painted(_ plot: Plot, width: Int) throws -> [(PaintedTicks, String)] {
    let layout = plot.layout
    return try [PlotStyle.Charset.ascii, .unicode].map { charset in
      let text = layout.text(PlotStyle(charset: charset, width: width))
      return (try PaintedTicks(text: text), text)
    }
  }
}
