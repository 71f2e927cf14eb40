import Datasets
import Diagnostics
import Foundation
import Language
import ModelFiles
import NeuralEngine
public import Outputs

/// A session in one file: networks with their weights and what their optimizers remember, data, variables,
/// options, cells and the place in the stream of random numbers. Training goes on from it with the same bits.
///
/// The file is a safetensors container: an array `session` describes everything in JSON, and the numbers are
/// arrays beside it. It holds no code but the user's own cells, of which only function definitions are compiled.
public enum SessionFile {
  private static let kind = "nbs-session"
  private static let version = "1"

  /// Writes a session, whole or not at all.
  ///
  /// - Parameter text: how an output is kept.
  /// - Throws: a `Diagnostic`.
  public static func write(_ transcript: Transcript, to path: String, text: (Output) -> String) throws {
    var objects = StoredObjects()
    var session = StoredSession(transcript, text: text, &objects)
    // The objects are known once every value has been gone through.
    session.functions = objects.functions
    session.data = objects.data
    session.networks = objects.networks
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = SessionFile.oddNumbers
    var file = objects.blocks.file
    file.metadata[kind] = version
    let bytes = try Array(encoder.encode(session))
    file.add(StoredArray("session", shape: [bytes.count], bytes: bytes))
    do throws(EngineError) { try file.write(to: path) } catch { throw Diagnostic(error, at: nil) }
  }

  /// Reads a session into one with nothing in it.
  ///
  /// - Returns: the cells and the session.
  /// - Throws: a `Diagnostic`.
  public static func read(_ path: String, into session: Session) throws -> Transcript {
    do {
      let file = try ArrayFile.read(path)
      guard let found = file.metadata[kind], let description = file["session"] else {
        throw Diagnostic("not-a-session", "\(path) is no session. `:session save` writes one.")
      }
      guard found == version else {
        throw Diagnostic(
          "newer-file", "\(path) was written by a newer nbs, in version \(found) of the format. Update nbs.")
      }
      return try restore(Data(description.bytes), NumberBlocks(file), into: session)
    } catch let error as EngineError {
      throw Diagnostic(error, at: nil)
    } catch is DecodingError {
      throw Diagnostic(damaged("its description cannot be read"), at: nil)
    }
  }

  private static func restore(
    _ description: Data, _ blocks: NumberBlocks, into session: Session
  ) throws -> Transcript {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let stored = try decoder.decode(StoredSession.self, from: description)
    try stored.restore(session, blocks)
    let transcript = Transcript(session: session)
    transcript.adopt(stored.cells)
    return transcript
  }

  private static var oddNumbers: JSONEncoder.NonConformingFloatEncodingStrategy {
    .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  }

  static func damaged(_ reason: String) -> EngineError {
    EngineError("damaged-session", "The session's file is damaged: \(reason).")
  }
}
