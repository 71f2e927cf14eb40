#!/usr/bin/env python3
"""Runs each piece of work in nbs and in its peers, one after the other, and prints Markdown tables.

Run it with the Python in which the peers are installed (README.md says how); a peer that is missing is left out.
Each number is the best of three runs. Nothing else should run meanwhile.
"""
import argparse
import importlib.metadata
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from measuring import (
    BENCH, HERE, INSTRUCTIONS, NBS, PEERS, REPOSITORY, build, compiled, levels, peak_memory, process_time, processor,
    quickest, taken_core)

# Memory formats and numbers of threads that a PyTorch peer may be told to take; the quickest counts.
IMAGES = ("channels_last", "", "channels_last one_thread")
ROWS = ("", "one_thread")


@dataclass(frozen=True)
class Peer:
    """A program that does the work of nbs."""

    name: str
    script: str
    # Words for its command line, of which each choice is tried.
    choices: tuple = ("",)
    # How many times faster nbs is to be.
    goal: float = 0

    def commands(self, folder):
        """Its command lines, one a choice; none where it cannot be made."""
        if self.script.endswith(".c"):
            program = compiled(self.script, folder, "-lm" if self.name == "C" else "-ldnnl")
            return [[program]] if program else []
        interpreter = "node" if self.script.endswith(".js") else sys.executable
        return [[interpreter, PEERS / self.script, *choice.split()] for choice in self.choices]


@dataclass(frozen=True)
class Work:
    """A piece of work: what `bench` calls it, what the table calls it, and who else does it."""

    name: str
    # Empty where each line that it prints has a name of its own.
    title: str
    peers: tuple
    # What `bench` takes behind the name.
    arguments: tuple = ()


WORK = [
    Work("xor-train", "XOR by `train`, 80,000 steps", (
        Peer("C", "xor.c", goal=1 / 1.5), Peer("Synaptic.js", "xor_synaptic.js"))),
    Work("xor-repeat", "XOR by `repeat { activate; propagate }`", (
        Peer("C", "xor.c"), Peer("Synaptic.js", "xor_synaptic.js"))),
    Work("backpropagation", "backpropagation by hand, 1000 rounds", (
        Peer("NumPy", "backpropagation_numpy.py", goal=5),)),
    *(Work("arrays", "", (Peer("NumPy", "arrays_numpy.py", choices=(count,), goal=1),), arguments=(count,))
      for count in ("1000000", "10000000")),
    Work("matrix-product", "(1000x1000) @ (1000x1000), 64 bits", (
        Peer("NumPy", "matrix_product_numpy.py", goal=0.9),)),
    Work("matrix-product-single", "the same in 32 bits, by each of ten dense layers", (
        Peer("NumPy", "matrix_product_numpy.py", choices=("single",), goal=0.9),)),
    Work("cnn-epoch", "convolutional network of tutorial 5, an epoch of 60,000 images", (
        Peer("PyTorch", "cnn_torch.py", IMAGES, goal=2), Peer("Keras", "cnn_keras.py"),
        Peer("oneDNN's convolutions alone", "cnn_onednn.c"))),
    Work("conv1d-epochs", "conv1d.nbs, 40 epochs of 700 signals", (
        Peer("PyTorch", "conv1d_torch.py", IMAGES, goal=2),)),
    Work("conv3d-epochs", "conv3d.nbs, 15 epochs of 420 volumes", (
        Peer("PyTorch", "conv3d_torch.py", IMAGES, goal=2),)),
    Work("resnet-step", "residual network, a step of 64 images of 32x32x3", (
        Peer("PyTorch", "resnet_torch.py", IMAGES, goal=1.5),)),
    Work("dense-epoch", "784-128-10, an epoch of 60,000 rows", (
        Peer("PyTorch", "dense_torch.py", ROWS, goal=3),)),
    Work("deep-epoch", "784-512-512-10, an epoch of 60,000 rows", (
        Peer("PyTorch", "dense_deep_torch.py", ROWS, goal=1.5),)),
    Work("small-epochs", "11-6-6-1, 100 epochs of 400 rows", (
        Peer("PyTorch", "small_torch.py", ROWS, goal=200),)),
    Work("lstm-epoch", "LSTM of 128 units, 100 steps x 64, batch 64, an epoch of 640 rows", (
        Peer("PyTorch", "lstm_torch.py", ROWS, goal=1.5),)),
    Work("lstm-small-epochs", "LSTM of 16 units, 20 steps x 4, batch 8, 10 epochs of 400 rows", (
        Peer("PyTorch", "lstm_torch.py", ("small", "small one_thread"), goal=20),)),
    Work("lstm-online", "Synaptic's LSTM(2, 7, 1), 10,000 online steps", (
        Peer("Synaptic.js", "lstm_synaptic.js", goal=3),)),
]

# Work that is also measured while another process takes a core.
BUSY = ("cnn-epoch", "resnet-step", "dense-epoch", "matrix-product")


def mark(goal, is_reached):
    return f"{goal} {'✓' if is_reached else '✗'}"


def milliseconds(time_taken):
    return f"{time_taken:.1f} ms" if time_taken < 1000 else f"{time_taken / 1000:.2f} s"


