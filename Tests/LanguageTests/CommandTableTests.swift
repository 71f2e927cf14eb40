import Language
import Testing

@Suite struct CommandTableTests {
  @Test func everyVerbHasOneEntry() {
    #expect(Set(CommandTable.all.map(\.verb)) == Set(Verb.allCases))
    #expect(CommandTable.all.count == Verb.allCases.count)
  }

  @Test(arguments: HelpTopic.all) func everyTopicIsExplained(topic: String) {
    #expect(HelpTopic.find(topic)?.summary.isEmpty == false)
  }

  @Test(arguments: CommandTable.all.map(\.verb)) func everyCommandHasAnExampleThatParses(verb: Verb) throws {
    let spec = try #require(CommandTable.command(verb.rawValue))
    #expect(!spec.examples.isEmpty)
  }
}
