"""Sends the kernel of nbs what no client should send, interrupts it, and measures it.

    .venv/bin/pip install jupyter_client
    nbs kernel install --sys-prefix
    .venv/bin/python Tests/JupyterTests/clients/hostile.py
"""

import http.server
import os
import pathlib
import random
import signal
import socket
import statistics
import tempfile
import threading
import time
import unittest

import zmq
from jupyter_client.manager import KernelManager, start_new_kernel

ENDLESS = {
    "a training": "train xor epochs=1_000_000_000",
    "a loop": "i = 0\nwhile true { i += 1 }",
}

NETWORK = """
data xor { 0 0 -> 0; 0 1 -> 1; 1 0 -> 1; 1 1 -> 0 }
net solver loss=mse rate=0.3
layer inp input 2; layer hid dense 3 sigmoid; layer out dense 1 sigmoid
connect inp -> hid -> out
"""


class HostileTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = start_new_kernel(kernel_name="nbs")
        cls.context = zmq.Context()
        cls.client.execute_interactive(NETWORK, timeout=20, output_hook=lambda message: None)

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel()
        cls.context.destroy(linger=0)

    def run_cell(self, code, **options):
        return self.client.execute_interactive(code, timeout=20, output_hook=lambda message: None, **options)

    def assert_alive(self):
        shown = []
        reply = self.client.execute_interactive("6 * 7", timeout=20, output_hook=shown.append)
        self.assertEqual(reply["content"]["status"], "ok")
        self.assertIn("42", [message["content"].get("data", {}).get("text/plain") for message in shown])

    def socket(self, kind, port):
        socket = self.context.socket(kind)
        socket.linger = 0
        socket.connect(f"tcp://{self.manager.ip}:{port}")
        return socket

    def test_fuzzed_frames(self):
        """A thousand messages that are none, on every channel."""
        noise = random.Random(17)
        shell = self.socket(zmq.DEALER, self.manager.shell_port)
        control = self.socket(zmq.DEALER, self.manager.control_port)
        stdin = self.socket(zmq.DEALER, self.manager.stdin_port)
        heart = self.socket(zmq.DEALER, self.manager.hb_port)
        listener = self.socket(zmq.XSUB, self.manager.iopub_port)
        session = self.client.session
        for _ in range(1000):
            message = session.msg("execute_request", {"code": "print 1", "silent": False})
            frames = session.serialize(message)
            for _ in range(noise.randrange(1, 4)):
                place = noise.randrange(len(frames))
                match noise.randrange(4):
                    case 0: frames[place] = noise.randbytes(noise.randrange(200))
                    case 1: del frames[place]
                    case 2: frames.insert(place, noise.choice([b"", b"<IDS|MSG>", b"{}", b"[" * 5000, b"\xff\xfe"]))
                    case 3: frames[place] = bytes(reversed(frames[place]))
                frames = frames or [b""]
            noise.choice([shell, control, stdin, heart]).send_multipart(frames)
            if noise.random() < 0.1:
                listener.send(noise.randbytes(5))
        self.assert_alive()
        self.assertTrue(self.manager.is_alive())

    def test_signed_nonsense(self):
        """Messages with a right signature and wrong contents."""
        session = self.client.session
        contents = [{}, {"code": 7}, {"code": None, "silent": "yes"}, {"code": "a", "cursor_pos": -5},
                    {"code": "a", "cursor_pos": 10**30}, {"hist_access_type": "range", "start": "x", "n": -1},
                    {"code": "𝛑" * 1000, "cursor_pos": 3}, {"user_expressions": [1], "code": "1"}]
        kinds = ["execute", "complete", "inspect", "is_complete", "history", "comm_info", "kernel_info", "connect",
                 "debug", "nonsense"]
        for kind in kinds:
            for content in contents:
                self.client.shell_channel.send(session.msg(kind + "_request", content))
        for kind in ["comm_open", "comm_msg", "comm_close", "input_reply", "nonsense"]:
            self.client.shell_channel.send(session.msg(kind, {"comm_id": 5}))
        self.client.shell_channel.send(session.msg("history_request", {"pattern": "[" * 1000, "hist_access_type": "search"}))
        # Cells behind those that fail are given up; those sent later are not.
        time.sleep(0.5)
        self.assert_alive()

    def test_replayed_message(self):
        """What somebody heard and sends again does not run again."""
        self.run_cell("counter = 0")
        session = self.client.session
        frames = session.serialize(session.msg("execute_request", {"code": "counter += 1", "silent": False}))
        socket = self.socket(zmq.DEALER, self.manager.shell_port)
        for _ in range(3):
            socket.send_multipart(frames)
        time.sleep(0.3)
        reply = self.run_cell("", user_expressions={"n": "counter"})
        self.assertEqual(reply["content"]["user_expressions"]["n"]["data"]["text/plain"], "1")

    def test_wrong_key(self):
        socket = self.socket(zmq.DEALER, self.manager.shell_port)
        other = self.client.session.clone()
        other.key = b"another key"
        socket.send_multipart(other.serialize(other.msg("execute_request", {"code": "print 1"})))
        self.assertEqual(socket.poll(300), 0)
        self.assert_alive()

    def test_clients_that_vanish(self):
        """Clients that go away in the middle, and come back under the same name."""
        for _ in range(20):
            socket = self.context.socket(zmq.DEALER)
            socket.linger = 0
            socket.routing_id = b"the-same"
            socket.connect(f"tcp://{self.manager.ip}:{self.manager.shell_port}")
            session = self.client.session
            socket.send_multipart(session.serialize(session.msg("execute_request", {"code": "repeat 100 { print 1 }"})))
            time.sleep(0.01)
            socket.close()
        self.assert_alive()

    def test_welcome_while_busy(self):
        """However much the kernel publishes, the first thing that a new client hears is that it listens."""
        stop = threading.Event()

        def ask():
            shell = self.socket(zmq.DEALER, self.manager.shell_port)
            session = self.client.session.clone()
            while not stop.is_set():
                shell.send_multipart(session.serialize(session.msg("kernel_info_request", {})))
                shell.recv_multipart()

        asking = threading.Thread(target=ask)
        asking.start()
        session = self.client.session.clone()
        try:
            for _ in range(200):
                listener = self.socket(zmq.SUB, self.manager.iopub_port)
                listener.subscribe(b"")
                self.assertEqual(listener.poll(5000), zmq.POLLIN)
                _, frames = session.feed_identities(listener.recv_multipart())
                self.assertEqual(session.deserialize(frames)["msg_type"], "iopub_welcome")
                self.assertEqual(listener.poll(5000), zmq.POLLIN, "nothing follows")
                listener.close()
        finally:
            stop.set()
            asking.join()

    def interrupted(self, code, interrupt, wait=1.0):
        """The seconds from an interruption to the cell's answer."""
        identity = self.client.execute(code)
        time.sleep(wait)
        start = time.monotonic()
        interrupt()
        while True:
            reply = self.client.get_shell_msg(timeout=10)
            if reply["parent_header"].get("msg_id") == identity:
                break
        self.assertEqual(reply["content"]["status"], "error")
        self.assertEqual(reply["content"]["ename"], "interrupted")
        return time.monotonic() - start

    def test_interruption(self):
        for name, code in ENDLESS.items():
            kill = lambda: os.kill(self.manager.provisioner.pid, signal.SIGINT)
            for how, interrupt in [("by a message", self.manager.interrupt_kernel), ("by SIGINT", kill)]:
                with self.subTest(f"{name}, {how}"):
                    # Of a few, for the machine may have other things to do.
                    seconds = min(self.interrupted(code, interrupt, wait=0.7) for _ in range(3))
                    print(f"{name}, interrupted {how}: {seconds * 1000:.1f} ms")
                    self.assertLess(seconds, 0.1)
        self.assert_alive()

    def test_interrupted_download(self):
        """A server that sends a byte in a while does not keep a download from being stopped."""

        class Slow(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "9912422")
                self.end_headers()
                try:
                    while True:
                        self.wfile.write(b"x")
                        time.sleep(2)
                except OSError:
                    pass

            def log_message(self, *arguments):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with tempfile.TemporaryDirectory() as cache:
            environment = {**os.environ, "XDG_CACHE_HOME": cache, "NBS_DATA_DIR": cache,
                           "NBS_MIRRORS": f"http://127.0.0.1:{server.server_port}"}
            manager, client = start_new_kernel(kernel_name="nbs", env=environment)
            times = []
            for _ in range(2):
                identity = client.execute("data mnist")
                time.sleep(1.5)
                start = time.monotonic()
                manager.interrupt_kernel()
                while (reply := client.get_shell_msg(timeout=10))["parent_header"]["msg_id"] != identity:
                    pass
                self.assertEqual(reply["content"]["ename"], "interrupted")
                times.append(time.monotonic() - start)
            print(f"a download, interrupted: {min(times) * 1000:.1f} ms")
            self.assertLess(min(times), 0.1)
            client.stop_channels()
            manager.shutdown_kernel()
        server.shutdown()

    def test_answers_while_busy(self):
        """Completion, inspection and the kernel's description do not wait for a training."""
        self.run_cell("unusual_name = 3")
        identity = self.client.execute(ENDLESS["a training"])
        time.sleep(0.3)
        for request in [
            lambda: self.client.complete("print unusu"), lambda: self.client.inspect("train"), self.client.kernel_info,
            lambda: self.client.is_complete("repeat 3 {"), self.client.history,
        ]:
            start = time.monotonic()
            wanted = request()
            while (reply := self.client.get_shell_msg(timeout=10))["parent_header"]["msg_id"] != wanted:
                pass
            self.assertLess(time.monotonic() - start, 0.5)
            if reply["msg_type"] == "complete_reply":
                self.assertEqual(reply["content"]["matches"], ["unusual_name"])
        self.manager.interrupt_kernel()
        while self.client.get_shell_msg(timeout=10)["parent_header"]["msg_id"] != identity:
            pass

    def test_progress(self):
        """A training's progress is one display that changes, ten times a second at most, and is empty at the end."""
        shown = []
        identity = self.client.execute(ENDLESS["a training"])
        end = time.monotonic() + 3
        while time.monotonic() < end:
            try:
                shown.append(self.client.get_iopub_msg(timeout=0.2))
            except Exception:
                pass
        self.manager.interrupt_kernel()
        while True:
            message = self.client.get_iopub_msg(timeout=10)
            shown.append(message)
            if message["parent_header"].get("msg_id") == identity and message["content"].get("execution_state") == "idle":
                break
        first = [m for m in shown if m["msg_type"] == "display_data"]
        updates = [m for m in shown if m["msg_type"] == "update_display_data"]
        self.assertEqual(len(first), 1)
        self.assertGreater(len(updates), 10)
        self.assertLess(len(updates), 35)
        self.assertEqual({m["content"]["transient"]["display_id"] for m in first + updates},
                         {first[0]["content"]["transient"]["display_id"]})
        self.assertIn("train xor  epoch", first[0]["content"]["data"]["text/plain"])
        self.assertEqual(updates[-1]["content"]["data"]["text/plain"], "")

    def test_speed(self):
        """A cell's way there and back."""
        self.run_cell("1")
        times = []
        for _ in range(200):
            start = time.perf_counter()
            identity = self.client.execute("6 * 7")
            while self.client.get_shell_msg(timeout=5)["parent_header"]["msg_id"] != identity:
                pass
            times.append(time.perf_counter() - start)
        print(f"a cell there and back: {statistics.median(times) * 1000:.2f} ms")
        self.assertLess(statistics.median(times), 0.005)

    def test_start(self):
        """From the process's start to the first answer, and the memory that it then holds."""
        best = min(self.started("nbs") for _ in range(5))
        print(f"start to first answer: {best[0] * 1000:.0f} ms, {best[1] / 1024:.0f} MiB")
        self.assertLess(best[0], 0.15)

    @staticmethod
    def started(name):
        manager = KernelManager(kernel_name=name)
        start = time.perf_counter()
        manager.start_kernel()
        # ZeroMQ's clients try again after 100 ms where nobody listens yet, which is none of the kernel's time.
        for port in [manager.shell_port, manager.iopub_port]:
            while True:
                with socket.socket() as probe:
                    if probe.connect_ex((manager.ip, port)) == 0:
                        break
                time.sleep(0.001)
        client = manager.client()
        client.start_channels()
        identity = client.kernel_info()
        while client.get_shell_msg(timeout=20)["parent_header"]["msg_id"] != identity:
            pass
        seconds = time.perf_counter() - start
        status = pathlib.Path(f"/proc/{manager.provisioner.pid}/status").read_text()
        memory = int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1])
        client.stop_channels()
        manager.shutdown_kernel()
        return seconds, memory

    def test_end(self):
        """A kernel ends when it is asked to, in the middle of a training too, and by SIGTERM."""
        for end in [lambda m: m.request_shutdown(), lambda m: os.kill(m.provisioner.pid, signal.SIGTERM)]:
            manager, client = start_new_kernel(kernel_name="nbs")
            client.execute(NETWORK + ENDLESS["a training"])
            time.sleep(0.5)
            start = time.monotonic()
            end(manager)
            while manager.is_alive() and time.monotonic() - start < 10:
                time.sleep(0.02)
            self.assertLess(time.monotonic() - start, 3)
            client.stop_channels()
            manager.cleanup_resources()


if __name__ == "__main__":
    unittest.main()
