"""Runs nbs on several hosts, which are network namespaces of this machine, and holds what comes out to one process.

    apt-get install -y openmpi-bin iproute2
    python3 Tests/Cluster/cluster.py .build/release/nbs
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import textwrap
import time

from hosts import Hosts, missing

nbs = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/nbs")
counts = {"passed": 0, "failed": 0, "skipped": 0}

NOTEBOOK = """\
    # %% tags=["parameters"]
    param epochs = 2
    # %%
    seed 3
    data digits
    split digits test=20%
    net cnn loss=crossentropy optimizer=adam rate=0.01
    layer inp input 8x8x1; layer c conv2d 8 3x3 relu; layer n batchnorm; layer p maxpool 2x2; layer f flatten; layer d dropout 0.2; layer out dense 10 softmax
    connect inp -> c -> n -> p -> f -> d -> out
    # %%
    train digits epochs=epochs batch=128 validate=20%
    # %%
    evaluate digits
    plot confusion digits
    # %%
    data iris
    net k loss=crossentropy optimizer=adam
    layer i input 4; layer h dense 300 relu; layer o dense 3 softmax; connect i -> h -> o
    crossvalidate iris folds=3 epochs=3 batch=32
    # %%
    save cnn "cnn.safetensors"
    load again "cnn.safetensors"
    print rand(3)
    """

LONG = """\
    seed 3
    data digits
    net cnn loss=crossentropy optimizer=adam rate=0.01
    layer inp input 8x8x1; layer c conv2d 8 3x3 relu; layer f flatten; layer out dense 10 softmax
    connect inp -> c -> f -> out
    # %%
    train digits epochs=EPOCHS batch=128 checkpoint="kept.safetensors" every=1OPTIONS
    # %%
    evaluate digits
    """


def case(name):
    def wrap(work):
        start = time.time()
        try:
            note = work() or ""
            counts["passed"] += 1
            print(f"ok    {name}  {time.time() - start:.1f} s  {note}", flush=True)
        except AssertionError as error:
            counts["failed"] += 1
            print(f"FAIL  {name}: {error}", flush=True)
        return work
    return wrap


def run(words, folder, seconds=120, threads="1"):
    environment = {**os.environ, "NBS_THREADS": threads, "XDG_DATA_HOME": str(folder / "data"),
                   "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=seconds)


def report(hosts, folder, ranks, notebook="cnn.nbs", *options):
    """The report of a run on so many ranks, and how long it took."""
    name = f"{notebook}.{ranks}.md"
    command = [nbs, "run", notebook, "--no-record", "--export", name, *options]
    start = time.time()
    done = run(command if ranks == 1 else hosts.mpirun(ranks, *command), folder)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return (folder / name).read_text(), time.time() - start


def main(folder):
    (folder / "cnn.nbs").write_text(textwrap.dedent(NOTEBOOK))
    long = textwrap.dedent(LONG)
    with Hosts(4, str(folder)) as hosts:
        alone, _ = report(hosts, folder, 1)

        @case("training, evaluation and folds on 2 hosts")
        def _():
            assert report(hosts, folder, 2)[0] == alone

        @case("training, evaluation and folds on 4 hosts")
        def _():
            assert report(hosts, folder, 4)[0] == alone

        @case("three ranks, which divide nothing evenly")
        def _():
            assert report(hosts, folder, 3)[0] == alone

        @case("a sweep on 4 hosts")
        def _():
            words = [nbs, "sweep", "cnn.nbs", "-p", "epochs=1,2", "--seeds", "2", "--minimize", "loss", "--csv"]
            one, four = run(words, folder), run(hosts.mpirun(4, *words), folder)
            assert one.returncode == 0 and four.returncode == 0, one.stderr + four.stderr
            assert one.stdout == four.stdout, four.stdout

        @case("a time limit outside a training is told, where the run would go on")
        def _():
            (folder / "limit.nbs").write_text(
                "# %% [code] timeout=1 expect_error=\"time-limit\"\n"
                "i = 0\nwhile true { i += 1 }\n\n# %%\nprint 1\n")
            alone = run([nbs, "run", "limit.nbs", "--no-record"], folder)
            assert alone.returncode == 0, alone.stderr
            done = run(hosts.mpirun(2, nbs, "run", "limit.nbs", "--no-record"), folder)
            assert done.returncode != 0
            assert "outside a training" in done.stderr, done.stderr

        @case("other parameters on one rank are refused")
        def _():
            words = hosts.mpirun(1, nbs, "run", "cnn.nbs", "--no-record")
            done = run([*words, ":", "-n", "1", nbs, "run", "cnn.nbs", "--no-record", "-p", "epochs=1"], folder)
            assert done.returncode != 0
            assert "the parameters differ" in done.stderr, done.stderr

        @case("a rank is killed, and the training resumed on another number of ranks")
        def _():
            (folder / "whole.nbs").write_text(long.replace("EPOCHS", "12").replace("OPTIONS", ""))
            whole, _ = report(hosts, folder, 1, "whole.nbs")
            (folder / "kept.safetensors").unlink()
            (folder / "long.nbs").write_text(long.replace("EPOCHS", "100_000").replace("OPTIONS", ""))
            took, words = kill_a_rank(hosts, folder)
            assert took < 10, f"the others ran on for {took:.1f} s"
            assert "nbshost2" in words or "rank 1" in words, words
            runs = json.loads(run([nbs, "runs", "list", "--json"], folder).stdout)
            assert runs and "long" in json.dumps(runs), runs
            (folder / "resumed.nbs").write_text(
                long.replace("EPOCHS", "12").replace("OPTIONS", ' resume="kept.safetensors"'))
            # What was kept is of more epochs than are asked for only if the machine is very fast.
            resumed, _ = report(hosts, folder, 3, "resumed.nbs")
            return f"ended after {took:.1f} s"

        @case("resumed on another number of ranks to the same bits")
        def _():
            for name, epochs, options in [("half", "5", ""), ("rest", "12", ' resume="kept.safetensors"')]:
                (folder / "kept.safetensors").unlink(missing_ok=True) if name == "half" else None
                (folder / f"{name}.nbs").write_text(long.replace("EPOCHS", epochs).replace("OPTIONS", options))
                last, _ = report(hosts, folder, 2 if name == "half" else 3, f"{name}.nbs")
            whole = (folder / "whole.nbs.1.md").read_text()
            assert last.split("metrics of cnn")[1] == whole.split("metrics of cnn")[1], last

        if hosts.slow_down("2ms"):
            @case("training over a slow link")
            def _():
                assert report(hosts, folder, 2)[0] == alone
        else:
            counts["skipped"] += 1
            print("skip  a slow link: this machine has no netem")


def kill_a_rank(hosts, folder):
    """Kills the second rank in the middle of a training; how long the others went on, and what was said."""
    environment = {**os.environ, "NBS_THREADS": "1", "XDG_DATA_HOME": str(folder / "data")}
    kept = folder / "kept.safetensors"
    process = subprocess.Popen(
        hosts.mpirun(2, nbs, "run", "long.nbs"), cwd=folder, env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    while not kept.exists():
        time.sleep(0.05)
        assert process.poll() is None, process.stdout.read()
    inside = subprocess.run(
        ["ip", "netns", "pids", hosts.names[1]], capture_output=True, text=True).stdout.split()
    for pid in inside:
        if pathlib.Path(f"/proc/{pid}/exe").resolve().name == "nbs":
            os.kill(int(pid), signal.SIGKILL)
    start = time.time()
    words, _ = process.communicate(timeout=30)
    return time.time() - start, words


if __name__ == "__main__":
    lacking = missing()
    if lacking:
        print(f"skip  all of it: {lacking}")
        counts["skipped"] += 1
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(pathlib.Path(folder))
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    sys.exit(counts["failed"] > 0)
