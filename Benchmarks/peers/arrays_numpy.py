"""What `bench arrays COUNT` does with arrays, in NumPy. Prints a line for each operation: its name, then milliseconds,
the best of 15 runs (of 5 from 5,000,000 numbers on). Usage: arrays_numpy.py COUNT"""
import sys
import time

import numpy as np

count = int(sys.argv[1])
random = np.random.default_rng(1)
a = random.standard_normal(count)
b = random.standard_normal(count)
positive = np.abs(a)
matrix = a.reshape(-1, 1000)
row = matrix[0].copy()
column = matrix[:, :1].copy()
places = random.integers(0, count, count)
classes = random.integers(0, 10, count)
mask = a > 0

# Slices are copied, as those of nbs are.
works = {
    "a + b": lambda: a + b,
    "a * b + a": lambda: a * b + a,
    "a > b": lambda: a > b,
    "a ^ 0.5": lambda: positive**0.5,
    "a ^ 1.7": lambda: positive**1.7,
    "exp": lambda: np.exp(a),
    "log": lambda: np.log(positive),
    "sin": lambda: np.sin(a),
    "tanh": lambda: np.tanh(a),
    "sigmoid": lambda: 1 / (1 + np.exp(-a)),
    "where": lambda: np.where(mask, a, b),
    "matrix + row": lambda: matrix + row,
    "matrix + column": lambda: matrix + column,
    "sum": lambda: a.sum(),
    "sum, axis 0": lambda: matrix.sum(axis=0),
    "sum, axis 1": lambda: matrix.sum(axis=1),
    "var": lambda: a.var(),
    "max": lambda: a.max(),
    "max, axis 0": lambda: matrix.max(axis=0),
    "max, axis 1": lambda: matrix.max(axis=1),
    "argmax, axis 0": lambda: matrix.argmax(axis=0),
    "cumsum": lambda: np.cumsum(a),
    "a[::-1]": lambda: a[::-1].copy(),
    "a[::3]": lambda: a[::3].copy(),
    "a[mask]": lambda: a[mask],
    "a[places]": lambda: a[places],
    "transpose": lambda: matrix.T.copy(),
    "concat": lambda: np.concatenate([a, b]),
    "stack, axis 1": lambda: np.stack([a, b], axis=1),
    "sort": lambda: np.sort(a),
    "unique": lambda: np.unique(np.floor(a * 100)),
    "onehot": lambda: np.eye(10)[classes],
    "ones": lambda: np.ones(count),
    "arange": lambda: np.arange(0.0, count),
    "rand": lambda: random.random(count),
    "randn": lambda: random.standard_normal(count),
}

for name, work in works.items():
    best = float("inf")
    for _ in range(5 if count >= 5_000_000 else 15):
        start = time.perf_counter()
        work()
        best = min(best, (time.perf_counter() - start) * 1e3)
    print(f"{name}: {best:.3f}", flush=True)
