#!/usr/bin/env python3
"""Measurements without a peer of the same kind: `growth` shows how time and memory grow, `accuracy` what tutorial 5's
network gets right in nbs and in Keras over three seeds each, `allocations` what a training step allocates, `memory` of how
many seeds an LSTM learns tasks that need a memory."""
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


# Tasks that need a memory, with settings under which they are learned; each prints how much of fresh sequences is right.
# `adding` counts as learned where the mean error is under 0.04, as with S. Hochreiter and J. Schmidhuber (1997).
MEMORY = {
    "parity of 50 bits, trained on 10": """data bits from parity n=1000 steps=10
net solver optimizer=adam rate=0.02
layer seq input 10x1
layer state lstm 4 return=all
layer out dense 1 sigmoid
connect all
train bits epochs=60 batch=16
# %%
data longer from parity n=100 steps=50
layer seq input 50x1
# %%
evaluate longer
print "learned " + text(accuracy > 0.99)
""",
    "adding over 50 steps": """data sums from adding n=3000 steps=50
data fresh from adding n=500 steps=50
net solver optimizer=adam rate=0.002
layer seq input 50x2
layer state lstm 16
layer out dense 1
connect all
train sums epochs=100 batch=32 clip=1
evaluate fresh
print "learned " + text(loss < 0.0016)
""",
    "embedded Reber grammar": """data walks from reber n=800 steps=30
data fresh from reber n=200 steps=30
net solver optimizer=adam rate=0.01
layer seq input 30x7
layer state lstm 12 return=all
layer out dense 7 softmax
connect all
train walks epochs=40 batch=16 clip=1
# Behind an inner E comes the symbol that the second of the string decides.
symbols = argmax(reshape(fresh.x, 200, 30, 7), axis=2)
guesses = argmax(reshape(predict(fresh.x), 200, 30, 7), axis=2)
decided = (symbols == 6) * ((fresh.y == 1) + (fresh.y == 2))
print "learned " + text(sum(decided * (guesses == fresh.y)) == sum(decided))
""",
    "distracted sequence recall": """data recalls from dsr n=2000 steps=20
data fresh from dsr n=500 steps=20
net solver optimizer=adam rate=0.01
layer seq input 20x10
layer state lstm 16 return=all
layer out dense 5 softmax
connect all
train recalls epochs=40 batch=16 clip=1
evaluate fresh
print "learned " + text(accuracy > 0.99)
""",
}


def memory():
    """Of how many seeds an LSTM learns tasks that need a memory."""
    build(REPOSITORY, "--product", "nbs")
    with tempfile.TemporaryDirectory() as folder:
        notebook = Path(folder) / "task.nbs"
        for task, text in MEMORY.items():
            learned = 0
            for seed in range(1, 21):
                notebook.write_text(f"seed {seed}\n{text}")
                run = subprocess.run(
                    [NBS, "run", notebook], capture_output=True, text=True, check=True,
                    env={**os.environ, "XDG_DATA_HOME": folder})
                learned += "learned true" in run.stdout
            print(f"{task}: {learned} of 20", flush=True)


def main():
    studies = {"growth": growth, "accuracy": accuracy, "allocations": allocations, "memory": memory}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", choices=studies)
    study = studies[parser.parse_args().study]
    build(HERE)
    study()


if __name__ == "__main__":
    main()
