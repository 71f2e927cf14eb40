import ModelFiles

/// The program in Python, which needs NumPy alone. Its arrays have a row for each row of the data.
struct PythonText {
  let program: StandaloneProgram

  var text: String {
    let sample = program.sample
    let used = program.functions
    var parts = [
      """
      \"\"\"The network \(program.name), written by nbs. Needs NumPy alone.

      predict(rows) answers rows in the units of the data: rows x \(program.inputWidth) in, rows x \(program.outputWidth) out.
      \(stepWords)As a program it tests itself: python3 \(program.name).py
      \"\"\"

      import math

      import numpy as np
      """
    ]
    parts += program.values(
      quoted, inputs: { "INPUTS = [\($0)]" }, classes: { "CLASSES = [\($0)]" },
      constant: { "# \($1)\n\($0) = np.array([\n\($2),\n])" })
    for (function, text) in PythonText.functions where used.contains(function) { parts.append(text) }
    if let stepping = program.stepping {
      parts += step(stepping)
      parts.append(sequence(stepping))
    }
    if !program.answersByStep { parts.append(predict) }
    parts.append(
      """
      # Ten rows, and what nbs answered.
      TEST_INPUTS = np.array([
      \(lines(sample.inputs, program.inputWidth) { $0.shortText }),
      ]).reshape(\(sample.count), -1)
      TEST_OUTPUTS = np.array([
      \(lines(sample.outputs, program.outputWidth) { "\($0)" }),
      ]).reshape(\(sample.count), -1)


      def self_test():
          distance = np.abs(predict(TEST_INPUTS) - TEST_OUTPUTS).max() / max(1.0, np.abs(TEST_OUTPUTS).max())
          \(testByStep)passed = bool(distance <= 1e-4)
          print(f"\(program.name): {'passed' if passed else 'FAILED'}, \(sample.count) rows, largest difference from nbs {distance:g}")
          return passed


      if __name__ == "__main__":
          raise SystemExit(0 if self_test() else 1)
      """)
    return parts.joined(separator: "\n\n\n") + "\n"
  }

  private var predict: String {
    program.function(
      [
        "def predict(rows):", "    inputs = np.asarray(rows, float).reshape(-1, \(program.inputWidth))",
        "    outputs = np.zeros((len(inputs), \(program.outputWidth)))",
      ], program.buffers, array, program.calls, spelling, ["    return outputs"])
  }

  private var stepWords: String {
    guard let stepping = program.stepping else { return "" }
    return """
      step(state, rows) answers one step of sequences of any length, rows x \(stepping.inputWidth) in and rows x \(stepping.outputWidth)
      out. A State(rows) keeps what it needs for the next step, and its reset() empties it.

      """
  }

  /// The state, and what goes a step.
  private func step(_ stepping: Stepping) -> [String] {
    let members = stepping.states.map { "        self.\($0.name) = np.zeros((self.rows, \($0.width)))" }
    let head = [
      "def step(state, rows):", "    inputs = np.asarray(rows, float).reshape(-1, \(stepping.inputWidth))",
      "    outputs = np.zeros((len(inputs), \(stepping.outputWidth)))",
    ]
    return [
      """
      class State:
          \"\"\"What is kept from one step to the next, for each of so many rows.\"\"\"

          def __init__(self, rows=1):
              self.rows = rows
              self.reset()

          def reset(self):
      \(members.joined(separator: "\n"))
      """,
      program.function(head, stepping.buffers, array, stepping.calls, spelling, ["    return outputs"]),
    ]
  }

  /// Whole sequences step by step.
  private func sequence(_ stepping: Stepping) -> String {
    func place(_ segment: Stepping.Segment) -> String {
      segment.advances
        ? "\(segment.start) + t * \(segment.width):\(segment.start) + (t + 1) * \(segment.width)"
        : "\(segment.start):\(segment.start + segment.width)"
    }
    let parts = stepping.inputs.map { "inputs[:, \(place($0))]" }.joined(separator: ", ")
    let answers = stepping.outputs.map {
      "        outputs[:, \(place($0))] = answer[:, \($0.own):\($0.own + $0.width)]"
    }.joined(separator: "\n")
    return """
      def \(program.answersByStep ? "predict" : "predict_by_step")(rows):
          inputs = np.asarray(rows, float).reshape(-1, \(program.inputWidth))
          outputs = np.zeros((len(inputs), \(program.outputWidth)))
          state = State(len(inputs))
          for t in range(\(stepping.length)):
              answer = step(state, np.concatenate([\(parts)], axis=1))
      \(answers)
          return outputs
      """
  }

  private var testByStep: String {
    guard program.stepping != nil, !program.answersByStep else { return "" }
    return """
      by_step = np.abs(predict_by_step(TEST_INPUTS) - TEST_OUTPUTS).max() / max(1.0, np.abs(TEST_OUTPUTS).max())
          distance = max(distance, by_step)

      """ + "    "
  }

  private func array(_ number: Int, _ width: Int) -> String {
    "    v\(number) = np.zeros((len(inputs), \(width)))"
  }

