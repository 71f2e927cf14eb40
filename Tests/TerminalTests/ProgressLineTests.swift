import Outputs
import Testing

@testable import Terminal

@Suite("Progress in lines")
struct ProgressLineTests {
  private func update(_ completed: Int, of total: Int, isFinal: Bool = false) -> ProgressUpdate {
    ProgressUpdate(
      label: "repeat", completed: completed, total: total, unit: "round", seconds: 2,
      metrics: [.init("loss", 0.5)], isFinal: isFinal)
  }

  @Test("A terminal has one line, drawn anew and wiped at the end")
  func terminal() {
    var line = ProgressLine(.terminal(width: 80, usesUnicode: false))
    let first = line.text(for: update(1000, of: 4000))
    #expect(first == "\rrepeat  round 1000/4000  loss 0.5  500 rounds/s  6 s left\u{1B}[K")
    #expect(line.interrupted() == "\r\u{1B}[K")
    #expect(line.interrupted() == "")
    #expect(line.text(for: update(4000, of: 4000, isFinal: true)).hasSuffix("\r\u{1B}[K"))
  }

  @Test("A page has the line without a terminal's marks, and none at the end")
  func page() {
    var line = ProgressLine(.page(width: 80))
    #expect(
      line.text(for: update(1000, of: 4000)) == "repeat  round 1000/4000  loss 0.5  500 rounds/s  6 s left")
    #expect(line.text(for: update(2000, of: 4000)).contains("▁▁"))
    #expect(line.text(for: update(4000, of: 4000, isFinal: true)) == "")
  }

  @Test("What does not fit a terminal is left out, the least important first")
  func narrow() {
    var line = ProgressLine(.terminal(width: 36, usesUnicode: false))
    #expect(line.text(for: update(1000, of: 4000)) == "\rrepeat  round 1000/4000  loss 0.5\u{1B}[K")
  }

  @Test("On a narrow terminal the work's name goes first, and no number is cut", arguments: [20, 18, 10])
  func narrower(width: Int) {
    var line = ProgressLine(.terminal(width: width, usesUnicode: false))
    let wanted = [20: "round 1000/4000", 18: "round 1000/4000", 10: "1000/4000"]
    #expect(line.text(for: update(1000, of: 4000)) == "\r\(wanted[width] ?? "")\u{1B}[K")
  }

  @Test("A window that was made narrower gets narrower lines")
  func resized() {
    var line = ProgressLine(.terminal(width: 80, usesUnicode: false))
    _ = line.text(for: update(1000, of: 4000))
    line.place = .terminal(width: 36, usesUnicode: false)
    #expect(line.text(for: update(2000, of: 4000)) == "\rrepeat  round 2000/4000  loss 0.5\u{1B}[K")
  }

  @Test("A file's name does nothing to the terminal")
  func sanitized() {
    var line = ProgressLine(.terminal(width: 80, usesUnicode: false))
    var update = update(1, of: 2)
    update.label = "read a\u{1B}[2J\nb"
    #expect(line.text(for: update).hasPrefix("\rread a [2J b  round 1/2"))
  }

  @Test("Losses that are further apart than numbers go have no sparkline")
  func farApart() {
    var line = ProgressLine(.terminal(width: 80, usesUnicode: true))
    var update = update(1, of: 2)
    for loss in [-1.7e308, 1.7e308] {
      update.metrics = [.init("loss", loss)]
      #expect(!line.text(for: update).contains("█"))
    }
  }

  @Test("Rates have no exponent")
  func rates() {
    var line = ProgressLine(.log)
    let update = ProgressUpdate(
      label: "repeat", completed: 11_765_432, total: 0, unit: "round", seconds: 2, metrics: [], isFinal: false
    )
    #expect(line.text(for: update) == "repeat  round 11765432  5880000 rounds/s\n")
  }

  @Test("A log has ten lines at most, whether or not the whole is known", arguments: [10_000, 0])
  func log(total: Int) {
    var line = ProgressLine(.log)
    var lines = (1..<10_000).map { line.text(for: update($0, of: total)) }.filter { !$0.isEmpty }
    lines.append(line.text(for: update(10_000, of: total, isFinal: true)))
    #expect((5...10).contains(lines.count))
    #expect(lines.allSatisfy { $0.hasSuffix("\n") && !$0.contains("\u{1B}") })
  }

  @Test("An accuracy is in percent, as below the training")
  func percent() {
    var line = ProgressLine(.log)
    var update = update(1000, of: 4000)
    update.metrics.append(.init("val_accuracy", 0.975))
    #expect(line.text(for: update).contains("loss 0.5  500 rounds/s  6 s left  val_accuracy 97.5%\n"))
  }

  @Test("Batches count within an epoch, and time left is told from them")
  func batches() {
    var update = ProgressUpdate(
      label: "train d", completed: 0, total: 5, part: .init(unit: "batch", completed: 25, total: 100),
      seconds: 1, metrics: [.init("loss", 0.5)], isFinal: false)
    var line = ProgressLine(.terminal(width: 100, usesUnicode: false))
    #expect(
      line.text(for: update)
        == "\rtrain d  epoch 1/5  batch 25/100  loss 0.5  25 batches/s  19 s left\u{1B}[K"
    )
    var narrow = ProgressLine(.terminal(width: 20, usesUnicode: false))
    #expect(narrow.text(for: update) == "\r1/5  batch 25/100\u{1B}[K")
    var log = ProgressLine(.log)
    let lines = (8...500).map { step in
      (update.completed, update.seconds) = (step / 100, Double(step) / 4)
      update.part?.completed = step % 100
      return log.text(for: update)
    }
    #expect(
      lines[0].hasPrefix("train d  epoch 1/5  batch 8/100  loss 0.5"), "after two seconds, not after an epoch"
    )
    #expect((5...10).contains(lines.count { !$0.isEmpty }))
  }

  @Test("Work that is soon done leaves no line in a log")
  func quick() {
    var line = ProgressLine(.log)
    var soon = update(10_000, of: 10_000, isFinal: true)
    soon.seconds = 1.9
    #expect(line.text(for: soon) == "")
    #expect(line.text(for: update(10_000, of: 10_000, isFinal: true)) != "")
  }

  @Test("Without a whole there is no time left")
  func unknown() {
    var line = ProgressLine(.log)
    #expect(line.text(for: update(64, of: 0)) == "repeat  round 64  loss 0.5  32 rounds/s\n")
  }
}
