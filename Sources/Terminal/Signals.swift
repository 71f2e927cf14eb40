public import Sessions
import Synchronization
import SystemLibrary

/// What the program does when it is sent a signal. A handler may only set a flag; the rest of the program
/// looks at it when it can.
public enum Signals {
  /// Set by Ctrl-C.
  public static let interruption = InterruptionRequest()

  private static let endingSignal = Atomic<Int32>(0)

  private static let continued = Atomic<Bool>(false)

  /// Whether the program was stopped by Ctrl-Z and goes on since this was last asked.
  public static func takeContinuation() -> Bool { continued.exchange(false, ordering: .relaxed) }

  /// The signal that told the program to end, if one did.
  public static var ending: Int32? {
    let signal = endingSignal.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// Takes Ctrl-C over, without restarting a read that it breaks off, and leaves a closed pipe to ``Streams``.
  public static func install() {
    interruption.clear()
    handle(SIGINT) { _ in Signals.interruption.request() }
    signal(SIGPIPE, SIG_IGN)
    // A file that may not grow is a failed write, which is told, and no reason to die.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Takes over what tells the program to end: its terminal is closed, or somebody ends it. What runs stops as by
  /// Ctrl-C, and the program ends in good order with ``endingCode``. A signal that is to be ignored, as after `nohup`,
  /// stays so.
  public static func installEnding() {
    for number in [SIGHUP, SIGTERM] {
      var action = sigaction()
      sigaction(number, nil, &action)
      if number == SIGHUP, isIgnored(action) { continue }
      handle(number) { number in
        Signals.endingSignal.store(number, ordering: .relaxed)
        Signals.interruption.request()
      }
    }
  }

  /// Leaves Ctrl-C and what tells the program to end to another process, which it shares its work with.
  public static func ignore() {
    for number in [SIGINT, SIGHUP, SIGTERM] { signal(number, SIG_IGN) }
  }

  /// What a prompt needs besides: it knows when it goes on after Ctrl-Z.
  public static func installForPrompt() {
    installEnding()
    // Ctrl-\ lies beside Ctrl-Return, and what it does would look like a crash.
    signal(SIGQUIT, SIG_IGN)
    handle(SIGCONT) { _ in Signals.continued.store(true, ordering: .relaxed) }
  }

  /// The exit code of a program that a signal told to end, as shells have it; nil where none did.
  public static var endingCode: Int32? { ending.map { 128 + $0 } }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static func handle(_ number: Int32, _ handler: @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.handler = handler
    sigemptyset(&action.sa_mask)
    sigaction(number, &action, nil)
    // Whoever started the program may have blocked the signal for it.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}

extension sigaction {
  /// What is called, or one of the marks for nothing and the usual.
  fileprivate var handler: (@convention(c) (Int32) -> Void)? {
    get {
      #if canImport(Darwin)
        __sigaction_u.__sa_handler
      #elseif canImport(Musl)
        __sa_handler.sa_handler
      #else
        __sigaction_handler.sa_handler
      #endif
    }
    set {
      #if canImport(Darwin)
        __sigaction_u.__sa_handler = newValue
      #elseif canImport(Musl)
        __sa_handler.sa_handler = newValue
      #else
        __sigaction_handler.sa_handler = newValue
      #endif
    }
  }
}
