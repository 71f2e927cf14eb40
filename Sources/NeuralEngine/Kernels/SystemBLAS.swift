#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The system's OpenBLAS, for products so large that its vector instructions and threads pay.
///
/// It is loaded when the first such product is asked for. Linked, it would cost every run the time to map it
/// and to start its threads, and nbs would not start at all where it is missing; like this, the Swift kernel
/// does the work there, a few times slower.
///
/// Whether a product goes here depends on its size only, never on what was computed before, so that a program
/// gives the same bits each time that it runs on a machine.
enum SystemBLAS {
  /// The fewest multiplications that are worth it: 128x128 @ 128x128. Below, loading the library takes longer
  /// than hundreds of products do.
  private static let leastWork = 1 << 21

  /// The shortest side that is worth it: products of thin matrices wait for memory, whoever does them.
  private static let leastSide = 8

  /// `cblas_dgemm`: order, two transpositions, three sizes, then alpha, `a`, `b`, beta and `c`.
  private typealias Product =
    @Sendable @convention(c) (
      CInt, CInt, CInt, CInt, CInt, CInt, Double, UnsafePointer<Double>, CInt, UnsafePointer<Double>, CInt,
      Double, UnsafeMutablePointer<Double>, CInt
    ) -> Void

  private static let product: Product? = {
    guard let library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL),
      let symbol = dlsym(library, "cblas_dgemm")
    else { return nil }
    return unsafeBitCast(symbol, to: Product.self)
  }()

  /// Computes the product if it is large enough and the library is there.
  ///
  /// - Returns: whether `c` was written.
  static func multiply(
    m: Int, n: Int, k: Int, a: UnsafePointer<Double>, b: UnsafePointer<Double>,
    c: UnsafeMutablePointer<Double>
  ) -> Bool {
    // As numbers of any size: three sides may be more than an Int holds where one of them is 0.
    guard Double(m) * Double(n) * Double(k) >= Double(leastWork), min(m, n, k) >= leastSide,
      let rows = CInt(exactly: m), let columns = CInt(exactly: n), let depth = CInt(exactly: k), let product
    else { return false }
    let rowMajor: CInt = 101
    let asItIs: CInt = 111
    product(
      rowMajor, asItIs, asItIs, rows, columns, depth, 1, a, depth, b, columns, 0, c, columns)
    return true
  }
}
