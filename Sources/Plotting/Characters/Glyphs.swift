/// The signs of a charset.
struct Glyphs {
  var vertical: Character
  var horizontal: Character
  var corner: Character
  /// Where a tick leaves the vertical axis.
  var yTick: Character
  /// Where a tick leaves the horizontal axis.
  var xTick: Character
  /// The best value of a series.
  var best: Character
  /// An upright line that parts a drawing.
  var cut: Character
  /// What stands for the missing end of a text.
  var ellipsis: String
  /// The probabilities from 0 to 1, in equal parts.
  var ramp: [Character]
  /// The ground of each class where there are more than two.
  var textures: [Character]

  /// The corners of a box: upper left, upper right, lower left, lower right.
  var corners: [Character]
  /// The tip of an arrow that leads down.
  var arrowHead: Character

  static let ascii = Glyphs(
    vertical: "|", horizontal: "-", corner: "+", yTick: "+", xTick: "+", best: "B", cut: ":", ellipsis: "..",
    ramp: Array(" .:-=+*#%@"), textures: Array(".+:#-*=%~@"),
    corners: Array("++++"), arrowHead: "v")

  static let unicode = Glyphs(
    vertical: "│", horizontal: "─", corner: "└", yTick: "┤", xTick: "┬", best: "★", cut: "┊", ellipsis: "…",
    ramp: Array(" ░▒▓█"), textures: Array("·▒╱░▓╲─▚│+"),
    corners: Array("┌┐└┘"), arrowHead: "▼")

  /// The ground of a class.
  func texture(_ label: Int) -> Character { textures[label % textures.count] }

  /// Where lines meet that lead in these directions.
  func joint(up: Bool, down: Bool, left: Bool, right: Bool) -> Character {
    guard corners[0] != "+" else { return "+" }
    let index = (up ? 8 : 0) + (down ? 4 : 0) + (left ? 2 : 0) + (right ? 1 : 0)
    return Array(" ╶╴─╷┌┐┬╵└┘┴│├┤┼")[index]
  }

  /// Nothing and the eight heights of a bar within a character.
  static let eighths: [Character] = Array(" ▁▂▃▄▅▆▇█")

  /// Where values break off, on the horizontal axis.
  static let flaw: Character = "!"
  /// Where no answer is known.
  static let unknown: Character = "?"
  /// Where a line of markers passes from one value to the next.
  static let passing: Character = "."
  /// Where several series of markers meet.
  static let shared: Character = "#"

  /// The ASCII marker of a series.
  static func marker(_ series: Int) -> Character { pick(series, from: "*o+x@%&$~=") }

  /// The sign that tells a braille line from others.
  static func badge(_ series: Int) -> Character { pick(series, from: "●○◇□△◆■▲") }

  /// A point of a class: its digit, or a small letter from the tenth on.
  static func point(_ label: Int) -> Character { sign(label, in: "0123456789abcdefghijklmnopqrstuvwxyz") }

  /// A point of a class that the network takes for another.
  static func misclassified(_ label: Int) -> Character { sign(label, in: "ABCDEFGHIJKLMNOPQRSTUVWXYZ") }

  private static func pick(_ index: Int, from signs: String) -> Character {
    sign(max(index, 0) % signs.count, in: signs)
  }

  private static func sign(_ index: Int, in signs: String) -> Character {
    let signs = Array(signs)
    return signs.indices.contains(index) ? signs[index] : unknown
  }
}

extension PlotStyle {
  /// The signs to draw with.
  var glyphs: Glyphs {
    switch charset {
    case .ascii: .ascii
    case .unicode: .unicode
    }
  }
}
