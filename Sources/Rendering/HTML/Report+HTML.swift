import Diagnostics
import Localization
import Notebooks
import Outputs

extension Report {
  /// The report as one HTML page that needs no network and no scripts: the same bytes for the same run.
  public func html() -> String { header.language.speaking { htmlPage } }

  private var htmlPage: String {
    var page = HTMLPage()
    let startsWithHeading =
      entries.first.map { $0.cell.kind == .markdown && $0.cell.source.hasPrefix("# ") } ?? false
    if !startsWithHeading { page.body.append("<h1>\(title.escapedForHTML)</h1>") }
    for (index, entry) in entries.enumerated() {
      page.add(entry, number: index + 1)
      // The facts stand below the headline, wherever that came from.
      if index == 0, startsWithHeading { page.body.append(factTable) }
    }
    if !startsWithHeading { page.body.insert(factTable, at: 1) }
    return HTMLPage.head(title: title, lang: header.lang ?? UserLanguage.current.tag)
      + page.body.filter { !$0.isEmpty }.joined(separator: "\n")
      + HTMLPage.foot
  }

  private var factTable: String {
    guard !facts.isEmpty else { return "" }
    let rows = facts.map { name, value in
      "<tr><th scope=\"row\">\(Report.words(for: name).isolatedForHTML)</th><td>\(value.isolatedForHTML)</td></tr>"
    }
    return "<table class=\"facts\"><caption>\(localized("The run"))</caption>\(rows.joined())</table>"
  }
}

/// The cells of a page as they are put together.
private struct HTMLPage {
  var body: [String] = []

  mutating func add(_ entry: Report.Entry, number: Int) {
    switch entry.cell.kind {
    case .markdown: body.append(AttachedPictures(of: entry.cell).inHTML(MarkdownHTML.html(entry.cell.source)))
    case .raw: body.append("<pre tabindex=\"0\">\(entry.cell.source.escapedForHTML)</pre>")
    case .code:
      let title = entry.cell.heading
      let name = title.map { localized("Cell \(number): \($0)") } ?? localized("Cell \(number)")
      body.append("<section class=\"cell\" aria-label=\"\(name.escapedForHTML)\">")
      if let title { body.append("<p class=\"name\">\(title.escapedForHTML)</p>") }
      let source = entry.cell.source.highlighted(entry.marks)
      body.append("<pre class=\"source\" tabindex=\"0\"><code>\(source)</code></pre>")
      for output in entry.outputs { add(output) }
      body.append("</section>")
    }
  }

  private mutating func add(_ output: RenderedOutput) {
    switch output.kind {
    case .text, .value, .notice, .error: body.append(pre(output.plain, output.kind.rawValue))
    case .table: body.append(output.form("text/html") ?? pre(output.plain, "text"))
    case .plot:
      let picture = output.form("image/svg+xml") ?? pre(output.plain, "text")
      let caption = (output.caption ?? "").isolatedForHTML
      body.append("<figure>\(picture)<figcaption>\(caption)</figcaption></figure>")
    }
  }

  private func pre(_ text: String, _ classes: String) -> String {
    "<pre class=\"\(classes)\" tabindex=\"0\">\(text.isolatedForHTML)</pre>"
  }

  static func head(title: String, lang: String) -> String {
    """
    <!doctype html>
    <html lang="\(lang.escapedForHTML)">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(title.escapedForHTML)</title>
    <style>
    \(style)
    </style>
    </head>
    <body>
    <main>

    """
  }

  static let foot = "\n</main>\n</body>\n</html>\n"

  /// Light, or dark where the reader's system is. Colours of source keep a contrast of 4.5 to 1.
  private static let style = """
    :root{--ink:#1f2328;--faint:#59636e;--paper:#fff;--raised:#f6f8fa;--line:#d1d9e0;--verb:#0550ae;\
    --keyword:#8250df;--key:#7d4e00;--number:#0a6d77;--string:#0a5c2b;--alert:#cf222e;--notice:#7d4e00}
    @media(prefers-color-scheme:dark){:root{--ink:#f0f6fc;--faint:#9198a1;--paper:#0d1117;--raised:#161b22;\
    --line:#3d444d;--verb:#79c0ff;--keyword:#d2a8ff;--key:#e3b341;--number:#7ee0e8;--string:#7ee787;\
    --alert:#ff7b72;--notice:#e3b341}}
    body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,sans-serif}
    main{max-width:46rem;margin:0 auto;padding:2rem 1rem 4rem}
    h1,h2,h3{line-height:1.25;margin:2rem 0 .75rem}h1{margin-top:0}a{color:var(--verb)}
    pre,code{font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
    pre{overflow-x:auto;margin:.5rem 0;padding:.75rem 1rem;border-radius:6px;background:var(--raised)}
    p code,li code,td code{background:var(--raised);padding:.1em .3em;border-radius:4px}
    .cell{margin:1.5rem 0}.name{font-weight:600;margin:0 0 .25rem}
    .source{border-left:3px solid var(--verb);white-space:pre-wrap;overflow-wrap:anywhere}
    .text,.value{background:none;padding:.25rem 1rem;white-space:pre-wrap}
    .notice,.error{background:none;border-left:3px solid var(--notice);white-space:pre-wrap}
    .error{border-color:var(--alert)}
    .s-verb{color:var(--verb);font-weight:600}.s-keyword{color:var(--keyword);font-weight:600}
    .s-key{color:var(--key)}.s-number{color:var(--number)}.s-string{color:var(--string)}
    .s-comment{color:var(--faint);font-style:italic}
    figure{margin:1rem 0}figcaption,.footer{color:var(--faint);font-size:.875rem}
    .wide{overflow-x:auto}table{border-collapse:collapse;margin:.75rem 0;font-size:.9375rem}
    caption{text-align:left;font-weight:600;padding-bottom:.25rem}
    th,td{text-align:left;padding:.25rem .9rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
    th{font-weight:600}.num{text-align:right;font-variant-numeric:tabular-nums}.centre{text-align:center}
    blockquote{margin:1rem 0;padding:0 1rem;border-left:3px solid var(--line);color:var(--faint)}
    """
}
