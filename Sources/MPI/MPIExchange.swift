import NeuralEngine

/// Messages that are sent again and again: MPI's persistent requests, which are made once.
final class MPIExchange: ProcessExchange {
  private let library: MPILibrary
  private let requests: UnsafeMutableBufferPointer<OpaquePointer?>

  /// Makes the requests.
  ///
  /// - Parameter channel: the tag of all messages.
  init(_ library: MPILibrary, _ sent: [ProcessMessage], _ received: [ProcessMessage], channel: Int) {
    self.library = library
    let (sent, received) = (sent.flatMap(\.parts), received.flatMap(\.parts))
    requests = .allocate(capacity: sent.count + received.count)
    requests.initialize(repeating: nil)
    guard let base = requests.baseAddress else { return }
    for (place, message) in received.enumerated() {
      _ = library.prepareReceive(
        message.memory, Int32(message.bytes), library.byte, Int32(message.process), Int32(channel),
        library.world, base + place)
    }
    for (place, message) in sent.enumerated() {
      _ = library.prepareSend(
        message.memory, Int32(message.bytes), library.byte, Int32(message.process), Int32(channel),
        library.world, base + received.count + place)
    }
  }

  deinit {
    for place in requests.indices { _ = library.free(requests.baseAddress.map { $0 + place }) }
    requests.deallocate()
  }

  func start() {
    if !requests.isEmpty { _ = library.startAll(Int32(requests.count), requests.baseAddress) }
  }

  func isDone() -> Bool {
    var isDone: Int32 = 1
    if !requests.isEmpty {
      _ = library.testAll(Int32(requests.count), requests.baseAddress, &isDone, nil)
    }
    return isDone != 0
  }
}
