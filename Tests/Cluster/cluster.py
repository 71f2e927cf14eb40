"""Runs nbs on several hosts, which are network namespaces of this machine, and holds what comes out to one process.

    apt-get install -y openmpi-bin iproute2
    python3 Tests/Cluster/cluster.py .build/release/nbs
"""

import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections import Counter

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

FOLDS = """\
    data iris
    net n loss=crossentropy optimizer=adam
    layer i input 4; layer h dense 8 tanh; layer o dense 3 softmax
    connect i -> h -> o
    train iris epochs=4
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
        except (AssertionError, subprocess.TimeoutExpired) as error:
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

        @case("ranks on processors with other instructions")
        def _():
            words = [nbs, "run", "cnn.nbs", "--no-record", "--export", "levels.md"]
            done = run([*hosts.mpirun(1, "env", "NBS_ISA=v2", *words), ":", "-n", "1", *words], folder)
            assert done.returncode == 0, done.stderr
            assert (folder / "levels.md").read_text() == alone

        @case("a sweep on 4 hosts")
        def _():
            words = [nbs, "sweep", "cnn.nbs", "-p", "epochs=1,2", "--seeds", "2", "--minimize", "loss", "--csv"]
            one, four = run(words, folder), run(hosts.mpirun(4, *words), folder)
            assert one.returncode == 0 and four.returncode == 0, one.stderr + four.stderr
            assert one.stdout == four.stdout, four.stdout

        @case("the folds of a notebook on 2 and 4 hosts")
        def _():
            (folder / "folds.nbs").write_text(textwrap.dedent(FOLDS))
            words = [nbs, "crossvalidate", "folds.nbs", "--folds", "5", "--repeats", "2", "--csv"]
            one = run(words, folder)
            assert one.returncode == 0 and len(one.stdout.splitlines()) == 11, one.stdout + one.stderr
            for ranks in [2, 4]:
                several = run(hosts.mpirun(ranks, *words), folder)
                assert several.returncode == 0, several.stderr
                assert several.stdout == one.stdout, several.stdout

        @case("a fold that fails on another host is told as by one process")
        def _():
            (folder / "failing.nbs").write_text(textwrap.dedent(FOLDS) + "assert 1 < 0, \"never\"\n")
            words = [nbs, "crossvalidate", "failing.nbs", "--folds", "4", "--jobs", "4"]
            one, four = run(words, folder), run(hosts.mpirun(4, *words[:-1], "1"), folder)
            assert one.returncode == 1 and four.returncode == 1, one.stderr + four.stderr
            # mpirun adds words of its own, and its pipe looks like a terminal.
            plain = re.sub("\x1b\\[[0-9;]*m", "", four.stderr.replace("\r", ""))
            assert one.stdout == four.stdout and one.stderr.split("\n\n")[0] in plain, plain

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

        @case("a time limit stops all ranks, and the weights are kept")
        def _():
            words = hosts.mpirun(3, nbs, "run", "endless.nbs", "--no-record", "--timeout", "3s", "--export", "limited.md")
            (folder / "endless.nbs").write_text(long.replace("EPOCHS", "100_000").replace("OPTIONS", ""))
            done = run(words, folder)
            assert done.returncode == 4, f"{done.returncode} {done.stderr}"
            assert "loss" in (folder / "limited.md").read_text()

        @case("Ctrl-C stops all ranks, and the weights are kept")
        def _():
            took, words = interrupt(hosts, folder)
            assert took < 10, f"they ran on for {took:.1f} s"
            assert "interrupted at epoch" in (folder / "stopped.md").read_text(), words
            return f"ended after {took:.1f} s"

        @case("more ranks than shards are told what the rest does")
        def _():
            (folder / "few.nbs").write_text(
                "data iris\nnet n loss=crossentropy\nlayer i input 4; layer o dense 3 softmax; connect i -> o\n"
                "train iris epochs=2 batch=32\n")
            done = run(hosts.mpirun(2, nbs, "run", "few.nbs", "--no-record"), folder)
            assert done.returncode == 0 and "too little work" in done.stderr, done.stderr

        @case("ranks of one host hold large data once")
        def _():
            hold_once(hosts, folder)

        @case("ranks of one host read and parse a table once, and take no more memory than one process")
        def _():
            (folder / "rows.csv").write_bytes(table())
            return take_no_more(hosts, folder, "rows.csv")

        @case("ranks of one host take no more memory than one process with images")
        def _():
            (folder / "train-images-idx3-ubyte").write_bytes(images(60_000))
            (folder / "train-labels-idx1-ubyte").write_bytes(
                bytes([0, 0, 8, 1]) + (60_000).to_bytes(4, "big") + bytes(n % 10 for n in range(60_000)))
            return take_no_more(hosts, folder, "train-images-idx3-ubyte")

        @case("what rank 0 alone cannot write ends the run in good order")
        def _():
            (folder / "writes.nbs").write_text("net n; layer i input 1; layer o dense 1; connect i -> o\nsave n \"/proc/n.safetensors\"\n"
                "data t from \"t.csv\"\n")
            (folder / "t.csv").write_text("a,b\n1,2\n3,4\n5,7\n")
            done = run(hosts.mpirun(3, nbs, "run", "writes.nbs", "--no-record", "--export", "writes.md"), folder)
            assert done.returncode == 1, f"{done.returncode} {done.stderr}"
            assert "/proc/n.safetensors" in (folder / "writes.md").read_text()

        @case("a notebook from standard input is refused")
        def _():
            for words in [["run", "-", "--no-record"], ["crossvalidate", "-"]]:
                done = run(hosts.mpirun(2, nbs, *words), folder)
                assert done.returncode != 0
                assert "cannot share a notebook from standard input" in done.stderr, done.stderr

        @case("another notebook on one rank is refused")
        def _():
            (folder / "other.nbs").write_text("print 1\n")
            words = hosts.mpirun(1, nbs, "run", "cnn.nbs", "--no-record")
            done = run([*words, ":", "-n", "1", nbs, "run", "other.nbs", "--no-record"], folder)
            assert done.returncode != 0
            assert "process 1 on nbshost" in done.stderr and "has another" in done.stderr, done.stderr

        @case("ranks of another MPI are refused by name")
        def _():
            done = run(["env", "PMI_SIZE=2", "PMI_RANK=0", nbs, "run", "cnn.nbs"], folder)
            assert done.returncode == 2 and "MPICH" in done.stderr, done.stderr

        @case("processes of srun that do not know of each other are told of")
        def _():
            (folder / "small.nbs").write_text("print 1\n")
            step = ["env", "SLURM_NTASKS=3", "SLURM_STEP_ID=0", "SLURM_STEP_NUM_TASKS=3"]
            words = [nbs, "run", "small.nbs", "--no-record"]
            first, second = (run([*step, f"SLURM_PROCID={rank}", *words], folder) for rank in [0, 1])
            assert first.returncode == 0 and first.stdout == second.stdout == "1\n", first.stdout + first.stderr
            assert "3 processes" in first.stderr and "srun --mpi=pmix" in first.stderr, first.stderr
            assert not second.stderr, second.stderr
            done = run([*step, "SLURM_PROCID=1", "PMI_SIZE=3", "PMI_RANK=1", *words], folder)
            assert done.returncode == 2 and "srun --mpi=pmix" in done.stderr, done.stderr

        @case("other parameters on one rank are refused")
        def _():
            words = hosts.mpirun(1, nbs, "run", "cnn.nbs", "--no-record")
            done = run([*words, ":", "-n", "1", nbs, "run", "cnn.nbs", "--no-record", "-p", "epochs=1"], folder)
            assert done.returncode != 0
            assert "process 1 on nbshost" in done.stderr and "other options or parameters" in done.stderr, done.stderr
            assert "epochs=1" in done.stderr, done.stderr

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

        slow = hosts.slow_down()
        if slow:
            @case("training over a slow link")
            def _():
                assert report(hosts, folder, 2)[0] == alone
                return slow
        else:
            counts["skipped"] += 1
            print("skip  a slow link: this machine has neither netem nor tbf")

    apart(folder, long)


def apart(folder, long):
    """What hosts do that share no disk: each has its own notebooks, data, reports and store of runs."""
    own = folder / "own"
    own.mkdir()
    with Hosts(3, str(folder), str(own)) as hosts:
        disks = [pathlib.Path(hosts.disk(number)) for number in [1, 2, 3]]

        def everywhere(name, text):
            for disk in disks:
                (disk / name).write_text(text)

        @case("other data on one host is refused")
        def _():
            everywhere("table.csv", "a,b\n1,2\n3,4\n")
            everywhere("reads.nbs", "data t from \"table.csv\"\n")
            assert run(hosts.mpirun(3, nbs, "run", "reads.nbs", "--no-record"), own).returncode == 0
            (disks[1] / "table.csv").write_text("a,b\n1,2\n3,5\n")
            done = run(hosts.mpirun(3, nbs, "run", "reads.nbs", "--no-record"), own)
            assert done.returncode != 0
            assert "process 1 on nbshost2 has read something else for the data set `t`" in done.stderr, done.stderr
            (disks[1] / "table.csv").unlink()
            done = run(hosts.mpirun(3, nbs, "run", "reads.nbs", "--no-record"), own)
            assert done.returncode != 0
            assert "process 1 on nbshost2 cannot read the data set `t`" in done.stderr, done.stderr

        @case("a host without the notebook is named")
        def _():
            everywhere("here.nbs", "print 1\n")
            (disks[2] / "here.nbs").unlink()
            done = run(hosts.mpirun(3, nbs, "run", "here.nbs", "--no-record"), own)
            assert done.returncode != 0
            assert "process 2 on nbshost3: " in done.stderr and "here.nbs" in done.stderr, done.stderr

        @case("a run is killed and resumed, and rank 0 alone has the store")
        def _():
            everywhere("run.nbs", long.replace("EPOCHS", "80").replace("batch=128", "batch=512").replace("OPTIONS", "").replace(
                ' checkpoint="kept.safetensors" every=1', ""))
            whole = run([nbs, "run", "run.nbs", "--no-record", "--export", "whole.md"], disks[0])
            assert whole.returncode == 0, whole.stderr
            kept = lambda: list((disks[0] / "data/nbs/checkpoints").glob("*/training-1.safetensors"))
            took, words = kill_a_rank(hosts, own, "run.nbs", kept)
            assert took < 10, f"the others ran on for {took:.1f} s"
            done = run(hosts.mpirun(3, nbs, "run", "--resume", "last", "--export", "rest.md"), own)
            assert done.returncode == 0, done.stderr[-2000:]
            assert (disks[0] / "rest.md").read_text() == (disks[0] / "whole.md").read_text()
            assert not (disks[1] / "data").exists(), "only rank 0 keeps runs"

        @case("a sweep is killed and resumed, and rank 0 alone has the store")
        def _():
            everywhere("sweep.nbs", "# %% tags=[\"parameters\"]\nparam rate = 0.1\n# %%\n" + long.replace(
                "EPOCHS", "8").replace("OPTIONS", "").replace(' checkpoint="kept.safetensors" every=1', "").replace(
                    "rate=0.01", "rate=rate"))
            words = [nbs, "sweep", "sweep.nbs", "-p", "rate=0.001,0.003,0.01,0.03,0.1,0.3", "--seeds", "3",
                     "--minimize", "loss", "--jobs", "1"]
            whole = run([*words, "--csv", "--no-record"], disks[0])
            assert whole.returncode == 0, whole.stderr
            store = lambda: len(trials(disks[0])) > 5
            kill_a_rank(hosts, own, None, store, words)
            kept = trials(disks[0])
            # Every other trial is of the rank that was killed: the three of a rate are not all of rank 0.
            assert any(count == 3 for count in Counter(trial_rate(trial) for trial in kept).values()), kept
            before = len(kept)
            done = run(hosts.mpirun(3, nbs, "sweep", "--resume", "last", "--jobs", "1", "--csv"), own)
            assert done.returncode == 0, done.stderr[-2000:]
            assert sorted(done.stdout.splitlines()) == sorted(whole.stdout.splitlines()), done.stdout
            assert len(trials(disks[0])) == 18
            return f"{before} of 18 trials were there"


def trials(disk):
    """The trials that the store on a disk has of its last sweep."""
    done = run([nbs, "runs", "--trials", "last", "--json"], disk)
    return json.loads(done.stdout) if done.returncode == 0 and done.stdout.strip() else []


def trial_rate(trial):
    return json.dumps(trial["parameters"])


def program(pid):
    """The name of a process's program; nothing for one that has ended meanwhile."""
    try:
        return pathlib.Path(os.readlink(f"/proc/{pid}/exe")).name
    except OSError:
        return ""


