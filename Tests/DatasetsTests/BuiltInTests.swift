import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite struct BuiltInTests {
  @Test func allAreThere() throws {
    let sizes = [
      "xor": (4, 2), "and": (4, 2), "or": (4, 2), "nand": (4, 2), "iris": (150, 4), "digits": (1797, 64),
      "breast_cancer": (569, 30), "exam": (3, 2), "air_passengers": (144, 1),
      "sunspots": (309, 1),
    ]
    #expect(Set(BuiltInSets.names) == Set(sizes.keys))
    for (name, (rows, width)) in sizes {
      let data = try #require(try BuiltInSets.load(name))
      #expect(data.name == name)
      #expect((data.rows, data.inputWidth) == (rows, width))
    }
    #expect(try BuiltInSets.load("no") == nil)
  }

  @Test func irisAsPublished() throws {
    let iris = try #require(try BuiltInSets.load("iris"))
    #expect(iris.classes == ["setosa", "versicolor", "virginica"])
    #expect(iris.inputNames == ["sepal_length", "sepal_width", "petal_length", "petal_width"])
    #expect(Array(iris.inputs(ofRow: 0)) == [5.1, 3.5, 1.4, 0.2])
    #expect(iris.inputs(ofRow: 149).last == 1.8)
    #expect(DatasetParts(train: iris).counts[0].classes?.map(\.rows) == [50, 50, 50])
  }

  @Test func digitsAsPublished() throws {
    let digits = try #require(try BuiltInSets.load("digits"))
    #expect(digits.inputShape == [8, 8, 1])
    #expect(Array(digits.inputs(ofRow: 0).prefix(6)) == [0, 0, 5, 13, 9, 1])
    #expect(
      DatasetParts(train: digits).counts[0].classes?.map(\.rows) == [
        178, 182, 177, 183, 181, 182, 181, 179, 174, 180,
      ])
    #expect(digits.inputs.max() == 16)
  }

  @Test func cancerAsPublished() throws {
    let data = try #require(try BuiltInSets.load("breast_cancer"))
    #expect(data.classes == ["benign", "malignant"])
    #expect(DatasetParts(train: data).counts[0].classes?.map(\.rows) == [357, 212])
    #expect(data.inputs(ofRow: 0).first == 17.99)
    let eleven = try data.selecting(features: .first(11))
    #expect(eleven.inputNames.first == "mean_radius")
    #expect(eleven.inputNames.last == "radius_error")
    #expect(eleven.inputs(ofRow: 568).first == 7.76)
  }
}
