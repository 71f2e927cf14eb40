import Diagnostics
import Sessions

/// Operations on arrays, under the names that `peers/arrays_numpy.py` gives them.
enum ArrayOperations {
  /// Prints a line for each operation on arrays of `count` numbers: its name, then milliseconds.
  static func measure(count: Int) {
    let session = Session(seed: 1)
    bench.run(preparation.replacing("COUNT", with: String(count)), in: session)
    let clock = ContinuousClock()
    for (name, cell) in cells {
      let cell = "r = " + cell.replacing("COUNT", with: String(count))
      let times = (0..<(count >= 5_000_000 ? 5 : 15)).map { _ in
        clock.measure { bench.run(cell, in: session) }
      }
      print("\(name): \((times.min() ?? .zero) / .milliseconds(1))")
    }
  }

  private static let preparation = """
    a = randn(COUNT); b = randn(COUNT)
    positive = abs(a)
    matrix = reshape(a, [-1, 1000])
    row = matrix[0]; column = matrix[:, :1]
    places = randint(0, COUNT, COUNT); classes = randint(0, 10, COUNT)
    mask = a > 0
    """

  private static let cells = [
    ("a + b", "a + b"), ("a * b + a", "a * b + a"), ("a > b", "a > b"), ("a ^ 0.5", "positive ^ 0.5"),
    ("a ^ 1.7", "positive ^ 1.7"), ("exp", "exp(a)"), ("log", "log(positive)"), ("sin", "sin(a)"),
    ("tanh", "tanh(a)"), ("sigmoid", "sigmoid(a)"), ("where", "where(mask, a, b)"),
    ("matrix + row", "matrix + row"), ("matrix + column", "matrix + column"), ("sum", "sum(a)"),
    ("sum, axis 0", "sum(matrix, axis=0)"),
    ("sum, axis 1", "sum(matrix, axis=1)"), ("var", "var(a)"), ("max", "max(a)"),
    ("max, axis 0", "max(matrix, axis=0)"), ("max, axis 1", "max(matrix, axis=1)"),
    ("argmax, axis 0", "argmax(matrix, axis=0)"), ("cumsum", "cumsum(a)"), ("a[::-1]", "a[::-1]"),
    ("a[::3]", "a[::3]"), ("a[mask]", "a[mask]"), ("a[places]", "a[places]"), ("transpose", "matrix.T"),
    ("concat", "concat([a, b])"), ("stack, axis 1", "stack([a, b], axis=1)"), ("sort", "sort(a)"),
    ("unique", "unique(floor(a * 100))"), ("onehot", "onehot(classes, 10)"), ("ones", "ones(COUNT)"),
    ("arange", "arange(COUNT)"), ("rand", "rand(COUNT)"), ("randn", "randn(COUNT)"),
  ]
}
