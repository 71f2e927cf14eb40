import Diagnostics
import Foundation
import Foundations
import Outputs
import Rendering
import Sessions
import Testing

@Suite struct DataCommandTests {
  private let people = "name;age;height\nAnn;31;1,70\nBob;45;1,80\nEve;28;1,65\nZoe;39;1,72\n"

  @Test func theFilesNameCanBeAParameter() throws {
    let folder = try Folder()
    let bench = Bench()
    let path = try folder.file("people.csv", people)
    #expect(bench.run("param file = \"\(path)\"\ndata p from file target=\"height\" decimal=\",\""))
    #expect(bench.run("show p") && bench.shown.contains("4 rows"))
    #expect(!bench.run("count = 3\ndata q from count"), "a number names no file")
    #expect(bench.lastError?.code == .unknownData)
  }

  /// Some rows of many are made by themselves, and are what they are among all of them.
  @Test(arguments: [
    "[0]", "[-1]", "[7, 2]", "[3:9]", "[-4:]", "[::500]", "[1999:0:-400, 1]", "[2:2]", "[:3, -1]", "[5][1]",
    "[[0, 2]]",
    "[:, 0]",
  ])
  func someRowsAreThoseOfAllOfThem(index: String) throws {
    let bench = Bench()
    #expect(
      bench.run(
        "x = rand(2000, 3)\ny = rand(2000, 3)\ndata d = x -> y\nsplit d test=10%\nparts = d.train.x + 0"),
      "\(bench.shown)")
    for (some, all) in [("d.x", "x"), ("d.y", "y"), ("d.train.x", "parts")] {
      let check =
        "a = \(some)\(index)\nb = \(all)\(index)\nassert shape(a) == shape(b)\nassert sum(a != b) == 0"
      #expect(
        bench.run(check.replacing("shape(a) == shape(b)", with: "sum(shape(a) != shape(b)) == 0")),
        "\(some): \(bench.shown)")
    }
  }

  /// What is wrong with an index is told of all rows.
  @Test(arguments: [
    ("d.x[2000]", "Index 2000 is out of range: axis 0 of 2000x3 has indexes 0 to 1999 (or -2000 to -1)."),
    ("d.x[0, 3]", "Index 3 is out of range: axis 1 of 2000x3 has indexes 0 to 2 (or -3 to -1)."),
    ("d.x[0, 1, 2]", "There are indexes for 3 axes, but an array of 2000x3 has 2."),
    ("s.x[2]", "There is no item 2: the list has 2, counted from 0."),
    ("s.x[0, 1]", "The index of a list is a single integer."),
  ])
  func badIndexesOfRowsAreToldOfAllOfThem(cell: String, message: String) throws {
    let bench = Bench()
    #expect(bench.run("data d = rand(2000, 3) -> rand(2000, 1)\ndata s = [[1, 2], [3]] -> [[0, 1], [1]]"))
    #expect(bench.run("assert s.x[-1][0, 0] == 3 and s.y[0][1, 0] == 1"), "\(bench.shown)")
    #expect(!bench.run(cell))
    #expect(bench.lastError?.message == message)
  }

  @Test func anOptionThatTakesNoDataSaysWhatItTakes() {
    let bench = Bench()
    #expect(
      bench.run(
        "data d = rand(20, 2) -> rand(20, 1)\nsplit d test=20%\nnet n\nlayer i input 2\nlayer o dense 1\nconnect all"
      ))
    for cell in ["train d validate=d.test", "train d.train epochs=d.test"] {
      #expect(!bench.run(cell))
      #expect(bench.lastError?.code == .badValue, "\(bench.shown)")
      #expect(bench.lastError?.message.contains(" takes a") == true, "\(bench.shown)")
    }
  }

  /// One of a thing is told as one.
  @Test(arguments: [
    ("crossvalidate d.train folds=2", "`d.train` has 1 row, and folds are made of two or more."),
    (
      "gate o on i -> o delay=7",
      "`delay` takes only 1: 1 for the activations of the step before, where the gate is computed after the edge's target."
    ),
  ])
  func oneIsToldAsOne(cell: String, message: String) {
    let bench = Bench()
    #expect(
      bench.run(
        "data d { 1 -> 3; 2 -> 5 }\nsplit d test=50%\nnet n\nlayer i input 1\nlayer o dense 1\nconnect all"),
      "\(bench.shown)")
    #expect(!bench.run(cell))
    #expect(bench.lastError?.message == message)
  }

  @Test func aRowOfTheWrongLengthIsToldSoBeforeItIsScaled() throws {
    let bench = Bench()
    #expect(
      bench.run(
        "data d { 1 2 -> 3; 2 3 -> 5; 3 5 -> 8 }\nprepare d\nnet n\nlayer i input 2\nlayer o dense 1\nconnect all\ntrain d epochs=1"
      ))
    #expect(!bench.run("predict [1, 2, 3]"))
    #expect(bench.lastError?.code == .shapeMismatch)
    #expect(bench.lastError?.message.contains("`-`") == false)
  }

  @Test func aTableFromAFile() throws {
    let folder = try Folder()
    let path = try folder.file("people.csv", people)
    let bench = Bench()
    #expect(
      bench.run("data people from \"\(path)\" target=\"height\" decimal=\",\" features=[\"age\"]"),
      "\(bench.shown)")
    #expect(bench.run("assert people.x[1, 0] == 45 and people.y[1, 0] == 1.8"), "\(bench.shown)")
  }

  @Test func columnsWhoseNamesAreNoWordsArePlottedInQuotes() throws {
    let folder = try Folder()
    let path = try folder.file("wide.csv", "petal length,\"a \"\"b\"\"\",c,kind\n1,2,3,u\n4,5,7,v\n6,8,9,u\n")
    let bench = Bench()
    #expect(bench.run("data wide from \"\(path)\""), "\(bench.shown)")
    #expect(!bench.run("plot data wide x=c"))
    let suggestion = try #require(bench.lastError?.suggestion)
    #expect(suggestion == #"plot data wide x="petal length" y="a \"b\"""#)
    #expect(bench.run(suggestion), "\(bench.shown)")
    #expect(bench.run("plot data wide x=\"petal length\" y=c"), "\(bench.shown)")
  }

  @Test func ofManyClassesTheFirstAreListed() throws {
    let folder = try Folder()
    let rows = (0..<200).map { "\($0),kind\($0 % 100)\n" }.joined()
    let path = try folder.file("kinds.csv", "n,kind\n" + rows)
    let bench = Bench()
    #expect(bench.run("data kinds from \"\(path)\"; show data kinds"), "\(bench.shown)")
    #expect(
      bench.said.contains(
        ", and 60 more classes"))
  }

  @Test func mistakesInAFileNameTheirPlace() throws {
    let folder = try Folder()
    let ragged = try folder.file("ragged.csv", "a,b\n1,2\n3\n4,5\n")
    let bench = Bench()
    #expect(!bench.run("data t from \"\(ragged)\""))
    #expect(bench.lastError?.message.contains("3") == true, "\(bench.shown)")
    #expect(!bench.run("data t from \"\(folder.url.path)/nothing.csv\""))
    #expect(!bench.run("show data t"), "nothing came of the failed reads")
  }

  @Test(arguments: ["xor", "and", "or", "nand", "iris", "digits", "breast_cancer", "exam"])
  func builtInSets(name: String) {
    let bench = Bench()
    #expect(bench.run("data d from \(name)"), "\(bench.shown)")
    #expect(bench.run("show data d"), "\(bench.shown)")
  }

  @Test(arguments: ["spiral", "circles", "moons", "blobs", "gauss", "plane", "sine", "signals", "volumes"])
  func generators(name: String) {
    let bench = Bench()
    #expect(bench.run("data d from \(name) n=50 noise=0.01\nassert len(d) == 50"), "\(bench.shown)")
  }

  @Test(
    arguments: [
      ("data d from spirl", ErrorCode.unknownData), ("data d from spiral features=2", .unknownOption),
      ("data d { 0 -> 1 } n=5", .unknownOption), ("data d", .unknownData),
      ("data iris features=9", .tooManyFeatures),
      ("data d from spiral n=1", .badValue), ("data d from spiral noise=50", .badNoise),
    ]) func badSources(cell: String, code: ErrorCode)
  {
    let bench = Bench()
    #expect(!bench.run(cell))
    #expect(bench.lastError?.code == code, "\(bench.shown)")
  }

  @Test func withoutTheImagesTheErrorSaysWhatToDo() throws {
    let folder = try Folder()
    let bench = Bench(environment: [
      "HOME": folder.url.path, "NBS_DATA_DIR": folder.url.path, "NBS_MIRRORS": "http://127.0.0.1:9/none",
    ])
    // Debian's own folder is looked at as well; only where it is missing is there something to say.
    guard !bench.run("data mnist") else { return }
    #expect(bench.lastError?.code == .noNetwork, "\(bench.shown)")
  }
}

