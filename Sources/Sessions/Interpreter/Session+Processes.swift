import Datasets
import Diagnostics
import Foundation
import Foundations
public import NeuralEngine

/// A session that runs in several processes at once.
extension Session {
  /// Lets the processes of a group share the work of this session's networks. All of them run the same cells.
  public func share(with group: any ProcessGroup) { state.options.execution.processes = Processes(group) }

  /// Whether other processes run the same cells.
  var isShared: Bool { state.options.execution.processes.group != nil }

  /// Lets all processes know why one of them has stopped their training.
  func agreeOnInterruption() {
    guard let group = state.options.execution.processes.group else { return }
    isStoppedTogether = true
    let reasons = group.gather(UInt64(interruption.reason?.rawValue ?? 0))
    if let last = reasons.max(), let reason = InterruptionRequest.Reason(rawValue: UInt8(last)),
      interruption.reason == nil
    {
      interruption.request(reason)
    }
  }

  /// Makes sure that the processes of a group hold the same random numbers, networks and data, and ends them where they do
  /// not, saying what differs.
  public func confirmState(with group: any ProcessGroup) {
    let digests = digests
    guard Set(group.gather(Session.digest(digests))).count > 1 else { return }
    group.confirm(digests.map { "\($0)\t\($1)" }.joined(separator: "\n")) { other, its, first in
      let (its, first) = (its.split(separator: "\n"), first.split(separator: "\n"))
      let different = zip(its, first).first { $0 != $1 }?.1 ?? its.dropFirst(first.count).first ?? first.last
      let what = different?.split(separator: "\t").first.map(String.init) ?? "the session"
      return
        "\(group.name(of: other)) no longer holds the same as \(group.name(of: 0)) after a cell: \(what) differs."
    }
  }

  /// Arrays of so many bytes have memory pages of their own, which processes can share; smaller ones stand among others.
  private static var leastMergedBytes: Int { 32 << 20 }

  /// Lets processes on the same machine hold large data once. They hold the same: see ``confirmState(with:)``.
  public func mergeData(with group: any ProcessGroup) {
    var blocks: [UnsafeMutableRawBufferPointer] = []
    func add<Number>(_ numbers: [Number]) {
      numbers.withUnsafeBytes { bytes in
        let block = UnsafeMutableRawBufferPointer(mutating: bytes)
        guard block.count >= Session.leastMergedBytes,
          !blocks.contains(where: { $0.baseAddress == block.baseAddress })
        else { return }
        blocks.append(block)
      }
    }
    for (_, data) in state.data.sorted(by: { $0.key < $1.key }) {
      for set in [data.set] + data.parts.named.map(\.data) {
        switch set.storage {
        case .doubles(let values): add(values)
        case .bytes(let bytes): add(bytes.values)
        }
        add(set.targets)
      }
    }
    // Who shares an array with whom may differ, where one of them has copied it.
    guard Set(group.gather(blocks.map { String($0.count) }.joined(separator: " "))).count == 1 else { return }
    group.merge(blocks)
  }

  /// A digest of random numbers, networks and data.
  public var digest: UInt64 { Session.digest(digests) }

  private static func digest(_ parts: [(name: String, digest: UInt64)]) -> UInt64 {
    var all = BitDigest()
    for (name, digest) in parts {
      all.add(name)
      all.add(digest)
    }
    return all.value
  }

  /// Digests of what the processes of a group must hold in common, with what each is of.
  var digests: [(name: String, digest: UInt64)] {
    var random = BitDigest()
    for number in state.random.position.words { random.add(number) }
    let networks = state.networks.sorted { $0.key < $1.key }.map { name, network in
      var digest = BitDigest()
      network.add(to: &digest)
      return ("the network `\(name)`", digest.value)
    }
    let data = state.data.sorted { $0.key < $1.key }.map { name, data in
      ("the data set `\(name)`", data.set.digest)
    }
    // What was drawn follows from the rest.
    return data + networks + [("the state of the random numbers", random.value)]
  }

  /// Reads something from outside of the session. Processes that share the run all read it: if they do not come to the same,
  /// they end there and say which of them has read what.
  ///
  /// - Parameters:
  ///   - what: what is read: "the data set `people`".
  ///   - digest: a digest of what was read.
  func agreeing<Read>(
    on what: String, digest: (Read) -> UInt64, _ read: () throws -> Read
  ) throws -> Read {
    guard let group = state.options.execution.processes.group else { return try read() }
    let result = Result { try read() }
    let text: String
    var remark = ""
    switch result {
    case .success(let read): text = "\(digest(read))"
    case .failure(let error):
      // The first process alone is interrupted, and leaves the others.
      if error.isInterruption { throw error }
      // What was saved before stands in folders of their own, so that paths may differ.
      text = "\((error as? Diagnostic)?.code.rawValue ?? "error")"
      remark = "!" + ((error as? Diagnostic)?.message ?? "\(error)")
    }
    group.confirm(text, remark: remark) { other, its, first in
      let (one, another) = (group.name(of: other), group.name(of: 0))
      if its.hasPrefix("!") { return "\(one) cannot read \(what) as \(another) does. \(its.dropFirst())" }
      if first.hasPrefix("!") { return "\(another) cannot read \(what) as \(one) does. \(first.dropFirst())" }
      return "\(one) has read something else for \(what) than \(another). Copy the file to all hosts."
    }
    return try result.get()
  }

  /// The bytes of a file as the first of several processes has it: the others need not see it.
  ///
  /// - Parameter path: where the first process finds it.
  /// - Returns: nil where there is no such file, or this process works alone.
  func bytesOfFirst(_ path: @autoclosure () throws -> String) throws -> [UInt8]? {
    guard let group = state.options.execution.processes.group else { return nil }
    guard group.rank == 0 else { return group.fromFirst(nil) }
    return group.fromFirst(FileManager.default.contents(atPath: try path()).map { Array($0) })
  }
}

extension Dataset {
  /// A digest of the numbers.
  var digest: UInt64 {
    var digest = BitDigest()
    switch storage {
    case .doubles(let values): values.withUnsafeBytes { digest.add($0) }
    case .bytes(let bytes): bytes.values.withUnsafeBytes { digest.add($0) }
    }
    targets.withUnsafeBytes { digest.add($0) }
    return digest.value
  }
}
