import Datasets
public import Diagnostics
import Foundations
import Language
import NeuralEngine

extension Session {
  /// The rows of a data set that is made, without those of the fold that is held out.
  ///
  /// - Throws: `name-taken` where the data is made a second time, or why it cannot be cut.
  func holdingOut(
    from parts: DatasetParts, of name: Identifier, _ context: CommandContext
  ) throws -> DatasetParts {
    guard let fold = heldOut, fold.data == name.name else { return parts }
    guard fold.cut == nil else {
      throw Diagnostic(
        .nameTaken,
        "`\(name.name)` is made a second time, where rows of the first are kept aside to be measured on. Give one of them another name.",
        at: name.span)
    }
    var stream = random
    let work: FoldWork
    do {
      work = try fold.scheme.work(on: parts.train, at: fold.place, tellsClasses: true, random: &stream)
    } catch {
      // What to try is typed on the command line.
      let message = error.message.replacing("stratify=false", with: "--no-stratify")
        .replacing("folds=", with: "--folds ").replacing("by= ", with: "--by ")
      throw Diagnostic(error.code, message, at: context.span)
    }
    random = work.random
    let (training, testing) = parts.train.parts(of: work.fold)
    var left = parts
    left.train = training
    heldOut?.cut = (work, testing, DataReference(left))
    return left
  }

  /// Measures the network that a notebook has left on the rows that were kept from it.
  ///
  /// - Throws: a `Diagnostic` where it made no such data or no network, or the two do not fit.
  public func measureHeldOutFold() throws(Diagnostic) -> FoldOutcome {
    guard let fold = heldOut, let cut = fold.cut else {
      throw Diagnostic(.unknownData, "The notebook makes no data set `\(heldOut?.data ?? "")`.")
    }
    guard let network = state.current else {
      throw Diagnostic(
        .noNetwork, "The notebook leaves no network that could be measured on the rows kept aside.")
    }
    do throws(CodedError) {
      let reference = state.data[fold.data] ?? cut.reference
      return FoldOutcome(cut.work, try evaluation(of: network, on: cut.testing, reference).measured)
    } catch { throw Diagnostic(error, at: nil) }
  }
}
