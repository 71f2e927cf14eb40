import Foundation
import Outputs
import SQLite

extension RunWriter {
  func keep(_ batch: MetricBatch, _ db: Connection, _ progress: inout Progress) throws {
    let key = SeriesKey(subject: batch.subject, name: batch.name)
    let known = batch.steps.lowerBound == 1 ? nil : progress.series[key]
    let series = try known ?? begin(key, db, &progress)
    progress.series[key] = series
    try db.execute(
      """
      UPDATE series SET steps = ?1, last = ?2, least = min(coalesce(least, ?3), ?3),
      greatest = max(coalesce(greatest, ?4), ?4) WHERE id = ?5
      """,
      // Of a null and a number SQL makes null; an infinity changes neither the least nor the greatest.
      [
        batch.steps.upperBound, batch.last, batch.least ?? .infinity, batch.greatest ?? -.infinity, series,
      ])
    for stretch in batch.stretches {
      try db.execute(
        "INSERT OR REPLACE INTO points (series, first, stride, \"values\") VALUES (?, ?, ?, ?)",
        [series, stretch.first, stretch.stride, PackedNumbers.pack(stretch.values)])
    }
    try db.execute(
      "INSERT OR REPLACE INTO metrics (run, name, value) VALUES (?, ?, ?)",
      [progress.run, batch.name, batch.last])
  }

  func keep(_ metrics: [String: Double], _ db: Connection, _ progress: Progress) throws {
    try db.execute("DELETE FROM metrics WHERE run = ?", [progress.run])
    for (name, value) in metrics {
      try db.execute("INSERT INTO metrics (run, name, value) VALUES (?, ?, ?)", [progress.run, name, value])
    }
  }

  private func begin(_ key: SeriesKey, _ db: Connection, _ progress: inout Progress) throws -> Int64 {
    try db.execute(
      "INSERT INTO series (run, cell, subject, name, steps) VALUES (?, ?, ?, ?, 0)",
      [progress.run, progress.cell, key.subject, key.name])
    return db.lastInsertedRow
  }
}

/// Numbers as the store holds them: little-endian doubles, one behind the other.
enum PackedNumbers {
  static func pack(_ values: [Double]) -> Data {
    var data = Data(capacity: values.count * 8)
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
    return data
  }

  static func unpack(_ data: Data) -> [Double] {
    data.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).map { offset in
        Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      }
    }
  }
}
