import Diagnostics
import Foundation
import Testing

@testable import Sessions

/// `docs/coming-from.md`: what its right columns say to write, and the answers to foreign names.
@Suite struct ComingFromTests {
  private static let page: String = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/coming-from.md")
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()

  private static let prelude: String = {
    let parts = page.components(separatedBy: "```")
    return parts.count > 2 ? String(parts[1].dropFirst(3)) : ""
  }()

  /// The code of the right columns.
  static let lines: [String] = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.compactMap { row in
    let cell = row.split(separator: "|").last { !$0.allSatisfy(\.isWhitespace) }
    return cell.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
  }

  @Test func thePageHasLines() { #expect(Self.lines.count > 70 && Self.prelude.contains("connect all")) }

  @Test("A line of the right column runs", arguments: lines) func runs(line: String) throws {
    let folder = try Folder()
    let bench = Bench()
    #expect(bench.run(Self.prelude))
    let ready = line.replacing("\"m.safetensors\"", with: "\"\(folder.url.path)/m.safetensors\"")
    #expect(bench.run(ready), "\(line): \(bench.lastError?.message ?? "")")
  }

  @Test(
    "A foreign name is answered with the line to write",
    arguments: [
      ("net a loss=binary_crossentropy", "Did you mean `bce`?"), ("net a loss=BCELoss", "`bce`"),
      ("net a loss=CrossEntropyLoss", "`crossentropy`"), ("net a loss=mean_squared_error", "`mse`"),
      ("layer h Dense 8", "`dense`"), ("layer h Linear 8", "`dense`"), ("layer c Conv2D 8 3x3", "`conv2d`"),
      ("layer p MaxPool2d 2x2", "`maxpool`"), ("fit xor", "`train`"), ("train xor lr=0.1", "`rate`"),
      ("train xor epochs 10", "`epochs=…`"), ("layer h dense 8 activation=relu", "without `activation=`"),
      ("layer d dropout rate=0.5", "without `rate=`"), ("maximum(1, 2)", "where(a > b, a, b)"),
      ("np.dot(A, B)", "without a module"), ("dot(A, B)", "`A @ B`"), ("2 ** 3", "`2 ^ 3`"),
      ("5 % 2", "mod(a, b)"), ("power(2, 3)", "`a ^ b`"),
      ("concatenate([A, B])", "concat([a, b], axis=0)"), ("A.sum()", "`sum(…)`"),
      ("model.fit(A, B)", "`train people epochs=100`"), ("model.summary()", "`summary`"),
      ("o = Adam(0.1)", "optimizer=adam"), ("train xor verbose=0", "every=10"),
      ("train xor callbacks=1", "patience=20"), ("layer h dense 8 kernel_initializer=he", "`init`"),
      ("train_test_split(A)", "split people test=20%"), ("import numpy", "Nothing needs to be imported"),
      ("net a optimizer=SGD", "`sgd`"), ("layer h dense 3 LeakyReLU", "leaky_relu"),
      ("connect hid -> hid delay=1 type=else", "`others`"),
      ("connect hid -> hid type=ALL_TO_ELSE", "`others`"),
    ])
  func answers(line: String, words: String) {
    let bench = Bench()
    #expect(bench.run(Self.prelude))
    #expect(!bench.run(line))
    #expect(bench.lastError?.message.contains(words) == true, "\(line): \(bench.lastError?.message ?? "")")
  }
}
