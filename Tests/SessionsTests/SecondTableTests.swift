import Diagnostics
import Foundation
import Foundations
import Testing

@testable import Sessions

/// A network and a table that it was not trained on.
@Suite struct SecondTableTests {
  private let cars =
    "age,city,km,price\n3,Rome,42000,8200\n5,Rome,80000,5200\n1,Oslo,9000,14500\n8,Oslo,130000,2900\n"
    + "2,Bern,30000,10100\n6,Bern,99000,4300\n4,Rome,61000,6600\n7,Oslo,120000,3300\n"
  private let network = """
    prepare cars
    net n
    layer i input 5
    layer h dense 8 relu
    layer o dense 1
    connect all
    train cars epochs=60 rate=0.05
    same = predict([4, 0, 1, 0, 55000])
    """

  private func bench(_ files: [String: String]) throws -> Bench {
    let folder = try Folder()
    for (name, text) in files { _ = try folder.file(name, text) }
    let bench = Bench()
    bench.session.files.notebookFolder = folder.url.path
    bench.folder = folder
    return bench
  }

  @Test func aTableWithoutItsTargetIsRead() throws {
    let fresh = "km,city,age\n55000,Oslo,4\n20000,Rome,2\n"
    let bench = try bench(["train.csv": cars, "new.csv": fresh])
    #expect(bench.run("data cars from \"train.csv\" target=price\n" + network), "\(bench.shown)")
    for options in ["", " target=none", " features=[age, city, km]"] {
      #expect(bench.run("data fresh from \"new.csv\"\(options)"), "\(bench.shown)")
      #expect(bench.run("predict fresh"), "\(bench.shown)")
      #expect(bench.run("print same[0]"))
      let answer = bench.shown.trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(bench.run("predict fresh") && bench.shown.contains(answer), "\(answer) in \(bench.shown)")
    }
    #expect(bench.run("assert predict([4, 0, 1, 0, 55000])[0] == same[0]"))
    #expect(bench.run("predict [4, \"Oslo\", 55000]") && bench.shown.contains("["), "\(bench.shown)")
    #expect(!bench.run("predict [4, \"Paris\", 55000]"))
    #expect(bench.lastError?.code == .unknownCategory)
    #expect(!bench.run("predict [4, \"Oslo\"]"))
    #expect(bench.lastError?.code == .shapeMismatch)
  }

  @Test func aSavedNetworkKnowsItsColumns() throws {
    let bench = try bench(["train.csv": cars, "new.csv": "km,city,age\n55000,Paris,4\n"])
    #expect(bench.run("data cars from \"train.csv\" target=price\n" + network), "\(bench.shown)")
    let file = try #require(bench.folder).url.appending(path: "m.safetensors").path
    #expect(bench.run("save net \"\(file)\"\ndelete n\nload net \"\(file)\""), "\(bench.shown)")
    #expect(bench.run("data fresh from \"new.csv\""), "\(bench.shown)")
    #expect(!bench.run("predict fresh"))
    #expect(bench.lastError?.message.contains("Paris") == true, "\(bench.shown)")
    #expect(
      bench.run("reset weights\npredict [1, 0, 1, 0, 2]"), "it has forgotten the columns: \(bench.shown)")
  }

  private let kinds = "a,b,kind\n1,2,cat\n2,1,dog\n5,6,eel\n6,5,eel\n1,1,cat\n2,2,dog\n"

  @Test func classesAreTheirNames() throws {
    let bench = try bench([
      "all.csv": kinds, "two.csv": "b,a,kind\n1,2,dog\n6,5,eel\n2,2,dog\n5,6,eel\n",
      "new.csv": "a,b,kind\n2,1,dog\n5,6,cow\n",
    ])
    #expect(
      bench.run(
        "data t from \"all.csv\"\nnet n\nlayer i input 2\nlayer h dense 16 tanh\nlayer o dense 3 softmax\nconnect all\ntrain t epochs=300 rate=0.3\nassert accuracy == 1"
      ), "\(bench.shown)")
    #expect(bench.run("data u from \"two.csv\"\nevaluate u\nassert accuracy == 1"), "\(bench.shown)")
    #expect(bench.run("plot confusion u") && bench.shown.contains("4 of 4"), "\(bench.shown)")
    #expect(bench.run("predict u") && !bench.shown.contains("wrong"), "\(bench.shown)")
    #expect(bench.run("train u epochs=1 rate=0.0001\nevaluate t\nassert accuracy == 1"), "\(bench.shown)")
    #expect(
      bench.run("data v from \"new.csv\"\npredict v") && bench.shown.contains("wrong"), "\(bench.shown)")
    #expect(!bench.run("evaluate v"))
    #expect(bench.lastError?.code == .unknownClass)
    #expect(!bench.run("train v"))
    #expect(bench.lastError?.code == .unknownClass)
  }

  @Test(arguments: ["softmax", "sigmoid", "scaled"]) func classesAreCountedFromAnywhere(_ kind: String) throws
  {
    let bench = Bench()
    let isOne = kind == "sigmoid"
    let rows =
      isOne
      ? "1 2 -> 2; 2 3 -> 4; 3 1 -> 2; 4 4 -> 4"
      : "1 2 -> 1; 2 1 -> 1; 4 5 -> 2; 5 4 -> 2; 8 9 -> 3; 9 8 -> 3"
    #expect(bench.run("data w { \(rows) }\(kind == "scaled" ? "\nprepare w" : "")"))
    #expect(
      bench.run(
        "net n\nlayer i input 2\nlayer h dense 8 tanh\nlayer o dense \(isOne ? "1 sigmoid" : "3 softmax")\nconnect all\nevaluate w\ntrain w epochs=400 rate=0.3\nevaluate w\nassert accuracy > 0.7"
      ), "\(bench.shown)")
    #expect(bench.run("predict w") && bench.shown.contains("predicted"), "\(bench.shown)")
    if !isOne {
      #expect(!bench.run("data v { 1 2 -> 1; 2 2 -> 2; 3 3 -> 3; 4 4 -> 4 }\nreset weights\ntrain v"))
      #expect(bench.lastError?.message.contains("4 different values: 1, 2, 3, 4") == true, "\(bench.shown)")
    }
  }

  @Test func irisWithItsPetalsFirst() throws {
    let bench = Bench()
    #expect(
      bench.run(
        "data iris\nprepare iris\nnet n\nlayer i input 4\nlayer o dense 3 softmax\nconnect all\ntrain iris epochs=30 rate=0.1\nevaluate iris\na = accuracy\nl = loss"
      ), "\(bench.shown)")
    #expect(
      bench.run(
        "data s from iris features=[petal_length, petal_width, sepal_length, sepal_width]\nevaluate s"),
      "\(bench.shown)")
    #expect(bench.shown.contains("by their names"))
    #expect(bench.run("assert accuracy == a and loss == l"))
  }
}
