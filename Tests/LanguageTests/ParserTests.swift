import Diagnostics
import Foundations
import NetworkSchema
import Testing

@testable import Language

@Suite struct ParserTests {
  /// The expression with every operation in parentheses.
  private func tree(_ text: String) -> String {
    let result = Parser.parse(SourceText(text, name: "test"))
    guard result.diagnostics.isEmpty, case .expression(let value)? = result.program.statements.first?.kind
    else {
      return "?\(result.diagnostics.first.map { "\($0.code)" } ?? "")"
    }
    return value.tree
  }

  @Test(
    arguments: [
      ("1 + 2 * 3", "(1 + (2 * 3))"), ("1 - 2 - 3", "((1 - 2) - 3)"), ("8 / 4 / 2", "((8 / 4) / 2)"),
      ("2 ^ 3 ^ 2", "(2 ^ (3 ^ 2))"), ("-2 ^ 2", "(-(2 ^ 2))"), ("2 ^ -1", "(2 ^ (-1))"),
      ("2 * -3", "(2 * (-3))"), ("- -3", "(-(-3))"), ("a @ b * c", "((a @ b) * c)"),
      ("a < b + 1", "(a < (b + 1))"), ("not a < b", "(not (a < b))"), ("not a and b", "((not a) and b)"),
      ("a or b and c", "(a or (b and c))"), ("a == b or c", "((a == b) or c)"),
      ("(1 + 2) * 3", "((1 + 2) * 3)"),
      ("-a[0]", "(-a[0])"), ("a.T @ b", "(a.T @ b)"), ("f(1, x) ^ 2", "(f(1, x) ^ 2)"),
      ("f(x)(y)[1].T", "f(x)(y)[1].T"), ("grad L wrt W", "(grad L wrt W)"),
      ("grad L wrt W, b", "(grad L wrt W, b)"), ("0.1 * grad L wrt W", "(0.1 * (grad L wrt W))"),
      ("-grad L wrt W + 1", "((-(grad L wrt W)) + 1)"), ("grad L wrt W * 2", "((grad L wrt W) * 2)"),
      ("grad a * b wrt n.o.bias", "(grad (a * b) wrt n.o.bias)"), ("(a < b) == c", "((a < b) == c)"),
    ])
  func precedence(text: String, expected: String) {
    #expect(tree(text) == expected)
  }

  @Test(arguments: ["a < b < c", "a == b == c"]) func comparisonsDoNotChain(text: String) {
    #expect(tree(text) == "?chained-comparison")
  }

  @Test(
    arguments: [
      "(", "[1, 2", "f(1,", "repeat 3 {", "data t {", "data t { 0 1 ->", "a = ", "a +", "1 +\n", "a and",
      "def f(x) =", "if a {\n  b\n", "grad L wrt", "connect a ->", "train xor epochs=", "\\", "for x in",
    ])
  func whatMoreLinesCouldMend(text: String) {
    let result = Parser.parse(SourceText(text, name: "test"))
    #expect(result.isIncomplete)
    #expect(result.diagnostics.count == 1)
    #expect(result.diagnostics.first?.code == .unfinished)
  }

  @Test(
    arguments: [
      "", "\n", "# note", "a", "(1)", "repeat 3 { a }", "a = )", "(]", "repeat 3 { a } }", "a = $ (",
      "f(1, $",
    ])
  func whatIsComplete(text: String) {
    #expect(!Parser.parse(SourceText(text, name: "test")).isIncomplete)
  }

  @Test func recoversAtTheNextStatement() {
    let text = "a = )\nb = 1\nrepeat 2 { c = * }\nd = 2; e = ]"
    let result = Parser.parse(SourceText(text, name: "test"))
    #expect(result.diagnostics.count == 3)
    #expect(result.program.statements.count >= 2)
  }

  @Test func depthIsLimited() {
    for (open, close) in [
      ("(", ")"), ("[", "]"), ("-", ""), ("2 ^ ", ""), ("not ", ""), ("f(", ")"), ("repeat 1 {", "}"),
    ] {
      let text = String(repeating: open, count: 3000) + "1" + String(repeating: close, count: 3000)
      let codes = Parser.parse(SourceText(text, name: "test")).diagnostics.map(\.code)
      #expect(codes.contains(.nestedTooDeeply), "\(open)")
    }
    let long = Array(repeating: "1", count: 10_000).joined(separator: " + ")
    #expect(Parser.parse(SourceText(long, name: "test")).diagnostics.map(\.code) == [.tooLong])
  }
}

extension Expression {
  fileprivate var tree: String {
    switch kind {
    case .number(let value): value.brief
    case .boolean(let truth): "\(truth)"
    case .string(let text): "\"\(text)\""
    case .shape(let sizes): sizes.map(String.init).joined(separator: "x")
    case .name(let name): name
    case .list(let items): "[" + items.map(\.tree).joined(separator: ", ") + "]"
    case .unary(let operation, let operand): "(\(operation == .not ? "not " : "-")\(operand.tree))"
    case .binary(let operation, let left, let right): "(\(left.tree) \(operation.rawValue) \(right.tree))"
    case .call(let function, let arguments):
      function.tree + "(" + arguments.map(\.value.tree).joined(separator: ", ") + ")"
    case .index(let base, let indexes): base.tree + "[" + indexes.map(\.tree).joined(separator: ", ") + "]"
    case .field(let base, let field): base.tree + "." + field.name
    case .gradient(let loss, let variables):
      "(grad \(loss.tree) wrt \(variables.map(\.tree).joined(separator: ", ")))"
    }
  }
}

extension IndexSyntax {
  fileprivate var tree: String {
    switch self {
    case .at(let value): value.tree
    case .slice(let start, let stop, let step):
      [start, stop, step].map { $0?.tree ?? "" }.joined(separator: ":")
    }
  }
}