@Suite struct SplitAndPrepareTests {
  @Test func partsShareNoRowAndKeepTheClasses() {
    let bench = Bench()
    #expect(bench.run("data iris\nsplit iris test=20% validate=10%"), "\(bench.shown)")
    #expect(bench.shown.contains("105"))
    #expect(bench.run("assert len(iris.train) == 105 and len(iris.validate) == 15 and len(iris.test) == 30"))
    #expect(bench.run("assert sum(iris.test.y == 0) == 10 and sum(iris.test.y == 2) == 10"), "\(bench.shown)")
  }

  @Test func aPartThatIsNotThere() {
    let bench = Bench()
    #expect(bench.run("data iris"))
    #expect(!bench.run("show data iris.test"))
    #expect(bench.lastError?.code == .noPart)
    #expect(!bench.run("split iris test=99.9%"))
    #expect(bench.run("assert len(iris.x) == 150"), "a split that fails changes nothing")
  }

  @Test func predictionsAreInTheUsersUnits() {
    let bench = Bench()
    let cell = """
      data line = [[1000], [2000], [3000], [4000]] -> [[30], [50], [70], [90]]
      prepare line
      net n
      layer x input 1
      layer y dense 1
      connect all
      train line epochs=400 rate=0.1
      assert abs(predict([2500])[0] - 60) < 0.1, "an answer in the user's units"
      X = [[1500]]
      Y = sum(predict(X))
      assert abs((grad Y wrt X)[0, 0] - 0.02) < 1e-4, "the slope in the user's units"
      """
    #expect(bench.run(cell), "\(bench.shown)")
  }

  @Test func classesKeepTheirNames() {
    let bench = Bench()
    let cell = """
      data iris
      split iris test=20%
      prepare iris
      net f optimizer=adam rate=0.05
      layer x input 4
      layer y dense 3 softmax
      connect all
      train iris epochs=20
      predict [5.1, 3.5, 1.4, 0.2]
      """
    #expect(bench.run(cell), "\(bench.shown)")
    #expect(bench.shown.contains("setosa 0.9"), "\(bench.shown)")
    #expect(bench.run("predict iris.test n=3"))
    #expect(bench.shown.contains("actual"))
  }

  @Test func whatIsKeptAsideIsNotKeptAsideTwice() {
    let bench = Bench()
    let cell =
      "data iris\nsplit iris validate=20%\nnet n\nlayer x input 4\nlayer y dense 3 softmax\nconnect all"
    #expect(bench.run(cell), "\(bench.shown)")
    #expect(!bench.run("train iris validate=10%"))
    #expect(bench.lastError?.code == .badOption)
    #expect(bench.run("train iris epochs=2\nassert val_loss > 0"), "\(bench.shown)")
  }
}
