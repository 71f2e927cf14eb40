/// A plot as part of a page whose light or dark is its own affair, and not the system's.
public enum PlotFigure {
  /// A picture with its caption, in HTML. It follows the themes of JupyterLab and of VS Code where it stands in one.
  ///
  /// - Parameters:
  ///   - svg: what ``Plot/svg()`` gave.
  ///   - caption: the words below it.
  public static func html(_ svg: String, caption: String) -> String {
    """
    <figure style="margin:0"><style>\(rules)</style>\(svg)\
    <figcaption style="max-width:640px">\(caption.escapedForSVG)</figcaption></figure>
    """
  }

  /// The pages that say themselves what they are, by what they are known by.
  private static let light = [
    #"[data-jp-theme-light="true"]"#, ".vscode-light", ".vscode-high-contrast-light",
  ]
  private static let dark = [
    #"[data-jp-theme-light="false"]"#, ".vscode-dark",
    ".vscode-high-contrast:not(.vscode-high-contrast-light)",
  ]

  private static let rules =
    rule(light, SVGPage.lightColors) + rule(dark, SVGPage.darkColors)

  private static func rule(_ pages: [String], _ colors: String) -> String {
    pages.map { $0 + " .nbs-plot" }.joined(separator: ",") + "{\(colors)}"
  }
}
