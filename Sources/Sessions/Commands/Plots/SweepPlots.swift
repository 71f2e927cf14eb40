import Diagnostics
import Foundations
import Plotting

/// `plot effects`
struct SweepEffects: PlotKind {
  func plot(_ context: CommandContext) throws -> Plot { Plot(try lastSweep(context).effectsPlot) }
}

/// `plot parallel`
struct SweepCoordinates: PlotKind {
  func plot(_ context: CommandContext) throws -> Plot { Plot(try lastSweep(context).parallelPlot) }
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
