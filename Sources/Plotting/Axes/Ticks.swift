/// A place on an axis that is named.
struct Tick: Equatable {
  /// How far along the axis it is, from 0 to 1.
  var fraction: Double
  /// What stands beside it.
  var label: String
  /// Its place in the order of ticks like it, counted so that every second, every third and so on are the rounder ones.
  var order = 0
}

extension [Tick] {
  /// These ticks, or as many of them at even distances as a layout accepts; never others.
  func thinned(where accepts: ([Tick]) -> Bool) -> [Tick] {
    if accepts(self) { return self }
    for step in 2...Swift.max(count * 2, 2) {
      let picked = filter { $0.order.isMultiple(of: step) }
      if !picked.isEmpty, accepts(picked) { return picked }
    }
    return Array(suffix(1).filter { accepts([$0]) })
  }
}

/// Chooses ticks: the tightest even steps that a layout still accepts.
enum Ticks {
  /// The ticks of a scale: decades on a logarithmic one, else steps of {1, 2, 2.5, 5} x 10^k.
  ///
  /// All ticks lie inside the scale, and one that was widened around a value names that value alone. Where even the widest steps are refused there are none.
  ///
  /// - Parameter most: more ticks than these are never accepted, so that they need not be made.
  static func on(
    _ scale: Scale, wholeOnly: Bool = false, most: Int, where accepts: ([Tick]) -> Bool
  ) -> [Tick] {
    if let only = scale.only {
      let tick = Tick(fraction: scale.fraction(only), label: NumberText.short(only))
      return accepts([tick]) ? [tick] : []
    }
    if scale.isLogarithmic, let ticks = logarithmic(on: scale, where: accepts) { return ticks }
    let low = scale.isLogarithmic ? Scale.power(of: scale.low) : scale.low
    let high = scale.isLogarithmic ? min(Scale.power(of: scale.high), .greatestFiniteMagnitude) : scale.high
    for step in steps(low: low, high: high, wholeOnly: wholeOnly) {
      guard let (first, values) = multiples(of: step.size, from: low, to: high, most: most) else { continue }
      let labels = NumberText.labels(values, lastPower: step.lastPower)
      let ticks = zip(values, labels).enumerated().map { place, tick in
        Tick(fraction: scale.fraction(tick.0), label: tick.1, order: first + place)
      }
      if accepts(ticks) { return ticks }
    }
    return []
  }

  // MARK: Even steps

  private struct Step {
    var size: Double
    /// The power of ten of the step's last digit, which is the last that its labels need.
    var lastPower: Int
  }

  /// The steps worth a try, from the tightest on. A hundredth of the length is tighter than any layout takes.
  private static func steps(low: Double, high: Double, wholeOnly: Bool) -> [Step] {
    let first = Scale.exponent(of: high / 100 - low / 100)
    return (first...(first + 3)).flatMap { power in
      [(1.0, 0), (2, 0), (2.5, -1), (5, 0)].compactMap { factor, lastDigit in
        let size = factor * Scale.power(of: Double(power))
        let isWhole = power + lastDigit >= 0
        guard size > 0, size.isFinite, isWhole || !wholeOnly else { return nil }
        return Step(size: size, lastPower: power + lastDigit)
      }
    }
  }

  /// The multiples of a step in a range, and which multiple the first is; nil where there are too many, or a Double cannot tell
  /// them apart.
  private static func multiples(
    of step: Double, from low: Double, to high: Double, most: Int
  ) -> (first: Int, [Double])? {
    // 0.3 / 0.1 is a little under 3, and 0.3 is inside all the same.
    let slack = 1e-9
    let first = (low / step - slack).rounded(.up)
    let last = (high / step + slack).rounded(.down)
    guard abs(first) < 0x1p52, abs(last) < 0x1p52, last - first < Double(most) else { return nil }
    return (Int(first), stride(from: first, through: last, by: 1).map { min(max($0 * step, low), high) })
  }

  // MARK: Decades

  /// Decades, every second or every tenth of them where they are many; with 2 and 5 between them where fewer
  /// than two fit. Nil where a logarithmic scale is too short even for those.
  private static func logarithmic(on scale: Scale, where accepts: ([Tick]) -> Bool) -> [Tick]? {
    let decades = exponents(on: scale)
    let finest =
      decades.count < 2 ? subdivided(scale, [1, 2, 5]) : decades.map { tick(1, $0, $0, on: scale) }
    guard let first = finest.first, let last = finest.last, first != last else { return nil }
    let wider = [2, 3, 5, 10, 20, 50, 100, 200].map { stride in
      decades.filter { $0.isMultiple(of: stride) }.map { tick(1, $0, $0 / stride, on: scale) }
    }
    let candidates = [finest, subdivided(scale, [1, 5])] + wider
    return candidates.first { $0.count > 1 && $0.count <= finest.count && accepts($0) }
      ?? [[first, last], [last]].first(where: accepts) ?? []
  }

  private static func exponents(on scale: Scale) -> [Int] {
    let first = Int((scale.low - 1e-9).rounded(.up))
    let last = Int((scale.high + 1e-9).rounded(.down))
    return first <= last ? Array(first...last) : []
  }

  private static func subdivided(_ scale: Scale, _ digits: [Int]) -> [Tick] {
    let around = Int(scale.low.rounded(.down))...Int(scale.high.rounded(.up))
    return around.flatMap { power in
      digits.enumerated().compactMap { index, digit in
        let place = Scale.log(digit) + Double(power)
        let order = power * digits.count + index
        return place >= scale.low - 1e-9 && place <= scale.high + 1e-9
          ? tick(digit, power, order, on: scale) : nil
      }
    }
  }

  private static func tick(_ digit: Int, _ power: Int, _ order: Int, on scale: Scale) -> Tick {
    let place = Scale.log(digit) + Double(power)
    let fraction = min(max((place - scale.low) / (scale.high - scale.low), 0), 1)
    // The label is made of the digit and the power, since ten to the -324 is no Double any more.
    let label =
      NumberText.plainPowers.contains(power)
      ? NumberText.short(Double("\(digit)e\(power)") ?? 0) : "\(digit)e\(power)"
    return Tick(fraction: fraction, label: label, order: order)
  }
}
