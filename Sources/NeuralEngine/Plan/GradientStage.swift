/// Gradients that the way back has finished at one step: from there on they can be added up over the shards, while those of
/// the layers before are computed.
struct GradientStage: Equatable {
  /// Its place among the stages of the plan.
  let number: Int
  /// The step behind which its gradients are finished.
  let step: Int
  /// The gradients.
  let buffers: [BufferID]

  /// Fewer numbers than these are not worth messages of their own: they wait for the next.
  static var leastNumbers: Int { 1 << 16 }

  /// The stages of a plan, in the order in which they are finished. A gradient that steps of a later segment touch is in none:
  /// it is wanted before the way back is over.
  static func stages(of plan: Plan) -> [GradientStage] {
    var stages: [GradientStage] = []
    var waiting: [BufferID] = []
    var numbers = 0
    var end = 0
    for (place, step) in plan.steps.enumerated() {
      if place == end {
        end = plan.steps[place...].firstIndex { $0.scope != step.scope } ?? plan.steps.count
      }
      if step.scope == .rows {
        for buffer in step.outputs where plan.isFinishedGradient(buffer, at: place, end) {
          waiting.append(buffer)
          numbers += plan.buffers[buffer.number].width
        }
      }
      // What is left at the end of a segment goes with it.
      if !waiting.isEmpty, numbers >= leastNumbers || place + 1 == end {
        stages.append(GradientStage(number: stages.count, step: place, buffers: waiting))
        (waiting, numbers) = ([], 0)
      }
    }
    return stages
  }

  /// The stage with its step counted from another one on.
  func counted(from start: Int) -> GradientStage {
    GradientStage(number: number, step: step - start, buffers: buffers)
  }
}

extension Plan {
  /// Whether a step is the last to touch a gradient of parameters.
  ///
  /// - Parameter end: where its segment ends.
  fileprivate func isFinishedGradient(_ buffer: BufferID, at place: Int, _ end: Int) -> Bool {
    guard case .gradient = buffers[buffer.number].extent else { return false }
    func touches(_ step: Step) -> Bool { step.outputs.contains(buffer) || step.inputs.contains(buffer) }
    return !steps[(place + 1)...].contains(where: touches)
      && !steps[..<place].contains { touches($0) && $0.scope == .whole }
  }
}
