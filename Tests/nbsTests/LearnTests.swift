import Foundation
import Testing

/// `nbs learn`: played from a pipe, with a teacher's folder, and grading a class.
@Suite(.timeLimit(.minutes(2))) struct LearnTests {
  private let course = """
    # ---
    # title: Sums
    # ---

    # %% Begin
    a = 1

    # %% Two [exercise] hint="One and one." id="two"
    b = a

    # %% [solution]
    b = a + 1

    # %% [check]
    assert b == 2, "b should be two"
    """

  @Test func whatComesWithTheProgramIsListed() throws {
    let result = try Program.run(["learn"])
    #expect(result.status == 0)
    #expect(result.output.contains("xor  "))
    #expect(result.output.contains("not started"))
  }

  @Test func aLessonIsPlayedFromAPipe() throws {
    let folder = try Program.Folder()
    let file = try folder.file("sums.nbs", course)
    let result = try Program.run(["learn", file], input: "\n0\n\nhint\nb = 2\n\n", home: "/dev/null")
    #expect(result.status == 0)
    #expect(result.output.contains("Not yet: Nothing is called `b`."))
    #expect(result.output.contains("One and one."))
    #expect(result.output.contains("You solved 1 of 1 exercise."))
    #expect(result.errors.contains("Your progress is not saved: /dev/null/"), "and says so once")
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test func aFolderIsListed() throws {
    let folder = try Program.Folder()
    try folder.file("10-later.nbs", course)
    try folder.file("9-first.nbs", "1\n")
    try folder.file("broken.nbs", "# %% [exercize]\n")
    let result = try Program.run(["learn", folder.url.path])
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n")
    #expect(lines[0].contains("9-first.nbs") && lines[1].contains("10-later.nbs"))
    #expect(result.errors.contains("broken.nbs"))
  }

  @Test(arguments: [
    ["learn", "xro"], ["learn", "/nowhere.nbs"], ["learn", "--csv", "a.csv"],
    ["learn", "--handout", "a.nbs"],
  ])
  func wrongUsage(_ arguments: [String]) throws {
    let result = try Program.run(arguments)
    #expect(result.status == 2)
    #expect(!result.errors.isEmpty)
  }

  @Test func aClassIsGraded() throws {
    let folder = try Program.Folder()
    let original = try folder.file("sums.nbs", course)
    let good = try folder.file("good.nbs", course.replacing("\nb = a\n", with: "\nb = 2\n"))
    let bad = try folder.file("bad.nbs", course.replacing("\nb = a\n", with: "\nb = 3\n"))
    let endless = try folder.file(
      "endless.nbs", course.replacing("\nb = a\n", with: "\nwhile true { b = 2 }\n"))
    let broken = try folder.file("broken.nbs", "# %% [exercize]\n")
    let sheet = folder.path("class.csv")
    let result = try Program.run(
      [
        "learn", original, "--grade", good, bad, endless, broken, folder.path("none.nbs"), "--csv", sheet,
        "--timeout", "1",
      ])
    #expect(result.status == 0)
    let rows = try folder.text("class.csv").split(separator: "\r\n").map {
      $0.replacing(folder.url.path + "/", with: "")
    }
    #expect(
      rows.map { $0.split(separator: ",", omittingEmptySubsequences: false).prefix(5).joined(separator: ",") }
        == [
          "file,walkthrough,passed,exercises,exercise 1", "good.nbs,Sums,1,1,passed",
          "bad.nbs,Sums,0,1,failed",
          "endless.nbs,Sums,0,1,not reached", "broken.nbs,,0,0,", "none.nbs,,0,0,",
        ])
    #expect(rows[3].contains("stopped after 1 second"))
  }

  @Test func aHandoutHoldsNoSolution() throws {
    let folder = try Program.Folder()
    let original = try folder.file("sums.nbs", course)
    let result = try Program.run(["learn", original, "--handout", folder.path("class.nbs")])
    #expect(result.status == 0)
    #expect(
      try folder.text("class.nbs") == course.replacing("# %% [solution]\nb = a + 1\n\n", with: ""))
    #expect(
      try Program.run(["learn", original, "--verify"]).output == "\(original): 1 exercise, all right\n")
  }
}
