import Foundation
import Testing

/// Memory that is not there is an error before it is taken.
@Suite(.timeLimit(.minutes(2))) struct LimitTests {
  private func run(_ cells: String, _ limit: String) throws -> Program.Result {
    try Program.run(
      ["-c", "\(limit); exec \"$0\" run -", Program.path], input: cells, program: "/bin/sh")
  }

  /// Each makes arrays of 0.8 GB in another way, or smaller ones until they are as much together.
  @Test(arguments: [
    "a = ones(200000000)",
    "a = zeros(80000000)\nb = -a\nc = exp(b)",
    "a = zeros(80000000)\nb = a + 1\nc = a > 0",
    "a = zeros(80000000)\nb = a[1:]\nc = a[::2]\nd = reshape(a, 8000, 10000).T\ne = d.T",
    "a = zeros(60000000)\nb = sort(a)\nc = stack([a, a])\nd = cumsum(a)\ne = not a",
    "def f(x) = x + 1\na = zeros(10000000)\nlist = []\nrepeat 40 { a = f(a); list = [list, a] }",
    "a = zeros(10000, 8000)\ndata d = a -> a\ndata e = a -> a",
    "s = \"a\"\nrepeat 40 { s = s + s }", "def f(x) = x\nl = map(f, range(80000000))",
    "def f(x) = zeros(100000)\nl = map(f, range(5000))",
    "net n\nlayer i input 20000\nlayer o dense 10000\nconnect all\nx = predict(zeros(20000))",
  ])
  func tooMuchIsAnError(cells: String) throws {
    for limit in ["ulimit -v 1500000", "ulimit -d 900000"] {
      let result = try run(cells, limit)
      #expect(result.status == 1, "\(limit): \(result.status) \(result.output) \(result.errors)")
      let shown = result.output + result.errors
      #expect(shown.contains("-- TOO LARGE"), "\(limit): \(shown)")
      #expect(shown.contains("(\(limit.prefix(9)))"), "\(limit): \(shown)")
    }
  }

  /// Of 8-bit images the numbers take eight times the memory: some rows are made alone, and all of them are refused.
  @Test func imagesTakeMemoryForTheRowsThatAreNeeded() throws {
    let folder = try Program.Folder()
    // An IDX file of 40,000 images, 120 MB as numbers.
    var bytes = Data([0, 0, 8, 3, 0, 0, 0x9C, 0x40, 0, 0, 0, 20, 0, 0, 0, 20])
    bytes.append(Data(repeating: 7, count: 40_000 * 400))
    let path = folder.path("some-images-idx3-ubyte")
    try bytes.write(to: URL(filePath: path))
    func run(_ cell: String) throws -> Program.Result {
      try self.run("data d from \"\(path)\"\n\(cell)", "ulimit -d 120000")
    }
    let some = try run("print d.x[39999, 399] + sum(d.x[10:20])")
    #expect(some.status == 0 && some.output.hasSuffix("28007\n"), "\(some.output) \(some.errors)")
    let wrong = try run("print d.x[40000]")
    #expect(
      (wrong.output + wrong.errors).contains("of 40000x400 has indexes 0 to 39999"),
      "\(wrong.output) \(wrong.errors)")
    for cell in [
      "a = d.x", "net n; layer i input 20x20; layer f flatten; layer o dense 1; connect all; predict(d)",
    ] {
      let all = try run(cell)
      #expect(
        all.status == 1 && (all.output + all.errors).contains("-- TOO LARGE"),
        "\(cell): \(all.output) \(all.errors)")
    }
  }

  /// Work of seconds ends within a part of one, with what was done so far.
  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func longWorkEndsOnASignal(signal: Int32, status: Int32) throws {
    let start = ContinuousClock.now
    let result = try Program.run(
      ["run", "-", "--no-record"], input: "print 1\nx = rand(6000, 6000)\nrepeat 50 { y = x @ x }\n",
      interruptedAfter: 1,
      signal: signal)
    #expect(result.status == status, "\(result.output) \(result.errors)")
    #expect(result.output.hasPrefix("1\n"))
    // A product takes ten seconds and more.
    #expect(ContinuousClock.now - start < .seconds(6))
  }

  @Test func whatFitsRuns() throws {
    let cells = "a = ones(20000000)\nrepeat 20 { a = a + 1 }\nprint a[0]"
    let result = try run(cells, "ulimit -v 1500000")
    #expect(result.status == 0)
    #expect(result.output.hasSuffix("21\n"))
  }
}
