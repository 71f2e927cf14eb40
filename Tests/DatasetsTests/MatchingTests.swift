import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite("Columns of a second table")
struct MatchingTests {
  private let cars = Dataset(
    name: "cars", rows: 3, storage: .doubles([3, 0, 1, 42, 5, 1, 0, 80, 1, 1, 0, 9]),
    inputColumns: [DataColumn("age"), DataColumn("city", levels: ["Oslo", "Rome"]), DataColumn("km")],
    targets: [8, 5, 14], targetColumns: [DataColumn("price")])

  private func table(
    _ columns: [DataColumn], _ values: [Double], rows: Int, targets: [Double] = [],
    _ target: [DataColumn] = []
  ) -> Dataset {
    Dataset(
      name: "fresh", rows: rows, storage: .doubles(values), inputColumns: columns, targets: targets,
      targetColumns: target)
  }

  @Test func columnsMayComeInAnyOrder() throws {
    let fresh = table(
      [
        DataColumn("km"), DataColumn("colour", levels: ["red"]), DataColumn("AGE"),
        DataColumn("city", levels: ["Rome"]),
      ],
      [55, 1, 4, 1, 20, 1, 2, 1], rows: 2, targets: [1, 2], [DataColumn("price")])
    let matched = try DataSchema(of: cars).match(fresh, for: "n")
    #expect(matched.data.inputs == [4, 0, 1, 55, 2, 0, 1, 20])
    #expect(matched.data.targets == [1, 2])
    #expect(matched.data.inputNames == cars.inputNames)
    #expect(matched.note?.contains("age, city, km") == true)
  }

  @Test func aTableAsItWasIsLeftAlone() throws {
    let matched = try DataSchema(of: cars).match(cars, for: "n")
    #expect(matched.data == cars && matched.note == nil && matched.inputSources == nil)
  }

  @Test func anUnknownWordIsNamed() throws {
    let fresh = table(
      [DataColumn("age"), DataColumn("city", levels: ["Oslo", "Paris"]), DataColumn("km")],
      [4, 1, 0, 55, 2, 0, 1, 20], rows: 2)
    let error = #expect(throws: CodedError.self) { try DataSchema(of: cars).match(fresh, for: "n") }
    #expect(error?.code == .unknownCategory)
    for word in ["Row 2", "`fresh`", "`Paris`", "`city`", "`Oslo`, `Rome`"] {
      #expect(error?.message.contains(word) == true, "\(word) in \(error?.message ?? "")")
    }
    // A category for words to come takes them, and one that is merely called so does not.
    func towns(groupsOthers: Bool) -> Dataset {
      let city = DataColumn("city", levels: ["Oslo", "other"], groupsOthers: groupsOthers)
      return Dataset(
        name: "cars", rows: 1, storage: .doubles([3, 0, 1, 42]),
        inputColumns: [DataColumn("age"), city, DataColumn("km")])
    }
    let open = DataSchema(of: towns(groupsOthers: true))
    #expect(try open.match(fresh, for: "n").data.inputs == [4, 1, 0, 55, 2, 0, 1, 20])
    let closed = DataSchema(of: towns(groupsOthers: false))
    #expect(throws: CodedError.self) { try closed.match(fresh, for: "n") }
  }

  @Test func missingValuesOfASecondTableAreTheMeansOfTheFirst() throws {
    let fresh = Dataset(
      name: "fresh", rows: 2, storage: .doubles([55, 0.5, 0.5, 9, 20, 1, 0, 9]),
      inputColumns: [DataColumn("km"), DataColumn("city", levels: ["Oslo", "Paris"]), DataColumn("age")],
      filled: [1, 2, 3, 7])
    let trained = Dataset(
      name: "cars", rows: 4, storage: .doubles([3, 1, 0, 42, 5, 1, 0, 42, 3, 1, 0, 42, 7, 0, 1, 42]),
      inputColumns: [DataColumn("age"), DataColumn("city", levels: ["Oslo", "Rome"]), DataColumn("km")])
    let schema = DataSchema(of: trained)
    #expect(schema.inputs?.map(\.means) == [[4.5], [0.75, 0.25], [42]])
    let matched = try schema.match(fresh, for: "n")
    #expect(matched.data.inputs == [4.5, 0.75, 0.25, 55, 4.5, 1, 0, 20])
    #expect(matched.note?.contains("means") == true)
    // In place as well.
    let same = Dataset(
      name: "fresh", rows: 1, storage: .doubles([9, 1, 0, 20]), inputColumns: trained.inputColumns,
      filled: [0])
    #expect(try schema.match(same, for: "n").data.inputs == [4.5, 1, 0, 20])
  }

