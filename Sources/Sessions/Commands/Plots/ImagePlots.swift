import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine
import Plotting

extension PlotCommands {
  static let ofImages: Table = ["image": SampleImage.self]
}

/// `plot image digits sample=3`: one sample, its class, and what a network that fits it says; with `augmented=8` what a
/// training makes of it.
private struct SampleImage: PlotKind {
  let data: Identifier
  let sample: Operand<Int>
  let augmented: Operand<Int>?

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let selection = try context.session.data(data)
    let set = selection.set
    let row = try sample.row(of: set, context)
    guard let image = set.image(row) else {
      throw Diagnostic(
        .wrongShape,
        "A row of `\(set.name)` is not an image: its shape is \(set.inputShape.shapeWords). Try show data \(set.name)",
        at: data.span)
    }
    if let augmented {
      return try changed(
        image, set, row, selection.reference, count: augmented(context), at: augmented.span, context)
    }
    return ImagePlot(
      title: localized("sample \(row) of \(set.name): \(image.label)"), images: [image],
      range: set.greyRange,
      notes: try predictionNotes(set, row, context))
  }

  /// The sample, and how it may look in the first epochs of a training.
  private func changed(
    _ image: ImagePlot.Image, _ set: Dataset, _ row: Int, _ reference: DataReference, count: Int,
    at span: SourceSpan, _ context: CommandContext
  ) throws -> ImagePlot {
    guard let augmentation = reference.augmentation else {
      throw Diagnostic(
        .notMeasured,
        "`\(reference.set.name)` is not augmented yet. Say how its rows change: augment \(reference.set.name) shift=1",
        at: span, suggestion: "augment \(reference.set.name) shift=1")
    }
    let changes = try context.locating { try set.augmentation(augmentation, on: nil) }
    // A copy, so that looking at examples leaves the session's random numbers alone.
    var random = context.session.random
    let key = random.next()
    let values = Array(set.inputs(ofRow: row))
    let images = (1...count).compactMap { epoch -> ImagePlot.Image? in
      set.image(
        changes.row(values, number: row, epoch: epoch, key: key), label: localized("epoch") + " \(epoch)")
    }
    return ImagePlot(
      title: localized("sample \(row) of \(set.name), augmented: \(augmentation.words)"),
      images: [image] + images,
      range: set.greyRange)
  }

  /// `the network predicts 3 with 93%, then 5 with 4.2%, then 8 with <0.1%`, where the current network has learned from
  /// such data.
  private func predictionNotes(_ set: Dataset, _ sample: Int, _ context: CommandContext) throws -> [String] {
    let session = context.session
    guard let network = session.state.current, network.inputWidth == set.inputWidth else { return [] }
    let several = session.outputs(of: network)
    if several.contains(where: { $0.classes != nil }) {
      let outputs = try context.locating {
        try session.answers(of: network, to: Array(set.inputs(ofRow: sample)), rows: 1, name: set.name)
      }
      return several.map { output in
        let numbers = output.numbers(outputs, row: 0, width: network.graph.outputWidth)
        let said =
          output.said(numbers).map {
            output.givesMargins ? $0.name : localized("\($0.name) with \($0.certainty.shareText)")
          } ?? numbers.map { $0.significant(4) }.joined(separator: " ")
        return localized("\(network.name) predicts \(output.name) \(said)")
      }
    }
    guard let classes = session.classes(of: network) else { return [] }
    let outputs = try context.locating {
      try session.answers(of: network, to: Array(set.inputs(ofRow: sample)), rows: 1, name: set.name)
    }
    if network.givesMargins {
      let answer = session.said(outputs, rows: 1, network, classes)[0]
      return [
        localized(
          "\(network.name) predicts \(answer.name) with a margin of \(answer.certainty.significant(2))")
      ]
    }
    // One output of two classes is the probability of the second.
    let shares = classes.count == 2 && outputs.count == 1 ? [1 - outputs[0], outputs[0]] : outputs
    let ranked = zip(classes, shares).sorted { $0.1 > $1.1 }.prefix(3)
    let words = ranked.map { localized("\($0.0) with \($0.1.shareText)") }
    return [localized("\(network.name) predicts \(words.joined(separator: localized(", then ")))")]
  }
}

extension Operand<Int> {
  /// The row that `sample=` names.
  ///
  /// - Throws: `index-out-of-range`.
  func row(of set: Dataset, _ context: CommandContext) throws -> Int {
    let sample = try self(context)
    if sample < set.rows { return sample }
    throw Diagnostic(
      .indexOutOfRange,
      "`\(set.name)` has \(set.rows.counted("row")), counted from 0, so there is no sample \(sample).",
      at: span)
  }
}

extension Dataset {
  /// A row as a picture; nil where rows are no pictures of one plane. Colours become their mean.
  func image(_ row: Int) -> ImagePlot.Image? { image(Array(inputs(ofRow: row)), label: label(row)) }

  /// The numbers of a row as a picture, likewise.
  func image(_ values: [Double], label: @autoclosure () -> String) -> ImagePlot.Image? {
    guard inputShape.count == 2 || (inputShape.count == 3 && [1, 3].contains(inputShape[2])) else {
      return nil
    }
    let channels = inputShape.count == 3 ? inputShape[2] : 1
    let pixels = stride(from: 0, to: values.count, by: channels).map { start in
      values[start..<start + channels].reduce(0, +) / Double(channels)
    }
    return ImagePlot.Image(label: label(), height: inputShape[0], width: inputShape[1], pixels: pixels)
  }

  /// The class of a row by name, or its targets as numbers.
  private func label(_ row: Int) -> String {
    if let classes, let labels = classOfRow { return classes[labels[row]] }
    return targets(ofRow: row).map { formatNumber($0, digits: 4) }.joined(separator: " ")
  }

  /// What is black and what is white, told from the first pictures.
  var greyRange: ClosedRange<Double> {
    let some = selecting(rows: Array(0..<Swift.min(rows, 100)), name: name).inputs.filter(\.isFinite)
    let low = some.min() ?? 0
    return low...Swift.max(low, some.max() ?? 1)
  }

  /// A picture of each of the first ten classes, or else the first ten pictures; nil where rows are none.
  var contactSheet: ImagePlot? {
    guard window == nil, image(0) != nil else { return nil }
    var samples = Array(0..<Swift.min(10, rows))
    if let classes, let labels = classOfRow {
      samples = classes.indices.prefix(10).compactMap { label in labels.firstIndex(of: label) }
    }
    return ImagePlot(title: name, images: samples.compactMap(image), range: greyRange)
  }
}
