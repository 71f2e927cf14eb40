// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ]

let package = Package(
  name: "nbs",
  dependencies: [
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
  ],
  targets: [
    .target(name: "NeuralEngine", dependencies: [.product(name: "RealModule", package: "swift-numerics")], swiftSettings: settings),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(
      name: "Datasets",
      dependencies: ["NeuralEngine", "CZlib", "CPNG", "CCurl",
        .product(name: "RealModule", package: "swift-numerics"),
        .product(name: "Crypto", package: "swift-crypto")],
      exclude: ["BuiltIn/make_builtin.py"],
      swiftSettings: settings),
    .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "NeuralEngine", "CZlib"], exclude: ["Fixtures"], swiftSettings: settings),
    .executableTarget(name: "probe", dependencies: ["Datasets"], swiftSettings: settings),
  ]
)
