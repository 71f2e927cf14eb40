import Sessions
import Testing

@testable import Walkthroughs

/// What the exercises are worth: of the walkthroughs that come with the program, and of bad ones.
@Suite struct ProofTests {
  /// Their networks take long in a debug build, in any language; `.ci/run` tries all of them with the release build.
  private static let slow: Set<String> = [
    "tour", "digits", "overfitting", "conv1d", "conv3d", "cnn", "memory", "augmentation", "fr/xor",
  ]

  @Test(
    arguments: Library.names.filter { name in !slow.contains { name == $0 || name.hasSuffix("/\($0)") } })
  func everySolutionPassesAndEveryUntouchedStarterFails(_ name: String) throws {
    let walkthrough = try #require(Library.builtIn(name))
    #expect(Proof(of: walkthrough, makeSession: { Session() }).problems == [])
  }

  private func problems(_ text: String) throws -> [String] {
    Proof(of: Walkthrough(name: "course", notebook: try read(text)), makeSession: { Session() }).problems
  }

  @Test func aGoodCourseIsGood() throws { #expect(try problems(course).isEmpty) }

  @Test func whatIsWrongIsTold() throws {
    #expect(
      try problems(course.replacing("\nb = a\n", with: "\nb = 2\n")) == [
        "Two: the unchanged starter passes the check"
      ])
    #expect(
      try problems(course.replacing("assert b == 2", with: "assert a == 1")) == [
        "Two: the check passes without any answer"
      ])
    #expect(
      try problems(course.replacing("d = b + 1", with: "d = b")) == [
        "Three: the solution does not pass. d should be three"
      ])
    #expect(
      try problems(course.replacing("a = 1\na", with: "a = nothing")).first?.hasPrefix(
        "Begin: the cell does not run. Nothing is called `nothing`") == true)
    #expect(try problems("# %% Do [exercise]\n1\n") == ["Do: the exercise has no check"])
    #expect(
      try problems(course.replacing(" hint=\"One and one.\"", with: "")) == ["Two: the exercise has no hint"])
  }
}
