import Foundation
import PackagePlugin

/// Puts the notebooks of `notebooks/` and `notebooks/fr/` into the program, so that a binary that is copied
/// somewhere else still has its walkthroughs.
@main
struct EmbedNotebooks: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let folder = context.package.directoryURL.appending(path: "notebooks")
    let notebooks = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".nbs") }.sorted()
    let output = context.pluginWorkDirectoryURL.appending(path: "BuiltInNotebooks.swift")
    return [
      .buildCommand(
        displayName: "Embedding the walkthroughs",
        executable: try context.tool(named: "NotebookEmbedder").url,
        arguments: [output.path, folder.path] + notebooks,
        inputFiles: notebooks.map { folder.appending(path: $0) }, outputFiles: [output])
    ]
  }
}
