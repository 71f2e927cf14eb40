import Datasets
import NeuralEngine
import Outputs
import Plotting
import Testing

@testable import Sessions

/// `augment`, and what keeps it or takes no notice of it.
@Suite struct AugmentCommandTests {
  private let network = """
    net n optimizer=adam
    layer image input 8x8x1
    layer flat flatten
    layer digit dense 10 softmax
    connect all
    """

  private func transcript(_ cells: [String]) -> Transcript {
    let transcript = Transcript(session: Session(seed: 4))
    run(cells, in: transcript)
    return transcript
  }

  private func augmentation(_ transcript: Transcript) -> Augmentation? {
    transcript.session.state.data["digits"]?.augmentation
  }

  private func weights(_ transcript: Transcript) throws -> [Double] {
    try #require(transcript.session.state.current?.parameters).flatMap(\.values)
  }

  @Test func theLastOneCounts() {
    let transcript = transcript(["data digits", "augment digits shift=1 rotate=10 zoom=10% noise=5%"])
    #expect(
      augmentation(transcript)
        == Augmentation(shift: 1, rotate: 10, zoom: 0.1, noise: 0.05, fill: .zero))
    // Another division of the rows is no reason to forget it, as it is for the scale, which is that of the training part.
    run(["split digits test=20%"], in: transcript)
    #expect(augmentation(transcript)?.shift == 1)
    run(["augment digits flip=both cutout=3 fill=wrap"], in: transcript)
    #expect(augmentation(transcript) == Augmentation(flip: .both, cutout: 3, fill: .wrap))
    run(["augment digits shift=0"], in: transcript)
    #expect(augmentation(transcript) == nil)
  }

  @Test func anUndoneOneIsGoneAndASessionsFileHasIt() throws {
    let transcript = transcript(["data digits", "augment digits shift=2 fill=edge"])
    let again = try reopened(transcript)
    #expect(augmentation(again) == Augmentation(shift: 2, fill: .edge))
    #expect(augmentation(again) == augmentation(transcript))
    run(["augment digits shift=3"], in: transcript)
    _ = transcript.undo()
    #expect(augmentation(transcript)?.shift == 2)
  }

  /// Trained on other rows; `evaluate` is of the rows as they are, whether they are augmented or not.
  @Test func onlyTrainingIsAugmented() throws {
    func trained(_ augment: String) throws -> (weights: [Double], evaluation: [String]) {
      let transcript = transcript([
        "data digits; split digits test=90% seed=1; prepare digits divide=16", augment, network,
        "train digits epochs=2",
      ])
      run(["augment digits shift=0"], in: transcript)
      let after = shown("evaluate digits.train", in: transcript)
      run(["augment digits shift=1 noise=20%"], in: transcript)
      #expect(shown("evaluate digits.train", in: transcript) == after)
      return (try weights(transcript), after)
    }
    let plain = try trained("augment digits shift=0")
    let moved = try trained("augment digits shift=1 noise=20%")
    #expect(plain.weights != moved.weights)
    #expect(try moved.weights == trained("augment digits shift=1 noise=20%").weights)
  }

  /// Folds are trained on changed rows and tested on rows as they are: with a rate that moves nothing all is as before.
  @Test func foldsAreTestedAsTheyAre() {
    func table(_ augment: String, rate: String) -> [String] {
      let transcript = transcript([
        "data digits; split digits test=95% seed=1; prepare digits divide=16", augment, network,
      ])
      return shown("crossvalidate digits.train folds=2 epochs=1 optimizer=sgd rate=\(rate)", in: transcript)
    }
    // As many random numbers are drawn before the folds are cut, and the weights of the first one.
    let folds = [
      table("augment digits shift=0", rate: "1e-30"), table("augment digits shift=1", rate: "1e-30"),
    ]
    func fold(_ table: [String]) -> [Substring]? {
      table.last?.split(separator: "\n")[3].split(separator: " ")
    }
    #expect(fold(folds[0])?.count == 8 && fold(folds[0]) == fold(folds[1]))
    #expect(table("augment digits shift=0", rate: "0.1") != table("augment digits shift=1", rate: "0.1"))
  }

  @Test func aPlotShowsExamplesAndDrawsNoNumbers() throws {
    let transcript = transcript(["data digits", "augment digits shift=1 rotate=20"])
    let before = transcript.session.random
    var plots: [ImagePlot] = []
    _ = transcript.run("plot image digits sample=3 augmented=4") { output in
      if case .plot(let plot) = output { plots += [plot.content as? ImagePlot].compactMap(\.self) }
    }
    let plot = try #require(plots.first)
    #expect(plot.images.map(\.label) == ["3", "epoch 1", "epoch 2", "epoch 3", "epoch 4"])
    #expect(Set(plot.images.map(\.pixels)).count == 5)
    #expect(transcript.session.random == before)
  }

  @Test func aCheckpointOfOtherChangesIsRefused() throws {
    let file = SessionPath()
    let transcript = transcript([
      "data digits; split digits test=95% seed=1; prepare digits divide=16; augment digits shift=1", network,
      "train digits epochs=2 checkpoint=\"\(file.path)\" every=1",
    ])
    run(["augment digits shift=2"], in: transcript)
    let refusal = shown("train digits epochs=3 resume=\"\(file.path)\"", in: transcript).joined()
    #expect(refusal.contains("augment=shift 1") && refusal.contains("augment=shift 2"), "\(refusal)")
    run(["augment digits shift=1", "train digits epochs=3 resume=\"\(file.path)\""], in: transcript)
  }
}
