import ModelFiles

/// The program as an ES module.
struct JavaScriptText {
  let program: StandaloneProgram

  var text: String {
    let (sample, name) = (program.sample, program.name)
    let used = program.functions
    var parts = [
      """
      // The network \(name), written by nbs. An ES module without dependencies.
      // It tests itself as a program: node \(name).js
      """
    ]
    parts += program.values(
      quoted, inputs: { "/** The names of the inputs. */\nexport const inputNames = [\($0)];" },
      classes: { "/** The classes, in the order of the outputs. */\nexport const classes = [\($0)];" },
      constant: { "// \($1)\nconst \(spelling.constant)\($0) = new Float64Array([\n\($2)]);" })
    for (function, text) in JavaScriptText.scalars where used.contains(function) { parts.append(text) }
    for (function, text) in LoopFunctions.functions(JavaScriptText.dialect) where used.contains(function) {
      parts.append(text)
    }
    if let stepping = program.stepping {
      parts += step(stepping)
      parts.append(sequence(stepping))
    }
    if !program.answersByStep { parts.append(predict) }
    parts.append(
      """
      // Ten rows, and what nbs answered.
      const testInputs = [
      \(lines(sample.inputs, program.inputWidth) { $0.shortText })];
      const testOutputs = [
      \(lines(sample.outputs, program.outputWidth) { "\($0)" })];

      /**
       * Answers the stored rows.
       * @returns {number} the largest difference from what nbs answered, against the largest answer or 1
       */
      export function selfTest() {
        let largest = 1, distance = 0;
        for (const value of testOutputs) largest = Math.max(largest, Math.abs(value));
        for (let row = 0; row < \(sample.count); row++) for (const answer of [\(program.answerers)]) {
          const outputs = answer(testInputs.slice(row * \(program.inputWidth), (row + 1) * \(program.inputWidth)));
          outputs.forEach((value, place) => {
            const off = Math.abs(value - testOutputs[row * \(program.outputWidth) + place]) / largest;
            if (!(off <= distance)) distance = off;
          });
        }
        return distance;
      }

      if (typeof process !== "undefined" && process.argv?.[1] && import.meta.url.endsWith("/" + process.argv[1].split("/").pop())) {
        const distance = selfTest();
        const passed = distance <= 1e-4;
        console.log(`\(name): ${passed ? "passed" : "FAILED"}, \(sample.count) rows, largest difference from nbs ${distance}`);
        process.exitCode = passed ? 0 : 1;
      }
      """)
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var predict: String {
    program.function(
      [
        "/**", " * Answers one row in the units of the data.",
        " * @param {ArrayLike<number>} inputs \(program.inputWidth) numbers",
        " * @returns {number[]} \(program.outputWidth) numbers", " */", "export function predict(inputs) {",
        "  const outputs = new Array(\(program.outputWidth)).fill(0);",
      ], program.buffers, array, program.calls, spelling, ["  return outputs;", "}"])
  }

  /// The state, and what goes a step.
  private func step(_ stepping: Stepping) -> [String] {
    let members = stepping.states.map { "    this.\($0.name) = new Float64Array(\($0.width));" }
    let head = [
      "/**", " * Answers one step of a sequence of any length, in the units of the data.",
      " * @param {State} state what the steps before have left; it is changed",
      " * @param {ArrayLike<number>} inputs \(stepping.inputWidth) numbers",
      " * @returns {number[]} \(stepping.outputWidth) numbers", " */",
      "export function step(state, inputs) {",
      "  const outputs = new Array(\(stepping.outputWidth)).fill(0);",
    ]
    return [
      """
      /** What is kept from one step to the next. */
      export class State {
        constructor() {
          this.reset();
        }

        /** Empties it, before the first step of a sequence. */
        reset() {
      \(members.joined(separator: "\n"))
        }
      }
      """,
      program.function(head, stepping.buffers, array, stepping.calls, spelling, ["  return outputs;", "}"]),
    ]
  }

  /// A whole sequence step by step.
  private func sequence(_ stepping: Stepping) -> String {
    func copies(_ segments: [Stepping.Segment], _ text: (String, String) -> String) -> String {
      segments.map { segment in
        "    for (let i = 0; i < \(segment.width); i++) \(text("\(segment.own) + i", segment.place));"
      }.joined(separator: "\n")
    }
    let head =
      program.answersByStep
      ? """
      /**
       * Answers one row in the units of the data.
       * @param {ArrayLike<number>} inputs \(program.inputWidth) numbers
       * @returns {number[]} \(program.outputWidth) numbers
       */
      export function predict(inputs) {
      """ : "function predictByStep(inputs) {"
    return """
      \(head)
        const outputs = new Array(\(program.outputWidth)).fill(0), row = new Array(\(stepping.inputWidth)).fill(0);
        const state = new State();
        for (let t = 0; t < \(stepping.length); t++) {
      \(copies(stepping.inputs) { "row[\($0)] = inputs[\($1)]" })
          const answer = step(state, row);
      \(copies(stepping.outputs) { "outputs[\($1)] = answer[\($0)]" })
        }
        return outputs;
      }
      """
  }

  private func array(_ number: Int, _ width: Int) -> String {
    "  const v\(number) = new Float64Array(\(width));"
  }

  private var spelling: CallSpelling {
    CallSpelling(
      indent: "  ", comment: { "// \($0)" }, end: ";", constant: "w_", state: "state.", function: "f_",
      number: { "\($0)" },
      integers: { "[\($0)]" }, truths: ("true", "false"), nothing: "null")
  }

  private func quoted(_ text: String) -> String { text.quoted { "\\u" + $0 } }

  private static var dialect: LoopFunctions.Dialect {
    LoopFunctions.Dialect(
      loop: { "for (let \($0) = 0; \($0) < \($1); \($0)++)" }, constant: "const", variable: "let",
      head: { name, parameters in "function \(name)(\(parameters.map(\.0).joined(separator: ", ")))" },
      integer: { "Math.trunc(\($0))" }, quotient: { "Math.trunc(\($0) / \($1))" },
      mathematics: { "Math.\($0)" },
      zeros: { "new Float64Array(\($0))" }, isThere: { $0 }, fraction: { $0 })
  }

  private static let scalars: [(String, String)] = [
    ("linear", "const f_linear = (x) => x;"),
    ("sigmoid", "const f_sigmoid = (x) => 1 / (1 + Math.exp(-x));"),
    ("tanh", "const f_tanh = Math.tanh;"),
    ("relu", "const f_relu = (x) => (x > 0 ? x : 0);"),
    ("leaky_relu", "const f_leaky_relu = (x) => (x > 0 ? x : 0.2 * x);"),
    ("elu", "const f_elu = (x) => (x > 0 ? x : Math.expm1(x));"),
    ("selu", "const f_selu = (x) => 1.05070098735548 * (x > 0 ? x : 1.67326324235438 * Math.expm1(x));"),
    (
      "gelu",
      """
      // The error function by its series of positive terms.
      function erf(x) {
        if (Math.abs(x) > 6) return Math.sign(x);
        let term = x, sum = x;
        for (let n = 1; n < 200 && Math.abs(term) > 1e-18 * Math.abs(sum); n++) sum += term *= (2 * x * x) / (2 * n + 1);
        return 1.1283791670955126 * Math.exp(-x * x) * sum;
      }

      const f_gelu = (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2));
      """
    ),
    ("softplus", "const f_softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));"),
    ("step", "const f_step = (x) => (x > 0 ? 1 : 0);"),
  ]
}
