import Glibc
public import Sessions

/// What the program does when it is sent a signal. A handler may only set a flag; the rest of the program
/// looks at it when it can.
public enum Signals {
  /// Set by Ctrl-C.
  public static let interruption = InterruptionRequest()

  /// Takes Ctrl-C over, without restarting a read that it breaks off, and leaves a closed pipe to ``Streams``.
  public static func install() {
    interruption.clear()
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Signals.interruption.request() }
    sigemptyset(&action.sa_mask)
    action.sa_flags = 0
    sigaction(SIGINT, &action, nil)
    // Whoever started the program may have blocked the signal for it.
    var interrupts = sigset_t()
    sigemptyset(&interrupts)
    sigaddset(&interrupts, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &interrupts, nil)
    signal(SIGPIPE, SIG_IGN)
  }
}
