#!/usr/bin/env python3
"""Runs each piece of work in nbs and in its peers, one after the other, and prints a Markdown table.

A peer that is not installed is left out: PyTorch and NumPy are looked for in the Python that runs this
(`python -m venv`, then `pip install numpy pandas torch`), Synaptic.js by node (`npm install synaptic`), and the plain
C loop needs a C compiler. Nothing else should run meanwhile.
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
]


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


def peer(name, stem, folder):
    """A peer's time for the work called `stem`."""
    if name == "C":
        program = Path(folder) / stem
        compiler = shutil.which("cc")
        if not compiler:
            return None
        subprocess.run([compiler, "-O2", HERE / "peers" / f"{stem}.c", "-o", program, "-lm"], check=True)
        return milliseconds([program])
    if name == "Synaptic.js":
        return milliseconds(["node", HERE / "peers" / f"{stem}_synaptic.js"]) if shutil.which("node") else None
    return milliseconds([sys.executable, HERE / "peers" / f"{stem}_{name.lower()}.py"])


def row(work, ours, name, theirs):
    ratio = f"{theirs / ours:.2f} x" if ours and theirs else "not installed"
    shown = f"{theirs:.1f} ms" if theirs else ""
    return f"| {work} | {ours:.1f} ms | {name} | {shown} | {ratio} |"


def main():
    subprocess.run(["swift", "build", "-c", "release", "--package-path", HERE], check=True, stdout=sys.stderr)
    subprocess.run(["swift", "build", "-c", "release", "--package-path", REPOSITORY], check=True, stdout=sys.stderr)
    bench = HERE / ".build" / "release" / "bench"
    print(f"{platform.machine()}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}\n")
    print("| work | nbs | peer | its time | nbs is faster by |")
    print("| --- | ---: | --- | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for work, name, peers, stem in WORK:
            ours = milliseconds([bench, name])
            for other in peers:
                print(row(work, ours, other, peer(other, stem, folder)), flush=True)
        csv_rows(bench, folder)
    nbs = REPOSITORY / ".build" / "release" / "nbs"
    whole = process_time([nbs, "run", REPOSITORY / "notebooks" / "xor.nbs"])
    torch = process_time([sys.executable, HERE / "peers" / "import_torch.py"])
    print(row("`nbs run notebooks/xor.nbs`, whole process", whole, "`import torch`", torch))


if __name__ == "__main__":
    main()