  private var spelling: CallSpelling {
    CallSpelling(
      indent: "    ", comment: { "# \($0)" }, end: "", constant: "", state: "state.", function: "f_",
      number: { "\($0)" },
      integers: { "(\($0))" }, truths: ("True", "False"), nothing: "None")
  }

  private func quoted(_ text: String) -> String {
    text.quoted { "\\u{\($0)}".replacing("{", with: "").replacing("}", with: "") }
  }

  private static let functions: [(String, String)] = [
    ("linear", "def f_linear(x):\n    return x"),
    ("sigmoid", "def f_sigmoid(x):\n    return 0.5 * (1.0 + np.tanh(0.5 * x))"),
    ("tanh", "def f_tanh(x):\n    return np.tanh(x)"),
    ("relu", "def f_relu(x):\n    return np.maximum(x, 0.0)"),
    ("leaky_relu", "def f_leaky_relu(x):\n    return np.where(x > 0.0, x, 0.2 * x)"),
    ("elu", "def f_elu(x):\n    return np.where(x > 0.0, x, np.expm1(np.minimum(x, 0.0)))"),
    (
      "selu",
      "def f_selu(x):\n    return 1.05070098735548 * np.where(x > 0.0, x, 1.67326324235438 * np.expm1(np.minimum(x, 0.0)))"
    ),
    ("gelu", "def f_gelu(x):\n    return 0.5 * x * (1.0 + np.vectorize(math.erf)(x / math.sqrt(2.0)))"),
    ("softplus", "def f_softplus(x):\n    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))"),
    ("step", "def f_step(x):\n    return np.where(x > 0.0, 1.0, 0.0)"),
    (
      "read_inputs",
      """
      def read_inputs(y, inputs, start, width, offset, divisor, count):
          y[:] = inputs[:, start:start + width]
          if count:
              y[:] = (y - offset) / divisor
      """
    ),
    (
      "write_outputs",
      """
      def write_outputs(x, outputs, start, width, offset, divisor, count):
          outputs[:, start:start + width] = x * divisor + offset if count else x
      """
    ),
    (
      "write_powers",
      """
      def write_powers(x, outputs, start, width, offset, divisor, count, less):
          outputs[:, start:start + width] = np.exp(x * divisor + offset) - less
      """
    ),
    ("fill", "def fill(y, bias, places, width):\n    y[:] = np.tile(bias, places)"),
    ("clear", "def clear(y, n):\n    y[:] = 0.0"),
    ("copy", "def copy(y, x, n):\n    y[:] = x"),
    ("add_scaled", "def add_scaled(y, x, factor, n):\n    y += factor * x"),
    ("multiply", "def multiply(y, x, n):\n    y *= x"),
    ("take_larger", "def take_larger(y, x, n):\n    np.maximum(y, x, out=y)"),
    (
      "join",
      """
      def join(y, x, places, width, start, whole):
          y.reshape(-1, places, whole)[:, :, start:start + width] = x.reshape(-1, places, width)
      """
    ),
    (
      "add_matrix_product",
      """
      def add_matrix_product(y, x, w, places, inputs, outputs):
          y += (x.reshape(-1, places, inputs) @ w.reshape(outputs, inputs).T).reshape(y.shape)
      """
    ),
    (
      "take_step",
      "def take_step(y, x, width, step):\n    y[:] = x[:, step * width:(step + 1) * width]"
    ),
    (
      "add_others",
      """
      def add_others(y, x, w, units):
          whole = np.zeros((units, units))
          whole[~np.eye(units, dtype=bool)] = w
          y += x @ whole.T
      """
    ),
    ("add_columns", "def add_columns(y, x, w, places, width):\n    y += np.tile(w, places) * x"),
    (
      "windows",
      """
      def windows(x, g, filler):
          \"\"\"What each place of a window sees, position by position: g has the lengths of input, output, size, stride, dilation
          and zeros before, three axes each, and the channels.\"\"\"
          size_in, out, size, stride, dilation, before, channels = g[:3], g[3:6], g[6:9], g[9:12], g[12:15], g[15:18], g[18]
          need = [max((o - 1) * s + (k - 1) * d + 1, n + b) for o, s, k, d, n, b in zip(out, stride, size, dilation, size_in, before)]
          wide = np.full((len(x), *need, channels), filler)
          (a, b, c), (d, e, f) = before, size_in
          wide[:, a:a + d, b:b + e, c:c + f] = x.reshape(-1, *size_in, channels)
          for place in np.ndindex(*size):
              index = tuple(
                  slice(p * d, p * d + (o - 1) * s + 1, s) for p, d, o, s in zip(place, dilation, out, stride))
              yield place, wide[(slice(None), *index)]
      """
    ),
    (
      "convolve",
      """
      def convolve(y, x, w, bias, g, filters, groups):
          own, per = g[18] // groups, filters // groups
          w = w.reshape(filters, *g[6:9], own)
          sums = y.reshape(-1, *g[3:6], filters)
          sums[:] = 0.0 if bias is None else bias
          for place, seen in windows(x, g, 0.0):
              for n in range(groups):
                  mine = slice(n * per, (n + 1) * per)
                  sums[..., mine] += seen[..., n * own:(n + 1) * own] @ w[(mine, *place)].T
      """
    ),
    (
      "max_pool",
      """
      def max_pool(y, x, g):
          most = y.reshape(-1, *g[3:6], g[18])
          most[:] = -np.inf
          for _, seen in windows(x, g, -np.inf):
              np.maximum(most, seen, out=most)
      """
    ),
    (
      "mean_pool",
      """
      def mean_pool(y, x, g):
          sums = y.reshape(-1, *g[3:6], g[18])
          sums[:] = 0.0
          counts = np.zeros_like(sums)
          for _, seen in windows(x, g, np.nan):
              sums += np.nan_to_num(seen)
              counts += ~np.isnan(seen)
          sums /= counts
      """
    ),
    (
      "normalize",
      """
      def normalize(y, x, mean, variance, gamma, beta, places, channels, epsilon):
          x = x.reshape(-1, places, channels)
          y[:] = ((x - mean) / np.sqrt(variance + epsilon) * gamma + beta).reshape(y.shape)
      """
    ),
    (
      "normalize_layer",
      """
      def normalize_layer(y, x, gamma, beta, places, width, epsilon):
          x = x.reshape(-1, places, width)
          normal = (x - x.mean(2, keepdims=True)) / np.sqrt(x.var(2, keepdims=True) + epsilon)
          y[:] = (normal * gamma + beta).reshape(y.shape)
      """
    ),
    (
      "embed",
      "def embed(y, x, table, count, dimension):\n    y[:] = table.reshape(-1, dimension)[x.astype(int)].reshape(y.shape)"
    ),
    (
      "softmax",
      """
      def softmax(y, x, places, width):
          x = x.reshape(-1, places, width)
          shares = np.exp(x - x.max(2, keepdims=True))
          y[:] = (shares / shares.sum(2, keepdims=True)).reshape(y.shape)
      """
    ),
    ("apply", "def apply(y, x, f, n):\n    y[:] = f(x)"),
    (
      "steps",
      """
      def steps_of(count, backwards):
          return range(count - 1, -1, -1) if backwards else range(count)
      """
    ),
    (
      "rnn",
      """
      def rnn(y, sums, r, steps, units, f, backwards, all_steps):
          sums, r = sums.reshape(-1, steps, units), r.reshape(units, units)
          h = np.zeros((len(y), units))
          for t in steps_of(steps, backwards):
              h = f(sums[:, t] + h @ r.T)
              if all_steps:
                  y[:, t * units:(t + 1) * units] = h
          if not all_steps:
              y[:] = h
      """
    ),
    (
      "lstm",
      """
      def lstm(y, sums, r, steps, units, f, gate, backwards, all_steps):
          \"\"\"Gates: input, forget, cell, output.\"\"\"
          sums, r = sums.reshape(-1, steps, 4 * units), r.reshape(4 * units, units)
          h, c = np.zeros((len(y), units)), np.zeros((len(y), units))
          for t in steps_of(steps, backwards):
              i, forget, g, o = np.split(sums[:, t] + h @ r.T, 4, axis=1)
              c = gate(forget) * c + gate(i) * f(g)
              h = gate(o) * f(c)
              if all_steps:
                  y[:, t * units:(t + 1) * units] = h
          if not all_steps:
              y[:] = h
      """
    ),
    (
      "gru",
      """
      def gru(y, sums, r, bias, steps, units, f, gate, backwards, all_steps):
          \"\"\"Gates: update, reset, new.\"\"\"
          sums, r = sums.reshape(-1, steps, 3 * units), r.reshape(3 * units, units)
          h = np.zeros((len(y), units))
          for t in steps_of(steps, backwards):
              z, reset, new = np.split(h @ r.T + (0.0 if bias is None else bias), 3, axis=1)
              sum_z, sum_reset, sum_new = np.split(sums[:, t], 3, axis=1)
              share = gate(sum_z + z)
              h = share * h + (1.0 - share) * f(sum_new + gate(sum_reset + reset) * new)
              if all_steps:
                  y[:, t * units:(t + 1) * units] = h
          if not all_steps:
              y[:] = h
      """
    ),
  ]
}

extension String {
  /// The text in double quotes, as JavaScript, Python and Swift read it.
  func quoted(_ escape: (String) -> String) -> String {
    "\""
      + unicodeScalars.map { scalar in
        switch scalar {
        case "\"", "\\": "\\" + String(scalar)
        case _ where scalar.value < 32 || scalar.value == 127 || scalar.properties.generalCategory == .format:
          escape(
            String(repeating: "0", count: max(0, 4 - String(scalar.value, radix: 16).count))
              + String(scalar.value, radix: 16))
        default: String(scalar)
        }
      }.joined() + "\""
  }
}
