import ModelFiles

/// The program in C99.
struct CText {
  let program: StandaloneProgram

  var text: String {
    let name = program.name
    let used = program.functions.union(program.functions.flatMap { CElementary.needs[$0] ?? [] })
    var parts = [
      """
      /* The network \(name), written by nbs. C99; nothing but math.h, and nothing is allocated.

         \(name)_predict(inputs, outputs) answers one row in the units of the data:
         \(program.inputWidth) inputs, \(program.outputWidth) outputs. It uses arrays of its own, so one thread at a time.
      \(stepWords)
         Test it: cc -O2 \(name).c -lm && ./a.out
         Define NBS_NO_MAIN to leave the test out. */

      #include <math.h>
      #include <stdio.h>

      /* A product and a sum are fused where fmaf stands and nowhere else, so that the bits are those of nbs. */
      #if defined(__clang__)
      #pragma STDC FP_CONTRACT OFF
      #elif defined(__GNUC__)
      #pragma GCC optimize("fp-contract=off")
      #endif

      #define \(name.uppercased())_INPUTS \(program.inputWidth)
      #define \(name.uppercased())_OUTPUTS \(program.outputWidth)
      """
    ]
    if let stepping = program.stepping {
      parts.append(
        """
        #define \(name.uppercased())_STEP_INPUTS \(stepping.inputWidth)
        #define \(name.uppercased())_STEP_OUTPUTS \(stepping.outputWidth)
        """)
    }
    if !program.inputNames.isEmpty {
      parts.append("/* The inputs: \(program.inputNames.map(comment).joined(separator: ", ")) */")
    }
    if !program.classes.isEmpty {
      parts.append(
        "const char *const \(name)_classes[\(program.classes.count)] = {\(program.classes.map(quoted).joined(separator: ", "))};"
      )
    }
    for constant in program.constants {
      let type = constant.isExact ? "double" : "float"
      let rows = lines(constant.values, constant.width) { constant.isExact ? "\($0)" : "\($0.shortText)f" }
      parts.append(
        "/* \(comment(constant.title)) */\nstatic const \(type) \(constant.name)[\(constant.values.count)] = {\n\(rows)};"
      )
    }
    for (function, text) in CElementary.functions + CText.functions where used.contains(function) {
      parts.append(text)
    }
    parts.append(
      (lengths.merging(program.stepping?.buffers ?? [:]) { one, _ in one }).sorted { $0.key < $1.key }.map {
        "static float v\($0.key)[\($0.value)];"
      }.joined(
        separator: "\n"))
    if let stepping = program.stepping { parts += step(stepping) }
    if !program.answersByStep { parts.append(predict) }
    parts.append(test)
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// The lengths of the arrays. A recurrent layer keeps its states behind its output.
  private var lengths: [Int: Int] {
    var lengths = program.buffers
    for call in program.calls where ["rnn", "lstm", "gru"].contains(call.function) {
      let integers = call.arguments.compactMap { if case .integer(let number) = $0 { number } else { nil } }
      guard case .buffer(let number) = call.arguments.first, integers.count == 2, let own = lengths[number]
      else { continue }
      let isAll = call.arguments.last == .truth(true)
      lengths[number] = own + (isAll ? 0 : 2 * integers[1]) + (call.function == "lstm" ? integers[1] : 0)
    }
    return lengths
  }

  private var predict: String {
    let lines = ["void \(program.name)_predict(const float *inputs, float *outputs)", "{"]
    return (lines + program.callLines(program.calls, spelling) + ["}"]).joined(separator: "\n")
  }

  /// What the first lines say of going step by step.
  private var stepWords: String {
    guard let stepping = program.stepping else { return "" }
    let name = program.name
    return """

         \(name)_step(state, inputs, outputs) answers one step of a sequence of any length: \(stepping.inputWidth) inputs,
         \(stepping.outputWidth) outputs. What it keeps for the next step is in a \(name)_state, which \(name)_reset(state) empties
         before the first one.

      """
  }

  /// The state, and what goes a step.
  private func step(_ stepping: Stepping) -> [String] {
    let name = program.name
    let members = stepping.states.map { "    float \($0.name)[\($0.width)];" }.joined(separator: "\n")
    var parts = [
      "/* What is kept from one step to the next. */\ntypedef struct {\n\(members)\n} \(name)_state;",
      """
      void \(name)_reset(\(name)_state *state)
      {
          static \(name)_state zeros;
          *state = zeros;
      }
      """,
      (["void \(name)_step(\(name)_state *state, const float *inputs, float *outputs)", "{"]
        + program.callLines(stepping.calls, spelling) + ["}"]).joined(separator: "\n"),
    ]
    let loop = sequence(stepping)
    if program.answersByStep {
      parts.append("void \(name)_predict(const float *inputs, float *outputs)\n" + loop)
    }
    return parts
  }

  /// A whole sequence step by step.
  private func sequence(_ stepping: Stepping) -> String {
    let name = program.name
    func copies(_ segments: [Stepping.Segment], _ text: (String, String) -> String) -> String {
      segments.map { segment in
        let place = segment.advances ? "\(segment.start) + t * \(segment.width) + i" : "\(segment.start) + i"
        return "        for (i = 0; i < \(segment.width); i++) \(text("\(segment.own) + i", place));"
      }.joined(separator: "\n")
    }
    return """
      {
          static \(name)_state state;
          static float row[\(stepping.inputWidth)], answer[\(stepping.outputWidth)];
          int t, i;
          \(name)_reset(&state);
          for (t = 0; t < \(stepping.length); t++) {
      \(copies(stepping.inputs) { "row[\($0)] = inputs[\($1)]" })
              \(name)_step(&state, row, answer);
      \(copies(stepping.outputs) { "outputs[\($1)] = answer[\($0)]" })
          }
      }
      """
  }

  private var test: String {
    let (sample, name) = (program.sample, program.name)
    return """
      #ifndef NBS_NO_MAIN
      /* Ten rows, and what nbs answered. */
      static const float test_inputs[\(sample.inputs.count)] = {
      \(lines(sample.inputs, program.inputWidth) { "\($0.shortText)f" })};
      static const double test_outputs[\(sample.outputs.count)] = {
      \(lines(sample.outputs, program.outputWidth) { "\($0)" })};

      \(byStep)int main(void)
      {
          float outputs[\(program.outputWidth)];
          double largest = 1.0, distance = 0.0;
          int row, place;
          for (place = 0; place < \(sample.outputs.count); place++)
              if (fabs(test_outputs[place]) > largest) largest = fabs(test_outputs[place]);
          for (row = 0; row < \(sample.count); row++) {
              \(name)_predict(test_inputs + row * \(program.inputWidth), outputs);
              for (place = 0; place < \(program.outputWidth); place++) {
                  double off = fabs((double)outputs[place] - test_outputs[row * \(program.outputWidth) + place]) / largest;
                  if (!(off <= distance)) distance = off;
              }
          }
      \(testByStep)
          printf("\(name): %s, \(sample.count) rows, largest difference from nbs %g\\n", distance <= 1e-4 ? "passed" : "FAILED", distance);
          return distance <= 1e-4 ? 0 : 1;
      }
      #endif
      """
  }

  /// The rows of the test step by step, where they are answered at once otherwise.
  private var byStep: String {
    guard let stepping = program.stepping, !program.answersByStep else { return "" }
    return "static void predict_by_step(const float *inputs, float *outputs)\n" + sequence(stepping) + "\n\n"
  }

  private var testByStep: String {
    guard program.stepping != nil, !program.answersByStep else { return "" }
    let (sample, name) = (program.sample, program.name)
    return """
          for (row = 0; row < \(sample.count); row++) {
              predict_by_step(test_inputs + row * \(program.inputWidth), outputs);
              for (place = 0; place < \(program.outputWidth); place++) {
                  double off = fabs((double)outputs[place] - test_outputs[row * \(program.outputWidth) + place]) / largest;
                  if (!(off <= 1e-4)) {
                      printf("\(name): FAILED step by step, by %g\\n", off);
                      return 1;
                  }
              }
          }

      """
  }

  private var spelling: CallSpelling {
    CallSpelling(
      indent: "    ", comment: { "/* \(comment($0)) */" }, end: ";", constant: "", state: "state->",
      function: "nbs_",
      number: { "\($0.shortText)f" }, integers: { "(const int[]){\($0)}" }, truths: ("1", "0"), nothing: "0")
  }

  private func comment(_ text: String) -> String {
    text.replacing("*/", with: "* /").replacing("\n", with: " ")
  }

  private func quoted(_ text: String) -> String {
    // Bytes beyond ASCII in octal, which no later digit can be taken for a part of.
    "\""
      + text.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "?"): "\\" + String(UnicodeScalar(byte))
        case 32..<127: String(UnicodeScalar(byte))
        default:
          "\\" + String(repeating: "0", count: 3 - String(byte, radix: 8).count) + String(byte, radix: 8)
        }
      }.joined() + "\""
  }

  private static let functions: [(String, String)] = [
    ("linear", "static float nbs_linear(float x) { return x; }"),
    (
      "sigmoid",
      """
      static float nbs_sigmoid(float x)
      {
          float e = nbs_exp(-fabsf(x));
          return x != x ? x : (x < 0.0f ? e : 1.0f) / (1.0f + e);
      }
      """
    ),
    (
      "tanh",
      """
      static float nbs_tanh(float x)
      {
          pair half = nbs_half_expm1(-2.0f * fabsf(x)), divisor = nbs_sum(1.0f, half.value);
          divisor.rest += half.rest;
          return x != x ? x : copysignf(nbs_quotient(half, divisor), x);
      }
      """
    ),
    ("relu", "static float nbs_relu(float x) { return x < 0.0f ? 0.0f : x; }"),
    ("leaky_relu", "static float nbs_leaky_relu(float x) { return x > 0.0f ? x : 0.2f * x; }"),
    ("elu", "static float nbs_elu(float x) { return x < 0.0f ? nbs_expm1(x) : x; }"),
    (
      "selu",
      "static float nbs_selu(float x) { return x < 0.0f ? 1.75809934f * nbs_expm1(x) : 1.05070099f * x; }"
    ),
    (
      "gelu",
      """
      static float nbs_gelu(float x)
      {
          float value = nbs_erfc(fabsf(x * -0.70710678118654752440f));
          return x * (0.5f * (x > 0.0f ? 2.0f - value : value));
      }
      """
    ),
    (
      "softplus",
      "static float nbs_softplus(float x) { return (x > 0.0f ? x : 0.0f) + nbs_log1p(nbs_exp(-fabsf(x))); }"
    ),
    ("step", "static float nbs_step(float x) { return x > 0.0f ? 1.0f : 0.0f; }"),
    (
      "read_inputs",
      """
      static void read_inputs(float *y, const float *inputs, int start, int width, const double *offset,
                              const double *divisor, int count)
      {
          int i;
          for (i = 0; i < width; i++)
              y[i] = count == 0 ? inputs[start + i]
                                : (float)(((double)inputs[start + i] - offset[i % count]) / divisor[i % count]);
      }
      """
    ),
    (
      "write_outputs",
      """
      static void write_outputs(const float *x, float *outputs, int start, int width, const double *offset,
                                const double *divisor, int count)
      {
          int i;
          for (i = 0; i < width; i++)
              outputs[start + i] = count == 0 ? x[i] : (float)((double)x[i] * divisor[i % count] + offset[i % count]);
      }
      """
    ),
    (
      "write_powers",
      """
      static void write_powers(const float *x, float *outputs, int start, int width, const double *offset,
                               const double *divisor, int count, float less)
      {
          int i;
          for (i = 0; i < width; i++)
              outputs[start + i] = (float)(exp((double)x[i] * divisor[i % count] + offset[i % count]) - (double)less);
      }
      """
    ),
    (
      "fill",
      """
      static void fill(float *y, const float *bias, int places, int width)
      {
          int i;
          for (i = 0; i < places * width; i++) y[i] = bias[i % width];
      }
      """
    ),
    (
      "clear",
      "static void clear(float *y, int n)\n{\n    int i;\n    for (i = 0; i < n; i++) y[i] = 0.0f;\n}"
    ),
    (
      "copy",
      "static void copy(float *y, const float *x, int n)\n{\n    int i;\n    for (i = 0; i < n; i++) y[i] = x[i];\n}"
    ),
    (
      "add_scaled",
      """
      static void add_scaled(float *y, const float *x, float factor, int n)
      {
          int i;
          for (i = 0; i < n; i++) y[i] = fmaf(factor, x[i], y[i]);
      }
      """
    ),
    (
      "multiply",
      "static void multiply(float *y, const float *x, int n)\n{\n    int i;\n    for (i = 0; i < n; i++) y[i] *= x[i];\n}"
    ),
    (
      "take_larger",
      """
      static void take_larger(float *y, const float *x, int n)
      {
          int i;
          for (i = 0; i < n; i++) if (x[i] > y[i]) y[i] = x[i];
      }
      """
    ),
    (
      "join",
      """
      static void join(float *y, const float *x, int places, int width, int start, int whole)
      {
          int p, i;
          for (p = 0; p < places; p++)
              for (i = 0; i < width; i++) y[p * whole + start + i] = x[p * width + i];
      }
      """
    ),
    (
      "add_matrix_product",
      """
      static void add_matrix_product(float *y, const float *x, const float *w, int places, int inputs, int outputs)
      {
          int p, o, i;
          for (p = 0; p < places; p++)
              for (o = 0; o < outputs; o++) {
                  float sum = y[p * outputs + o];
                  for (i = 0; i < inputs; i++) sum = fmaf(w[o * inputs + i], x[p * inputs + i], sum);
                  y[p * outputs + o] = sum;
              }
      }
      """
    ),
    (
      "take_step",
      """
      static void take_step(float *y, const float *x, int width, int step)
      {
          int i;
          for (i = 0; i < width; i++) y[i] = x[step * width + i];
      }
      """
    ),
    (
      "add_others",
      """
      /* Every unit but the one itself. */
      static void add_others(float *y, const float *x, const float *w, int units)
      {
          int o, i;
          for (o = 0; o < units; o++)
              for (i = 0; i < units; i++)
                  if (i != o) y[o] = fmaf(*w++, x[i], y[o]);
      }
      """
    ),
    (
      "add_columns",
      """
      static void add_columns(float *y, const float *x, const float *w, int places, int width)
      {
          int i;
          for (i = 0; i < places * width; i++) y[i] = fmaf(w[i % width], x[i], y[i]);
      }
      """
    ),
    ("convolve", CConvolution.text),
    (
      "max_pool",
      pool("max_pool", start: "0.0f", step: "if (count == 0 || value > sum) sum = value;", end: "sum")
    ),
    (
      "mean_pool", pool("mean_pool", start: "0.0f", step: "sum += value;", end: "sum * (1.0f / (float)count)")
    ),
    (
      "normalize",
      """
      static void normalize(float *y, const float *x, const float *mean, const float *variance, const float *gamma,
                            const float *beta, int places, int channels, float epsilon)
      {
          int i;
          for (i = 0; i < places * channels; i++) {
              int c = i % channels;
              y[i] = fmaf((x[i] - mean[c]) * (1.0f / sqrtf(variance[c] + epsilon)), gamma[c], beta[c]);
          }
      }
      """
    ),
    (
      "normalize_layer",
      """
      static void normalize_layer(float *y, const float *x, const float *gamma, const float *beta, int places, int width,
                                  float epsilon)
      {
          int p, i;
          for (p = 0; p < places; p++) {
              const float *from = x + p * width;
              float *to = y + p * width, share = 1.0f / (float)width, mean, inverse, lanes[16] = {0.0f};
              for (i = 0; i < width; i++) lanes[i % 16] += from[i];
              mean = nbs_total(lanes) * share;
              for (i = 0; i < 16; i++) lanes[i] = 0.0f;
              for (i = 0; i < width; i++) lanes[i % 16] = fmaf(from[i] - mean, from[i] - mean, lanes[i % 16]);
              inverse = 1.0f / sqrtf(fmaf(nbs_total(lanes), share, epsilon));
              for (i = 0; i < width; i++) to[i] = fmaf((from[i] - mean) * inverse, gamma[i], beta[i]);
          }
      }
      """
    ),
    (
      "embed",
      """
      static void embed(float *y, const float *x, const float *table, int count, int dimension)
      {
          int i, d;
          for (i = 0; i < count; i++)
              for (d = 0; d < dimension; d++) y[i * dimension + d] = table[(int)x[i] * dimension + d];
      }
      """
    ),
    (
      "softmax",
      """
      static void softmax(float *y, const float *x, int places, int width)
      {
          int p, i;
          for (p = 0; p < places; p++) {
              const float *from = x + p * width;
              float *to = y + p * width, largest = from[0], share, lanes[16] = {0.0f};
              for (i = 1; i < width; i++) if (from[i] > largest) largest = from[i];
              for (i = 0; i < width; i++) to[i] = nbs_exp(from[i] - largest);
              for (i = 0; i < width; i++) lanes[i % 16] += to[i];
              share = 1.0f / nbs_total(lanes);
              for (i = 0; i < width; i++) to[i] *= share;
          }
      }
      """
    ),
    (
      "apply",
      """
      static void apply(float *y, const float *x, float (*f)(float), int n)
      {
          int i;
          for (i = 0; i < n; i++) y[i] = f(x[i]);
      }
      """
    ),
    (
      "rnn",
      """
      static void rnn(float *y, const float *sums, const float *r, int steps, int units, float (*f)(float), int backwards,
                      int all)
      {
          const float *h = 0;
          int s, u, i;
          for (s = 0; s < steps; s++) {
              int t = backwards ? steps - 1 - s : s;
              float *to = all ? y + t * units : y + units * (1 + s % 2);
              for (u = 0; u < units; u++) {
                  float z = sums[t * units + u];
                  for (i = 0; h && i < units; i++) z = fmaf(r[u * units + i], h[i], z);
                  to[u] = f(z);
              }
              h = to;
          }
          for (u = 0; !all && u < units; u++) y[u] = h[u];
      }
      """
    ),
    (
      "lstm",
      """
      /* y has room for the last output, two states and the cells. Gates: input, forget, cell, output. */
      static void lstm(float *y, const float *sums, const float *r, int steps, int units, float (*f)(float),
                       float (*gate)(float), int backwards, int all)
      {
          const float *h = 0;
          float *c = all ? y + steps * units : y + 3 * units;
          int s, u, i, g;
          for (u = 0; u < units; u++) c[u] = 0.0f;
          for (s = 0; s < steps; s++) {
              int t = backwards ? steps - 1 - s : s;
              float *to = all ? y + t * units : y + units * (1 + s % 2);
              for (u = 0; u < units; u++) {
                  float z[4];
                  for (g = 0; g < 4; g++) {
                      z[g] = sums[(t * 4 + g) * units + u];
                      for (i = 0; h && i < units; i++) z[g] = fmaf(r[(g * units + u) * units + i], h[i], z[g]);
                  }
                  c[u] = fmaf(gate(z[1]), c[u], gate(z[0]) * f(z[2]));
                  to[u] = gate(z[3]) * f(c[u]);
              }
              h = to;
          }
          for (u = 0; !all && u < units; u++) y[u] = h[u];
      }
      """
    ),
    (
      "gru",
      """
      /* Gates: update, reset, new. */
      static void gru(float *y, const float *sums, const float *r, const float *bias, int steps, int units,
                      float (*f)(float), float (*gate)(float), int backwards, int all)
      {
          const float *h = 0;
          int s, u, i, g;
          for (s = 0; s < steps; s++) {
              int t = backwards ? steps - 1 - s : s;
              float *to = all ? y + t * units : y + units * (1 + s % 2);
              for (u = 0; u < units; u++) {
                  float z[3], share, next;
                  for (g = 0; g < 3; g++) {
                      z[g] = bias ? bias[g * units + u] : 0.0f;
                      for (i = 0; h && i < units; i++) z[g] = fmaf(r[(g * units + u) * units + i], h[i], z[g]);
                  }
                  share = gate(sums[t * 3 * units + u] + z[0]);
                  next = f(fmaf(gate(sums[(t * 3 + 1) * units + u] + z[1]), z[2], sums[(t * 3 + 2) * units + u]));
                  to[u] = fmaf(share, (h ? h[u] : 0.0f) - next, next);
              }
              h = to;
          }
          for (u = 0; !all && u < units; u++) y[u] = h[u];
      }
      """
    ),
  ]

  private static func pool(_ name: String, start: String, step: String, end: String) -> String {
    """
    static void \(name)(float *y, const float *x, const int *g)
    {
        int a, b, c, i, j, k, n;
        for (a = 0; a < g[3]; a++) for (b = 0; b < g[4]; b++) for (c = 0; c < g[5]; c++) for (n = 0; n < g[18]; n++) {
            float sum = \(start);
            int count = 0;
            for (i = 0; i < g[6]; i++) for (j = 0; j < g[7]; j++) for (k = 0; k < g[8]; k++) {
                int d = a * g[9] + i * g[12] - g[15], e = b * g[10] + j * g[13] - g[16];
                int h = c * g[11] + k * g[14] - g[17];
                float value;
                if (d < 0 || d >= g[0] || e < 0 || e >= g[1] || h < 0 || h >= g[2]) continue;
                value = x[((d * g[1] + e) * g[2] + h) * g[18] + n];
                \(step)
                count++;
            }
            y[((a * g[4] + b) * g[5] + c) * g[18] + n] = \(end);
        }
    }
    """
  }
}

/// Numbers on lines, `width` on each and no line too long.
func lines(_ values: [Double], _ width: Int, _ text: (Double) -> String) -> String {
  stride(from: 0, to: values.count, by: width).map { start in
    let row = values[start..<min(start + width, values.count)].map(text)
    return stride(from: 0, to: row.count, by: 8).map {
      "    " + row[$0..<min($0 + 8, row.count)].joined(separator: ", ")
    }
    .joined(separator: ",\n")
  }.joined(separator: ",\n")
}
