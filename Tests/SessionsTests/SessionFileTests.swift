import Sessions
import Testing

/// A session in a file goes on with the same bits.
@Suite struct SessionFileTests {
  private static let xor = [
    "seed 5; data xor", "net solver loss=mse rate=0.3 optimizer=adam",
    "layer inp input 2; layer hid dense 3 sigmoid; layer out dense 1 sigmoid", "connect all",
    "train xor epochs=7 batch=2",
  ]

  @Test(
    "Training goes on with the same bits",
    arguments: [
      "train xor epochs=5", "train xor epochs=5 optimizer=sgd momentum=0.9",
      "train xor epochs=5 optimizer=nadam",
      "activate [0, 1]; propagate [1]", "propagate [0]", "x = randn(3); x",
      "reset weights; train xor epochs=2",
    ])
  func continues(cell: String) throws {
    let transcript = Transcript(session: Session())
    run(Self.xor + ["activate [1, 0]; propagate [1]", "n = randn(1)"], in: transcript)
    let copy = try reopened(transcript)
    let look = "\(cell); option digits=17; hid.weights; out.bias; randn(2); predict xor; summary"
    #expect(shown(look, in: copy) == shown(look, in: transcript))
  }

  /// A set of windows is still one: its parts are cut in time, and its steps have one scale.
  @Test("A series comes back as a series")
  func series() throws {
    let transcript = Transcript(session: Session())
    run(["data air from air_passengers window=12 ahead=2"], in: transcript)
    let copy = try reopened(transcript)
    let look = "split air test=20% by=time; prepare air; show data air.train"
    #expect(shown(look, in: copy) == shown(look, in: transcript))
  }

  /// Rows know when they were, whose they are, and how many steps they have.
  @Test("Tables of time come back")
  func times() throws {
    let transcript = Transcript(session: Session())
    run(
      [
        "data t { 3 1 30; 1 1 10; 2 1 20; 5 2 50; 6 2 60 }", "data o = t order=x1", "data w = o window=1",
        "data g = t order=x1 by=x2",
      ], in: transcript)
    let copy = try reopened(transcript)
    let look =
      "data a = o window=1; split o test=40%; split w test=40% by=time; show data w.test; show data g"
    #expect(shown(look, in: copy) == shown(look, in: transcript))
  }

  /// The state between two steps of a sequence, and the tokens of a text.
  @Test("A sequence goes on where it was, and a text is still one")
  func sequences() throws {
    let transcript = Transcript(session: Session())
    run(
      [
        "words = \"anna hanna anna\"; data names = words tokens=char window=4",
        "net a optimizer=adam; layer i input 4; layer e embedding 4 3; layer l lstm 3 return=all; layer o dense 4 softmax",
        "connect all; train names epochs=2", "activate [1]; activate [3]",
        "net b; layer i input 3x1; layer h dense 2 tanh; connect i -> h; connect h -> h delay=2; activate [1]; activate [2]",
      ], in: transcript)
    let copy = try reopened(transcript)
    let look =
      "option digits=15; print activate([3]); net a; print activate([2]); generate \"an\" n=9; evaluate names; predict names"
    #expect(shown(look, in: copy) == shown(look, in: transcript))
  }

  @Test(
    "Lists within lists come back as deep as they can be made",
    arguments: [
      "l = []; repeat 98 { l = [l, \"b\"] }\nl = [[l, \"c\"]]",
      "param l = " + String(repeating: "[\"a\", ", count: 95) + "1" + String(repeating: "]", count: 95),
    ])
  func deepLists(cell: String) throws {
    let transcript = Transcript(session: Session())
    run([cell], in: transcript)
    let copy = try reopened(transcript)
    #expect(shown("print text(l)", in: copy) == shown("print text(l)", in: transcript))
  }

  @Test("Every kind of value comes back")
  func values() throws {
    let transcript = Transcript(session: Session())
    run(
      Self.xor
        + [
          "a = [[1, 2], [3, 4]]; t = a > 2; s = \"wörd\"; l = [\"a\", [1, 2], 3]; q = 0 / 0; w = -1 / 0",
          "k = 3; def f(x) { y = x * k; y + 1 }\ng = f",
          "d = xor; m = solver; h = hid; record r = 4; record r = 5",
          "split xor test=25%; prepare xor scale=minmax; train xor epochs=1",
          "option precision=double digits=9",
          "data pic from digits; net conv; layer i input 8x8x1; layer c conv2d 2 3x3 relu; layer f flat",
          "a[0]", "param rate = 0.5",
        ].map { $0.replacing("layer f flat", with: "layer fl flatten") }, in: transcript)
    let look = """
      print a, t, s, l, q, w, f(2), g(2), k, m, h, d, rate
      _; Out[11]; plot series r; show data xor; summary; option
      net solver
      predict xor; plot loss
      """
    let copy = try reopened(transcript)
    #expect(copy.entries.map(\.source) == transcript.entries.map(\.source))
    #expect(copy.nextNumber == transcript.nextNumber)
    #expect(shown(look, in: copy) == shown(look, in: transcript))
  }

  @Test("Stale cells are as stale as before")
  func stale() throws {
    let transcript = Transcript(session: Session())
    run(["a = 1", "def f(x) = x + a", "b = f(2)", "a = 2"], in: transcript)
    let before = Dependencies(transcript.entries).stale
    #expect(before.map(\.number) == [3])
    #expect(Dependencies(try reopened(transcript).entries).stale == before)
  }
}
