import Glibc
import REPL
import Testing

@Suite("Signals")
struct SignalTests {
  @Test("Handlers stay off the stack of what they interrupt, which may be the work space of a matrix product")
  func ownStack() {
    var before = sigaction()
    sigaction(SIGINT, nil, &before)
    defer { sigaction(SIGINT, &before, nil) }
    Signals.install()
    var action = sigaction()
    sigaction(SIGINT, nil, &action)
    #expect(action.sa_flags & SA_ONSTACK != 0)
    var stack = stack_t()
    #expect(sigaltstack(nil, &stack) == 0)
    #expect(stack.ss_flags & Int32(SS_DISABLE) == 0)
    #expect(stack.ss_size >= 1 << 15)
  }
}
