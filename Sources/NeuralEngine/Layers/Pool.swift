package import Foundations
package import NetworkSchema

/// Takes one number of each window, channel by channel.
public struct Pool: Sendable, Equatable {
  /// Which number.
  public enum Reduction: String, Sendable, CaseIterable {
    /// The largest; the first of equals gets the gradient.
    case max
    /// The mean of the places inside the array; zeros that were added at the edges do not count.
    case avg
  }

  /// Which number of each window.
  public let reduction: Reduction
  /// The window; it has as many axes as the array has besides its channels, or one size for all of them.
  public let window: Window

  /// Creates a pool.
  public init(_ reduction: Reduction, _ window: Window) {
    self.reduction = reduction
    self.window = window
  }
}

extension Pool: LayerKind {
  static let entries = [
    LayerKindEntry(.maxpool) { options, _ throws(SchemaViolation) in Pool(.max, try Window(poolOf: options))
    },
    LayerKindEntry(.avgpool) { options, _ throws(SchemaViolation) in Pool(.avg, try Window(poolOf: options))
    },
  ]

  package var schema: KindSchema { reduction == .max ? .maxpool : .avgpool }

  package var options: OptionValues {
    OptionValues([
      "window": .sizes(window.size), "stride": .sizes(window.stride),
      "padding": .word(window.padding.rawValue),
    ])
  }

  package func check(named name: String) throws(CodedError) {
    try window.check(named: name, "window", self)
  }

  package func outputShape(_ name: String, of source: Incoming) throws(CodedError) -> [Int] {
    let channels = try channels(name, of: source)
    let rank = source.shape.count - 1
    let spread = window.spread(over: rank)
    guard spread.size.count == rank else { throw wrongRank(name, source, spread.size.count) }
    return try spread.positions(over: source, of: name) + [channels]
  }

  package func lower(_ layer: Layer, _ lowering: inout Lowering) -> Value {
    guard let feed = lowering.feed(of: layer) else { return lowering.array(layer.name, []) }
    return lowering.pooled(feed, window.spread(over: feed.shape.count - 1), reduction, of: layer)
  }
}

/// Takes the largest or the mean of each channel.
package struct GlobalPool: LayerKind {
  package let reduction: Pool.Reduction

  static let entries = [
    LayerKindEntry(.globalmaxpool) { _, _ in GlobalPool(reduction: .max) },
    LayerKindEntry(.globalavgpool) { _, _ in GlobalPool(reduction: .avg) },
  ]

  package var schema: KindSchema { reduction == .max ? .globalmaxpool : .globalavgpool }
  package var options: OptionValues { OptionValues() }

  package func outputShape(_ name: String, of source: Incoming) throws(CodedError) -> [Int] {
    [try channels(name, of: source)]
  }

  package func lower(_ layer: Layer, _ lowering: inout Lowering) -> Value {
    guard let feed = lowering.feed(of: layer) else { return lowering.array(layer.name, []) }
    return lowering.pooled(feed, Window(feed.shape.dropLast()), reduction, of: layer)
  }
}

extension Lowering {
  /// Emits a pool over a window that has as many axes as the input.
  fileprivate mutating func pooled(
    _ feed: Value, _ window: Window, _ reduction: Pool.Reduction, of layer: Layer
  ) -> Value {
    let result = array(layer.name, graph.shape(of: layer) ?? [])
    let geometry = WindowGeometry(window, over: feed.shape)
    switch reduction {
    case .max:
      let winners = buffer(
        "winning places of \(layer.name)", .rowBytes(result.width * MaxPool.winnerBytes(geometry)))
      emit(MaxPool(geometry: geometry), [feed.buffer], to: [result.buffer, winners], of: layer)
    case .avg: emit(MeanPool(geometry: geometry), [feed.buffer], to: [result.buffer], of: layer)
    }
    return result
  }
}

extension Layer.Kind {
  /// Takes the largest or the mean of each window.
  public static func pool(_ pool: Pool) -> Self { Self(pool) }

  /// Takes the largest or the mean of each channel.
  public static func globalPool(_ reduction: Pool.Reduction) -> Self {
    Self(GlobalPool(reduction: reduction))
  }
}
