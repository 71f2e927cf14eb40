import Diagnostics
import Localization

/// One unit of a dense layer and what it computes for one row: inputs by weights, the sum, the activation.
public struct NeuronPlot: Sendable, Equatable {
  /// An input of the unit.
  public struct Input: Sendable, Equatable {
    /// What it is called.
    public var name: String
    /// Its value.
    public var value: Double
    /// The weight that it is multiplied by.
    public var weight: Double

    /// Creates an input.
    public init(name: String, value: Double, weight: Double) {
      self.name = name
      self.value = value
      self.weight = weight
    }
  }

  /// The plot's headline: `unit 0 of out, sample 2 of xor`.
  public var title: String
  /// The inputs, in order.
  public var inputs: [Input]
  /// The bias; nil where the unit has none.
  public var bias: Double?
  /// The weighted sum.
  public var sum: Double
  /// The activation function's name.
  public var activation: String
  /// What the unit gives.
  public var output: Double
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// Has no meaning here: there is a line for each input.
  public var height: Int?

  /// Creates a plot.
  public init(
    title: String, inputs: [Input], bias: Double?, sum: Double, activation: String, output: Double
  ) {
    self.title = title
    self.inputs = inputs
    self.bias = bias
    self.sum = sum
    self.activation = activation
    self.output = output
  }
}

// MARK: - Layout

extension NeuronPlot: DrawablePlot {
  /// The plot laid out.
  public var layout: PlotLayout {
    var layout = PlotLayout(
      of: self,
      facts: localized("sum \(NumberText.short(sum)), output \(NumberText.short(output))"),
      caption: caption)
    layout.parts = [NeuronFigure(plot: self)]
    return layout
  }

  /// So many inputs are drawn; the others are summed up in one line.
  fileprivate static let most = 12

  /// The inputs that are drawn.
  fileprivate var shown: [Input] { inputs.count > Self.most ? Array(inputs.prefix(Self.most - 1)) : inputs }

  /// What the inputs that are not drawn add to the sum, and how many they are.
  fileprivate var rest: (count: Int, sum: Double)? {
    let rest = inputs.dropFirst(shown.count)
    return rest.isEmpty ? nil : (rest.count, rest.reduce(0) { $0 + $1.value * $1.weight })
  }

  /// The plot in words.
  private var caption: String {
    let products = shown.map {
      localized("\(NumberText.short($0.value)) times \(NumberText.short($0.weight))")
    }
    let more = rest.map { [localized("\($0.count) more inputs that add \(NumberText.short($0.sum))")] } ?? []
    let bias = bias.map { [localized("the bias \(NumberText.short($0))")] } ?? []
    let terms = (products + more + bias).localizedList
    let (sum, output) = (NumberText.short(sum), NumberText.short(output))
    return localized(
      "\(title.onOneLine): the sum of \(terms) is \(sum), and \(activation.onOneLine) of that is \(output).")
  }
}

/// Inputs at the left, the sum in the middle, the output at the right.
private struct NeuronFigure: PlotPart {
  let plot: NeuronPlot

  // MARK: Characters

  func lines(_ style: PlotStyle) -> [String] {
    let rows = rows(style)
    let widths = (0..<4).map { column in rows.map { $0[column].displayWidth }.max() ?? 0 }
    let dash = String(style.glyphs.horizontal)
    let dashes = String(repeating: dash, count: 3)
    let bodies = rows.map { row in
      let left = row[0].padded(to: widths[0]) + "  " + row[1].leftPadded(to: widths[1])
      let middle = row[2].leftPadded(to: widths[2]) + "  " + row[3].leftPadded(to: widths[3])
      return "\(left) \(dashes) \(middle) \(dashes)"
    }
    let steps = [
      localized("sum \(NumberText.short(plot.sum))"), plot.activation.onOneLine,
      NumberText.short(plot.output),
    ]
    let end = " " + steps.joined(separator: " \(dash)> ")
    let tail = "\(dashes)>\(end)"
    let centre = (bodies.count - 1) / 2
    let fits = (bodies.first?.displayWidth ?? 0) + 1 + tail.displayWidth <= style.width
    var lines: [String] = []
    for (index, body) in bodies.enumerated() {
      let isTail = index == centre && fits
      let joint = style.glyphs.joint(up: index > 0, down: index < bodies.count - 1, left: true, right: isTail)
      lines.append(body + String(joint) + (isTail ? tail : ""))
      guard index < bodies.count - 1 else { continue }
      lines.append(.spaces(body.displayWidth) + String(style.glyphs.vertical))
    }
    if !fits { lines += ["", "=>\(end)"] }
    return lines.map(style.cut)
  }

