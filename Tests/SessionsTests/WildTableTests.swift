import Datasets
import Diagnostics
import Foundation
import Testing

@testable import Sessions

/// Tables in the shapes of well-known public ones are read, learned from and predicted into a file, with one option at
/// most besides the target.
@Suite struct WildTableTests {
  struct Table: CustomTestStringConvertible {
    let file: String
    var options = ""
    var rows = 24
    /// The columns of inputs.
    let inputs: Int
    let target: String
    /// The classes; nil for an amount, 0 for as many as there are numbers.
    var classes: Int?
    /// A part of what is said of the file.
    let said: String

    var testDescription: String { file + options }
  }

  static let tables = [
    Table(
      file: "adult.data", options: " missing=drop", rows: 21, inputs: 14, target: "column15", classes: 2,
      said: "no header"),
    Table(
      file: "auto-mpg.data", options: " missing=drop", rows: 21, inputs: 8, target: "column9", classes: 3,
      said: "separated by blanks"),
    Table(file: "housing.data", inputs: 13, target: "column14", said: "separated by blanks, no header"),
    Table(file: "iris.data", inputs: 4, target: "column5", classes: 3, said: "3 classes"),
    Table(
      file: "wine.data", options: " target=column1", inputs: 4, target: "column1", classes: 0,
      said: "no header"),
    Table(
      file: "winequality-red.csv", inputs: 5, target: "quality", classes: 0,
      said: "semicolon-separated, header"),
    Table(
      file: "breast-cancer-wisconsin.data", options: " missing=drop", rows: 21, inputs: 10,
      target: "column11", classes: 0, said: "no header"),
    Table(
      file: "wdbc.data", options: " target=column2", inputs: 11, target: "column2", classes: 2,
      said: "2 classes"),
    Table(
      file: "breast-cancer-kaggle.csv", options: " target=diagnosis", inputs: 4, target: "diagnosis",
      classes: 2, said: "header"),
    Table(
      file: "house-prices.csv", options: " missing=mean", inputs: 7, target: "SalePrice", said: "categorical"),
    Table(file: "abalone.data", inputs: 8, target: "column9", said: "1 categorical (column1 3)"),
    Table(
      file: "car.data", options: " categorical=[column3, column4]", inputs: 6, target: "column7", classes: 3,
      said: "6 categorical"),
    Table(
      file: "agaricus-lepiota.data", options: " missing=drop", rows: 21, inputs: 5, target: "column6",
      classes: 2, said: "no header"),
    Table(file: "pima-indians-diabetes.csv", inputs: 8, target: "column9", classes: 0, said: "8 numeric"),
    Table(
      file: "processed.cleveland.data", options: " missing=drop", rows: 21, inputs: 5, target: "column6",
      classes: 0, said: "no header"),
    Table(
      file: "penguins.csv", options: " target=species missing=drop", rows: 19, inputs: 5, target: "species",
      classes: 3, said: "island 2"),
    Table(file: "insurance.csv", inputs: 6, target: "charges", said: "3 categorical"),
    Table(file: "bank-full.csv", inputs: 6, target: "y", classes: 2, said: "semicolon-separated"),
    Table(file: "student-mat.csv", inputs: 6, target: "G3", said: "semicolon-separated"),
    Table(file: "forestfires.csv", inputs: 7, target: "area", said: "month 3"),
    Table(file: "day.csv", options: " drop=dteday", inputs: 5, target: "cnt", said: "left out: dteday"),
    Table(
      file: "concrete.csv", inputs: 4, target: "Concrete compressive strength(MPa, megapascals)",
      said: "4 numeric"),
    Table(file: "seeds_dataset.txt", inputs: 4, target: "column5", classes: 0, said: "separated by blanks"),
    Table(file: "glass.data", inputs: 5, target: "column6", classes: 0, said: "5 numeric"),
    Table(file: "ecoli.data", inputs: 5, target: "column6", classes: 3, said: "separated by blanks"),
    Table(file: "sonar.all-data", inputs: 20, target: "column21", classes: 2, said: "20 numeric"),
    Table(
      file: "AirQualityUCI.csv", options: " drop=[Date, Time]", inputs: 3, target: "T", said: "decimal comma"),
    Table(file: "diamonds.csv", inputs: 4, target: "price", said: "left out: column 1"),
    Table(file: "mtcars.csv", inputs: 5, target: "wt", said: "column1 24"),
    Table(
      file: "california-housing.csv", options: " missing=mean", inputs: 5, target: "ocean_proximity",
      classes: 3, said: "header"),
    Table(
      file: "telco-churn.csv", options: " missing=drop", rows: 21, inputs: 6, target: "Churn", classes: 2,
      said: "gender 2"),
    Table(file: "german.data", inputs: 5, target: "column6", classes: 0, said: "separated by blanks"),
    Table(
      file: "sales.csv", options: " drop=\"Order Date\"", inputs: 4, target: "Revenue",
      said: "12% read as 0.12, signs of currency left out"),
  ]

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "DatasetsTests/Fixtures/wild").path

  @Test func thirtyShapesAreThere() { #expect(Self.tables.count >= 30) }

  @Test(arguments: tables) func isReadLearnedAndExported(_ table: Table) throws {
    let bench = Bench()
    let folder = try Folder()
    #expect(bench.run("data t from \"\(Self.folder)/\(table.file)\"\(table.options)"), "\(bench.shown)")
    #expect(bench.shown.replacing("\n", with: " ").contains(table.said), "\(bench.shown)")
    let set = try #require(bench.session.state.data["t"]).set
    #expect(
      set.rows == table.rows && set.inputColumns.count == table.inputs && set.targetNames == [table.target],
      "\(bench.shown)")
    if let classes = table.classes, classes > 0 { #expect(set.classes?.count == classes) }
    let outputs = table.classes.map { $0 == 0 ? Set(set.targets).count : $0 }
    let layer = outputs.map { "dense \($0) softmax" } ?? "dense 1"
    #expect(
      bench.run(
        "prepare t\nnet n\nlayer i input \(set.inputWidth)\nlayer o \(layer)\nconnect all\ntrain t epochs=2\nevaluate t"
      ),
      "\(bench.shown)")
    let path = folder.url.appending(path: "p.csv").path
    #expect(bench.run("save predictions \"\(path)\""), "\(bench.shown)")
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == table.rows + 1 && lines[0].contains("predicted"), "\(lines.prefix(2))")
    // What was written is a table again.
    #expect(bench.run("data p from \"\(path)\" features=predicted target=none"), "\(bench.shown)")
  }

  /// Kaggle's two tables: a network that was trained on one predicts the other, which has no answers.
  @Test func titanic() throws {
    let bench = Bench()
    let folder = try Folder()
    #expect(
      bench.run(
        """
        data known from "\(Self.folder)/titanic-train.csv" target=Survived drop=[PassengerId, Name, Ticket, Cabin] missing=mean
        prepare known
        net n
        layer i input 10
        layer o dense 1 sigmoid
        connect all
        train known epochs=5
        """), "\(bench.shown)")
    let path = folder.url.appending(path: "answers.csv").path
    #expect(
      bench.run(
        """
        data fresh from "\(Self.folder)/titanic-test.csv" drop=[PassengerId, Name, Ticket, Cabin] missing=mean
        save predictions "\(path)" data=fresh columns=PassengerId
        """), "\(bench.shown)")
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(
      lines.count == 25 && lines[0] == "PassengerId,predicted,p_0,p_1" && lines[1].hasPrefix("892,"),
      "\(lines.prefix(3))")
  }
}
