import Datasets
import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import Interchange
@testable import ModelFiles
@testable import ONNX

@Suite("Networks as programs")
struct StandaloneTests {
  private func saved() throws -> SavedNetwork {
    try network(
      [
        ("inp", .input(shape: [4, 5, 2])),
        (
          "conv",
          .convolution(
            Convolution(filters: 3, Window([3, 2], stride: [2, 1], padding: .same), activation: .gelu))
        ),
        ("norm", .batchNorm(BatchNorm())), ("pool", .pool(Pool(.avg, Window([2], padding: .same)))),
        ("seq", .reshape([10, 3])),
        ("mem", .recurrent(.lstm, units: 2, returnsAll: true, bidirectional: .concat)),
        ("last", .recurrent(.gru, units: 3, isReversed: true)),
        ("out", .dense(units: 2, activation: .softmax)),
      ],
      preparation: Preparation(inputs: [.init(offset: 3, divisor: 2)]),
      schema: DataSchema(inputs: nil, targets: [DataColumn("kind", levels: ["ja \"?\"", "né\\in"])]))
  }

  /// What a command ends with and says, run in a folder; nil where there is no such program.
  private func run(_ command: [String], in folder: URL) throws -> (status: Int32, text: String)? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = folder
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 127 ? nil : (process.terminationStatus, text)
  }

  private func folder() throws -> URL {
    let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "nbs-programs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test("The program in C compiles without a warning and answers as nbs does")
  func c() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = try StandaloneProgram(saved()).text(in: .c)
    try text.write(to: folder.appending(path: "n.c"), atomically: true, encoding: .utf8)
    let flags = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"]
    guard let compiled = try run(["cc"] + flags + ["n.c", "-o", "n", "-lm"], in: folder) else { return }
    #expect(compiled.status == 0, "\(compiled.text)")
    let result = try #require(try run(["./n"], in: folder))
    #expect(result.status == 0, "\(result.text)")
    // Its bits are those of nbs.
    #expect(result.text == "n: passed, 10 rows, largest difference from nbs 0\n", "\(result.text)")
    // A program whose weights are others says so.
    let start = try #require(text.range(of: "static const float out_bias[2] = {\n    "))
    let changed = text.replacingCharacters(in: start, with: text[start] + "9.0f + ")
    try changed.write(to: folder.appending(path: "n.c"), atomically: true, encoding: .utf8)
    _ = try run(["cc", "n.c", "-o", "n", "-lm"], in: folder)
    let failed = try #require(try run(["./n"], in: folder))
    #expect(failed.status == 1 && failed.text.hasPrefix("n: FAILED"), "\(failed.text)")
  }

  @Test(
    "A convolution of 3 x 3 or 5 x 5 places has nbs's bits in C, square by square",
    arguments: [(3, [9, 8], true), (3, [9, 8], false), (5, [10, 8], true), (5, [11, 10], false)])
  func squares(side: Int, image: [Int], hasBias: Bool) throws {
    let window = Window([side, side], padding: .same)
    let saved = try network([
      ("inp", .input(shape: image + [16])),
      ("conv", .convolution(Convolution(filters: 32, window, hasBias: hasBias))),
      ("pool", .pool(Pool(.avg, Window(image)))), ("flat", .flatten), ("out", .dense(units: 2)),
    ])
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = try StandaloneProgram(saved).text(in: .c)
    try text.write(to: folder.appending(path: "n.c"), atomically: true, encoding: .utf8)
    let flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"]
    guard let compiled = try run(["cc"] + flags + ["n.c", "-o", "n", "-lm"], in: folder) else { return }
    #expect(compiled.status == 0, "\(compiled.text)")
    let result = try #require(try run(["./n"], in: folder))
    #expect(result.text == "n: passed, 10 rows, largest difference from nbs 0\n", "\(result.text)")
  }

  @Test(
    "A network that learned logarithms gives their powers in every language",
    arguments: [TargetTransform.log, .log1p])
  func powers(transform: TargetTransform) throws {
    let saved = try network(
      [("inp", .input(shape: [3])), ("out", .dense(units: 2))],
      preparation: Preparation(
        inputs: [.init(offset: 3, divisor: 2)],
        targets: [
          .init(offset: 4, divisor: 0.5, transform: transform), .init(offset: 1, transform: transform),
        ]))
    let program = try StandaloneProgram(saved)
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for (language, commands) in [
      (
        StandaloneLanguage.c,
        [
          [
            "cc", "-std=c99", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror", "n.c", "-o", "n",
            "-lm",
          ], ["./n"],
        ]
      ),
      (.python, [["python3", "n.py"]]), (.javaScript, [["node", "n.js"]]),
    ] {
      let text = program.text(in: language)
      let name = commands[0].first { $0.hasPrefix("n.") } ?? "n"
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
      for command in commands {
        // Python may lack NumPy, and there may be no Node.
        guard let result = try run(command, in: folder), !result.text.contains("No module named") else {
          break
        }
        #expect(result.status == 0, "\(language): \(result.text)")
      }
    }
    for language in StandaloneLanguage.allCases {
      #expect(program.text(in: language).contains("write_powers("), "\(language)")
    }
    let mixed = try network(
      [("inp", .input(shape: [3])), ("out", .dense(units: 2))],
      preparation: Preparation(inputs: [.init()], targets: [.init(transform: transform), .init()]))
    #expect(throws: CodedError.self) { try StandaloneProgram(mixed) }
  }

  @Test(
    "The other languages have the names of the classes and the functions that the network uses, no others")
  func texts() throws {
    let program = try StandaloneProgram(saved())
    for language in StandaloneLanguage.allCases {
      let text = program.text(in: language)
      #expect(text.contains("convolve(") && text.contains("lstm(") && text.contains("gru("))
      #expect(!text.contains("normalize_layer") && !text.contains("max_pool") && !text.contains("selu"))
      #expect(text.contains("né") || text.contains("n\\303\\251"))
    }
  }

  @Test(
    "A network that goes step by step has a state with a reset, and answers a step as nbs does",
    arguments: [true, false])
  func steps(hasDelays: Bool) throws {
    let recurrent: [(String, Layer.Kind)] = [
      ("inp", .input(shape: [5, 2])), ("mem", .recurrent(.lstm, units: 3, returnsAll: true)),
      ("last", .recurrent(.gru, units: 2)), ("out", .dense(units: 2)),
    ]
    let scales = (0..<10).map { Preparation.Scale(offset: Double($0 % 2), divisor: 2) }
    let saved =
      try hasDelays ? memory(preparation: nil) : network(recurrent, preparation: Preparation(inputs: scales))
    let program = try StandaloneProgram(saved)
    #expect(program.stepping?.states.map(\.name).contains(hasDelays ? "y_output_2" : "mem_cells_1") == true)
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for (language, ending) in [(StandaloneLanguage.c, "c"), (.javaScript, "mjs"), (.python, "py")] {
      try program.text(in: language).write(
        to: folder.appending(path: "n.\(ending)"), atomically: true, encoding: .utf8)
    }
    // What is within the test is compared with nbs: whole sequences, and the same step by step.
    let flags = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"]
    if let compiled = try run(["cc"] + flags + ["n.c", "-o", "n", "-lm"], in: folder) {
      #expect(compiled.status == 0, "\(compiled.text)")
      let result = try #require(try run(["./n"], in: folder))
      #expect(result.text == "n: passed, 10 rows, largest difference from nbs 0\n", "\(result.text)")
      // A caller of its own, which leaves the state as it is and then empties it.
      let caller = """
        #include <stdio.h>
        #define NBS_NO_MAIN
        #include "n.c"
        int main(void)
        {
            float x[N_STEP_INPUTS] = {0.5f, -1.0f}, first[N_STEP_OUTPUTS], second[2], again[2];
            n_state state;
            n_reset(&state);
            n_step(&state, x, first);
            n_step(&state, x, second);
            n_reset(&state);
            n_step(&state, x, again);
            printf("%d %d\\n", first[0] == again[0] && first[1] == again[1], first[0] != second[0]);
            return 0;
        }
        """
      try caller.write(to: folder.appending(path: "caller.c"), atomically: true, encoding: .utf8)
      let called = try #require(try run(["cc"] + flags + ["caller.c", "-o", "caller", "-lm"], in: folder))
      #expect(called.status == 0, "\(called.text)")
      #expect(try run(["./caller"], in: folder)?.text == "1 1\n")
    }
    if let result = try run(["node", "n.mjs"], in: folder) { #expect(result.status == 0, "\(result.text)") }
    for language in StandaloneLanguage.allCases {
      let text = program.text(in: language)
      #expect(text.contains("reset") && text.contains("step("))
    }
  }

  @Test("Delays are a loop, but not beside a recurrent layer, which adds otherwise step by step")
  func loops() throws {
    #expect(try StandaloneProgram(memory()).answersByStep)
    let mixed = try network(
      [
        ("inp", .input(shape: [4, 2])), ("h", .dense(units: 3, activation: .tanh)),
        ("mem", .recurrent(.lstm, units: 2)), ("out", .dense(units: 1)),
      ],
      [
        Edge(from: "inp", to: "h"), Edge(from: "h", to: "h", delay: 1), Edge(from: "h", to: "mem"),
        Edge(from: "mem", to: "out"),
      ])
    let program = try StandaloneProgram(mixed)
    #expect(!program.answersByStep && program.stepping?.states.count == 3)
  }

  @Test("Data that was scaled otherwise at each step has no program of one step")
  func unevenSteps() throws {
    let saved = try network(
      [("inp", .input(shape: [5, 2])), ("mem", .recurrent(.rnn, units: 3)), ("out", .dense(units: 2))],
      preparation: Preparation(inputs: (0..<10).map { .init(offset: Double($0), divisor: 1) }))
    #expect(try StandaloneProgram(saved).stepping == nil)
  }

  @Test("What cannot be a program is refused")
  func refused() throws {
    var broken = try saved()
    broken.learned.values[0] = .infinity
    #expect(code { _ = try StandaloneProgram(broken) } == .notFinite)
  }
}
