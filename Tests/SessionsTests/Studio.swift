import Datasets
import Diagnostics
import Foundation
import NeuralEngine
import Outputs
import Plotting
import Testing

@testable import Sessions

/// A session whose plots' captions are looked at.
struct Studio {
  let session = Session(seed: 4)

  init(_ setup: String) throws { _ = try caption(setup) }

  /// Runs a cell; the caption of its last plot, empty without one.
  func caption(_ cell: String) throws -> String { try lastPlot(cell)?.caption ?? "" }

  /// Runs a cell; its last plot.
  func plot(_ cell: String) throws -> Plot { try #require(try lastPlot(cell)) }

  private func lastPlot(_ cell: String) throws -> Plot? {
    var last: Plot?
    let outcome = session.evaluate(SourceText(cell, name: "test")) { output in
      if case .plot(let plot) = output { last = plot }
    }
    try #require(outcome == .done, "\(cell): \(outcome)")
    return last
  }

  func set(_ name: String) throws -> Dataset { try #require(session.state.data[name]).set }

  func network() throws -> Network { try #require(session.state.current) }

  /// The numbers of a layer by slice, as the engine has them.
  func parameters(of layer: String) throws -> [[Double]] {
    try #require(try network().parameters).filter { $0.slice.layer == layer }.map(\.values)
  }
}

/// Whether a figure of a caption is a number in its first four digits.
func agrees(_ shown: Substring, _ number: Double) -> Bool {
  guard let value = Double(shown) else { return false }
  return abs(value - number) <= 6e-4 * abs(number)
}

/// Data sets of two inputs and two classes, of four and three, of thirty and two; each with a network.
enum Study: String, CaseIterable, CustomTestStringConvertible {
  case moons, iris, tumours

  var testDescription: String { rawValue }
  var plane: (x: String, y: String) {
    switch self {
    case .moons: ("x1", "x2")
    case .iris: ("sepal_length", "petal_length")
    case .tumours: ("mean_radius", "mean_texture")
    }
  }

  func studio() throws -> Studio {
    let data =
      switch self {
      case .moons: ("data moons n=40 noise=0.2", 2, "dense 1 sigmoid")
      case .iris: ("data iris\nprepare iris scale=zscore", 4, "dense 3 softmax")
      case .tumours: ("data tumours from breast_cancer\nprepare tumours scale=zscore", 30, "dense 1 sigmoid")
      }
    return try Studio(
      """
      \(data.0)
      net n
      layer i input \(data.1)
      layer h dense 4 tanh
      layer o \(data.2)
      connect all
      train \(rawValue) epochs=6 rate=0.05
      """)
  }
}
