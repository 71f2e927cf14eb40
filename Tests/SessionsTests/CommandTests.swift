import Datasets
import Diagnostics
import Foundations
import Language
import Testing

@testable import Sessions

/// Commands are types whose properties are the slots of the command table.
@Suite struct CommandTests {
  @Test func everyVariantOfShowAndPlotHasItsCommand() throws {
    for (verb, types) in [("show", ShowCommands.byVariant), ("plot", PlotCommands.byVariant)] {
      let spec = try #require(CommandTable.command(verb))
      #expect(Set(types.keys) == Set(spec.variants.map(\.name)))
    }
  }

  private struct Misspelt: SessionCommand {
    let epoch: Operand<Int>?
    func run(_ context: CommandContext) {}
  }

  private struct Mistyped: SessionCommand {
    let epochs: Operand<Bool>
    func run(_ context: CommandContext) {}
  }

  private struct Defaulted: SessionCommand {
    let epochs: Operand<Int>
    let patience: Operand<Int>?
    func run(_ context: CommandContext) {}
  }

  /// The arguments of `train xor`.
  private func arguments() throws -> ArgumentDecoder {
    let session = Session()
    #expect(session.evaluate(SourceText("data xor", name: "test")) { _ in } == .done)
    let cell = session.check(SourceText("train xor", name: "test"))
    guard case .command(let command)? = cell.program.statements.first?.kind else {
      throw Diagnostic(.unknownVerb, "`train xor` is no command.")
    }
    return ArgumentDecoder(command, compiler: Compiler(session: session))
  }

  @Test("A property that is no slot, or of another type than its slot, is told and not passed over")
  func mistakes() throws {
    let arguments = try arguments()
    #expect(throws: Diagnostic.self) { try Misspelt(from: arguments) }
    #expect(throws: Diagnostic.self) { try Mistyped(from: arguments) }
  }

  @Test func whatIsNotGivenIsTheTablesDefault() throws {
    let command = try Defaulted(from: arguments())
    let context = ExecutionContext(session: Session()) { _ in }
    let at = CommandContext(execution: context, span: SourceSpan(0, 0))
    #expect(try command.epochs(at) == 10)
    #expect(try command.patience?(at) == nil)
  }

  @Test func dataInAFunctionTakesTheFunctionsOwnValues() throws {
    let session = Session()
    let cell = "def f(x) {\n  data d = x -> x + 1\n}\nf([[1], [2]])"
    #expect(session.evaluate(SourceText(cell, name: "test")) { _ in } == .done)
    #expect(session.state.data["d"]?.set.targets == [2, 3])
  }
}