  /// Name, value, weight and product of each line.
  private func rows(_ style: PlotStyle) -> [[String]] {
    let times = style.charset == .ascii ? "*" : "·"
    var rows = plot.shown.map { input in
      [
        input.name.onOneLine.cut(to: 16, ellipsis: style.glyphs.ellipsis), NumberText.short(input.value),
        "\(times) \(NumberText.short(input.weight))", "= \(NumberText.short(input.value * input.weight))",
      ]
    }
    if let rest = plot.rest {
      rows.append([localized("\(rest.count) more"), "", "", "= \(NumberText.short(rest.sum))"])
    }
    if let bias = plot.bias { rows.append([localized("bias"), "", "", "= \(NumberText.short(bias))"]) }
    return rows
  }

  // MARK: SVG

  private static let gap = 54.0

  func draw(on page: inout SVGPage) {
    let names = plot.shown.map(\.name.onOneLine) + (plot.rest.map { [localized("\($0.count) more")] } ?? [])
    let values =
      plot.shown.map { NumberText.short($0.value) } + (plot.rest.map { [NumberText.short($0.sum)] } ?? [])
    let weights = plot.shown.map { NumberText.short($0.weight) } + (plot.rest == nil ? [] : [""])
    let count = names.count + (plot.bias == nil ? 0 : 1)
    let top = page.height + 36
    let centre = top + Double(count - 1) * Self.gap / 2
    let left = 40 + (names.map { SVGPage.width(of: $0.cut(to: 20, ellipsis: "…")) }.max() ?? 0)
    let middle = left + 200
    let strongest = plot.shown.map { abs($0.weight) }.filter(\.isFinite).max() ?? 0
    var labels = Markup()
    for index in 0..<count {
      let y = top + Double(index) * Self.gap
      let isBias = index == names.count
      let weight = index < plot.shown.count ? plot.shown[index].weight : isBias ? plot.bias ?? 0 : 0
      let share = strongest > 0 ? min(abs(weight) / strongest, 1) : 0
      let end = (x: middle - 26, y: centre + (y - centre) * 0.12)
      page.markup.add(
        "line",
        [
          "x1": px(left + 20), "y1": px(y), "x2": px(end.x), "y2": px(end.y),
          "class": weight < 0 ? "l1" : "l0",
          "style": "stroke-width:\(px(0.8 + 2.4 * share))",
        ])
      let label = isBias ? "" : weights[index]
      labels.label(left + 84, y + (end.y - y) * 0.42 + 4, label, "h b", anchor: "middle")
      circle(left, y, isBias ? NumberText.short(weight) : values[index], on: &page.markup)
      let name = isBias ? localized("bias") : names[index].cut(to: 20, ellipsis: "…")
      page.markup.label(left - 26, y + 4, name, "q", anchor: "end")
    }
    page.markup.add(labels)
    page.markup.circle((middle, centre), 26, "p")
    page.markup.label(middle, centre - 4, localized("sum"), "q", anchor: "middle")
    page.markup.label(middle, centre + 11, NumberText.short(plot.sum), "b", anchor: "middle")
    let word = plot.activation.onOneLine
    let width = SVGPage.width(of: word) + 24
    let box = middle + 26 + 44
    arrow(from: middle + 26, to: box, centre, on: &page.markup)
    page.markup.add(
      "rect",
      ["x": px(box), "y": px(centre - 16), "width": px(width), "height": "32", "rx": "6", "class": "p"])
    page.markup.label(box + width / 2, centre + 4, word, anchor: "middle")
    arrow(from: box + width, to: box + width + 44, centre, on: &page.markup)
    circle(box + width + 44 + 20, centre, NumberText.short(plot.output), on: &page.markup)
    page.height = top + Double(max(count - 1, 0)) * Self.gap + 34
    page.width = max(page.width, box + width + 100)
  }

  private func circle(_ x: Double, _ y: Double, _ text: String, on markup: inout Markup) {
    markup.circle((x, y), max(20, SVGPage.width(of: text) / 2 + 4), "p")
    markup.label(x, y + 4, text, "b", anchor: "middle")
  }

  private func arrow(from: Double, to: Double, _ y: Double, on markup: inout Markup) {
    markup.line(from, y, to - 2, y, "k")
    markup.add("path", ["d": "M\(px(to)) \(px(y))l-10 -5v10z", "class": "kf"])
  }
}