def inside(host):
    """The processes of nbs on a host."""
    pids = subprocess.run(["ip", "netns", "pids", host], capture_output=True, text=True).stdout.split()
    return [int(pid) for pid in pids if program(pid) == pathlib.Path(nbs).name]


def start(hosts, folder, ranks, *command, on=None):
    environment = {**os.environ, "NBS_THREADS": "1", "XDG_DATA_HOME": str(folder / "data"), "NBS_CHECKPOINT_SECONDS": "0.05"}
    return subprocess.Popen(
        hosts.mpirun(ranks, *command, hosts=on), cwd=folder, env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)


def interrupt(hosts, folder):
    """Presses Ctrl-C in a training of two ranks; how long they went on, and what was said."""
    process = start(hosts, folder, 2, nbs, "run", "endless.nbs", "--no-record", "--export", "stopped.md")
    kept = folder / "kept.safetensors"
    kept.unlink(missing_ok=True)
    while not kept.exists():
        time.sleep(0.05)
        assert process.poll() is None, process.stdout.read()
    process.send_signal(signal.SIGINT)
    begun = time.time()
    words, _ = process.communicate(timeout=30)
    return time.time() - begun, words


def hold_once(hosts, folder):
    """Lets two ranks of a host read a large data set, and waits until its pages are those of a file that both map."""
    (folder / "images.idx3-ubyte").write_bytes(images(60_000))
    (folder / "images.nbs").write_text(
        'data images from "images.idx3-ubyte"\nprint "read"\n# %%\nwhile true { x = 1 }\n')
    process = start(hosts, folder, 2, nbs, "run", "images.nbs", "--no-record", on=1)
    while "read" not in process.stdout.readline():
        assert process.poll() is None
    ranks = inside(hosts.names[0])
    try:
        assert len(ranks) == 2, ranks
        # The images are 46,000 kB. The cell ends when they have been compared.
        limit = time.time() + 30
        while min(map(shared_kilobytes, ranks)) < 45_000:
            assert time.time() < limit, f"{list(map(shared_kilobytes, ranks))} kB are shared"
            time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def images(rows):
    """An IDX file of random images of 28x28."""
    return bytes([0, 0, 8, 3]) + b"".join(n.to_bytes(4, "big") for n in [rows, 28, 28]) + os.urandom(rows * 28 * 28)


