internal import Foundations

/// Layers that need each other from one step to the next, and are computed step by step.
package struct StepGroup {
  /// The layers, in the order of the computation within a step.
  package let layers: [Layer]
  /// Whether one of them needs something of a step before.
  package let isStepped: Bool
}

extension NetworkGraph {
  /// The layers in groups, each of which needs only what those before it give: layers that need each other, by edges and
  /// gates of whatever step, are in one group.
  ///
  /// - Throws: `incomplete-network`.
  func stepGroups() throws(CodedError) -> [StepGroup] {
    let order = try sorted()
    let places = Dictionary(order.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var behind = [[Int]](repeating: [], count: order.count)
    var before = behind
    func join(_ source: String, _ target: String) {
      guard let source = places[source], let target = places[target] else { return }
      behind[source].append(target)
      before[target].append(source)
    }
    for edge in edges { join(edge.source, edge.target) }
    for gate in gates { join(gate.gater, gate.target) }
    // S. Kosaraju's way to strongly connected components, which come in the order of the computation.
    var seen = Set<Int>()
    var finished: [Int] = []
    for start in order.indices where !seen.contains(start) {
      seen.insert(start)
      var path = [(place: start, next: 0)]
      while let (place, next) = path.last {
        guard next < behind[place].count else {
          finished.append(place)
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        if seen.insert(behind[place][next]).inserted { path.append((behind[place][next], 0)) }
      }
    }
    var groups: [StepGroup] = []
    var left = Set(order.indices)
    for start in finished.reversed() where left.contains(start) {
      left.remove(start)
      var group = [start]
      var waiting = [start]
      while let place = waiting.popLast() {
        for source in before[place] where left.remove(source) != nil {
          group.append(source)
          waiting.append(source)
        }
      }
      let layers = group.sorted().map { order[$0] }
      groups.append(StepGroup(layers: layers, isStepped: layers.contains(where: needsEarlierStep)))
    }
    return groups
  }

  private func needsEarlierStep(_ layer: Layer) -> Bool {
    edges(into: layer.name).contains { edge in edge.delay > 0 || (gate(on: edge)?.delay ?? 0) > 0 }
  }
}

extension Lowering {
  /// The most layers times steps that are computed one after the other; each makes several steps of the plan.
  private static var mostSteps: Int { 5000 }

  /// Emits the steps of layers that need each other from one step of a sequence to the next, step after step.
  ///
  /// - Throws: `needs-steps` where there is no sequence to go along or a layer cannot go step by step, `too-large`.
  mutating func unroll(_ layers: [Layer]) throws(CodedError) {
    let count = try steps(of: layers)
    var unrolled = UnrolledLayers(layers, steps: count)
    for layer in layers { unrolled.addOuterSums(of: layer, &self) }
    for step in 0..<count {
      for layer in layers { unrolled.lower(layer, at: step, &self) }
    }
    for layer in layers {
      let values = unrolled.values(of: layer)
      guard values.count > 1 else {
        if let value = values.first {
          keep(Value(buffer: value.buffer, shape: graph.shape(of: layer) ?? value.shape), of: layer)
        }
        continue
      }
      let result = array(layer.name, [count, values[0].width])
      emit(
        Concatenate(widths: values.map(\.width), places: 1), values.map(\.buffer), to: [result.buffer],
        of: layer)
      keep(result, of: layer)
    }
  }

  /// How many steps the layers go through.
  private func steps(of layers: [Layer]) throws(CodedError) -> Int {
    for layer in layers {
      guard layer.isDense, graph.merge(into: layer) == nil else {
        throw CodedError(
          .needsSteps,
          "`\(layer.name)` (\(layer.kindName)) lies on a cycle from one step to the next, and gradient descent goes step by "
            + "step through dense layers alone.")
      }
      if isStepwise { continue }
      guard let given = graph.given[layer.name], given.isSequence, given.shape.count == 2 else {
        let edge = graph.edges(into: layer.name).first { $0.delay > 0 }
        throw CodedError(
          .needsSteps,
          "\(edge.map { "The edge \($0.description)" } ?? "A gate on an edge into `\(layer.name)`") reads an earlier step, but "
            + "`\(layer.name)` gets a row without steps. Give the input steps and features, as in layer inp input 30x2, or let "
            + "each row be a step: net NAME rule=synaptic", suggestion: "rule=synaptic")
      }
    }
    if isStepwise { return 1 }
    let count = graph.given[layers[0].name]?.shape[0] ?? 0
    guard count * layers.count <= Lowering.mostSteps else {
      throw CodedError(
        .tooLarge,
        "\(layers.count) layers over \(count) steps are \(count * layers.count) to compute one after the other, and at most "
          + "\(Lowering.mostSteps) are possible. Take shorter sequences, or an lstm or gru layer.")
    }
    return count
  }
}

/// The sums that carries go on with, in a plan for a whole sequence.
enum UnrolledSums {
  /// What those of a step are kept by.
  static func name(of layer: Layer, at step: Int) -> String { "\(layer.name)/sum at \(step)" }
}

/// Layers on their way through the steps of a sequence.
private struct UnrolledLayers {
  private let steps: Int
  private let members: Set<String>
  /// What each layer has added up, and given, at each step so far.
  private var sums: [String: [Value]] = [:]
  private var given: [String: [Value]] = [:]
  /// What edges from outside bring at all steps, with the biases.
  private var outer: [String: Value] = [:]
  /// The steps of what layers outside give.
  private var slices: [String: [Int: Value]] = [:]

  init(_ layers: [Layer], steps: Int) {
    self.steps = steps
    members = Set(layers.map(\.name))
  }

  func values(of layer: Layer) -> [Value] { given[layer.name] ?? [] }

  /// Whether an edge is the same for all steps, so that all can be computed at once.
  private func isOuter(_ edge: Edge, _ graph: NetworkGraph) -> Bool {
    edge.delay == 0 && !members.contains(edge.source) && graph.gate(on: edge) == nil
  }

  /// Computes what comes from outside for all steps at once.
  mutating func addOuterSums(of layer: Layer, _ lowering: inout Lowering) {
    let graph = lowering.graph
    let edges = graph.edges(into: layer.name).filter { isOuter($0, graph) }
    guard !edges.isEmpty else { return }
    let units = graph.shape(of: layer)?.last ?? 0
    let sums = lowering.biases("sums of \(layer.name)", [steps, units], .bias, of: layer)
    for edge in edges {
      if let source = lowering.values[edge.source] {
        lowering.add(edge, from: source, gate: nil, to: sums, of: layer)
      }
    }
    outer[layer.name] = sums
  }

  mutating func lower(_ layer: Layer, at step: Int, _ lowering: inout Lowering) {
    let graph = lowering.graph
    let units = graph.shape(of: layer)?.last ?? 0
    let name = "\(layer.name) at \(step)"
    let sums: Value
    if let outer = outer[layer.name] {
      sums = lowering.array("sums of \(name)", [units])
      lowering.emit(
        TakeStep(steps: steps, width: units, step: step), [outer.buffer], to: [sums.buffer], of: layer)
    } else {
      sums = lowering.biases("sums of \(name)", [units], .bias, of: layer)
    }
    for edge in graph.edges(into: layer.name) where !isOuter(edge, graph) {
      // Before the first step all is 0, and adds nothing.
      let source =
        edge.type == .carry
        ? carried(layer, before: step, units, &lowering)
        : value(edge.source, at: step - edge.delay, layer, &lowering)
      guard let source else { continue }
      guard let gate = graph.gate(on: edge) else {
        lowering.add(edge, from: source, gate: nil, to: sums, of: layer)
        continue
      }
      if let factor = value(gate.gater, at: step - gate.delay, layer, &lowering) {
        lowering.add(edge, from: source, gate: (factor, gate.place), to: sums, of: layer)
      }
    }
    self.sums[layer.name, default: []].append(sums)
    if lowering.isStepwise {
      lowering.leave(.sum, of: layer.name, sums)
      lowering.expose(sums, as: "\(layer.name)/sum")
    } else {
      lowering.expose(sums, as: UnrolledSums.name(of: layer, at: step))
    }
    let result = lowering.activated(sums, layer.activation, of: layer)
    given[layer.name, default: []].append(result)
  }

  /// What a layer carries on from the step before; nil before the first.
  private func carried(
    _ layer: Layer, before step: Int, _ units: Int, _ lowering: inout Lowering
  ) -> Value? {
    if step > 0 { return sums[layer.name]?[step - 1] }
    return lowering.isStepwise ? lowering.earlier(.sum, of: layer.name, age: 1, width: units) : nil
  }

  /// What a layer gives at a step; nil before the first.
  private mutating func value(
    _ name: String, at step: Int, _ reader: Layer, _ lowering: inout Lowering
  ) -> Value? {
    guard step >= 0 else {
      guard lowering.isStepwise else { return nil }
      let width = lowering.graph.given[name]?.shape.last ?? 0
      return lowering.earlier(.output, of: name, age: -step, width: width)
    }
    if members.contains(name) {
      guard let known = given[name], known.indices.contains(step) else { return nil }
      return known[step]
    }
    if let known = slices[name]?[step] { return known }
    guard let whole = lowering.values[name] else { return nil }
    let slice = lowering.array("\(name) at \(step)", [whole.channels])
    lowering.emit(
      TakeStep(steps: steps, width: whole.channels, step: step), [whole.buffer], to: [slice.buffer],
      of: reader)
    slices[name, default: [:]][step] = slice
    return slice
  }
}
