import Foundations

@testable import NeuralEngine

/// An input of a shape and layers behind it in a row: `x`, `l1`, `l2`, ...
func sequence(_ shape: [Int], _ kinds: Layer.Kind...) throws(CodedError) -> NetworkGraph {
  try sequence(shape, kinds)
}

func sequence(_ shape: [Int], _ kinds: [Layer.Kind]) throws(CodedError) -> NetworkGraph {
  var graph = NetworkGraph()
  try graph.add(image("x", shape))
  for (index, kind) in kinds.enumerated() {
    try graph.add(Layer(name: "l\(index + 1)", kind: kind))
    try graph.connect(Edge(from: index == 0 ? "x" : "l\(index)", to: "l\(index + 1)"))
  }
  return graph
}

func image(_ name: String, _ shape: [Int]) -> Layer { Layer(name: name, kind: .input(shape: shape)) }

func layer(_ name: String, _ kind: Layer.Kind) -> Layer { Layer(name: name, kind: kind) }

/// Edges of the form `a -> b`, in a row.
func path(_ names: String...) -> [Edge] {
  zip(names, names.dropFirst()).map { Edge(from: $0, to: $1) }
}

/// Edges from several layers into one.
func merge(_ merge: Merge, _ sources: [String], into target: String) -> [Edge] {
  sources.map { Edge(from: $0, to: target, merge: merge) }
}

extension Layer.Kind {
  static func conv(
    _ filters: Int, _ size: [Int], stride: [Int]? = nil, dilation: [Int]? = nil, _ padding: Padding = .valid,
    groups: Int = 1, _ activation: Activation = .linear, bias: Bool = true
  ) -> Self {
    .convolution(
      Convolution(
        filters: filters, Window(size, stride: stride, dilation: dilation, padding: padding), groups: groups,
        activation: activation, hasBias: bias))
  }

  static func pool(
    _ reduction: Pool.Reduction, _ size: [Int], stride: [Int]? = nil, _ padding: Padding = .valid
  ) -> Self {
    .pool(Pool(reduction, Window(size, stride: stride ?? size, padding: padding)))
  }

  static func dense(_ units: Int, _ activation: Activation = .linear) -> Self {
    .dense(units: units, activation: activation, hasBias: true)
  }
}
