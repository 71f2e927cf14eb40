import Diagnostics
public import JSON

/// The `.ipynb` format of Jupyter, nbformat 4.5.
///
/// A notebook goes to `.ipynb` and back without loss, spelling included: what Jupyter has no place for goes
/// into the metadata under `nbs`. What Jupyter knows and nbs does not goes into a cell's `jupyter={…}` and the
/// header's `jupyter:`. Outputs come from a run, so they are written and not read.
public enum IPYNB {
  /// Reads a `.ipynb` file.
  ///
  /// - Parameters:
  ///   - bytes: the file as it is.
  ///   - name: what messages call it.
  ///   - acceptingAnyLanguage: takes a notebook written for another kernel too, its code as it stands.
  public static func read(
    _ bytes: some Collection<UInt8>, name: String, acceptingAnyLanguage: Bool = false
  ) -> NotebookReading {
    switch FileText.decode(bytes, name: name) {
    case .success(let file): IPYNBReader.read(file, acceptingAnyLanguage: acceptingAnyLanguage)
    case .failure(let error): NotebookReading(notebook: nil, diagnostics: [error])
    }
  }

  /// What tells Jupyter's programs how to colour cells. An editor that does not know nbs does well with Python's
  /// comments, texts and numbers.
  public static let languageInfo = JSONValue.members([
    "codemirror_mode": .members(["name": "nbs", "mimetype": "text/x-python"]), "file_extension": ".nbs",
    "mimetype": "text/x-nbs", "name": "nbs", "pygments_lexer": "nbs",
  ])

  /// The notebook as a `.ipynb` file.
  ///
  /// - Parameter outputs: what cells put out, under the cells' ids.
  public static func write(_ notebook: Notebook, outputs: [String: CellOutputs] = [:]) -> String {
    let json = JSONValue.members([
      "cells": .array(notebook.cells.map { IPYNBCell.json(of: $0, in: notebook, outputs[$0.id]) }),
      "metadata": IPYNBMetadata.json(of: notebook.header),
      "nbformat": .number("4"),
      "nbformat_minor": .number("5"),
    ])
    return json.indented() + "\n"
  }
}
