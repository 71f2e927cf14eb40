import Outputs
import Plotting
import Testing

/// A drawing that looked at every point for every point would take minutes here.
@Suite("Plots of many points take no more time than their points", .timeLimit(.minutes(1)))
struct LargePlotTests {
  @Test(arguments: [
    "plot line rand(300000)", "plot line rand(100000, 2)", "plot scatter rand(50000) rand(50000)",
    "data d = rand(40000, 2) -> randint(0, 2, shape=40000)\nplot data d",
    "data d = rand(40000, 2) -> randint(0, 2, shape=40000)\nnet s; layer i input 2; layer o dense 1 sigmoid; connect all\nplot boundary d",
    "plot hist rand(300000)", "repeat 50000 as k { record k }\nplot series k",
  ])
  func drawn(command: String) throws {
    let plot = try Studio("").plot(command)
    #expect(plot.svg().utf8.count < 2_000_000)
    #expect(!plot.text(.markdown).isEmpty && !plot.caption.isEmpty)
  }
}
