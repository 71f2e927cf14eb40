// swift-tools-version: 6.2
import PackageDescription

// CI sets NBS_STRICT so that a warning fails the build there, and nowhere else: a newer compiler's new
// warning must not keep a user from building.
let strict = Context.environment["NBS_STRICT"] != nil

let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + (strict ? [.treatAllWarnings(as: .error)] : [])

/// A target of `Sources/<name>`.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of a target, in `Tests/<name>Tests`.
func tests(
  of name: String, with dependencies: [Target.Dependency] = [], exclude: [String] = [],
  resources: [Resource] = []
) -> Target {
  .testTarget(
    name: name + "Tests",
    dependencies: [.target(name: name)] + dependencies,
    exclude: exclude,
    resources: resources,
    swiftSettings: settings)
}

let package = Package(
  name: "nbs",
  products: [
    .executable(name: "nbs", targets: ["nbs"]),
    // What a program needs to run sessions of its own; Benchmarks/ is one.
    .library(name: "NBSKit", targets: ["Sessions", "Outputs", "Diagnostics", "NeuralEngine"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
  ],
  targets: [
    room("Diagnostics"),
    room("Language", ["Diagnostics"]),
    room("NeuralEngine", [.product(name: "RealModule", package: "swift-numerics")]),
    room("Datasets", ["NeuralEngine"]),
    room("Outputs", ["Diagnostics"]),
    room("Plotting", ["Outputs", "Diagnostics"]),
    room("Notebooks", ["Diagnostics", .product(name: "Crypto", package: "swift-crypto")]),
    room("Sessions", ["Diagnostics", "Language", "NeuralEngine", "Datasets", "Outputs", "Notebooks"]),
    room("Rendering", ["Diagnostics", "Outputs", "Plotting", "Notebooks"]),
    room("REPL", ["Diagnostics", "Language", "Sessions", "Outputs", "Rendering", "CReadline"]),
    .executableTarget(
      name: "nbs",
      dependencies: [
        "Diagnostics", "Language", "Notebooks", "Outputs", "Rendering", "REPL", "Sessions",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    tests(of: "NeuralEngine", exclude: ["Fixtures"]),
    .systemLibrary(
      name: "CReadline", providers: [.apt(["libreadline-dev"])]),
  ]
)
