public import Diagnostics
import Dispatch
import Foundation
import Foundations
import REPL
import Sessions
import Terminal

/// A Jupyter kernel: a prompt whose page is a notebook. It speaks version 5.4 of the protocol over ZeroMQ.
///
/// The protocol: https://jupyter-client.readthedocs.io/en/stable/messaging.html
public struct Kernel {
  private let server: KernelServer
  private let session: KernelSession
  private let outbox: Outbox

  /// Reads a connection file and opens the sockets that it names.
  ///
  /// - Throws: a diagnostic where libzmq is missing, or the file or an address in it is no good.
  public init(connectionFile path: String) throws(Diagnostic) {
    let file = try ConnectionFile(path)
    let library: ZeroMQ
    do throws(CodedError) { library = try ZeroMQ() } catch { throw Diagnostic(error) }
    let environment = ProcessInfo.processInfo.environment
    outbox = Outbox()
    let page = KernelPage(outbox)
    let prompt = Prompt(keptAs: Kernel.title(environment), inJupyter: true, presenter: page) {
      Session(interruption: Signals.interruption, environment: environment)
    }
    let queue = WorkQueue(prompt.vocabulary)
    server = try KernelServer(file, library, queue, outbox)
    session = KernelSession(prompt, page, queue, outbox)
  }

  /// What its runs are called: the notebook, where the client tells it.
  private static func title(_ environment: [String: String]) -> String {
    let notebook = environment["JPY_SESSION_NAME"].map { URL(fileURLWithPath: $0).lastPathComponent } ?? ""
    return notebook.isEmpty ? "jupyter" : notebook
  }

  /// What keeps a kernel from starting on this machine: the lack of libzmq, where it is not there.
  public static var lack: Diagnostic? {
    do throws(CodedError) {
      _ = try ZeroMQ()
      return nil
    } catch { return Diagnostic(error) }
  }

  /// Answers until a client or a signal ends it.
  public func run() {
    let isServed = DispatchSemaphore(value: 0)
    let thread = Thread { [server] in
      server.serve()
      isServed.signal()
    }
    thread.start()
    session.run()
    outbox.close()
    isServed.wait()
  }
}
