/// The functions in a form that JavaScript and Swift share but for a few words.
enum LoopFunctions {
  /// Words in which the two differ: `FOR(i, n) {` and the like are put in by ``text(_:_:)``.
  struct Dialect {
    /// `for i in 0..<n`, `for (let i = 0; i < n; i++)`
    let loop: (String, String) -> String
    let constant: String
    let variable: String
    /// A function's head from its name and its parameters: `y` written, others read.
    let head: (String, [(String, Kind)]) -> String
    /// A whole number out of a fraction.
    let integer: (String) -> String
    /// Whole numbers divided.
    let quotient: (String, String) -> String
    /// A call of a function of the mathematics.
    let mathematics: (String) -> String
    /// A list of zeros.
    let zeros: (String) -> String
    let isThere: (String) -> String
    let fraction: (String) -> String
  }

  /// What a parameter is.
  enum Kind {
    case written, read, optional, integers, integer, number, truth, function
  }

  static func functions(_ d: Dialect) -> [(String, String)] {
    func body(_ name: String, _ parameters: [(String, Kind)], _ lines: String) -> (String, String) {
      (
        name,
        d.head(name, parameters) + " {\n"
          + lines.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n") + "\n}"
      )
    }
    let (c, v) = (d.constant, d.variable)
    func loop(_ name: String, _ count: String) -> String { d.loop(name, count) }
    let window = """
      \(loop("i", "g[6]")) { \(loop("j", "g[7]")) { \(loop("k", "g[8]")) {
        \(c) d = a * g[9] + i * g[12] - g[15], e = b * g[10] + j * g[13] - g[16], h = q * g[11] + k * g[14] - g[17]
        if (d < 0 || d >= g[0] || e < 0 || e >= g[1] || h < 0 || h >= g[2]) { continue }
        \(c) from = ((d * g[1] + e) * g[2] + h) * g[18]
      """
    let positions = "\(loop("a", "g[3]")) { \(loop("b", "g[4]")) { \(loop("q", "g[5]")) {"
    func pool(_ name: String, _ step: String, _ end: String) -> (String, String) {
      body(
        name, [("y", .written), ("x", .read), ("g", .integers)],
        """
        \(positions) \(loop("n", "g[18]")) {
          \(v) sum = 0.0, count = 0.0
          \(window)
            \(c) value = x[from + n]
            \(step)
            count += 1
          }}}
          y[((a * g[4] + b) * g[5] + q) * g[18] + n] = \(end)
        }}}}
        """)
    }
    let recurrent: [(String, Kind)] = [("steps", .integer), ("units", .integer), ("f", .function)]
    let ways: [(String, Kind)] = [("backwards", .truth), ("all", .truth)]
    func steps(_ lines: String) -> String {
      """
      \(v) h = \(d.zeros("units")), next = \(d.zeros("units"))
      \(loop("s", "steps")) {
        \(c) t = backwards ? steps - 1 - s : s
      \(lines)
        \(loop("u", "units")) {
          h[u] = next[u]
          if (all) { y[t * units + u] = h[u] }
        }
      }
      if (!all) { \(loop("u", "units")) { y[u] = h[u] } }
      """
    }
    return [
      body(
        "read_inputs",
        [
          ("y", .written), ("inputs", .read), ("start", .integer), ("width", .integer), ("offset", .optional),
          ("divisor", .optional), ("count", .integer),
        ],
        "\(loop("i", "width")) { y[i] = count == 0 ? inputs[start + i] : (inputs[start + i] - offset[i % count]) / divisor[i % count] }"
      ),
      body(
        "write_outputs",
        [
          ("x", .read), ("outputs", .written), ("start", .integer), ("width", .integer),
          ("offset", .optional),
          ("divisor", .optional), ("count", .integer),
        ],
        "\(loop("i", "width")) { outputs[start + i] = count == 0 ? x[i] : x[i] * divisor[i % count] + offset[i % count] }"
      ),
      body(
        "write_powers",
        [
          ("x", .read), ("outputs", .written), ("start", .integer), ("width", .integer), ("offset", .read),
          ("divisor", .read), ("count", .integer), ("less", .number),
        ],
        "\(loop("i", "width")) { outputs[start + i] = \(d.mathematics("exp"))(x[i] * divisor[i % count] + offset[i % count]) - less }"
      ),
      body(
        "fill", [("y", .written), ("bias", .read), ("places", .integer), ("width", .integer)],
        "\(loop("i", "places * width")) { y[i] = bias[i % width] }"),
      body("clear", [("y", .written), ("n", .integer)], "\(loop("i", "n")) { y[i] = 0 }"),
      body("copy", [("y", .written), ("x", .read), ("n", .integer)], "\(loop("i", "n")) { y[i] = x[i] }"),
      body(
        "add_scaled", [("y", .written), ("x", .read), ("factor", .number), ("n", .integer)],
        "\(loop("i", "n")) { y[i] += factor * x[i] }"),
      body(
        "multiply", [("y", .written), ("x", .read), ("n", .integer)], "\(loop("i", "n")) { y[i] *= x[i] }"),
      body(
        "take_larger", [("y", .written), ("x", .read), ("n", .integer)],
        "\(loop("i", "n")) { if (x[i] > y[i]) { y[i] = x[i] } }"),
      body(
        "join",
        [
          ("y", .written), ("x", .read), ("places", .integer), ("width", .integer), ("start", .integer),
          ("whole", .integer),
        ],
        "\(loop("p", "places")) { \(loop("i", "width")) { y[p * whole + start + i] = x[p * width + i] } }"),
      body(
        "add_matrix_product",
        [
          ("y", .written), ("x", .read), ("w", .read), ("places", .integer), ("inputs", .integer),
          ("outputs", .integer),
        ],
        """
        \(loop("p", "places")) { \(loop("o", "outputs")) {
          \(v) sum = y[p * outputs + o]
          \(loop("i", "inputs")) { sum += w[o * inputs + i] * x[p * inputs + i] }
          y[p * outputs + o] = sum
        }}
        """),
      body(
        "take_step", [("y", .written), ("x", .read), ("width", .integer), ("step", .integer)],
        "\(loop("i", "width")) { y[i] = x[step * width + i] }"),
      body(
        "add_others", [("y", .written), ("x", .read), ("w", .read), ("units", .integer)],
        """
        // Every unit but the one itself.
        \(v) n = 0
        \(loop("o", "units")) { \(loop("i", "units")) {
          if (i == o) { continue }
          y[o] += w[n] * x[i]
          n += 1
        }}
        """),
      body(
        "add_columns",
        [("y", .written), ("x", .read), ("w", .read), ("places", .integer), ("width", .integer)],
        "\(loop("i", "places * width")) { y[i] += w[i % width] * x[i] }"),
      body(
        "convolve",
        [
          ("y", .written), ("x", .read), ("w", .read), ("bias", .optional), ("g", .integers),
          ("filters", .integer),
          ("groups", .integer),
        ],
        """
        // g: input, output, size, stride, dilation and zeros before, three axes each; channels
        \(c) own = \(d.quotient("g[18]", "groups")), per = \(d.quotient("filters", "groups"))
        \(positions) \(loop("f", "filters")) {
          \(v) sum = \(d.isThere("bias")) ? bias[f] : 0.0
          \(window)
            \(c) by = (((f * g[6] + i) * g[7] + j) * g[8] + k) * own, start = from + \(d.quotient("f", "per")) * own
            \(loop("n", "own")) { sum += w[by + n] * x[start + n] }
          }}}
          y[((a * g[4] + b) * g[5] + q) * filters + f] = sum
        }}}}
        """),
      pool("max_pool", "if (count == 0 || value > sum) { sum = value }", "sum"),
      pool("mean_pool", "sum += value", "sum / count"),
      body(
        "normalize",
        [
          ("y", .written), ("x", .read), ("mean", .read), ("variance", .read), ("gamma", .read),
          ("beta", .read),
          ("places", .integer), ("channels", .integer), ("epsilon", .number),
        ],
        """
        \(loop("i", "places * channels")) {
          \(c) n = i % channels
          y[i] = (x[i] - mean[n]) / \(d.mathematics("sqrt"))(variance[n] + epsilon) * gamma[n] + beta[n]
        }
        """),
      body(
        "normalize_layer",
        [
          ("y", .written), ("x", .read), ("gamma", .read), ("beta", .read), ("places", .integer),
          ("width", .integer),
          ("epsilon", .number),
        ],
        """
        \(loop("p", "places")) {
          \(v) mean = 0.0, variance = 0.0
          \(loop("i", "width")) { mean += x[p * width + i] }
          mean /= \(d.fraction("width"))
          \(loop("i", "width")) { variance += (x[p * width + i] - mean) * (x[p * width + i] - mean) }
          \(c) inverse = 1 / \(d.mathematics("sqrt"))(variance / \(d.fraction("width")) + epsilon)
          \(loop("i", "width")) { y[p * width + i] = (x[p * width + i] - mean) * inverse * gamma[i] + beta[i] }
        }
        """),
      body(
        "embed",
        [("y", .written), ("x", .read), ("table", .read), ("count", .integer), ("dimension", .integer)],
        """
        \(loop("i", "count")) { \(loop("n", "dimension")) {
          y[i * dimension + n] = table[\(d.integer("x[i]")) * dimension + n]
        }}
        """),
      body(
        "softmax", [("y", .written), ("x", .read), ("places", .integer), ("width", .integer)],
        """
        \(loop("p", "places")) {
          \(v) largest = x[p * width], sum = 0.0
          \(loop("i", "width")) { if (x[p * width + i] > largest) { largest = x[p * width + i] } }
          \(loop("i", "width")) {
            y[p * width + i] = \(d.mathematics("exp"))(x[p * width + i] - largest)
            sum += y[p * width + i]
          }
          \(loop("i", "width")) { y[p * width + i] /= sum }
        }
        """),
      body(
        "apply", [("y", .written), ("x", .read), ("f", .function), ("n", .integer)],
        "\(loop("i", "n")) { y[i] = f(x[i]) }"),
      body(
        "rnn", [("y", .written), ("sums", .read), ("r", .read)] + recurrent + ways,
        steps(
          """
            \(loop("u", "units")) {
              \(v) z = sums[t * units + u]
              \(loop("i", "units")) { z += r[u * units + i] * h[i] }
              next[u] = f(z)
            }
          """)),
      body(
        "lstm", [("y", .written), ("sums", .read), ("r", .read)] + recurrent + [("gate", .function)] + ways,
        "// Gates: input, forget, cell, output.\n\(v) c = \(d.zeros("units")), z = \(d.zeros("4"))\n"
          + steps(
            """
              \(loop("u", "units")) {
                \(loop("g", "4")) {
                  z[g] = sums[(t * 4 + g) * units + u]
                  \(loop("i", "units")) { z[g] += r[(g * units + u) * units + i] * h[i] }
                }
                c[u] = gate(z[1]) * c[u] + gate(z[0]) * f(z[2])
                next[u] = gate(z[3]) * f(c[u])
              }
            """)),
      body(
        "gru",
        [("y", .written), ("sums", .read), ("r", .read), ("bias", .optional)] + recurrent + [
          ("gate", .function)
        ] + ways,
        "// Gates: update, reset, new.\n\(v) z = \(d.zeros("3"))\n"
          + steps(
            """
              \(loop("u", "units")) {
                \(loop("g", "3")) {
                  z[g] = \(d.isThere("bias")) ? bias[g * units + u] : 0.0
                  \(loop("i", "units")) { z[g] += r[(g * units + u) * units + i] * h[i] }
                }
                \(c) share = gate(sums[t * 3 * units + u] + z[0])
                \(c) fresh = f(sums[(t * 3 + 2) * units + u] + gate(sums[(t * 3 + 1) * units + u] + z[1]) * z[2])
                next[u] = (1 - share) * fresh + share * h[u]
              }
            """)),
    ]
  }
}
