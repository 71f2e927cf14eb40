/// How a language writes the calls of a program: what differs from one language to the next.
struct CallSpelling {
  let indent: String
  /// A comment of one line.
  let comment: (String) -> String
  /// What ends a statement.
  let end: String
  /// What the names of constants and of functions of one number begin with, so that none is a word of the language.
  let constant: String
  /// What the names of arrays begin with that are kept from step to step.
  let state: String
  let function: String
  /// What comes before an array that a call writes.
  var written = ""
  let number: (Double) -> String
  /// Whole numbers, which are joined by commas already.
  let integers: (String) -> String
  let truths: (yes: String, no: String)
  /// An array that is left out.
  let nothing: String

  fileprivate func word(_ argument: StandaloneProgram.Argument) -> String {
    switch argument {
    case .buffer(let number): "v\(number)"
    case .state(let name): state + name
    case .constant(let name): constant + name
    case .integer(let number): "\(number)"
    case .number(let value): number(value)
    case .integers(let numbers): integers(numbers.map(String.init).joined(separator: ", "))
    case .function(let name): function + name
    case .truth(let truth): truth ? truths.yes : truths.no
    case .nothing: nothing
    }
  }
}

extension StandaloneProgram {
  /// What a program knows: the names of its inputs and classes, where it has some, and its constants.
  ///
  /// - Parameters:
  ///   - quoted: a text as the language writes it.
  ///   - inputs: declares names, which are joined by commas; `classes` likewise.
  ///   - constant: declares an array of rows of numbers.
  func values(
    _ quoted: (String) -> String, inputs: (String) -> String, classes: (String) -> String,
    constant: (_ name: String, _ title: String, _ rows: String) -> String
  ) -> [String] {
    func list(_ words: [String], _ text: (String) -> String) -> [String] {
      words.isEmpty ? [] : [text(words.map(quoted).joined(separator: ", "))]
    }
    return list(inputNames, inputs) + list(self.classes, classes)
      + constants.map { array in
        let rows = lines(array.values, array.width) { array.isExact ? "\($0)" : $0.shortText }
        return constant(array.name, array.title.replacing("\n", with: " "), rows)
      }
  }

  /// A function: the lines that it begins with, an array for each buffer, the calls, and the lines that it ends with.
  func function(
    _ head: [String], _ buffers: [Int: Int], _ array: (_ number: Int, _ width: Int) -> String,
    _ calls: [Call], _ spelling: CallSpelling, _ end: [String]
  ) -> String {
    let arrays = buffers.sorted { $0.key < $1.key }.map { array($0.key, $0.value) }
    return (head + arrays + callLines(calls, spelling) + end).joined(separator: "\n")
  }

  /// The calls, a line each; before the first of each layer its name.
  func callLines(_ calls: [Call], _ spelling: CallSpelling) -> [String] {
    var lines: [String] = []
    var layer = ""
    for call in calls {
      if call.layer != layer { lines.append(spelling.indent + spelling.comment(call.layer)) }
      layer = call.layer
      var arguments = call.arguments.map(spelling.word)
      if ["write_outputs", "write_powers"].contains(call.function) {
        arguments.insert(spelling.written + "outputs", at: 1)
      } else {
        arguments[0] = spelling.written + arguments[0]
      }
      if call.function == "read_inputs" { arguments.insert("inputs", at: 1) }
      lines.append(
        "\(spelling.indent)\(call.function)(\(arguments.joined(separator: ", ")))\(spelling.end)")
    }
    return lines
  }
}
