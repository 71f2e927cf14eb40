import Testing

@testable import Foundations

@Suite struct OptionalLibraryTests {
  @Test func oneThatIsMissingIsToldWithItsPackage() {
    let library = OptionalLibrary(
      name: "libnothing", purpose: "this test", package: "libnothing9", files: ["libnothing.so.9"])
    #expect(
      throws: CodedError(
        .missingLibrary,
        "The library libnothing, which nbs needs for this test, is not installed. On Debian: apt-get install libnothing9",
        suggestion: "apt-get install libnothing9")
    ) { try library.load() }
  }

  @Test func theFirstFileThatIsThereCounts() throws {
    let library = OptionalLibrary(
      name: "libm", purpose: "this test", package: "libc6", files: ["libnothing.so.9", "libm.so.6"])
    let loaded = try library.load()
    _ = try loaded.address(of: "fma")
    #expect(throws: CodedError.self) { try loaded.address(of: "no_such_function") }
  }
}
