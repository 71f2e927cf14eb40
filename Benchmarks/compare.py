#!/usr/bin/env python3
"""Runs each piece of work in nbs and in its peers, one after the other, and prints a Markdown table.

A peer that is not installed is left out: PyTorch and NumPy are looked for in the Python that runs this
(`python -m venv`, then `pip install numpy pandas torch keras tensorflow-cpu`), Synaptic.js by node
(`npm install synaptic`); the plain C loop and oneDNN's bare convolutions need a C compiler. The images are those of
Debian's package dataset-fashion-mnist. Nothing else should run meanwhile.

`compare.py growth` shows how time and memory grow instead, `compare.py accuracy` what tutorial 5's network gets
right in nbs and in Keras over three seeds each, and `compare.py allocations` what a training step allocates.
"""
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent

# work, our benchmark, peers as (name, command)
WORK = [
    ("XOR by `train`, 80,000 steps", "xor-train", ["C", "Synaptic.js"], "xor"),
    ("XOR by `repeat { activate; propagate }`", "xor-repeat", ["C", "Synaptic.js"], "xor"),
    ("backpropagation by hand, 1000 rounds", "backpropagation", ["NumPy"], "backpropagation"),
    ("(1000x1000) @ (1000x1000)", "matrix-product", ["NumPy"], "matrix_product"),
    (
        "convolutional network, an epoch of 60,000 images", "cnn-epoch",
        ["PyTorch", "PyTorch channels_last", "Keras", "oneDNN"], "cnn"),
    ("784-128-10, an epoch of 60,000 rows", "dense-epoch", ["PyTorch"], "dense"),
    ("11-6-6-1, 100 epochs of 400 rows", "small-epochs", ["PyTorch"], "small"),
]
# What a peer is called in the name of its script.
SCRIPTS = {"NumPy": "numpy", "PyTorch": "torch", "PyTorch channels_last": "torch", "Keras": "keras"}


def milliseconds(command):
    """What a program prints as its time; None where it cannot run."""
    run = subprocess.run(command, capture_output=True, text=True)
    try:
        return float(run.stdout.split()[-1]) if run.returncode == 0 else None
    except (ValueError, IndexError):
        return None


def peak_memory(command):
    """The most memory that a program held, in MiB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_maxrss / 1024


def csv_rows(bench, folder):
    """A table of a million rows and 20 columns, read by nbs and by pandas."""
    try:
        import numpy
        import pandas  # noqa: F401
    except ImportError:
        return
    path = Path(folder) / "table.csv"
    values = numpy.random.default_rng(1).standard_normal((1_000_000, 20)).round(4)
    header = ",".join(f"c{column}" for column in range(20))
    numpy.savetxt(path, values, fmt="%.4f", delimiter=",", header=header, comments="")
    ours = [bench, "csv", path]
    theirs = [sys.executable, HERE / "peers" / "csv_pandas.py", path]
    best = [min(filter(None, (milliseconds(command) for _ in range(3)))) for command in (ours, theirs)]
    print(row("a CSV of 1,000,000 rows and 20 columns", best[0], "pandas", best[1]))
    memory = [peak_memory(command) for command in (ours, theirs)]
    print(f"| its peak memory | {memory[0]:.0f} MiB | pandas | {memory[1]:.0f} MiB | {memory[1] / memory[0]:.2f} x |")


def process_time(command, runs=5):
    """The quickest of several runs of a whole process, in milliseconds; None where it fails."""
    best = None
    for _ in range(runs):
        start = time.perf_counter()
        run = subprocess.run(command, capture_output=True)
        if run.returncode != 0:
            return None
        elapsed = (time.perf_counter() - start) * 1e3
        best = elapsed if best is None else min(best, elapsed)
    return best


def compiled(source, folder, *flags):
    """A program made of a C file; None where there is no compiler."""
    program = Path(folder) / Path(source).stem
    compiler = shutil.which("cc")
    if not compiler:
        return None
    run = subprocess.run([compiler, "-O2", HERE / "peers" / source, "-o", program, *flags])
    return program if run.returncode == 0 else None


def peer(name, stem, folder):
    """A peer's time for the work called `stem`."""
    if name in ("C", "oneDNN"):
        source = f"{stem}.c" if name == "C" else f"{stem}_onednn.c"
        program = compiled(source, folder, "-lm" if name == "C" else "-ldnnl")
        return milliseconds([program]) if program else None
    if name == "Synaptic.js":
        return milliseconds(["node", HERE / "peers" / f"{stem}_synaptic.js"]) if shutil.which("node") else None
    return milliseconds([sys.executable, HERE / "peers" / f"{stem}_{SCRIPTS[name]}.py", *name.split()[1:]])


