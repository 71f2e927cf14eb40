"""(1000x1000) @ (1000x1000) in NumPy, in 64 bits or, with `single`, in 32. Prints milliseconds, the best of 10 runs."""
import sys
import time

import numpy as np

random = np.random.default_rng(1)
numbers = np.float32 if "single" in sys.argv else np.float64
A = random.standard_normal((1000, 1000)).astype(numbers)
B = random.standard_normal((1000, 1000)).astype(numbers)
best = float("inf")
for _ in range(10):
    start = time.perf_counter()
    A @ B
    best = min(best, (time.perf_counter() - start) * 1e3)
print(f"{best:.3f}")
