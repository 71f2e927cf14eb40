// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that building nbs does not build its benchmarks.
let package = Package(
  name: "nbs-benchmarks",
  dependencies: [.package(name: "nbs", path: "..")],
  targets: [
    .executableTarget(
      name: "bench",
      dependencies: [.product(name: "NBSKit", package: "nbs")],
      swiftSettings: [.enableUpcomingFeature("ExistentialAny")]),
    .executableTarget(
      name: "fuzz",
      dependencies: [.product(name: "NBSKit", package: "nbs")],
      swiftSettings: [.enableUpcomingFeature("ExistentialAny")]),
  ]
)
