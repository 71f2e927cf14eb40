import ByteStreams
import Datasets
internal import Foundations
internal import NeuralEngine

/// Reads CSV and TSV files, a stretch at a time: what is in memory is the numbers and a megabyte of text.
struct CSVReader {
  let name: String
  let options: ReadOptions
  private var errors: CSVErrors { CSVErrors(name: name, lines: options.lines) }

  /// Reads a whole stream.
  ///
  /// - Parameter size: how many bytes will come, if it is known.
  /// - Throws: what is wrong with the file, with line and column.
  static func read(
    _ stream: any ByteStream, size: Int?, called name: String, options: ReadOptions
  ) throws(CodedError) -> Dataset {
    let reader = CSVReader(name: stream.name, options: options)
    let buffer = CSVBuffer(stream)
    let plan = try reader.start(buffer)
    let parser = CSVRowParser(plan, name: stream.name, missing: options.missing ?? .error)
    let cells = try reader.readRows(
      buffer, parser, rowsLikely: size.map { $0 / max(1, reader.rowLength(buffer)) })
    return try CSVAssembly(cells: cells, parser: parser, options: options, name: name).dataset()
  }

  /// Plans the reading and moves behind the header.
  private func start(_ buffer: CSVBuffer) throws(CodedError) -> CSVPlan {
    try buffer.refill()
    buffer.skipByteOrderMark()
    guard !buffer.bytes.isEmpty else {
      throw CodedError(.emptyFile, "`\(name)` is empty. There is nothing to train on.")
    }
    let planner = CSVPlanner(name: name, options: options)
    let comments = skipComments(buffer)
    while true {
      let dialect = try CSVDialectFinder(name: name, options: options).dialect(
        buffer.bytes, isLast: buffer.isLast)
      let sample = try CSVSample(
        buffer.bytes, dialect, name: name, isLast: buffer.isLast, limit: 1000, firstLine: buffer.line)
      switch sample.problem {
      case (.unclosedQuote, let line)?: throw errors.unclosedQuote(line: line)
      case (.strayText, let line)?: throw errors.strayText(line: line)
      default: break
      }
      // Two rows longer than a megabyte: look at more.
      if sample.rows.count < 2, !buffer.isLast {
        try buffer.refill()
        continue
      }
      try errors.refuseConflict(in: sample)
      var plan = try planner.plan(sample, dialect, comment: comments.last)
      if comments.count > 0 {
        plan.remarks.append(
          "\(comments.count) line\(comments.count == 1 ? "" : "s") that begin\(comments.count == 1 ? "s" : "") with # skipped"
        )
      }
      if plan.rowsAbove > 0 {
        buffer.line = sample.nextLines[plan.rowsAbove - 1]
        buffer.start += sample.ends[plan.rowsAbove - 1]
      }
      return plan
    }
  }

  /// Moves behind the lines at the top that begin with `#`, unless there is nothing else; their texts.
  private func skipComments(_ buffer: CSVBuffer) -> [String] {
    let bytes = buffer.bytes
    var comments: [String] = []
    var place = 0
    while place < bytes.count, comments.count < 100 {
      let end = bytes[place...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
      let line = bytes[place..<end]
      guard line.first == UInt8(ascii: "#") || (!comments.isEmpty && line.allSatisfy({ $0 == 0x20 })) else {
        break
      }
      if !line.isEmpty { comments.append(String(decoding: line, as: UTF8.self)) }
      guard let next = FieldScanner(delimiter: 0).afterLineEnd(in: bytes, at: end, isLast: buffer.isLast)
      else { return [] }
      place = next
    }
    guard place < bytes.count, !comments.isEmpty else { return [] }
    buffer.line += bytes[..<place].count { $0 == 0x0A }
    buffer.start += place
    return comments
  }

  /// The length of a row, judged from the first few.
  private func rowLength(_ buffer: CSVBuffer) -> Int {
    let head = buffer.bytes.prefix(1 << 16)
    let rows = head.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    return head.count / max(1, rows)
  }

  private func readRows(
    _ buffer: CSVBuffer, _ parser: CSVRowParser, rowsLikely: Int?
  ) throws(CodedError) -> CSVCells {
    let width = parser.plan.used.count
    var cells = CSVCells(inputs: parser.plan.inputs, targets: width - parser.plan.inputs)
    // A few too many are no loss: what is never written takes no memory.
    if let rowsLikely, rowsLikely < options.memoryLimit / (8 * width) {
      cells.reserve(rowsLikely * 33 / 32 + 64)
    }
    let room = UnsafeMutableBufferPointer<Double>.allocate(capacity: width * max(1, (1 << 14) / width))
    defer { room.deallocate() }
    while true {
      let rows = try parser.parse(buffer, into: room)
      cells.append(UnsafeBufferPointer(rebasing: room[..<(rows * width)]))
      guard cells.bytes <= options.memoryLimit else {
        throw CodedError(
          .tooLarge,
          "The values of `\(name)` need more than the \(options.memoryLimit.byteText) allowed here. Choose "
            + "fewer columns with features=.")
      }
      if rows * width == room.count { continue }
      if buffer.isLast, buffer.bytes.isEmpty { return cells }
      try buffer.refill()
    }
  }
}

/// The numbers of a file: inputs and targets apart, row by row.
struct CSVCells {
  let inputWidth: Int
  let targetWidth: Int
  var inputs: [Double] = []
  var targets: [Double] = []

  init(inputs: Int, targets: Int) {
    inputWidth = inputs
    targetWidth = targets
  }

  /// The number of rows; one of the widths is above 0.
  var rows: Int { inputWidth > 0 ? inputs.count / inputWidth : targets.count / targetWidth }
  var bytes: Int { (inputs.count + targets.count) * 8 }

  mutating func reserve(_ rows: Int) {
    inputs.reserveCapacity(rows * inputWidth)
    targets.reserveCapacity(rows * targetWidth)
  }

  /// Takes rows of inputs and targets side by side.
  mutating func append(_ values: UnsafeBufferPointer<Double>) {
    let width = inputWidth + targetWidth
    for start in stride(from: 0, to: values.count, by: width) {
      inputs.append(contentsOf: UnsafeBufferPointer(rebasing: values[start..<start + inputWidth]))
      targets.append(contentsOf: UnsafeBufferPointer(rebasing: values[start + inputWidth..<start + width]))
    }
  }
}
