#!/usr/bin/env python3
"""Measurements without a peer of the same kind: `growth` shows how time and memory grow, `accuracy` what tutorial 5's
network gets right in nbs and in Keras over three seeds each, `allocations` what a training step allocates."""
import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import BENCH, HERE, NBS, PEERS, REPOSITORY, build, levels, peak_memory, quickest, times

LEVEL = levels()[0]


def growth():
    """Time and memory of one epoch of 64-width-1 by Adam."""
    print("| rows | width | batch | time | peak memory |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    base = [20_000, 128, 32]
    for place, values in enumerate([[20_000, 40_000, 80_000], [64, 128, 256, 512], [8, 32, 128, 512]]):
        for value in values:
            sizes = [str(value if index == place else size) for index, size in enumerate(base)]
            command = [BENCH, "growth", *sizes]
            best = quickest([command], LEVEL, runs=3)[0][""]
            print(f"| {' | '.join(sizes)} | {best:.0f} ms | {peak_memory(command, LEVEL):.0f} MiB |", flush=True)


def accuracy():
    """Tutorial 5's network after five epochs, three seeds each."""
    for name, command in (
        ("nbs", [BENCH, "cnn-accuracy"]),
        ("Keras", [sys.executable, PEERS / "cnn_keras.py", "accuracy"]),
    ):
        shares = [times([*command, str(seed)], LEVEL).get("") for seed in (1, 2, 3)]
        print(name, *shares, flush=True)


STEPS = """net small loss=crossentropy
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


def allocations():
    """What eight more epochs of 18 steps ask of malloc."""
    build(REPOSITORY, "--product", "nbs")
    with tempfile.TemporaryDirectory() as folder:
        counter = Path(folder) / "count.so"
        source = PEERS / "count_allocations.c"
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", source, "-o", counter, "-ldl"], check=True)
        (few, few_large), (many, many_large) = (allocated(epochs, counter, Path(folder)) for epochs in (2, 10))
        print(f"{(many - few) / 144:.1f} allocations a step, {many_large - few_large} large in all")


def allocated(epochs, counter, folder):
    """How many allocations a training makes, and how many large ones."""
    notebook = folder / "steps.nbs"
    notebook.write_text(STEPS.format(epochs=epochs))
    run = subprocess.run(
        [NBS, "run", notebook], capture_output=True, text=True, env={**os.environ, "LD_PRELOAD": str(counter)})
    words = run.stderr.strip().splitlines()[-1].replace(",", "").split()
    return int(words[1]), int(words[-1])


def main():
    studies = {"growth": growth, "accuracy": accuracy, "allocations": allocations}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", choices=studies)
    study = studies[parser.parse_args().study]
    build(HERE)
    study()


if __name__ == "__main__":
    main()
