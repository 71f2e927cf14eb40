import Foundation
import Testing

@Suite struct LibraryTests {
  @Test("A start loads no library that only one command needs")
  func start() throws {
    // The dynamic loader lists what it would load, and starts nothing.
    let lines = try Program.run([], variables: ["LD_TRACE_LOADED_OBJECTS": "1"]).output.split(separator: "\n")
    let names = lines.compactMap { $0.split(separator: " ").first?.trimmingCharacters(in: .whitespaces) }
    #expect(names.contains { $0.hasPrefix("libc.so") })
    for name in ["libcurl", "libpng", "libzmq", "libssl", "libcrypto"] {
      #expect(!names.contains { $0.hasPrefix(name) }, "a start loads \(name)")
    }
  }
}
