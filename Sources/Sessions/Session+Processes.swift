import Datasets
public import NeuralEngine

/// A session that runs in several processes at once.
extension Session {
  /// Lets the processes of a group share the work of this session's networks. All of them run the same cells.
  public func share(with group: any ProcessGroup) { state.options.execution.processes = Processes(group) }

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

  /// A digest of what the processes of a group must hold in common: random numbers, networks' weights, data and arrays.
  public var digest: UInt64 {
    var digest = BitDigest()
    let position = state.random.position
    for number in position.words { digest.add(number) }
    for (name, network) in state.networks.sorted(by: { $0.key < $1.key }) {
      digest.add(name)
      network.add(to: &digest)
    }
    for (name, data) in state.data.sorted(by: { $0.key < $1.key }) {
      digest.add(name)
      data.set.add(to: &digest)
    }
    return digest.value
  }
}

extension Dataset {
  /// Adds the numbers to a digest.
  fileprivate func add(to digest: inout BitDigest) {
    switch storage {
    case .doubles(let values): values.withUnsafeBytes { digest.add($0) }
    case .bytes(let bytes): bytes.values.withUnsafeBytes { digest.add($0) }
    }
    targets.withUnsafeBytes { digest.add($0) }
  }
}
