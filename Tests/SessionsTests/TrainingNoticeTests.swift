import Diagnostics
import Foundations
import NeuralEngine
import Outputs
import Testing

@testable import Sessions

/// What is said of a training besides its metrics: the cause is the true one, and the line to type helps.
@Suite struct TrainingNoticeTests {
  /// A training, what must be said of it, and the accuracy or r2 that the last line it gives must bring.
  struct Trouble: Sendable, CustomTestStringConvertible {
    let name: String
    let setup: String
    let train: String
    let codes: [ErrorCode]
    let words: String
    /// What is trained after the line, where that does not train by itself.
    var again: String?
    var testDescription: String { name }
  }

  private static func net(_ inputs: Int, _ hidden: String, _ output: String, _ options: String = "") -> String
  {
    "net n \(options)\nlayer i input \(inputs)\n\(hidden.isEmpty ? "" : "layer h dense \(hidden)\n")"
      + "layer o dense \(output)\nconnect all\n"
  }

  private static let far =
    "data t { 17163 16440 348 4.4 -> 0; 17112 17225 274 -0.6 -> 1; 16800 16990 301 2.5 -> 1; 17010 17100 199 3.9 -> 0 }\n"

  static let troubles = [
    Trouble(
      name: "slow sigmoids",
      setup: "data xnor { 0 0 -> 1; 0 1 -> 0; 1 0 -> 0; 1 1 -> 1 }\n"
        + net(2, "4 sigmoid", "1 sigmoid", "loss=mse rate=0.01"), train: "train xnor epochs=1000 batch=1",
      codes: [.nothingLearned], words: "It may need larger steps or more of them"),
    Trouble(
      name: "linear hidden layers", setup: "data xor\n" + net(2, "8", "1 sigmoid"),
      train: "train xor epochs=1000 rate=0.5", codes: [.linearLayers, .nothingLearned],
      words: "Its hidden layers are linear"),
    Trouble(
      name: "no hidden layer", setup: "data xor\n" + net(2, "", "1 sigmoid"),
      train: "train xor epochs=1000 rate=0.5", codes: [.nothingLearned], words: "It has no hidden layer"),
    Trouble(
      name: "a dead layer",
      setup: "seed 0\ndata d { 1 2 -> 0; 2 1 -> 0; 5 6 -> 1; 6 5 -> 1; 7 7 -> 1; 1 1 -> 0 }\nnet n rate=5\n"
        + "layer i input 2\nlayer h dense 1 relu init=uniform\nlayer o dense 1 sigmoid init=uniform\nconnect all\n",
      train: "train d epochs=500", codes: [.nothingLearned],
      words: "The unit of `h` gives 0 for every row"),
    Trouble(
      name: "unscaled inputs", setup: far + net(4, "8 tanh", "1 sigmoid"),
      train: "train t epochs=200 rate=0.1",
      codes: [.unscaledInputs, .nothingLearned], words: "The inputs are not scaled"),
    Trouble(
      name: "a rate that is too small", setup: "data xor\n" + net(2, "8 tanh", "1 sigmoid"),
      train: "train xor epochs=2000 rate=0.000001", codes: [.stillWeights],
      words: "so the rate is too small", again: "train xor epochs=4000 rate=1"),
  ]

  /// Runs a cell and gives the notices that it shows.
  private func notices(_ session: Session, _ cell: String) throws -> [Diagnostic] {
    var found: [Diagnostic] = []
    let outcome = session.evaluate(SourceText(cell, name: "test")) { output in
      if case .notice(let notice) = output { found.append(notice) }
    }
    try #require(outcome == .done, "\(cell): \(outcome)")
    return found
  }

  private func lastLine(_ notice: Diagnostic) throws -> String {
    let parts = notice.message.split(separator: "`", omittingEmptySubsequences: false)
    return String(try #require(parts.dropLast().last, "\(notice.message)"))
  }

  @Test(arguments: troubles) func theLineHelps(_ trouble: Trouble) throws {
    let session = Session()
    _ = try notices(session, trouble.setup)
    let said = try notices(session, trouble.train)
    #expect(said.map(\.code) == trouble.codes)
    let last = try #require(said.last)
    #expect(last.message.contains(trouble.words), "\(last.message)")
    _ = try notices(session, try lastLine(last))
    if let again = trouble.again { _ = try notices(session, again) }
    #expect(session.metrics["accuracy"] == 1, "\(last.message)")
  }

  @Test func outputsThatCannotReachTheirTargets() throws {
    let session = Session()
    _ = try notices(
      session,
      "data line { 0 -> 10; 1 -> 12; 2 -> 14; 3 -> 16 }\n" + Self.net(1, "4 tanh", "1 sigmoid", "loss=mse"))
    let said = try notices(session, "train line epochs=5")
    #expect(said.map(\.code) == [.unreachableTargets])
    #expect(said[0].message.contains("from 0 to 1") && said[0].message.contains("from 10 to 16"))
    _ = try notices(session, try lastLine(said[0]))
    #expect(try notices(session, "train line epochs=5 optimizer=adam").isEmpty)
    // Scaled targets lie beyond a sigmoid's reach, too.
    _ = try notices(
      session,
      "prepare line\n" + Self.net(1, "4 tanh", "1 sigmoid", "loss=mse").replacing("net n", with: "net k"))
    #expect(try notices(session, "train line epochs=5")[0].message.contains("on the scale of `prepare`"))
    #expect(
      try notices(session, "net m loss=mse\nlayer i input 1\nlayer o dense 1\nconnect all\ntrain line")
        .isEmpty)
  }

  @Test func targetsThatAreAllTheSame() throws {
    let session = Session()
    _ = try notices(session, "data same { 0 1 -> 1; 1 0 -> 1 }\n" + Self.net(2, "2", "1 sigmoid"))
    #expect(try notices(session, "train same epochs=200").map(\.code) == [.constantTargets])
  }

