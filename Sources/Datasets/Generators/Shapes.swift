internal import NeuralEngine

/// Small made-up signals and volumes, for convolutions along one axis and along three.
enum Shapes {
  /// The length of a signal: as in MNIST-1D (S. Greydanus and D. Kobak, "Scaling Down Deep Learning with
  /// MNIST-1D", ICML 2024), whose recipe of a pattern that is scaled, moved and blurred by noise this follows.
  static let signalLength = 40
  static let signalNames = [
    "bump", "two bumps", "step", "ramp", "wave", "chirp", "saw", "dip", "pulse", "burst",
  ]
  /// The length of each side of a volume.
  static let side = 8
  static let volumeNames = ["ball", "cube", "rod", "plate", "cross"]

  static func signals(_ count: Int, _ noise: Double, _ random: inout RandomStream) -> Dataset {
    var inputs: [Double] = []
    inputs.reserveCapacity(count * signalLength)
    for row in 0..<count {
      // Each is drawn somewhere, somewhat larger or smaller.
      let middle = random.uniform(from: 0.35, to: 0.65)
      let width = random.uniform(from: 0.45, to: 0.65)
      let height = random.uniform(from: 0.75, to: 1.25)
      for step in 0..<signalLength {
        let place = (Double(step) / Double(signalLength - 1) - middle) / width + 0.5
        let value = (0...1).contains(place) ? pattern(row % signalNames.count, place) : 0
        inputs.append(height * value + noise * random.normal())
      }
    }
    return dataset("signals", count, inputs, [signalLength, 1], signalNames)
  }

  /// The value of a pattern at a place from 0 to 1.
  private static func pattern(_ label: Int, _ place: Double) -> Double {
    func sin(_ x: Double) -> Double { ElementaryFunctions.sine(x) }
    func bump(at middle: Double, _ width: Double) -> Double {
      let distance = (place - middle) / width
      return ElementaryFunctions.exponential(-distance * distance)
    }
    switch label {
    case 0: return bump(at: 0.5, 0.2)
    case 1: return bump(at: 0.25, 0.1) + bump(at: 0.75, 0.1)
    case 2: return place > 0.5 ? 1 : 0
    case 3: return place
    case 4: return sin(4 * Double.pi * place)
    case 5: return sin(10 * Double.pi * place * place)
    case 6: return (3 * place).truncatingRemainder(dividingBy: 1)
    case 7: return -bump(at: 0.5, 0.2)
    case 8: return abs(place - 0.5) < 0.15 ? 1 : 0
    default: return sin(16 * Double.pi * place) * bump(at: 0.5, 0.25)
    }
  }

  static func volumes(_ count: Int, _ noise: Double, _ random: inout RandomStream) -> Dataset {
    var inputs: [Double] = []
    inputs.reserveCapacity(count * side * side * side)
    for row in 0..<count {
      let centre = (0..<3).map { _ in random.uniform(from: 3, to: Double(side) - 4) }
      let radius = random.uniform(from: 1.6, to: 2.8)
      let axis = random.below(3)
      for place in 0..<side * side * side {
        let at = [place / (side * side), place / side % side, place % side]
        let distance = (0..<3).map { abs(Double(at[$0]) - centre[$0]) }
        let value = isInside(row % volumeNames.count, distance, radius, axis) ? 1.0 : 0
        inputs.append(value + noise * random.normal())
      }
    }
    return dataset("volumes", count, inputs, [side, side, side, 1], volumeNames)
  }

  /// Tells whether a shape fills a place, by its distance from the centre along each axis.
  private static func isInside(_ label: Int, _ distance: [Double], _ radius: Double, _ axis: Int) -> Bool {
    let along = distance[axis]
    let across = (distance[(axis + 1) % 3], distance[(axis + 2) % 3])
    switch label {
    case 0: return distance.reduce(0) { $0 + $1 * $1 } <= radius * radius
    case 1: return distance.allSatisfy { $0 <= radius * 0.8 }
    case 2: return along <= radius + 1 && across.0 <= 0.9 && across.1 <= 0.9
    case 3: return along <= 0.7 && across.0 <= radius && across.1 <= radius
    default: return distance.count { $0 <= 0.6 } >= 2 && distance.allSatisfy { $0 <= radius + 1 }
    }
  }

  private static func dataset(
    _ name: String, _ count: Int, _ inputs: [Double], _ shape: [Int], _ classes: [String]
  ) -> Dataset {
    Dataset(
      name: name, rows: count, storage: .doubles(inputs),
      inputColumns: DataColumn.numbers("x", shape.reduce(1, *)), inputShape: shape,
      targets: (0..<count).map { Double($0 % classes.count) },
      targetColumns: [DataColumn("class", levels: classes)])
  }
}
