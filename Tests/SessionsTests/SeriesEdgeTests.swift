import Foundation
import Testing

@testable import Sessions

/// Series whose targets are not those that a network answers.
@Suite struct SeriesEdgeTests {
  /// A network that answers each step is shown without targets where there is one a series.
  @Test func answersOfStepsWithoutTargets() throws {
    let folder = try Folder()
    _ = try folder.file("s.csv", "who,a,u,v\np,1,2,3\np,2,4,5\nq,3,6,7\nq,5,8,9\n")
    let bench = Bench()
    bench.folder = folder
    bench.session.files.notebookFolder = folder.url.path
    #expect(bench.run("data s from \"s.csv\" by=who target=u,v per=series"), "\(bench.shown)")
    #expect(
      bench.run(
        """
        net n
        layer x sequence 1
        layer h gru 2 return=all
        layer u dense 1
        layer v dense 1
        connect x -> h -> {u v}
        """), "\(bench.shown)")
    #expect(bench.run("predict s"), "\(bench.shown)")
    #expect(!bench.shown.contains("target"), "\(bench.shown)")
  }
}
