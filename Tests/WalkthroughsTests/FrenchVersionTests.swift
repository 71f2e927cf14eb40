import Localization
import Notebooks
import Testing

@testable import Walkthroughs

/// The French versions of the walkthroughs, each beside the one that it is a version of.
@Suite struct FrenchVersionTests {
  private static let versions = Library.names.filter { $0.hasPrefix("fr/") }

  @Test("A French version has the cells, the exercises and the place of its original", arguments: versions)
  func mirrors(name: String) throws {
    let version = try #require(Library.builtIn(name))
    let original = try #require(Library.builtIn(String(name.dropFirst(3))), "\(name)")
    #expect(version.notebook.header.lang == "fr" && version.language == .french)
    #expect(version.title != original.title, "\(name)")
    #expect(version.notebook.header["order"] == original.notebook.header["order"], "\(name)")
    #expect(version.exercises.count == original.exercises.count, "\(name)")
    #expect(Self.roles(of: version) == Self.roles(of: original), "\(name)")
  }

  /// What the cells of code are for, in order.
  private static func roles(of walkthrough: Walkthrough) -> [String] {
    walkthrough.notebook.cells.filter { $0.kind == .code }.map { "\($0.role.map { "\($0)" } ?? "code")" }
  }

  @Test func eachWalkthroughOfTheFirstHourHasOne() {
    let names = Set(Self.versions)
    for name in ["tour", "neuron", "xor", "three-lines", "gradient-descent", "iris"] {
      #expect(names.contains("fr/" + name), "fr/\(name)")
    }
  }
}
