import Notebooks

/// The pictures that a cell of Jupyter's carries along: `![a plot](attachment:plot.png)` shows one of them. A report is one
/// file, so they go into it as `data:` addresses.
struct AttachedPictures {
  private let addresses: [(name: String, address: String)]

  /// The kinds of pictures that a browser shows, and which run nothing.
  private static let kinds = ["image/png", "image/jpeg", "image/gif", "image/webp"]

  /// The pictures of a cell; what is no picture is left out.
  init(of cell: Cell) {
    addresses = cell.attachedFiles.compactMap { file in
      for kind in Self.kinds {
        guard let data = file.forms.first(where: { $0.type == kind })?.content else { continue }
        let base64 = data.filter { !$0.isWhitespace }
        guard base64.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+/=".contains($0)) }) else {
          continue
        }
        return (file.name, "data:\(kind);base64,\(base64)")
      }
      return nil
    }
  }

  /// Markdown with the pictures in it.
  func inMarkdown(_ source: String) -> String {
    addresses.reduce(source) { $0.replacing("](attachment:\($1.name))", with: "](\($1.address))") }
  }

  /// HTML that was made of Markdown, with the pictures in it, and the words that stand for those that are not there.
  func inHTML(_ html: String) -> String {
    let shown = addresses.reduce(html) { html, picture in
      html.replacing("src=\"attachment:\(picture.name.escapedForHTML)\"", with: "src=\"\(picture.address)\"")
    }
    return shown.replacing(/<img src="attachment:[^"]*" alt="([^"]*)">/) { String($0.output.1) }
  }
}
