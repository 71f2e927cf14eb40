import Foundation
import Plotting
import TestSupport

extension Fixtures {
  private static func unit(_ index: Int, _ columns: Int, _ values: [Double], slices: Int = 1)
    -> PanelsPlot.Unit
  {
    let size = values.count / slices
    let pictures = (0..<slices).map { slice in
      MatrixPlot.Block(
        name: slices > 1 ? "z\(slice)" : "", columns: columns,
        values: Array(values[slice * size..<(slice + 1) * size]))
    }
    return PanelsPlot.Unit(name: "\(index)", pictures: pictures)
  }

  /// What ten channels see of a ring, none of it below zero; two are silent.
  static var channels: Plot {
    let units = (0..<10).map { channel in
      let values = (0..<144).map { place -> Double in
        let (row, column) = (Double(place / 12) - 5.5, Double(place % 12) - 5.5)
        let ring = max(0, 1 - abs((row * row + column * column).squareRoot() - 4))
        let side = cos(Double(channel)) * row / 6 + sin(Double(channel)) * column / 6
        return channel % 5 == 3 ? 0 : max(0, ring * side) * 3
      }
      return unit(channel, 12, values)
    }
    return Plot(
      PanelsPlot(
        title: "activations of conv, sample 3 of rings", noun: "channel", form: .pictures, units: units))
  }

  /// Forty filters of three by three.
  static var filters: Plot {
    var noise = Noise(seed: 6)
    let units = (0..<40).map { unit($0, 3, (0..<9).map { _ in noise.uniform() - 0.5 }) }
    return Plot(PanelsPlot(title: "filters of conv", noun: "filter", form: .pictures, units: units))
  }

  /// Two channels of a volume of ten slices, one number of which is none.
  static var volume: Plot {
    let units = (0..<2).map { channel in
      let values = (0..<360).map { channel == 0 && $0 == 7 ? .nan : sin(Double($0 * (channel + 1)) / 9) }
      return unit(channel, 6, values, slices: 10)
    }
    return Plot(
      PanelsPlot(
        title: "activations of deep, sample 0 of scans", noun: "channel", form: .pictures, units: units))
  }

  /// Three channels along time, about zero.
  static var signals: Plot {
    let units = (0..<3).map { channel in
      unit(channel, 90, (0..<90).map { sin(Double($0) / Double(4 + 3 * channel)) * (channel == 1 ? 0 : 1.5) })
    }
    return Plot(
      PanelsPlot(
        title: "activations of ear, sample 1 of waves", noun: "channel", form: .signals, units: units))
  }

  /// A dense layer of a dozen units, some of them below zero.
  static var units: Plot {
    let values = [0.93, -0.4, 0, 0.02, 0.5, -0.93, 0.11, 0, 0.7, 0.3, -0.05, 1]
    return Plot(
      PanelsPlot(
        title: "activations of hid, sample 0 of petals", noun: "unit", form: .bars,
        units: values.enumerated().map { unit($0, 1, [$1]) }))
  }

  /// A ring on 28 x 28 pixels, its lower half fainter.
  private static func ring(_ label: String, radius: Double) -> ImagePlot.Image {
    let pixels = (0..<784).map { place -> Double in
      let (row, column) = (Double(place / 28) - 13.5, Double(place % 28) - 13.5)
      let distance = (row * row + column * column).squareRoot()
      return max(0, 1 - abs(distance - radius) / 2.5) * (row > 0 ? 128 : 255)
    }
    return ImagePlot.Image(label: label, height: 28, width: 28, pixels: pixels)
  }

  /// One picture and what a network says of it.
  static var picture: Plot {
    Plot(
      ImagePlot(
        title: "sample 4 of rings: wide", images: [ring("wide", radius: 10)], range: 0...255,
        notes: ["eyes says wide with 93%, then narrow with 5.2%, then none with 1.8%"]))
  }

  /// A picture of each class.
  static var sheet: Plot {
    let images = (1...7).map { ring("radius \($0 * 2)", radius: Double($0 * 2)) }
    return Plot(ImagePlot(title: "rings", images: images, range: 0...255))
  }
}
