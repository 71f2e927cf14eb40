import Diagnostics
import Outputs
import Sessions
import Testing

@Suite struct SessionTests {
  @Test func aMistakeIsFoundBeforeAnythingRuns() {
    let session = Session()
    var outputs: [Output] = []
    let outcome = session.evaluate(SourceText("print 1\ntrain nothing", name: "test")) { outputs.append($0) }
    guard case .failed(let diagnostic) = outcome else {
      Issue.record("it should fail")
      return
    }
    #expect(diagnostic.code == "unknown-data")
    #expect(outputs.count == 1)
  }
}