  @Test func aMistypedHeaderNamesTheNearestColumn() {
    let fresh = table(
      [DataColumn("age"), DataColumn("ctiy", levels: ["Oslo"]), DataColumn("km")], [4, 1, 55], rows: 1)
    let error = #expect(throws: CodedError.self) { try DataSchema(of: cars).match(fresh, for: "n") }
    #expect(error?.message.contains("`ctiy` may be `city`") == true, "\(error?.message ?? "")")
  }

  @Test func aMissingColumnIsNamed() {
    let fresh = table([DataColumn("age"), DataColumn("km")], [1, 2], rows: 1)
    let error = #expect(throws: CodedError.self) { try DataSchema(of: cars).match(fresh, for: "n") }
    #expect(error?.code == .unknownColumn && error?.message.contains("no column `city`") == true)
  }

  @Test func numbersAndWordsAreNotConfused() {
    let fresh = table(
      [DataColumn("age", levels: ["old"]), DataColumn("city", levels: ["Oslo"]), DataColumn("km")],
      [1, 1, 5], rows: 1)
    #expect(throws: CodedError.self) { try DataSchema(of: cars).match(fresh, for: "n") }
  }

  @Test func classesAreMatchedByName() throws {
    let flowers = table(
      [DataColumn("a")], [1, 2, 3], rows: 3, targets: [0, 1, 2],
      [DataColumn("kind", levels: ["cat", "dog", "eel"])])
    let schema = DataSchema(of: flowers)
    let two = table(
      [DataColumn("a")], [1, 2], rows: 2, targets: [0, 1], [DataColumn("kind", levels: ["dog", "eel"])])
    #expect(try schema.match(two, for: "n").data.targets == [1, 2])
    #expect(try schema.match(two, for: "n").data.classes == ["cat", "dog", "eel"])
    let cow = table(
      [DataColumn("a")], [1, 2], rows: 2, targets: [0, 1], [DataColumn("kind", levels: ["cat", "cow"])])
    let error = #expect(throws: CodedError.self) { try schema.match(cow, for: "n") }
    #expect(error?.code == .unknownClass && error?.message.contains("`cow`") == true)
    #expect(try schema.match(cow, for: "n", targets: .ignored).data == cow)
    // The target may have been read as an input.
    let read = table([DataColumn("kind", levels: ["eel"]), DataColumn("a")], [1, 7], rows: 1)
    let found = try schema.match(read, for: "n").data
    #expect(found.targets == [2] && found.inputs == [7])
  }

  @Test func numbersMayBeTheNamesOfClasses() throws {
    let wine = table([DataColumn("a")], [1, 2, 3], rows: 3, targets: [1, 3, 2], [DataColumn("kind")])
    let named = try #require(wine.takingTargetsForClasses(3))
    #expect(named.classes == ["1", "2", "3"] && named.targets == [0, 2, 1])
    #expect(wine.takingTargetsForClasses(2) == nil)
    let part = table([DataColumn("a")], [1], rows: 1, targets: [3], [DataColumn("kind")])
    #expect(try DataSchema(of: named).match(part, for: "n").data.targets == [2])
  }

  @Test func withoutNamesColumnsGoByPosition() throws {
    let rows = try Dataset(name: "fresh", inputs: [[4, 1, 0, 55]], targets: [[3]])
    #expect(try DataSchema(of: cars).match(rows, for: "n").data.inputs == [4, 1, 0, 55])
    #expect(DataSchema(of: rows).inputs == nil)
  }

  /// Trained on arrays cut out of a set of images, and evaluated on the set itself.
  @Test func numbersOfClassesInArraysArePlaces() throws {
    let cut = try Dataset(name: "few", inputs: [[0, 1], [1, 0]], targets: [[1], [0]])
    let images = Dataset(
      name: "images", rows: 2, storage: .doubles([0, 1, 1, 0]), inputColumns: DataColumn.numbers("x", 2),
      inputShape: [1, 2, 1], targets: [1, 0],
      targetColumns: [DataColumn("item", levels: ["shirt", "shoe"])])
    let matched = try DataSchema(of: cut).match(images, for: "n")
    #expect(matched.data == images && matched.targetSources == nil)
  }

  @Test func scalesFollowTheirColumns() throws {
    let fresh = table(
      [DataColumn("km"), DataColumn("age"), DataColumn("city", levels: ["Rome"])], [55, 4, 1, 20, 2, 1],
      rows: 2,
      targets: [1, 2], [DataColumn("price")])
    let preparation = try Preparation.fitted(to: fresh, .minmax)
    let matched = try DataSchema(of: cars).match(fresh, for: "n")
    let scaled = matched.match(preparation).apply(to: matched.data)
    #expect(scaled.inputs == [1, 0, 0, 1, 0, 0, 0, 0])
    #expect(scaled.targets == preparation.apply(toTargets: [1, 2]))
  }
}
