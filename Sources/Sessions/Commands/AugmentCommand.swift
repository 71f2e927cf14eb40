import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NetworkSchema
import NeuralEngine
import Outputs

/// `augment digits shift=1 rotate=10`
struct AugmentData: SessionCommand {
  let data: Identifier
  let shift: Operand<Int>
  let rotate: Operand<Double>
  let zoom: Operand<Double>
  let flip: Choice<Augmentation.Flip>
  let noise: Operand<Double>
  let cutout: Operand<Int>
  let fill: Choice<Augmentation.Fill>?

  func run(_ context: CommandContext) throws {
    let reference = try context.session.data(data).reference
    var augmentation = Augmentation()
    augmentation.shift = try shift(context)
    augmentation.rotate = try rotate(context)
    augmentation.zoom = try zoom(context)
    augmentation.flip = flip.value
    augmentation.noise = try noise(context)
    augmentation.cutout = try cutout(context)
    augmentation.fill = fill?.value ?? (reference.set.inputShape.count == 3 ? .zero : .edge)
    try context.locating { try reference.set.check(augmentation) }
    if augmentation.isNone {
      let isOff = [shift.isDefault, rotate.isDefault, zoom.isDefault, noise.isDefault, cutout.isDefault]
        .contains(false)
      guard isOff else {
        throw Diagnostic(
          .missingArgument, "Say how the rows change: augment \(data.name) shift=1", at: context.span,
          suggestion: "augment \(data.name) shift=1")
      }
      reference.state.augmentation = nil
      context.emit(.text(localized("\(data.name) is not augmented")))
      return
    }
    reference.state.augmentation = augmentation
    context.emit(.text(localized("\(data.name) in training: \(augmentation.words)")))
  }
}

extension Augmentation.Flip: WordMeaning {}
extension Augmentation.Fill: WordMeaning {}

extension Augmentation {
  /// `shift 2, rotate 10, zoom 0.1, fill zero`: what is not 0, and what fills the gaps.
  var words: String {
    let parts: [(String, String?)] = [
      ("shift", shift == 0 ? nil : String(shift)), ("rotate", rotate == 0 ? nil : rotate.brief),
      ("zoom", zoom == 0 ? nil : zoom.brief), ("flip", flip == .none ? nil : flip.rawValue),
      ("noise", noise == 0 ? nil : noise.brief), ("cutout", cutout == 0 ? nil : String(cutout)),
      ("fill", shift == 0 && rotate == 0 && zoom == 0 ? nil : fill.rawValue),
    ]
    return parts.compactMap { name, value in value.map { "\(name) \($0)" } }.joined(separator: ", ")
  }
}
