// swift-tools-version: 6.2
import PackageDescription

// CI sets NBS_STRICT so that a warning fails the build there, and nowhere else: a newer compiler's new
// warning must not keep a user from building.
let strict = Context.environment["NBS_STRICT"] != nil

// Tests use internal names, in a release build too: they are compiled against the modules of the program. `swift test -c release`
// would add the flag once more and compile those anew; `--disable-testable-imports` keeps it from that.
let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags(["-enable-testing"], .when(configuration: .release)),
  ] + (strict ? [.treatAllWarnings(as: .error)] : [])

// The optimizer takes four fifths of a module's time in a release build. The front ends, which come last and wait for people and
// files, and the tests are compiled without it, and then not gone through once more for what others import.
let unoptimized =
  settings + [.unsafeFlags(["-Onone", "-no-emit-module-separately-wmo"], .when(configuration: .release))]

// Swift's libraries are part of a release build of the program, which needs no Swift where it runs and starts sooner for it. The
// option `--static-swift-stdlib` does the same and then compiles each module anew for the tests, which have to load those libraries.
// Those of Foundation that are named here are what its others need.
let linuxRelease = BuildSettingCondition.when(platforms: [.linux], configuration: .release)
let staticRuntime: [LinkerSetting] =
  [.unsafeFlags(["-static-stdlib"], linuxRelease)]
  + ["CoreFoundation", "_FoundationCollections", "_FoundationCShims", "_FoundationICU"]
  .map { .linkedLibrary($0, linuxRelease) }

/// A target of `Sources/<name>`.
///
/// - Parameter after: what is no dependency of the sources, but is to be compiled before them. Of what is ready SwiftPM takes the
///   last by name, and files in C when all else is done, which kept the longest way waiting.
func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], after: [Target.Dependency] = [],
  _ settings: [SwiftSetting] = settings
) -> Target {
  .target(name: name, dependencies: dependencies + after, swiftSettings: settings)
}

/// The tests of a target, in `Tests/<name>Tests`. They find their fixtures by `#filePath`, so the folders that
/// hold them are no business of the build's.
func tests(
  of name: String, with dependencies: [Target.Dependency] = [], fixtures: [String] = []
) -> Target {
  .testTarget(
    name: name + "Tests",
    dependencies: [.target(name: name), "TestSupport"] + dependencies,
    exclude: fixtures,
    swiftSettings: unoptimized)
}