def row(work, ours, name, theirs):
    ratio = f"{theirs / ours:.2f} x" if ours and theirs else "not installed"
    shown = f"{theirs:.1f} ms" if theirs else ""
    return f"| {work} | {ours:.1f} ms | {name} | {shown} | {ratio} |"


def convolutional_memory(bench):
    """The most memory that the convolutional epoch held, ours and PyTorch's."""
    ours = peak_memory([bench, "cnn-epoch"])
    theirs = peak_memory([sys.executable, HERE / "peers" / "cnn_torch.py"])
    print(f"| the convolutional epoch's peak memory | {ours:.0f} MiB | PyTorch | {theirs:.0f} MiB | {theirs / ours:.2f} x |")


def growth(bench):
    """Time and memory of one epoch of 64-width-1 by Adam."""
    print("| rows | width | batch | time | peak memory |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    base = [20_000, 128, 32]
    for place, values in enumerate([[20_000, 40_000, 80_000], [64, 128, 256, 512], [8, 32, 128, 512]]):
        for value in values:
            sizes = [str(value if index == place else size) for index, size in enumerate(base)]
            command = [bench, "growth", *sizes]
            best = min(filter(None, (milliseconds(command) for _ in range(3))))
            print(f"| {' | '.join(sizes)} | {best:.0f} ms | {peak_memory(command):.0f} MiB |", flush=True)


def accuracy(bench):
    """Tutorial 5's network after five epochs, three seeds each."""
    for name, command in (
        ("nbs", [bench, "cnn-accuracy"]),
        ("Keras", [sys.executable, HERE / "peers" / "cnn_keras.py", "accuracy"]),
    ):
        shares = [milliseconds([*command, str(seed)]) for seed in (1, 2, 3)]
        print(name, *shares, flush=True)


STEPS = """option backend={backend}
net small loss=crossentropy
layer img input 8x8x1
layer c conv2d 8 3x3 relu
layer p maxpool 2x2
layer flat flatten
layer out dense 10 softmax
connect all
data digits
seed 1
train digits batch=100 epochs={epochs}
"""


def allocations(nbs, folder):
    """What eight more epochs of 18 steps ask of malloc."""
    counter = Path(folder) / "count.so"
    source = HERE / "peers" / "count_allocations.c"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", source, "-o", counter, "-ldl"], check=True)
    for backend in ("swift", "onednn"):
        counts = []
        for epochs in (2, 10):
            notebook = Path(folder) / "steps.nbs"
            notebook.write_text(STEPS.format(backend=backend, epochs=epochs))
            run = subprocess.run(
                [nbs, "run", notebook], capture_output=True, text=True, env={**os.environ, "LD_PRELOAD": str(counter)})
            words = run.stderr.strip().splitlines()[-1].replace(",", "").split()
            counts.append((int(words[1]), int(words[-1])))
        (few, few_large), (many, many_large) = counts
        print(f"{backend}: {(many - few) / 144:.1f} allocations a step, {many_large - few_large} large in all")


def main():
    subprocess.run(["swift", "build", "-c", "release", "--package-path", HERE], check=True, stdout=sys.stderr)
    subprocess.run(["swift", "build", "-c", "release", "--package-path", REPOSITORY], check=True, stdout=sys.stderr)
    bench = HERE / ".build" / "release" / "bench"
    nbs = REPOSITORY / ".build" / "release" / "nbs"
    if "growth" in sys.argv:
        return growth(bench)
    if "accuracy" in sys.argv:
        return accuracy(bench)
    if "allocations" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            return allocations(nbs, folder)
    print(f"{platform.machine()}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}\n")
    print("| work | nbs | peer | its time | nbs is faster by |")
    print("| --- | ---: | --- | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for work, name, peers, stem in WORK:
            ours = milliseconds([bench, name])
            for other in peers:
                print(row(work, ours, other, peer(other, stem, folder)), flush=True)
        csv_rows(bench, folder)
    convolutional_memory(bench)
    whole = process_time([nbs, "run", REPOSITORY / "notebooks" / "xor.nbs"])
    torch = process_time([sys.executable, HERE / "peers" / "import_torch.py"])
    print(row("`nbs run notebooks/xor.nbs`, whole process", whole, "`import torch`", torch))


if __name__ == "__main__":
    main()
