"""(1000x1000) @ (1000x1000) in NumPy, in 64 bits or, with `single`, ten one behind the other in 32. Prints milliseconds a
product, the best of 10 runs."""
import sys
import time

import numpy as np

random = np.random.default_rng(1)
is_single = "single" in sys.argv
numbers = np.float32 if is_single else np.float64
A = random.standard_normal((1000, 1000)).astype(numbers)
Bs = [random.standard_normal((1000, 1000)).astype(numbers) / 32 for _ in range(10 if is_single else 1)]
best = float("inf")
for _ in range(10):
    start = time.perf_counter()
    C = A
    for B in Bs:
        C = C @ B
    best = min(best, (time.perf_counter() - start) * 1e3 / len(Bs))
print(f"{best:.3f}")