def table():
    """A CSV file of 200,000 rows of 30 numbers: 48 MB of them."""
    numbers = random.Random(1)
    rows = [",".join(f"{numbers.gauss(0, 1):.6f}" for _ in range(30)) for _ in range(1000)]
    return ("\n".join([",".join(f"c{n}" for n in range(30))] + rows * 200) + "\n").encode()


READS = {
    "rows.csv": """\
        data d from "rows.csv"
        net n
        layer i input 29; layer h dense 64 relu; layer o dense 1; connect i -> h -> o
        """,
    "train-images-idx3-ubyte": """\
        data d from "train-images-idx3-ubyte"
        net n loss=crossentropy
        layer i input 28x28x1; layer f flatten; layer h dense 64 relu; layer o dense 10 softmax; connect i -> f -> h -> o
        """,
}


def take_no_more(hosts, folder, name):
    """Trains with a file in one process, and in two on one host: in words, what each of them takes at most."""
    (folder / "reads.nbs").write_text(
        textwrap.dedent(READS[name]) + 'train d epochs=1 batch=512\nprint "trained"\n# %%\nwhile true { x = 1 }\n')
    words = [nbs, "run", "reads.nbs", "--no-record"]
    size = (folder / name).stat().st_size
    peaks, read = {}, []
    for ranks in [1, 2]:
        process = start(hosts, folder, ranks, *words, on=1)
        try:
            while "trained" not in process.stdout.readline():
                assert process.poll() is None
            pids = sorted(inside(hosts.names[0]))
            assert len(pids) == ranks, pids
            peaks[ranks] = [number(pid, "status", "VmHWM") / 1024 for pid in pids]
            read = [number(pid, "io", "rchar") for pid in pids]
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
    told = f"{peaks[1][0]:.0f} MB alone, {peaks[2][0]:.0f} and {peaks[2][1]:.0f} MB of two"
    # The library of MPI, and an array that is too small to be shared, which is held twice while it travels (32 MB at most).
    assert max(peaks[2]) < peaks[1][0] + 10 + 32, told
    assert sorted(count >= size for count in read) == [False, True], f"{read} of {size} bytes"
    return told


def number(pid, file, name):
    """A number of those that the system keeps of a process."""
    for line in pathlib.Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise AssertionError(f"{file} has no {name}")


def shared_kilobytes(pid):
    """How much of a process's memory stands in files in memory, which it shares."""
    total, counts = 0, False
    for line in pathlib.Path(f"/proc/{pid}/smaps").read_text().splitlines():
        first = line.split()[0]
        if not first.endswith(":"):
            counts = "memfd:nbs" in line
        elif counts and first == "Size:":
            total += int(line.split()[1])
    return total


def kill_a_rank(hosts, folder, notebook="long.nbs", is_kept=None, words=None):
    """Kills the second rank in the middle of a training; how long the others went on, and what was said."""
    kept = folder / "kept.safetensors"
    process = start(hosts, folder, 2, *(words or [nbs, "run", notebook]))
    ranks = []
    while not ranks or not (is_kept or kept.exists)():
        time.sleep(0.01)
        assert process.poll() is None, process.stdout.read()
        ranks = ranks or inside(hosts.names[1])
    for pid in ranks:
        os.kill(pid, signal.SIGKILL)
    begun = time.time()
    said, _ = process.communicate(timeout=30)
    return time.time() - begun, said


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