let package = Package(
  name: "nbs",
  products: [
    .executable(name: "nbs", targets: ["nbs"]),
    // What a program needs to run sessions of its own; Benchmarks/ is one.
    .library(
      name: "NBSKit",
      targets: [
        "Sessions", "Outputs", "Rendering", "Notebooks", "Diagnostics", "NeuralEngine", "CKernelLevels",
      ]),
  ],
  traits: [
    .default(enabledTraits: ["Readline"]),
    .trait(name: "Readline", description: "The prompt on GNU Readline: a binary is covered by the GPL-3.0."),
    .trait(name: "Libedit", description: "The prompt on libedit, under the BSD licence."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    module("SystemLibrary"),
    module("Foundations", ["SystemLibrary", "CNettle"]),
    module("Localization"),
    // Else Plotting and Notebooks may be taken before the engine.
    module("Diagnostics", ["Foundations", "Localization"], after: ["NetworkSchema"]),
    module("Formulas", ["Diagnostics"]),
    // The engine waits for the one C file of CKernels.
    module("NetworkSchema", ["Foundations"], after: ["CKernels"]),
    // The kernels' interface, which the engine is compiled against, and the kernels themselves, which take the C compiler a minute
    // and are wanted by the linker alone: as a target of their own they are compiled beside the engine, not before it.
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-Wall", "-Wextra"])]),
    // -O3 in debug builds as well: a test of the kernels' bits would take hours without. What debuggers want to know is a fifth of the
    // compiler's time. Interchange is no dependency of the sources: it keeps SwiftPM from beginning with these files, which would
    // hold up the longest way, from the engine to the sessions; in an optimized build they are compiled beside Sessions, whose
    // optimizer leaves a core idle.
    .target(
      name: "CKernelLevels", dependencies: ["CKernels", "Interchange"],
      cSettings: [
        .headerSearchPath("../CKernels"), .unsafeFlags(["-O3", "-g0", "-Wall", "-Wextra", "-Wno-psabi"]),
      ]),
    .target(name: "CConfinement", cSettings: [.unsafeFlags(["-Wall", "-Wextra"])]),
    module("Language", ["Foundations", "Localization", "Diagnostics", "NetworkSchema"]),
    module("NeuralEngine", ["SystemLibrary", "Foundations", "CKernels", "NetworkSchema"]),
    module("ByteStreams", ["SystemLibrary", "Foundations", "CZlib"]),
    module("Datasets", ["Foundations", "Diagnostics", "NeuralEngine"]),
    .target(
      name: "DataFiles",
      dependencies: [
        "SystemLibrary", "Foundations", "NeuralEngine", "JSON", "ByteStreams", "Datasets", "CPNG", "CCurl",
      ],
      exclude: ["BuiltIn/make_builtin.py"],
      swiftSettings: settings),
    module("JSON"),
    module("SQLite", ["CSQLite"]),
    module("MPI", ["SystemLibrary", "Foundations", "NeuralEngine"]),
    module(
      "ModelFiles", ["Foundations", "JSON", "NetworkSchema", "ByteStreams", "NeuralEngine", "Datasets"]),
    module(
      "ONNX",
      ["Foundations", "NetworkSchema", "JSON", "ByteStreams", "NeuralEngine", "Datasets", "ModelFiles"]),
    module(
      "Interchange",
      ["Foundations", "NetworkSchema", "JSON", "ByteStreams", "NeuralEngine", "Datasets", "ModelFiles"]),
    module("Plotting", ["SystemLibrary", "Foundations", "Localization", "Diagnostics"]),
    module("Outputs", ["Diagnostics", "Plotting"]),
    module(
      "Notebooks", ["Foundations", "Localization", "Diagnostics", "JSON"]),
    module(
      "Sessions",
      [
        "SystemLibrary", "Foundations", "Localization", "Diagnostics", "Formulas", "NetworkSchema",
        "Language", "NeuralEngine", "ByteStreams", "Datasets", "DataFiles", "JSON", "ModelFiles", "ONNX",
        "Interchange", "Plotting", "Outputs", "Notebooks",
      ]),
    // Else this module and Runs are taken before Datasets. Once Language is compiled, a core has nothing else to do.
    module(
      "Rendering",
      [
        "Foundations", "Localization", "Diagnostics", "Formulas", "JSON", "Outputs", "Plotting", "Notebooks",
      ], after: ["Language"]),
    module(
      "Runs",
      [
        "SystemLibrary", "Foundations", "Diagnostics", "Plotting", "Outputs", "JSON", "Notebooks",
        "Rendering", "SQLite",
      ]),
    module(
      "Runner",
      [
        "SystemLibrary", "Foundations", "Localization", "Diagnostics", "NetworkSchema", "JSON", "Language",
        "NeuralEngine",
        "Notebooks", "Outputs", "Sessions", "Rendering", "Runs",
      ], unoptimized),
    module(
      "Terminal",
      ["SystemLibrary", "Foundations", "Localization", "Diagnostics", "Outputs", "Sessions", "Rendering"],
      unoptimized
    ),
    .target(
      name: "Walkthroughs",
      dependencies: [
        "SystemLibrary", "Foundations", "Localization", "Diagnostics", "Notebooks", "Outputs", "Sessions",
        "Runner",
        "CConfinement",
      ],
      swiftSettings: unoptimized, plugins: ["EmbedNotebooks"]),
    .executableTarget(name: "NotebookEmbedder", swiftSettings: settings),
    .plugin(name: "EmbedNotebooks", capability: .buildTool(), dependencies: ["NotebookEmbedder"]),
    module(
      "REPL",
      [
        "Foundations", "Localization", "Diagnostics", "Language", "Notebooks", "Sessions", "Outputs",
        "Rendering", "Runs",
        "Runner",
        "Terminal", "Walkthroughs",
        .target(name: "CReadline", condition: .when(traits: ["Readline"])),
        .target(name: "CLibedit", condition: .when(traits: ["Libedit"])),
      ], unoptimized),
    module(
      "Jupyter",
      [
        "SystemLibrary", "Foundations", "Diagnostics", "Language", "JSON", "Notebooks", "Outputs", "Plotting",
        "Sessions",
        "Rendering", "Runner", "Terminal", "REPL",
      ], unoptimized),
    .executableTarget(
      name: "nbs",
      dependencies: [
        "CKernelLevels", "Foundations", "Localization", "Diagnostics", "JSON", "Jupyter", "Language", "MPI",
        "NeuralEngine", "Notebooks", "Outputs", "Rendering", "REPL", "Runner", "Runs", "Sessions", "Terminal",
        "Walkthroughs",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: unoptimized, linkerSettings: staticRuntime),
    .target(
      name: "TestSupport", dependencies: ["NeuralEngine"], path: "Tests/Support", swiftSettings: unoptimized),
    .testTarget(
      name: "CKernelsTests", dependencies: ["CKernels", "CKernelLevels"], exclude: ["Fixtures"],
      swiftSettings: unoptimized),
    tests(of: "Foundations"),
    tests(of: "Localization", with: ["Foundations"]),
    tests(of: "Diagnostics", with: ["Foundations"]),
    tests(of: "Formulas"),
    tests(of: "MPI", with: ["Foundations"]),
    tests(of: "NetworkSchema"),
    tests(of: "Language", with: ["Foundations", "Diagnostics", "NetworkSchema"]),
    tests(of: "NeuralEngine", with: ["Foundations"], fixtures: ["Fixtures"]),
    // Nearly all of them begin with a text that is read as a table, so they are those of the readers too.
    tests(
      of: "Datasets", with: ["Foundations", "NeuralEngine", "ByteStreams", "DataFiles", "CZlib"],
      fixtures: ["Fixtures"]),
    tests(of: "JSON"),
    tests(of: "SQLite"),
    tests(of: "ModelFiles", with: ["Foundations", "JSON", "NeuralEngine", "Datasets"]),
    tests(
      of: "Interchange", with: ["Foundations", "NeuralEngine", "Datasets", "ModelFiles", "ONNX"],
      fixtures: ["Fixtures"]),
    tests(of: "Plotting", with: ["Foundations", "Diagnostics"], fixtures: ["Golden"]),
    .testTarget(
      name: "NotebooksTests",
      dependencies: ["Foundations", "Notebooks", "JSON", "Diagnostics", "TestSupport"],
      resources: [.copy("Fixtures"), .copy("validate_ipynb.py")], swiftSettings: unoptimized),
    tests(
      of: "Sessions",
      with: [
        "Foundations", "Localization", "Diagnostics", "Language", "ModelFiles", "NetworkSchema",
        "NeuralEngine",
        "Notebooks", "Outputs", "Plotting", "Rendering",
      ],
      fixtures: ["Fixtures"]),
    tests(
      of: "Rendering",
      with: ["Foundations", "Localization", "Outputs", "JSON", "Notebooks", "Diagnostics", "Language"]),
    tests(
      of: "Walkthroughs",
      with: [
        "Foundations", "Localization", "Diagnostics", "Formulas", "Language", "Notebooks", "Sessions",
        "Outputs",
      ]),
    tests(
      of: "Runs",
      with: [
        "Foundations", "Outputs", "JSON", "Notebooks", "Rendering", "Diagnostics", "SQLite",
      ]),
    tests(
      of: "Runner",
      with: [
        "Foundations", "Diagnostics", "Language", "Notebooks", "Outputs", "Rendering", "Runs", "Sessions",
      ]),
    tests(of: "Terminal", with: ["Diagnostics", "Outputs", "Rendering"]),
    tests(
      of: "Jupyter",
      with: ["Diagnostics", "JSON", "Language", "Outputs", "REPL", "Sessions"], fixtures: ["clients"]),
    tests(of: "REPL", with: ["Foundations", "Language", "Sessions", "Rendering", "Terminal"]),
    // The walls of ARCHITECTURE.md, and the examples of doc comments.
    .testTarget(
      name: "DocumentationTests",
      dependencies: [
        "DataFiles", "Datasets", "Diagnostics", "Formulas", "Foundations", "Language", "Localization",
        "ModelFiles", "NetworkSchema", "NeuralEngine", "Notebooks", "Outputs", "Plotting", "REPL",
        "Rendering", "Runner", "Runs", "SQLite", "Sessions", "Terminal", "Walkthroughs",
      ],
      swiftSettings: unoptimized),
    // They run the program, which is built along with them. As a dependency it would give its linker settings to all tests.
    .testTarget(name: "nbsTests", dependencies: ["TestSupport"], swiftSettings: unoptimized),
    .systemLibrary(name: "CNettle", providers: [.apt(["nettle-dev"])]),
    .systemLibrary(name: "CReadline", providers: [.apt(["libreadline-dev"])]),
    .systemLibrary(name: "CLibedit", providers: [.apt(["libedit-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
  ]
)
