"""Types at a prompt that was built with libedit: what docs/repl.md says of it, and what it says the prompt does without.

    swift build --traits Libedit --scratch-path FOLDER --product nbs
    python3 Tests/Libedit/prompt.py FOLDER/debug/nbs
"""

import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time

nbs = os.path.abspath(sys.argv[1])
failures = 0


def check(what, holds, shown=""):
    global failures
    print(("ok      " if holds else "FAILED  ") + what)
    if not holds:
        failures += 1
        print("        " + repr(shown))


class Prompt:
    """The program in a terminal of its own."""

    def __init__(self, home):
        environment = {"HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "xterm"}
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(home)
            os.execve(nbs, [nbs], environment)
        self.raw = ""
        self.wait("In [1]: ")

    def wait(self, text, seconds=10.0):
        """What appears up to a text, without colours."""
        end = time.time() + seconds
        shown = ""
        while text not in shown and time.time() < end:
            if not select.select([self.terminal], [], [], 0.1)[0]:
                continue
            try:
                self.raw += os.read(self.terminal, 65536).decode(errors="replace")
            except OSError:
                break
            shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.raw)
        self.raw = ""
        return shown

    def type(self, keys, text="\nIn [", seconds=10.0):
        os.write(self.terminal, keys.encode())
        return self.wait(text, seconds)

    def end(self):
        os.write(self.terminal, b"\x04")
        self.wait("\0", 2)
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])


with tempfile.TemporaryDirectory() as home:
    linked = subprocess.run(["ldd", nbs], capture_output=True, text=True).stdout
    check("it is linked with libedit, and with nothing of readline", "libedit" in linked and "readline" not in linked, linked)
    doctor = subprocess.run([nbs, "doctor"], capture_output=True, text=True, env={"HOME": home, "PATH": "/usr/bin:/bin"}).stdout
    check("nbs doctor says so", re.search(r"^libedit +\S", doctor, re.M) is not None, doctor)

    with open(os.path.join(home, ".editrc"), "w") as file:
        file.write('nbs:bind -s "^G" "print 6*7"\n')
    prompt = Prompt(home)
    shown = prompt.type("print 1 + 1\r")
    check("a cell is answered", "\n2\r\n" in shown, shown)
    shown = prompt.type("pri\t", "print ")
    check("Tab completes a command", "nt " in shown, shown)
    shown = prompt.type("8\r")
    check("and the line goes on behind it", "\n8\r\n" in shown, shown)
    shown = prompt.type("é = 2; print é\r")
    check("letters beyond ASCII are taken", "\n2\r\n" in shown, shown)
    shown = prompt.type("rubbish\x03")
    check("Ctrl-C clears the line", "^C" in shown, shown)
    shown = prompt.type("\x07\r")
    check("~/.editrc binds keys", "\n42\r\n" in shown, shown)
    shown = prompt.type("net n; layer i input 2; layer o dense 1; connect all\r")
    shown = prompt.type("o.\t\t", "weights")
    check("Tab twice lists what fits", "bias" in shown and "weights" in shown, shown)
    prompt.type("\x03")
    shown = prompt.type("\x12rub", "print", 3)
    check("Ctrl-R searches", "bck" in shown, shown)
    prompt.type("\x03")

    # What it does without.
    shown = prompt.type("repeat 2 {\r", "...: ")
    check("the lines of a cell are read one by one", shown.endswith("...: "), shown)
    shown = prompt.type("\x1b[A", "layer", 2)
    check("a line that was entered is not gone back to", "repeat" not in shown, shown)
    prompt.type("\x15print 7\r", "...: ")
    shown = prompt.type("}\r")
    check("and the cell is run as a whole", "\n7\r\n7\r\n" in shown, shown)
    shown = prompt.type("\x1b[A", "}", 3)
    check("from the history it is one", "repeat 2 {" in shown and "print 7" in shown, shown)
    shown = prompt.type("\r")
    check("and is run again", "\n7\r\n7\r\n" in shown, shown)
    shown = prompt.type("a = 4\rprint a\r", "\n4\r\n")
    check("pasted lines are cells of their own", "\n4\r\n" in shown, shown)
    prompt.wait("In [")
    check("Ctrl-D leaves", prompt.end() == 0)

    again = Prompt(home)
    shown = again.type("\x1b[A", "print a", 3)
    check("the next prompt has the history", "print a" in shown, shown)
    again.type("\x03")
    again.end()

sys.exit(1 if failures else 0)
