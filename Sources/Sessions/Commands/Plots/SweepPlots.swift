import Diagnostics
import Foundations
import Plotting

extension PlotCommands {
  static let ofSweeps: Table = ["effects": SweepEffects.self, "parallel": SweepCoordinates.self]
}

/// `plot effects`
private struct SweepEffects: PlotKind {
  func plot(_ context: CommandContext) throws -> any DrawablePlot { try lastSweep(context).effectsPlot }
}

/// `plot parallel`
private struct SweepCoordinates: PlotKind {
  func plot(_ context: CommandContext) throws -> any DrawablePlot { try lastSweep(context).parallelPlot }
}

/// What the last sweep of the session came to.
private func lastSweep(_ context: CommandContext) throws -> SweepResult {
  guard let sweep = context.session.state.sweep else {
    throw Diagnostic(
      .nothingToPlot,
      "There has been no sweep in this session. Run one first: sweep rate=[0.01, 0.1] minimize=val_loss { … }",
      at: context.span)
  }
  return sweep
}
