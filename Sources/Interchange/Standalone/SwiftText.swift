import ModelFiles

/// The program in Swift.
struct SwiftText {
  let program: StandaloneProgram

  var text: String {
    let (sample, name) = (program.sample, program.name)
    let used = program.functions
    var parts = [
      """
      // The network \(name), written by nbs. Needs nothing but Foundation's mathematics.
      // It tests itself as a program: swift \(name).swift
      // To use it in one of your own, delete the last line.

      import Foundation
      """
    ]
    var members = program.values(
      quoted, inputs: { "/// The names of the inputs.\nstatic let inputNames = [\($0)]" },
      classes: { "/// The classes, in the order of the outputs.\nstatic let classes = [\($0)]" },
      constant: { "/// \($1)\nprivate static let \(spelling.constant)\($0): [Double] = [\n\($2),\n]" })
    for (function, text) in SwiftText.scalars where used.contains(function) { members.append(text) }
    for (function, text) in LoopFunctions.functions(SwiftText.dialect) where used.contains(function) {
      members.append(text)
    }
    if let stepping = program.stepping {
      members += step(stepping)
      members.append(sequence(stepping))
    }
    if !program.answersByStep { members.append(predict) }
    members.append(
      """
      // Ten rows, and what nbs answered.
      private static let testInputs: [Double] = [
      \(lines(sample.inputs, program.inputWidth) { $0.shortText }),
      ]
      private static let testOutputs: [Double] = [
      \(lines(sample.outputs, program.outputWidth) { "\($0)" }),
      ]

      /// Answers the stored rows: the largest difference from what nbs answered, against the largest answer or 1.
      static func selfTest() -> Double {
        let largest = testOutputs.reduce(1) { max($0, abs($1)) }
        var distance = 0.0
        for row in 0..<\(sample.count) { for answer in [\(program.answerers)] {
          let outputs = answer(Array(testInputs[row * \(program.inputWidth)..<(row + 1) * \(program.inputWidth)]))
          for (place, value) in outputs.enumerated() {
            let off = abs(value - testOutputs[row * \(program.outputWidth) + place]) / largest
            if !(off <= distance) { distance = off }
          }
        }}
        return distance
      }
      """)
    parts.append(
      "/// The network.\nenum \(typeName) {\n"
        + members.joined(separator: "\n\n").split(separator: "\n", omittingEmptySubsequences: false).map {
          $0.isEmpty ? "" : "  " + $0
        }.joined(separator: "\n") + "\n}")
    parts.append(
      """
      let distance = \(typeName).selfTest(); print("\(name): \\(distance <= 1e-4 ? "passed" : "FAILED"), \(sample.count) rows, largest difference from nbs \\(distance)"); exit(distance <= 1e-4 ? 0 : 1)
      """)
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var typeName: String { "Network_\(program.name)" }

  private var predict: String {
    program.function(
      [
        "/// Answers one row in the units of the data: \(program.inputWidth) numbers in, \(program.outputWidth) out.",
        "static func predict(_ inputs: [Double]) -> [Double] {",
        "  precondition(inputs.count == \(program.inputWidth), \"\(program.inputWidth) inputs are needed\")",
        "  var outputs = [Double](repeating: 0, count: \(program.outputWidth))",
      ], program.buffers, array, program.calls, spelling, ["  return outputs", "}"])
  }

  /// The state, and what goes a step.
  private func step(_ stepping: Stepping) -> [String] {
    let members = stepping.states.map { "  var \($0.name) = [Double](repeating: 0, count: \($0.width))" }
    let head = [
      "/// Answers one step of a sequence of any length, \(stepping.inputWidth) numbers in and \(stepping.outputWidth) out.",
      "static func step(_ state: inout State, _ inputs: [Double]) -> [Double] {",
      "  var outputs = [Double](repeating: 0, count: \(stepping.outputWidth))",
    ]
    return [
      """
      /// What is kept from one step to the next.
      struct State {
      \(members.joined(separator: "\n"))

        /// Empties it, before the first step of a sequence.
        mutating func reset() { self = State() }
      }
      """,
      program.function(head, stepping.buffers, array, stepping.calls, spelling, ["  return outputs", "}"]),
    ]
  }

  /// A whole sequence step by step.
  private func sequence(_ stepping: Stepping) -> String {
    func copies(_ segments: [Stepping.Segment], _ text: (String, String) -> String) -> String {
      segments.map { segment in
        "    for i in 0..<\(segment.width) { \(text("\(segment.own) + i", segment.place)) }"
      }.joined(separator: "\n")
    }
    let head =
      program.answersByStep
      ? """
      /// Answers one row in the units of the data.
      static func predict(_ inputs: [Double]) -> [Double] {
      """ : "private static func predictByStep(_ inputs: [Double]) -> [Double] {"
    return """
      \(head)
        var outputs = [Double](repeating: 0, count: \(program.outputWidth))
        var row = [Double](repeating: 0, count: \(stepping.inputWidth))
        var state = State()
        for t in 0..<\(stepping.length) {
      \(copies(stepping.inputs) { "row[\($0)] = inputs[\($1)]" })
          let answer = step(&state, row)
      \(copies(stepping.outputs) { "outputs[\($1)] = answer[\($0)]" })
        }
        return outputs
      }
      """
  }

  private func array(_ number: Int, _ width: Int) -> String {
    "  var v\(number) = [Double](repeating: 0, count: \(width))"
  }

  private var spelling: CallSpelling {
    CallSpelling(
      indent: "  ", comment: { "// \($0)" }, end: "", constant: "w_", state: "state.", function: "f_",
      written: "&",
      number: { "\($0)" }, integers: { "[\($0)]" }, truths: ("true", "false"), nothing: "[]")
  }

  private func quoted(_ text: String) -> String { text.quoted { "\\u{\($0)}" } }

  private static var dialect: LoopFunctions.Dialect {
    LoopFunctions.Dialect(
      loop: { "for \($0) in 0..<\($1)" }, constant: "let", variable: "var",
      head: { name, parameters in
        let words = parameters.map { parameter, kind in
          let type =
            switch kind {
            case .written: "inout [Double]"
            case .read, .optional: "[Double]"
            case .integers: "[Int]"
            case .integer: "Int"
            case .number: "Double"
            case .truth: "Bool"
            case .function: "(Double) -> Double"
            }
          return "_ \(parameter): \(type)"
        }
        return "private static func \(name)(\(words.joined(separator: ", ")))"
      },
      integer: { "Int(\($0))" }, quotient: { "\($0) / \($1)" }, mathematics: { $0 },
      zeros: { "[Double](repeating: 0, count: \($0))" }, isThere: { "!\($0).isEmpty" },
      fraction: { "Double(\($0))" })
  }

  private static let scalars: [(String, String)] = [
    ("linear", "private static func f_linear(_ x: Double) -> Double { x }"),
    ("sigmoid", "private static func f_sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }"),
    ("tanh", "private static func f_tanh(_ x: Double) -> Double { tanh(x) }"),
    ("relu", "private static func f_relu(_ x: Double) -> Double { x > 0 ? x : 0 }"),
    ("leaky_relu", "private static func f_leaky_relu(_ x: Double) -> Double { x > 0 ? x : 0.2 * x }"),
    ("elu", "private static func f_elu(_ x: Double) -> Double { x > 0 ? x : expm1(x) }"),
    (
      "selu",
      "private static func f_selu(_ x: Double) -> Double { 1.05070098735548 * (x > 0 ? x : 1.67326324235438 * expm1(x)) }"
    ),
    (
      "gelu",
      "private static func f_gelu(_ x: Double) -> Double { 0.5 * x * (1 + erf(x * 0.5.squareRoot())) }"
    ),
    ("softplus", "private static func f_softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }"),
    ("step", "private static func f_step(_ x: Double) -> Double { x > 0 ? 1 : 0 }"),
  ]
}
