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
    let result = try Program.grade(
      [
        "learn", original, "--grade", good, bad, endless, broken, folder.path("none.nbs"), "--csv", sheet,
        "--timeout", "1",
      ])
    // Some could not be graded to their end.
    #expect(result.status == 1)
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

  @Test func aFolderIsGradedWithFeedback() throws {
    let folder = try Program.Folder()
    let hidden =
      course.replacing("[exercise]", with: "[exercise] points=3") + """


        # %% [check hidden]
        assert b == a + 1, "the secret"

        # %% More [exercise] id="more" hint="Five."
        c = ___

        # %% [solution]
        c = 5

        # %% [check]
        assert c == 5, "c should be five"
        """
    let original = try folder.file("sums.nbs", hidden)
    let handout = try Program.run(["learn", original, "--handout", folder.path("handout.nbs")])
    #expect(handout.status == 0)
    #expect(!(try folder.text("handout.nbs")).contains("secret"))
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "class/ann"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "class/bob"), withIntermediateDirectories: true)
    let answered = try folder.text("handout.nbs")
    try folder.file("class/ann/work.nbs", answered.replacing("\nb = a\n", with: "\nb = a + 1\n"))
    try folder.file(
      "class/bob/work.nbs",
      answered.replacing("\nb = a\n", with: "\na = 5; b = 2\n").replacing("___", with: "5"))
    let result = try Program.grade([
      "learn", original, "--grade", folder.path("class"), "--csv", folder.path("g.csv"), "--feedback",
      folder.path("pages"),
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("ann/work.nbs: 1 of 2, 3 of 4 points"), "\(result.output)")
    #expect(
      try folder.text("g.csv").hasPrefix("file,walkthrough,passed,exercises,points,exercise 1,exercise 2"))
    let ann = try folder.text("pages/work.html")
    #expect(ann.contains("Passed.") && ann.contains("The starter is unchanged.") && ann.contains("b = a + 1"))
    let bob = try folder.text("pages/bob-work.html")
    #expect(!(ann + bob).contains("secret") && !ann.contains("c = 5"), "neither hidden checks nor solutions")
    #expect(try Program.run(["learn", original, "--verify"]).status == 0)
  }

  @Test func aClassHasAPageAndATableForItsPlatform() throws {
    let folder = try Program.Folder()
    let original = try folder.file("sums.nbs", course)
    for (name, answer) in [("Ann_1", "b = 3"), ("Bob_2", "b = 3"), ("Cyd_3", "b = 2")] {
      try folder.file(
        "in/\(name)_assignsubmission_file/work.nbs", course.replacing("\nb = a\n", with: "\n\(answer)\n"))
    }
    try folder.file("in/dan.nbs", course)
    let result = try Program.grade([
      "learn", original, "--grade", folder.path("in"), "--csv", folder.path("g.csv"), "--csv-for", "moodle",
      "--class-page", folder.path("class.html"),
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("dan.nbs does not say who handed it in"))
    let table = try folder.text("g.csv").split(separator: "\r\n")
    #expect(table[1] == "Participant 1,Ann,0,1,,1. Two: b should be two: the left side is 3.")
    #expect(table[4].hasPrefix(",dan,0,1"))
    let page = try folder.text("class.html")
    #expect(page.contains("25%") && page.contains("The same answer 2 times:") && page.contains("b = 3"))
    for wrong in [["--csv-for", "moodle"], ["--csv-for", "blackboard", "--csv", "a.csv"]] {
      #expect(try Program.run(["learn", original, "--grade", folder.path("in")] + wrong).status == 2)
    }
  }

  @Test func aHiddenCheckIsNotTold() throws {
    let folder = try Program.Folder()
    let hidden = """
      # %% Double [exercise] id="double" hint="Twice x."
      def double(x) = x

      # %% [solution]
      def double(x) = 2 * x

      # %% [check]
      assert double(3) == 6, "double(3) should be 6"

      # %% [check hidden]
      assert double(11) == 22, "the secret"
      """
    let original = try folder.file("double.nbs", hidden)
    let good = try folder.file("good.nbs", "# %% id=\"double\"\ndef double(x) = x + x\n")
    let trick = try folder.file("trick.nbs", "# %% id=\"double\"\ndef double(x) = 6\n")
    let output = try Program.grade(["learn", original, "--grade", good, trick]).output
    #expect(output.contains("good.nbs: 1 of 1") && output.contains("trick.nbs: 0 of 1"))
    #expect(output.contains("A hidden check, on other values, does not hold.") && !output.contains("secret"))
    #expect(try Program.run(["learn", original, "--verify"]).output.contains("1 exercise, all right"))
    let lesson = try Program.run(["learn", original], input: "def double(x) = 6\n\n", home: "/dev/null")
    #expect(lesson.output.contains("Right.") && !lesson.output.contains("secret"))
  }

  @Test func aClassThatIsGradedEndsWell() throws {
    let folder = try Program.Folder()
    let original = try folder.file("sums.nbs", course)
    let good = try folder.file("good.nbs", course.replacing("\nb = a\n", with: "\nb = 2\n"))
    #expect(try Program.grade(["learn", original, "--grade", good]).status == 0)
  }

  @Test func nothingOfALessonSteersTheTerminal() throws {
    let folder = try Program.Folder()
    let evil = "\u{1B}[31m"
    let file = try folder.file(
      "sums.nbs",
      "# ---\n# title: Sums\(evil)\n# ---\n\n# %% [markdown]\n# # Head\(evil)\n# Prose\(evil) and `code\(evil)`.\n\n# %% Step\(evil)\n"
        + "# \(evil)\nprint \"a\(evil)b\"\nassert false, \"no\(evil)\"\n")
    for arguments in [[file], [folder.url.path]] {
      let result = try Program.run(["learn"] + arguments, input: "\n\nlist\n")
      #expect(!(result.output + result.errors).contains("\u{1B}"), "\(arguments)")
      #expect(result.output.contains("Sums"))
    }
    let test = try Program.run(["test", file])
    #expect(!(test.output + test.errors).contains("\u{1B}"))
    let run = try Program.run(["run", file, "--no-record"])
    #expect(!(run.output + run.errors).contains("\u{1B}"))
  }

  @Test func whatCannotBeGradedIsSaid() throws {
    let folder = try Program.Folder()
    let original = try folder.file("sums.nbs", course)
    let greedy = try folder.file(
      "greedy.nbs", course.replacing("\nb = a\n", with: "\nb = 2\nx = ones(900000000)\n"))
    let result = try Program.grade(["learn", original, "--grade", greedy])
    #expect(result.output.contains("greedy.nbs: 0 of 1") && result.output.contains("of memory"))
    let pipe = folder.path("pipe.nbs")
    #expect(mkfifo(pipe, 0o600) == 0)
    let special = try Program.grade(["learn", original, "--grade", pipe])
    #expect(special.status == 1)
    #expect(special.output.contains("not graded") && special.output.contains("not a regular file"))
    // The child cannot read the original any more: as the file was there when the class was begun, it is told.
    let secret = try folder.file("secret.nbs", course)
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: secret)
    if !FileManager.default.isReadableFile(atPath: secret) {
      #expect(try Program.grade(["learn", original, "--grade", secret]).output.contains("permission denied"))
    }
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