  @Test func unitsThatAreStuck() throws {
    let session = Session()
    _ = try notices(
      session,
      """
      data xor
      net n loss=bce optimizer=adam rate=0.05
      layer i input 2
      layer h dense 4 relu
      layer o dense 1 sigmoid
      connect all
      h.weights = [[1, 1], [-1, -1], [-1, -2], [-2, -1]]
      """)
    let said = try notices(session, "train xor epochs=200")
    #expect(said.map(\.code) == [.stuckUnits])
    #expect(said[0].message.contains("3 of the 4 units of `h` give 0 for every row"), "\(said[0].message)")
    _ = try notices(session, try lastLine(said[0]))
    #expect(try notices(session, "train xor epochs=200").isEmpty)
  }

  /// Each fact is said where it is so, and not where it is not.
  @Test func answersThatAreAllTheSame() throws {
    let session = Session()
    _ = try notices(
      session,
      "data d { 0 1 -> 0; 1 0 -> 1; 1 1 -> 1; 0 0 -> 1 }\n" + Self.net(2, "3 relu", "1 sigmoid")
        + "h.weights = zeros(3, 2); h.bias = [-1, -1, -1]")
    let said = try notices(session, "train d epochs=400 rate=0.5")
    #expect(said.map(\.code) == [.nothingLearned])
    #expect(said[0].message.contains("gives the same answer to every row"), "\(said)")
    #expect(said[0].message.contains("always answering `1`, which is right for 75%"), "\(said)")
    // A network without a hidden layer answers rows differently, and is no better either.
    _ = try notices(session, "data xor\n" + Self.net(2, "", "1 sigmoid").replacing("net n", with: "net k"))
    let other = try notices(session, "train xor epochs=300 rate=0.5")
    #expect(other.map(\.code) == [.nothingLearned])
    #expect(other[0].message.contains("always answering"), "\(other)")
  }

  @Test(arguments: [("mse", "the mean of the targets"), ("mae", "the median of the targets")])
  func noBetterThanTheMean(loss: String, words: String) throws {
    let session = Session()
    _ = try notices(
      session,
      "seed 2\nx = randn(400, 2); y = randn(400, 1)\ndata noise = x[:, 0:1] -> y\n"
        + Self.net(1, "", "1", "loss=\(loss) rate=0.05"))
    let said = try notices(session, "train noise epochs=200")
    #expect(said.map(\.code) == [.nothingLearned], "\(said)")
    #expect(said.first?.message.contains("no better than always answering \(words)") == true, "\(said)")
    // A line that is there to be learned is no reason for a notice.
    _ = try notices(session, "data line = x[:, 0:1] -> 3 * x[:, 0:1] + y\nreset weights")
    #expect(try notices(session, "train line epochs=200").isEmpty)
  }

  /// From nine rows in ten on, an accuracy says little; below that it is left alone, and so is one of 100%.
  @Test(arguments: [(36, 1, true), (34, 1, false), (36, 0, false)])
  func oneClassIsNearlyAll(zeros: Int, strays: Int, isSaid: Bool) throws {
    let session = Session()
    // A line divides them, but for one that lies among the others.
    let rows = (0..<40).map { row in
      row < zeros
        ? "\(Double(row) / 40 - 1) -> 0"
        : row < zeros + strays ? "-0.51 -> 1" : "\(1 + Double(row) / 40) -> 1"
    }
    _ = try notices(session, "data d { \(rows.joined(separator: "; ")) }\n" + Self.net(1, "", "1 sigmoid"))
    let said = try notices(session, "train d epochs=300 rate=0.5")
    #expect(said.map(\.code) == (isSaid ? [.unbalancedClasses] : []), "\(said)")
    if let notice = said.first {
      #expect(notice.message.contains("Only 10% of the rows are of class `1`"), "\(notice.message)")
      #expect(try notices(session, try lastLine(notice)).isEmpty)
    }
  }

  /// Steps that are a little too long along the steepest direction: 2 / 8.4 is the longest that converges here.
  @Test func aLossThatRises() throws {
    let session = Session()
    _ = try notices(session, "data line { 0 -> 1; 1 -> 3; 2 -> 5; 3 -> 7 }\n" + Self.net(1, "", "1"))
    let said = try notices(session, "train line epochs=200 rate=0.243")
    #expect(try #require(said.last).message.contains("the rate is too high"), "\(said)")
    _ = try notices(session, try lastLine(try #require(said.last)))
    #expect(try #require(session.metrics["loss"]) < 0.1)
  }

  /// What learns is not talked about, nor what has hardly begun.
  @Test func silenceWhereAllIsWell() throws {
    let session = Session()
    _ = try notices(session, "data xor\n" + Self.net(2, "8 tanh", "1 sigmoid", "rate=0.5"))
    #expect(try notices(session, "train xor epochs=3").isEmpty)
    #expect(try notices(session, "train xor epochs=2000").isEmpty)
    #expect(session.metrics["accuracy"] == 1)
    _ = try notices(
      session, "data iris\nnet f\nlayer i input 4\nlayer h dense 8 tanh\nlayer o dense 3 softmax\nconnect all"
    )
    #expect(try notices(session, "train iris epochs=30 rate=0.1").isEmpty)
  }

  @Test func aLoopIsToldOnce() throws {
    let session = Session()
    _ = try notices(session, "data xor\n" + Self.net(2, "8", "1 sigmoid"))
    let loop = try notices(session, "repeat 3 { train xor epochs=200 }")
    #expect(loop.map(\.code) == [.linearLayers, .nothingLearned])
    #expect(try notices(session, "train xor epochs=200").count == 2)
  }
}
