"""Reads a CSV with pandas. Prints milliseconds."""
import sys
import time

import pandas

start = time.perf_counter()
pandas.read_csv(sys.argv[1])
print(f"{(time.perf_counter() - start) * 1e3:.3f}")