def row(title, ours, peer, theirs, goal=0):
    ratio = theirs / ours
    wanted = mark(f"{goal:.2g} x" if goal < 100 else f"{goal:.0f} x", ratio >= goal) if goal else ""
    print(
        f"| {title} | {milliseconds(ours)} | {peer} | {milliseconds(theirs)} | {ratio:.2f} x | {wanted} |", flush=True)


def compare(work, level, runs, folder):
    """Measures a piece of work in nbs and its peers, prints its rows and gives our time and the quickest peer's
    command."""
    programs = [(peer, command) for peer in work.peers for command in peer.commands(folder)]
    ours, *others = quickest([[BENCH, work.name, *work.arguments], *(command for _, command in programs)], level, runs)
    for peer in work.peers:
        measured = [
            (times, command) for (owner, command), times in zip(programs, others) if owner == peer and times]
        for line, time_taken in ours.items():
            known = [(times[line], command) for times, command in measured if line in times]
            if known:
                theirs, command = min(known, key=lambda choice: choice[0])
                name = " ".join([peer.name, *command[2:]]).replace("_", " ")
                row(work.title or line, time_taken, name, theirs, peer.goal)
            else:
                print(f"| {work.title or line} | {milliseconds(time_taken)} | {peer.name} | not installed | | |")


def csv_rows(level, runs, folder):
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
    commands = [[BENCH, "csv", path], [sys.executable, PEERS / "csv_pandas.py", path]]
    ours, theirs = (best[""] for best in quickest(commands, level, runs))
    row("a CSV of 1,000,000 rows and 20 columns", ours, "pandas", theirs)
    ours, theirs = (peak_memory(command, level) for command in commands)
    print(f"| its peak memory | {ours:.0f} MiB | pandas | {theirs:.0f} MiB | {theirs / ours:.2f} x | |")


def process_row(level, runs, folder):
    """A whole process: a short notebook beside the import of PyTorch alone."""
    build(REPOSITORY, "--product", "nbs")
    ours = process_time([NBS, "run", REPOSITORY / "notebooks" / "xor.nbs"], runs)
    theirs = process_time([sys.executable, PEERS / "import_torch.py"], runs)
    if theirs:
        row("`nbs run notebooks/xor.nbs`, whole process", ours, "`import torch`", theirs)


def memory_row(level, runs, folder):
    """The most memory that the convolutional epoch held."""
    ours = peak_memory([BENCH, "cnn-epoch"], level)
    theirs = peak_memory([sys.executable, PEERS / "cnn_torch.py", "channels_last"], level)
    if theirs:
        wanted = mark("below 150 MiB", ours < 150)
        print(
            f"| the convolutional epoch's peak memory | {ours:.0f} MiB | PyTorch | {theirs:.0f} MiB "
            f"| {theirs / ours:.2f} x | {wanted} |")


# Rows that are not simply a time beside a time.
OTHER_ROWS = {"csv": csv_rows, "process": process_row, "memory": memory_row}


def busy_table(chosen, level, runs, folder):
    """What work takes while another process takes one core, and how many times its time on a quiet machine that is."""
    print("\n| beside a process that takes one core | nbs | of its quiet time | peer | of its quiet time | goal |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for work in chosen:
        commands = [[BENCH, work.name], work.peers[0].commands(folder)[0]]
        quiet = quickest(commands, level, runs)
        with taken_core():
            busy = quickest(commands, level, runs)
        cells = [
            f"{milliseconds(busy_times[''])} | {busy_times[''] / quiet_times[''] :.2f} x" if quiet_times else "| "
            for quiet_times, busy_times in zip(quiet, busy)]
        wanted = mark("2 x", busy[0][""] <= 2 * quiet[0][""])
        print(f"| {work.title} | {' | '.join(cells)} | {wanted} |", flush=True)


def versions():
    """The peers that are installed in this Python."""
    found = []
    for package in ("numpy", "pandas", "torch", "keras", "tensorflow-cpu"):
        try:
            found.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"no {package}")
    return ", ".join(found)


def tables(level, only, runs, folder):
    """All rows at one instruction level."""
    model, _ = processor()
    date = time.strftime("%Y-%m-%d")
    print(f"\n{model}, {os.cpu_count()} cores, x86-64-{level} ({INSTRUCTIONS[level]}), {date}; {versions()}\n")
    if not only or set(only) - {"busy"}:
        print("| work | nbs | peer | its time | nbs is faster by | goal |")
        print("| --- | ---: | --- | ---: | ---: | ---: |")
    for work in WORK:
        if not only or work.name in only:
            compare(work, level, runs, folder)
    for name, rows in OTHER_ROWS.items():
        if not only or name in only:
            rows(level, runs, folder)
    if not only or "busy" in only:
        chosen = [work for work in WORK if work.name in BUSY]
        busy_table(chosen, level, runs, folder)


def main():
    names = [*dict.fromkeys(work.name for work in WORK), *OTHER_ROWS, "busy"]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--level", choices=levels(), help="the instruction level; without it each that the machine has")
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=f"one of {', '.join(names)}")
    parser.add_argument("--runs", type=int, default=3, help="how many runs each number is the best of")
    options = parser.parse_args()
    build(HERE)
    with tempfile.TemporaryDirectory() as folder:
        for level in [options.level] if options.level else levels():
            tables(level, options.only, options.runs, folder)


if __name__ == "__main__":
    main()
