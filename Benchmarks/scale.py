"""Predicts how a training scales over processes, from the time of a step and a model of the network between hosts.

    python3 Benchmarks/scale.py                      the table of docs/clusters.md
    python3 Benchmarks/scale.py --check NBS          beside it, what 2 and 4 processes take on this machine

A message takes `latency + bytes / bandwidth`; a process sends and receives at the same time, one message after the other. A
step computes its shards, sends partial sums to those who add them, and takes in what they come to. Gradients of the last layers
travel while the way back through the layers before is computed for the last shard of a process.
"""

import argparse
import os
import re
import subprocess
import tempfile
import time

# Steps of 128 rows: the multiplications of a row in a training step, and the seconds of the step on one thread of an AMD
# EPYC (Zen 4, AVX-512) at 2.6 GHz. `early` is the share of the gradients that is finished before the rest, by the rule of the
# engine's `GradientStage`, and `behind` the share of the multiplications that come after it.
ROWS = 128
NETWORKS = {
    "dense 784-128-10": dict(parameters=101_770, work=204_500, step=0.00066, early=0, behind=0),
    "conv2d 32, 64, dense 128 on 28x28": dict(parameters=1_199_882, work=35_800_000, step=0.224, early=0.98, behind=0.63),
    "dense 784-2048-2048-10": dict(parameters=5_824_522, work=15_850_000, step=0.121, early=0.72, behind=0.37),
}
LINKS = {"1 Gbit/s, 50 µs": (50e-6, 125e6), "10 Gbit/s, 20 µs": (20e-6, 1.25e9), "100 Gbit/s, 3 µs": (3e-6, 12.5e9)}
RANKS = [1, 2, 4, 8, 16, 64, 1024]


def shard_count(network, rows):
    """How many shards a batch has, by the rule of the engine's `Sharding`."""
    size, wanted = 1, max(1 << 19, 48 * network["parameters"])
    while size < rows and (size * network["work"] < wanted or size * 16 < rows):
        size *= 2
    return -(-rows // size)


def partial_sums(shards, ranks):
    """The most sums that a process is left with: subtrees of the fixed tree within its own shards."""
    most = 0
    for rank in range(ranks):
        share = range(shards * rank // ranks, shards * (rank + 1) // ranks)
        left, distance = set(share), 1
        while distance < shards:
            for first in range(0, shards - distance, 2 * distance):
                end = min(first + 2 * distance, shards)
                if first >= share.start and end <= share.stop:
                    left.discard(first + distance)
            distance *= 2
        most = max(most, len(left))
    return most


def step_time(network, ranks, latency, bandwidth, rows=ROWS):
    """The seconds of a step on so many processes."""
    shards = shard_count(network, rows)
    if ranks == 1 or shards == 1:
        return network["step"]
    most = max(shards * (rank + 1) // ranks - shards * rank // ranks for rank in range(ranks))
    gradient = 4 * network["parameters"]
    sent = (partial_sums(shards, ranks) + 1) * gradient * (ranks - 1) / ranks
    shard = network["step"] / shards
    early = max(0, network["early"] * sent / bandwidth - network["behind"] * shard)
    return shard * most + 5 * (ranks - 1) * latency + early + (1 - network["early"]) * sent / bandwidth


def efficiency(network, ranks, link):
    return network["step"] / (ranks * step_time(network, ranks, *LINKS[link]))


def table():
    print("| network | link | " + " | ".join(str(ranks) for ranks in RANKS) + " |")
    print("| --- | --- |" + " ---: |" * len(RANKS))
    for name, network in NETWORKS.items():
        for link in LINKS:
            cells = [f"{efficiency(network, ranks, link):.0%}" for ranks in RANKS]
            print(f"| {name} | {link} | " + " | ".join(cells) + " |")


CHECK = """\
    seed 1
    x = rand(12800, 784)
    data rows = x -> x[:, 0:10]
    net n loss=mse
    layer i input 784; layer a dense 512 relu; layer b dense 512 relu; layer o dense 10
    connect i -> a -> b -> o
    train rows epochs=EPOCHS batch=512
    """


def measure(nbs, ranks, epochs, folder):
    """The seconds of a run on so many processes of this machine, a thread each."""
    path = os.path.join(folder, f"check{epochs}.nbs")
    with open(path, "w") as file:
        file.write(re.sub("^ +", "", CHECK, flags=re.M).replace("EPOCHS", str(epochs)))
    words = [nbs, "run", "--no-record", path]
    if ranks > 1:
        words = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks), *words]
    environment = {**os.environ, "NBS_THREADS": "1", "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    start = time.time()
    subprocess.run(words, check=True, capture_output=True, env=environment)
    return time.time() - start


def check(nbs):
    """What processes on one machine take, beside what is predicted; more of them than there are cores share those."""
    cores = os.cpu_count()
    with tempfile.TemporaryDirectory() as folder:
        def step(ranks):
            # The difference of two runs is the training alone.
            return min(measure(nbs, ranks, 6, folder) - measure(nbs, ranks, 1, folder) for _ in range(3)) / (5 * 25)
        one = step(1)
        network = dict(parameters=669_706, work=1_606_000, step=one, early=0.4, behind=0.41)
        print(f"a step on 1 process: {one * 1e3:.2f} ms")
        for ranks in [2, 4]:
            # Memory stands in for a link: about 5 GB/s for each process, and a microsecond a message.
            predicted = step_time(network, ranks, 1e-6, 5e9, rows=512)
            if ranks > cores:
                predicted += one / cores - one / ranks
            print(f"on {ranks}: {step(ranks) * 1e3:.2f} ms, predicted {predicted * 1e3:.2f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", metavar="NBS", help="measure on this machine")
    arguments = parser.parse_args()
    check(os.path.abspath(arguments.check)) if arguments.check else table()
