import Foundation
import GRDB
import Outputs

extension RunWriter {
  func keep(_ batch: MetricBatch, _ db: Database, _ progress: inout Progress) throws {
    let key = SeriesKey(subject: batch.subject, name: batch.name)
    let known = batch.steps.lowerBound == 1 ? nil : progress.series[key]
    let series = try known ?? begin(key, db, &progress)
    progress.series[key] = series
    try db.cachedStatement(
      sql: """
        UPDATE series SET steps = :steps, last = :last, least = min(coalesce(least, :least), :least),
        greatest = max(coalesce(greatest, :greatest), :greatest) WHERE id = :series
        """
    ).execute(arguments: [
      "steps": batch.steps.upperBound, "last": batch.last,
      // Of a null and a number SQL makes null; an infinity changes neither the least nor the greatest.
      "least": batch.least ?? .infinity, "greatest": batch.greatest ?? -.infinity, "series": series,
    ])
    for stretch in batch.stretches {
      try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO points (series, first, stride, \"values\") VALUES (?, ?, ?, ?)"
      ).execute(arguments: [series, stretch.first, stretch.stride, PackedNumbers.pack(stretch.values)])
    }
    try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO metrics (run, name, value) VALUES (?, ?, ?)"
    ).execute(arguments: [progress.run, batch.name, batch.last])
  }

  func keep(_ metrics: [String: Double], _ db: Database, _ progress: Progress) throws {
    try db.execute(sql: "DELETE FROM metrics WHERE run = ?", arguments: [progress.run])
    for (name, value) in metrics {
      try db.cachedStatement(sql: "INSERT INTO metrics (run, name, value) VALUES (?, ?, ?)").execute(
        arguments: [progress.run, name, value])
    }
  }

  private func begin(_ key: SeriesKey, _ db: Database, _ progress: inout Progress) throws -> Int64 {
    try db.cachedStatement(
      sql: "INSERT INTO series (run, cell, subject, name, steps) VALUES (?, ?, ?, ?, 0)"
    ).execute(arguments: [progress.run, progress.cell, key.subject, key.name])
    return db.lastInsertedRowID
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
