import Datasets
import Foundation
import NeuralEngine
import Testing

@testable import Sessions

@Suite("What captions say is true of the data")
struct CaptionTruthTests {
  /// The class that a network says for each row, worked out here: the largest output, or a half and more.
  private func said(_ studio: Studio, _ set: Dataset) throws -> [Int] {
    let network = try studio.network()
    let answers = try studio.session.answers(of: network, to: set.inputs, rows: set.rows, name: set.name)
    let width = answers.count / set.rows
    return (0..<set.rows).map { row in
      let outputs = answers[row * width..<(row + 1) * width]
      if width == 1 { return outputs.allSatisfy { $0 >= 0.5 } ? 1 : 0 }
      return outputs.enumerated().max { $0.element < $1.element }?.offset ?? -1
    }
  }

  @Test("An accuracy that is only nearly whole is not called so")
  func nearlyWhole() {
    #expect(TrainingMetric.accuracy.text(0.9999) == ">99.9%")
    #expect(TrainingMetric.validationAccuracy.text(0.0001) == "<0.1%")
    #expect(TrainingMetric.accuracy.text(0.75) == "75%")
  }

  @Test(arguments: Study.allCases)
  func lossAndAccuracy(_ study: Study) throws {
    let studio = try study.studio()
    let epochs = try #require(try studio.network().lastTraining).history.recent
    for (kind, figure) in [("loss", TrainingMetric.loss), ("accuracy", .accuracy)] {
      let values = epochs.compactMap { $0[figure] }
      let caption = try studio.caption("plot \(kind)")
      let facts = try #require(
        caption.firstMatch(of: /^Line chart of train (\w+) over (\d+) epochs: (\S+) to ([^,]+), .*\.$/))
      #expect(facts.1 == kind && Int(facts.2) == values.count)
      #expect(agrees(facts.3, values[0]) && agrees(facts.4, values[values.count - 1]))
      if caption.contains("still falling") { #expect(values[0] > values[values.count - 1]) }
      if caption.contains("still rising") { #expect(values[0] < values[values.count - 1]) }
      if let best = caption.firstMatch(of: /best (\S+) at epoch (\d+)/), let epoch = Int(best.2) {
        let extreme = try #require(kind == "loss" ? values.min() : values.max())
        #expect(agrees(best.1, extreme) && values[epoch - 1] == extreme)
      }
    }
  }

  @Test(arguments: Study.allCases)
  func boundaryAndConfusion(_ study: Study) throws {
    let studio = try study.studio()
    let set = try studio.set(study.rawValue)
    let truth = set.targets.map { Int($0) }
    let said = try said(studio, set)
    let right = zip(truth, said).count { $0 == $1 }
    let plane = study == .moons ? "" : " x=\(study.plane.x) y=\(study.plane.y)"
    let boundary = try studio.caption("plot boundary \(study.rawValue)\(plane)")
    #expect(boundary.contains("over \(study.plane.x) and \(study.plane.y): "))
    #expect(boundary.contains("\(right) of \(set.rows) points classified correctly"))
    for (label, name) in (set.classes ?? []).enumerated() {
      let wrong = zip(truth, said).count { $0 == label && $1 != label }
      #expect(boundary.contains(" of class \(name)") == (wrong > 0) || right == set.rows)
      if wrong > 0 { #expect(boundary.contains("\(wrong) point\(wrong == 1 ? "" : "s") of class \(name)")) }
    }
    let shares = boundary.matches(of: /\ on (\d+)%/).compactMap { Int($0.1) }
    #expect((98...102).contains(shares.reduce(0, +)), "\(boundary)")
    for fixed in boundary.matches(of: /(\w+) at ([-0-9.e]+)/) {
      let column = set.input(try #require(set.inputNames.firstIndex(of: String(fixed.1))))
      let mean = column.reduce(0, +) / Double(column.count)
      #expect(agrees(fixed.2, mean), "\(fixed.1) \(mean)")
    }

    let confusion = try studio.caption("plot confusion \(study.rawValue)")
    #expect(confusion.contains(": \(right) of \(set.rows) rows classified correctly ("))
    let percent = Double(right) / Double(set.rows) * 100
    let shown = try #require(confusion.firstMatch(of: /\(([0-9.]+)%\)/).flatMap { Double($0.1) })
    #expect(abs(shown - percent) <= 0.5)
    let names = set.classes ?? []
    for mistake in confusion.matches(of: /class (\S+) is taken for (\S+) \((\d+) time/) {
      let from = try #require(names.firstIndex(of: String(mistake.1)))
      let to = try #require(names.firstIndex(of: String(mistake.2)))
      #expect(Int(mistake.3) == zip(truth, said).count { $0 == from && $1 == to })
    }
  }

  @Test(arguments: Study.allCases)
  func dataScatterAndHistogram(_ study: Study) throws {
    let studio = try study.studio()
    let set = try studio.set(study.rawValue)
    let xs = set.input(try #require(set.inputNames.firstIndex(of: study.plane.x)))
    let ys = set.input(try #require(set.inputNames.firstIndex(of: study.plane.y)))
    func expectRange(_ low: Substring, _ high: Substring, _ values: [Double]) throws {
      let (least, most) = (try #require(values.min()), try #require(values.max()))
      #expect(agrees(low, least) && agrees(high, most))
    }

    let data = try studio.caption("plot data \(study.rawValue) x=\(study.plane.x) y=\(study.plane.y)")
    #expect(data.contains("(\(study.rawValue)): \(set.rows) points"))
    for (label, name) in (set.classes ?? []).enumerated() {
      #expect(data.contains("\(set.targets.count { $0 == Double(label) }) of class \(name)"))
    }
    let extent = try #require(data.firstMatch(of: /\w+ from (\S+) to ([^,]+), \w+ from (\S+) to (\S+)\.$/))
    try expectRange(extent.1, extent.2, xs)
    try expectRange(extent.3, extent.4, ys)
    if set.inputWidth > 2 {
      let columns = try studio.caption("plot data \(study.rawValue)")
      for column in columns.matches(of: /(\w+) from (\S+) to ([-0-9.e]+\d)/) {
        let index = try #require(set.inputNames.firstIndex(of: String(column.1)))
        try expectRange(column.2, column.3, set.input(index))
      }
    }

    func list(_ values: [Double]) -> String { "[\(values.map(\.description).joined(separator: ", "))]" }
    let scatter = try studio.caption("xs = \(list(xs))\nys = \(list(ys))\nplot scatter xs ys")
    let r = try #require(scatter.firstMatch(of: /^.*: (\d+) points, .*correlation ([-0-9.]+)\.$/))
    #expect(Int(r.1) == set.rows)
    let shownCorrelation = try #require(Double(r.2))
    #expect(abs(shownCorrelation - correlation(xs, ys)) <= 0.0051)

    let hist = try studio.caption("plot hist xs")
    let facts = try #require(
      hist.firstMatch(
        of:
          /: (\d+) values from (\S+) to (\S+), mean (\S+), standard deviation (\S+), the most \((\d+)\) from (\S+) to (\S+)\.$/
      ))
    #expect(Int(facts.1) == xs.count)
    try expectRange(facts.2, facts.3, xs)
    let mean = xs.reduce(0, +) / Double(xs.count)
    let deviation = (xs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(xs.count)).squareRoot()
    #expect(agrees(facts.4, mean) && agrees(facts.5, deviation))
    // The edges are rounded: a value or two beside one may fall on its other side.
    let (from, to) = (try #require(Double(facts.7)), try #require(Double(facts.8)))
    let inside = xs.count { (from...to).contains($0) }
    let most = try #require(Int(facts.6))
    #expect(abs(inside - most) <= 2)
  }

  private func correlation(_ xs: [Double], _ ys: [Double]) -> Double {
    let n = Double(xs.count)
    let (sx, sy) = (xs.reduce(0, +), ys.reduce(0, +))
    let sxy = zip(xs, ys).reduce(0) { $0 + $1.0 * $1.1 }
    let (sxx, syy) = (xs.reduce(0) { $0 + $1 * $1 }, ys.reduce(0) { $0 + $1 * $1 })
    return (n * sxy - sx * sy) / ((n * sxx - sx * sx) * (n * syy - sy * sy)).squareRoot()
  }

  @Test(arguments: Study.allCases)
  func weightsNetworkAndActivations(_ study: Study) throws {
    let studio = try study.studio()
    let set = try studio.set(study.rawValue)
    let blocks = try studio.parameters(of: "h")
    let weights = try studio.caption("plot weights h")
    let facts = weights.matches(of: /(\d+) x (\d+) from (\S+) to (\S+), (\d+) of (\d+) above zero/)
    #expect(facts.count == 2)
    for (block, fact) in zip(blocks, facts) {
      #expect(agrees(fact.3, block.min() ?? 0) && agrees(fact.4, block.max() ?? 0))
      #expect(Int(fact.5) == block.count { $0 > 0 } && Int(fact.6) == block.count)
    }

    let output = study == .iris ? "dense 3 softmax" : "dense 1 sigmoid"
    #expect(
      try studio.caption("plot network")
        == "Graph of the network n: 3 layers, i (input \(set.inputWidth)), h (dense 4 tanh) and o (\(output)); "
        + "edges i -> h and h -> o.")

    // A unit's answer by hand: tanh of its weights times the row, scaled as the data was, and its bias.
    let row = Array(set.inputs(ofRow: 7))
    let preparation = studio.session.state.data[study.rawValue]?.preparation
    let inputs = preparation?.apply(toInputs: row) ?? row
    let units: [Double] = (0..<4).map { unit in
      let weights = blocks[0][(unit * inputs.count)...]
      let products: [Double] = zip(weights, inputs).map { $0 * $1 }
      return tanh(blocks[1][unit] + products.reduce(0, +))
    }
    let bars = try studio.caption("plot activations h \(study.rawValue) sample=7")
    let bar = try #require(
      bars.firstMatch(of: /: 4 units, from (\S+) to ([^;]+); unit (\d) is the strongest, (\S+)\.$/))
    let strongest = try #require(units.indices.max { abs(units[$0]) < abs(units[$1]) })
    #expect(agrees(bar.1, units.min() ?? 0) && agrees(bar.2, units.max() ?? 0))
    #expect(Int(bar.3) == strongest && agrees(bar.4, units[strongest]))
  }

  @Test(arguments: [
    ("signals", "input 40x1", "conv1d 3 5 relu", 5), ("digits", "input 8x8x1", "conv2d 4 3x3 relu", 9),
    ("volumes", "input 8x8x8x1", "conv3d 2 3x3x3 relu", 27),
  ])
  func filters(_ data: String, _ input: String, _ convolution: String, _ size: Int) throws {
    let studio = try Studio(
      "data \(data)\nnet n\nlayer i \(input)\nlayer c \(convolution)\nlayer f flatten\nlayer o dense 10 softmax\nconnect all"
    )
    let caption = try studio.caption("plot filters c")
    let values = try #require(try studio.parameters(of: "c").first)
    let facts = try #require(
      caption.firstMatch(
        of: /: (\d+) filters of .*, from (\S+) to ([^;]+); filter (\d+) is the strongest, (\S+?)(;.*)?\.$/))
    #expect(Int(facts.1) == values.count / size)
    #expect(agrees(facts.2, values.min() ?? 0) && agrees(facts.3, values.max() ?? 0))
    let strongest = try #require(values.indices.max { abs(values[$0]) < abs(values[$1]) })
    #expect(Int(facts.4) == strongest / size && agrees(facts.5, values[strongest]))
  }

  @Test(arguments: ["digits", "shapes", "coloured"])
  func image(_ data: String) throws {
    let folder = #filePath.split(separator: "/").dropLast(2).reduce("") { "\($0)/\($1)" }
    let source = data == "digits" ? "" : " from \"\(folder)/DatasetsTests/Fixtures/\(data)\""
    let studio = try Studio("data \(data)\(source)")
    let set = try studio.set(data)
    let shape = set.inputShape.map(String.init)
    let classes = try #require(set.classes)
    _ = try studio.caption(
      "net n\nlayer i input \(shape.joined(separator: "x"))\nlayer f flatten\nlayer o dense \(classes.count) softmax\n"
        + "connect all\ntrain \(data) epochs=1 batch=\(min(set.rows, 64))")
    let label = classes[Int(set.targets[1])]
    let outputs = try studio.session.answers(
      of: try studio.network(), to: Array(set.inputs(ofRow: 1)), rows: 1, name: data)
    let best = try #require(outputs.indices.max { outputs[$0] < outputs[$1] })
    #expect(
      try studio.caption("plot image \(data) sample=1").hasPrefix(
        "Picture of \(shape[0])x\(shape[1]) pixels: sample 1 of \(data): \(label), n predicts \(classes[best]) with "
      ))
  }

  @Test(arguments: [("sin", -5.0, 5.0), ("exp", -2, 3), ("tanh", 0, 4)])
  func function(_ name: String, _ from: Double, _ to: Double) throws {
    let functions: [String: (Double) -> Double] = [
      "sin": { sin($0) }, "exp": { exp($0) }, "tanh": { tanh($0) },
    ]
    let function = try #require(functions[name])
    let caption = try Studio("").caption("plot function \(name) from=\(from) to=\(to)")
    let values = (0...200).map { function(from + (to - from) * Double($0) / 200) }
    let low = try #require(values.min())
    let high = try #require(values.max())
    let facts = try #require(
      caption.firstMatch(
        of:
          /x from (\S+) to ([^,]+), (?:never falling, from|from the lowest) ([-0-9.e]+) .*?to (?:the highest )?([-0-9.e]+\d)/
      ))
    #expect(Double(facts.1) == from && Double(facts.2) == to)
    #expect(agrees(facts.3, low) && agrees(facts.4, high), "\(caption)")
    #expect(caption.contains("never falling") == (name != "sin"))
  }

  @Test(arguments: [[4.0, 2, 1, 0.5, 0.25], [1, 3, 2], [0.1, 0.2, 0.3, 0.4]])
  func seriesAndLine(_ values: [Double]) throws {
    let list = values.map(\.description).joined(separator: ", ")
    let studio = try Studio("repeat \(values.count) as k { w = [\(list)][k]\nrecord w }")
    let series = try studio.caption("plot series w")
    let facts = try #require(series.firstMatch(of: /over (\d+) steps: (\S+) to ([^,]+),/))
    #expect(Int(facts.1) == values.count)
    #expect(agrees(facts.2, values[0]) && agrees(facts.3, values[values.count - 1]))
    let line = try studio.caption("plot line [\(list)]")
    let extent = try #require(
      line.firstMatch(of: /: (\d+) points, index from 0 to (\d+), y from (\S+) to (\S+)\.$/))
    #expect(Int(extent.1) == values.count && Int(extent.2) == values.count - 1)
    #expect(agrees(extent.3, values.min() ?? 0) && agrees(extent.4, values.max() ?? 0))
  }
}
