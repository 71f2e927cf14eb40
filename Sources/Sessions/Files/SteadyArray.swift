import Diagnostics
import Foundations
import ModelFiles
import NeuralEngine

/// Numbers of a session that stay as they are for as long as somebody holds them.
///
/// Swift's arrays are copied before they change while somebody else holds them, tensors and weights never change. So
/// the place in memory tells the same numbers again, without looking at them: a table of a gigabyte that has been
/// kept once costs nothing after the next cell.
public struct SteadyArray {
  /// Tells the same numbers again while ``owner`` is held.
  public struct Identity: Hashable {
    let place: UInt
    let part: String
    let count: Int
  }

  /// The numbers themselves, for a thread that has nothing else of the session.
  public struct Numbers: Sendable {
    let content: ArrayContent

    /// Writes them to a file of their own, whole or not at all.
    ///
    /// - Parameter goesOn: asked again and again; false ends the writing.
    /// - Throws: a `Diagnostic`; `interrupted` where it was ended.
    public func write(to path: String, while goesOn: () -> Bool) throws {
      do throws(CodedError) {
        try ArrayFile.write(content, named: ApartArrays.arrayName, to: path, while: goesOn)
      } catch { throw Diagnostic(error, at: nil) }
    }
  }

  /// Which numbers they are.
  public let identity: Identity
  /// What is to be held for as long as the identity is to mean anything.
  public let owner: Any
  /// How many bytes they take in a file.
  public let byteCount: Int
  let content: () -> ArrayContent
  /// The numbers; asking may copy them.
  public var numbers: Numbers { Numbers(content: content()) }

  /// The numbers of an array.
  init(_ content: ArrayContent) {
    let place =
      switch content {
      case .doubles(let values, _): SteadyArray.place(of: values)
      case .integers(let values): SteadyArray.place(of: values)
      case .bytes(let values): SteadyArray.place(of: values)
      }
    identity = Identity(place: place, part: content.element.rawValue, count: content.count)
    owner = content
    byteCount = content.byteCount
    self.content = { content }
  }

  /// The numbers of a tensor, which are only copied when somebody asks for them.
  init(_ tensor: Tensor) {
    // Tensors of several variables may share their numbers.
    let place = tensor.withValues { values in
      values.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    }
    identity = Identity(place: place, part: "tensor", count: tensor.count)
    owner = tensor
    byteCount = 8 * tensor.count
    content = { .doubles(tensor.values, as: .double) }
  }

  /// Some of a network's numbers. The weights are what is held, so that the network sees that somebody has its copy
  /// and makes no other.
  init(_ weights: NetworkWeights, _ part: String, _ values: [Double], as precision: Precision) {
    let content = ArrayContent.doubles(values, as: precision)
    identity = Identity(
      place: UInt(bitPattern: ObjectIdentifier(weights)), part: part, count: values.count)
    owner = weights
    byteCount = content.byteCount
    self.content = { content }
  }

  private static func place<Value>(of values: [Value]) -> UInt {
    values.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
  }
}

/// Keeps large arrays of sessions in files of their own, beside the sessions' files.
public protocol ArrayStore: AnyObject {
  /// The file that holds an array or will hold it, relative to the folder of the session's file; nil for an array
  /// that is to be in the session's own file.
  func file(for array: SteadyArray) -> String?
}
