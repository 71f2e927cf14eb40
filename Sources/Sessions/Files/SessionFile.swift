import Datasets
public import Diagnostics
import Foundation
import Foundations
import JSON
import Language
import ModelFiles
import NeuralEngine
public import Outputs

/// A session in one file: networks with their weights and what their optimizers remember, data, variables,
/// options, cells and the place in the stream of random numbers. Training goes on from it with the same bits.
///
/// The file is a safetensors container: an array `session` describes everything in JSON, and the numbers are
/// arrays beside it. It holds no code but the user's own cells, of which only function definitions are compiled.
///
/// ```swift
/// try SessionFile.contents(of: transcript) { $0.text(.report) }.write(to: path)
/// let copy = try SessionFile.read(path, into: Session()) { print($0.message) }
/// ```
public enum SessionFile {
  private static let kind = "nbs-session"
  /// The versions that are read; ``OlderSessions`` reads version 2.
  private static let versions = 2...4

  /// What a session's file is to hold, as the session was at one moment.
  public struct Contents {
    let file: ArrayFile

    /// Writes the file, whole or not at all.
    ///
    /// - Throws: a `Diagnostic`.
    public func write(to path: String) throws {
      do throws(CodedError) { try file.write(to: path) } catch { throw Diagnostic(error, at: nil) }
    }
  }

  /// What a session's file is to hold.
  ///
  /// - Parameters:
  ///   - store: takes large arrays; nil where all are to be in the one file.
  ///   - text: how an output is kept.
  public static func contents(
    of transcript: Transcript, store: (any ArrayStore)? = nil, text: (Output) -> String
  ) throws -> Contents {
    var objects = StoredObjects(store: store)
    var session = StoredSession(transcript, text: text, &objects)
    // The objects are known once every value has been gone through.
    session.functions = objects.functions
    session.data = objects.data
    session.networks = objects.networks
    let files = objects.blocks.files
    session.files = files.isEmpty ? nil : files
    var file = objects.blocks.file
    // What an older nbs would leave out without a word makes a file of the newer version.
    file.metadata[kind] = session.needsNewer ? "4" : "3"
    let bytes = try Array(encoder.encode(session))
    file.add(StoredArray("session", shape: [bytes.count], bytes: bytes))
    return Contents(file: file)
  }

  /// Reads a session into one with nothing in it.
  ///
  /// - Parameter tell: takes what of it is lost, with a file that was kept apart.
  /// - Returns: the cells and the session.
  /// - Throws: a `Diagnostic`.
  public static func read(
    _ path: String, into session: Session, tell: (Diagnostic) -> Void
  ) throws -> Transcript {
    do {
      let file = try ArrayFile.read(path)
      guard let found = file.metadata[kind], let description = file["session"] else {
        throw notASession(path)
      }
      let version = try version(found, path)
      let stored = try reading.record(
        StoredSession.self, Data(description.bytes), decoder, "its description",
        migrate: version == 2 ? { OlderSessions.session($0) } : nil)
      let apart = stored.files.map { ApartArrays(besides: path, $0) }
      try stored.restore(session, NumberBlocks(file, apart))
      let transcript = Transcript(session: session)
      let names = session.knownNames
      transcript.adopt(stored.cells, names: apart?.names(besides: names) ?? names)
      for loss in apart?.losses ?? [] { tell(loss.diagnostic(transcript.entries)) }
      return transcript
    } catch let error as CodedError {
      throw error.code == .notAModelFile ? notASession(path) : Diagnostic(error, at: nil)
    }
  }

  private static func notASession(_ path: String) -> Diagnostic {
    Diagnostic(.notASession, "\(path) is not a session file. `:session save` writes one.")
  }

  private static func version(_ found: String, _ path: String) throws -> Int {
    guard let number = Int(found) else { throw damaged("its version is no number") }
    if versions.contains(number) { return number }
    if number > versions.upperBound {
      throw Diagnostic(
        .newerFile, "\(path) was written by a newer nbs, in version \(number) of the format. Update nbs.")
    }
    throw Diagnostic(
      .olderFile,
      "\(path) was written by an older nbs, in version \(number) of the format, and this one reads versions "
        + "\(versions.lowerBound) to \(versions.upperBound). Open it with the nbs that wrote it, and save what you need: `save` writes a network, "
        + "`:export` the cells.")
  }

  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }

  static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  /// Reads the records of the file, and says what is wrong with them.
  static let reading = RecordReading { damaged($0) }

  static func damaged(_ reason: String) -> CodedError {
    CodedError(
      .damagedSession,
      "The session's file is damaged: \(reason). Open another copy of it, or save the session again where it is "
        + "still open.")
  }
}
