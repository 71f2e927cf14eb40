import Foundation
import Testing

@testable import Notebooks

/// Files that read well, with everything that a person or an editor may do to spelling and spacing.
enum Samples {
  static let tricky: [String] = [
    "", "\n", "  \n\t\n", "a", "a\n", "a\n\n\n", "\n\na = 1\n", "\ta\n\tb\n", "a\rb\n",
    "# a comment\n", "#!/usr/bin/env nbs\na\n", "#!/usr/bin/env nbs\n\n# ---\n# title: x\n# ---\na\n",
    "# ---\n# ---\n", "# ---\n# ---", "# ---  \n# title:\n# ---\t\n\n\n# %%\n",
    "# ---\n# nbs: 1.7\n# title: \"q: \\u00e9\\n\"\n# x-y_z:   spaced   out  \n# é: ü\n# ---\n",
    "# %%", "# %%\n", "# %% \n", "# %%\n# %%\n# %%", "# %%\n\n\n# %%\na\n",
    "a\n# %%\nb\n# %% [markdown]\n# c",
    "# %%   A   title  \ta  \n1\n", "# %% été, 雪, 👩‍👩‍👧‍👦\nx\n", "# %% e\u{301}\nx\n",
    "# %% \"quoted\" title\nx\n", "# %% \"quoted\"\nx\n", "# %% \"quoted=1 [x]\" [raw] a=1\n# x\n",
    "# %% \"\"\nx\n",
    "# %% a == b, x[0] and f(y)=2\nx\n", "# %% [code]\nx\n", "# %% title [code] b.c=1   d=\"x y\"\n",
    "# %% [markdown]\n# a\n#\n# b  \n\n#   c\n#\n# \n\n# %% [raw]\n# d\n",
    "# %% [markdown]\n\n#\n#  indented\n\n",
    "# %% [markdown]\n# \\%% not a cell\n# \\\\%% nor this\n# \\%%x\n",
    "# %%\n# \\%%\n# \\\\%% x\n# %%%\n%%\n # %%\n",
    "# %% id=\"a\"\nx\n# %%\nx\n# %%\nx\n# %%\ny\n",
    "# %% tags=[ \"a\" ,\"b\"]  timeout=1.50 \tzz={\"a\" : {}}\n",
    "# %% tags=[]\n", "# %% jupyter={\"collapsed\": true, \"a b\": 1.0}\nx\n",
    "# %% [markdown] attachments={\"a.png\": {\"image/png\": \"AA==\"}}\n# ![](attachment:a.png)\n",
    "\n\u{FEFF}x\n", "# %%\n\u{FEFF}x\n",
    "a\u{FEFF}b\u{2028}c\u{85}\u{B}\u{C}d\n",
    "s = \"\n# %%\n\"\n", "# %%\n# ---\n# title: no header\n# ---\n", "# %%\n#!not an interpreter\n",
    "# %% a\n   \n  x\n   \n", "# %%\n\u{A0}\n",
  ]

  static func fixture(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
}

/// What a notebook says, without how it is spelled and where it stood.
func meaning(_ notebook: Notebook) -> [String] {
  let header = notebook.header
  return [header.interpreterLine ?? ""] + header.entries.map { "\($0.key)=\($0.value)" }
    + notebook.cells.map { cell in
      let attributes = cell.attributes.map { "\($0.key)=\($0.text)" }
      return "\(cell.id)|\(Marker(of: cell))|\(attributes)|\(cell.source)"
    }
}

func read(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Notebook {
  let reading = NotebookFormat.read(text, name: "test.nbs")
  return try #require(reading.notebook, "\(reading.diagnostics)", sourceLocation: sourceLocation)
}
