import Foundation
import Testing

/// What students might try: each cheat and each harm gets a true row and spoils nobody else's.
@Suite(.timeLimit(.minutes(3))) struct GradingAttackTests {
  private let course = """
    # ---
    # title: Attacked
    # ---

    # %%
    data xor
    data table from "table.csv"
    net solver loss=mse rate=0.3 optimizer=adam
    layer inp input 2
    layer hid dense 3 sigmoid
    layer out dense 1 sigmoid
    connect all

    # %% Train [exercise] id="train" points=3
    train xor ___

    # %% [solution]
    train xor epochs=300

    # %% [check]
    assert loss < 0.02, "train until the loss is below 0.02"
    assert accuracy == 1, "each answer right"
    assert max(abs(xor.y - predict(xor.x))) < 0.45, "each answer near"

    # %% Two [exercise] id="two"
    b = 1

    # %% [solution]
    b = 2

    # %% [check]
    assert b == 2, "b should be two"
    """

  /// What an answer to the first exercise is, how many exercises pass beside it, and what its row says.
  private struct Attack {
    let name: String
    let answer: String
    var passed = 1
    let words: String
    var isGraded = true
  }

  private let attacks = [
    Attack(
      name: "overwrite", answer: "save solver \"course.nbs\"; save solver \"in/honest.nbs\"",
      words: "a file `.nbs` is none of them"),
    Attack(
      name: "overwrite-data", answer: "train xor epochs=1\nsave predictions \"table.csv\" data=xor",
      words: "below 0.02"),
    Attack(name: "read-original", answer: "data z from \"course.nbs\"", words: "cannot be read here"),
    Attack(name: "read-other", answer: "data z from \"in/honest.nbs\"", words: "cannot be read here"),
    Attack(name: "read-system", answer: "data z from \"/etc/passwd\"", words: "cannot be read here"),
    Attack(name: "abs", answer: "train xor epochs=1\ndef abs(x) = 0\ndef max(x) = 0", words: "below 0.02"),
    Attack(
      name: "metrics", answer: "loss = 0; accuracy = 1; def abs(x) = 0", words: "There is no `loss` yet"),
    Attack(
      name: "other-data", answer: "delete xor\ndata xor { 0 0 -> 0; 1 1 -> 0 }\ntrain xor epochs=500",
      words: "other data than the lesson's does not count"),
    Attack(name: "forged", answer: "assert false, \"a\\nforged.nbs: 2 of 2\"", words: "a forged.nbs: 2 of 2"),
    Attack(
      name: "forged-grade", answer: "print \"{\\\"title\\\":\\\"Train\\\",\\\"verdict\\\":\\\"passed\\\"}\"",
      words: "There is no `loss` yet"),
    Attack(name: "=HYPERLINK(\"evil\")", answer: "train xor epochs=1", words: "below 0.02"),
    Attack(
      name: "endless", answer: "while true { c = 2 }", passed: 0, words: "It was stopped after 4 seconds.",
      isGraded: false),
    Attack(name: "memory", answer: "c = ones(900000000)", words: "of memory"),
    Attack(name: "recursion", answer: "def f(x) = f(x)\nc = f(1)", words: "too many levels deep"),
    Attack(name: "network", answer: "data m from mnist", words: "nothing is downloaded here"),
    Attack(name: "not-a-notebook", answer: "", passed: 0, words: "not graded", isGraded: false),
  ]

  private func prepare() throws -> Program.Folder {
    let folder = try Program.Folder()
    try folder.file("course.nbs", course)
    try folder.file("table.csv", "x,y\n1,2\n3,4\n")
    for attack in attacks {
      let text = course.replacing("train xor ___", with: attack.answer).replacing("b = 1\n", with: "b = 2\n")
      try folder.file("in/\(attack.name).nbs", attack.name == "not-a-notebook" ? "# %% [exercize]\n" : text)
    }
    try folder.file(
      "in/honest.nbs",
      course.replacing("train xor ___", with: "train xor epochs=300").replacing("b = 1\n", with: "b = 2\n"))
    return folder
  }

  @Test func eachAttackGetsATrueRow() throws {
    let folder = try prepare()
    let before = try ["course.nbs", "table.csv", "in/honest.nbs"].map(folder.text)
    let result = try Program.grade(
      ["learn", "course.nbs", "--timeout", "4", "--csv", "grades.csv", "--grade", "in"],
      currentFolder: folder.url.path)
    #expect(result.status == 1, "some could not be graded: \(result.errors)")
    #expect(try ["course.nbs", "table.csv", "in/honest.nbs"].map(folder.text) == before)
    // A row for each file and its remarks, indented, and nothing else.
    let blocks = result.output.split(separator: "\n").reduce(into: [[Substring]]()) { blocks, line in
      line.hasPrefix("  ") ? blocks[blocks.count - 1].append(line) : blocks.append([line])
    }
    #expect(blocks.count == attacks.count + 1)
    func block(_ name: String) -> [Substring] { blocks.first { $0[0].hasPrefix("in/\(name).nbs: ") } ?? [] }
    #expect(block("honest").joined() == "in/honest.nbs: 2 of 2, 4 of 4 points")
    for attack in attacks {
      let block = block(attack.name)
      let score = attack.name == "not-a-notebook" ? "not graded" : "\(attack.passed) of 2"
      #expect(block.first?.contains(": \(score)") == true, "\(attack.name): \(block)")
      #expect(block.joined(separator: "\n").contains(attack.words), "\(attack.name): \(block)")
    }
    let rows = try folder.text("grades.csv").split(separator: "\r\n")
    #expect(rows.count == attacks.count + 2)
    #expect(rows.contains { $0.hasPrefix("\"'in/=HYPERLINK") || $0.hasPrefix("\"in/=HYPERLINK") })
  }

  @Test func theProcessOfAnAnswerIsConfinedAndItsDeathIsTold() throws {
    let folder = try Program.Folder()
    try folder.file("course.nbs", course)
    try folder.file("table.csv", "x,y\n1,2\n3,4\n")
    try folder.file("in/endless.nbs", course.replacing("train xor ___", with: "while true { c = 2 }"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = ["learn", "course.nbs", "--grade", "in"]
    process.currentDirectoryURL = folder.url
    process.environment = Program.environment(data: folder.url.path)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = Pipe()
    try process.run()
    // Where the system cannot confine, the program has refused and is gone.
    var status = ""
    while process.isRunning, !status.contains("\nSeccomp:\t2\n") {
      usleep(20_000)
      status =
        Self.child(of: process.processIdentifier).flatMap {
          try? String(contentsOfFile: "/proc/\($0)/status", encoding: .utf8)
        } ?? ""
    }
    guard process.isRunning else { return }
    #expect(status.contains("\nNoNewPrivs:\t1\n"))
    if let child = Self.child(of: process.processIdentifier) { kill(child, SIGKILL) }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(text == "in/endless.nbs: 0 of 2, 0 of 4 points\n  It crashed (signal 9).\n")
  }

  /// The process that a process has started.
  private static func child(of process: Int32) -> Int32? {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    return tasks.lazy.compactMap { task in
      try? String(contentsOfFile: "/proc/\(process)/task/\(task)/children", encoding: .utf8)
    }.flatMap { $0.split(separator: " ") }.compactMap { Int32($0) }.first
  }

  @Test func whereNothingConfinesTheRiskIsNamed() throws {
    let folder = try prepare()
    let result = try Program.run(
      ["learn", "course.nbs", "--unconfined", "--grade", "in/honest.nbs"], currentFolder: folder.url.path)
    #expect(result.status == 0 && result.output == "in/honest.nbs: 2 of 2, 4 of 4 points\n")
  }
}

extension Program {
  /// Grades as a teacher would: where the system cannot confine, with the flag that the refusal names.
  static func grade(_ arguments: [String], currentFolder: String? = nil) throws -> Result {
    let result = try run(arguments, currentFolder: currentFolder)
    guard result.status == 2, result.errors.contains("--unconfined") else { return result }
    return try run(arguments + ["--unconfined"], currentFolder: currentFolder)
  }
}
