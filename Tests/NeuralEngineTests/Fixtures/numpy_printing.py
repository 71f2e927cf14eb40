"""Writes numpy_printing.json: arrays and how NumPy prints them.

Run it with the folder of this file as the current one:  python3 numpy_printing.py

Arrays of whole numbers are printed from an array of integers, as the language shows them, and truth values in
lower case, which is as long.
"""

import json

import numpy as np


def cases():
    nan, inf = np.nan, np.inf
    for values in [
        [0.0, 0.25, 1.0], [1, 2, 3], [-1, 10, 100], [0.5], [1e-5, 1.0], [1e-5], [123456.789, 0.5],
        [1e8, 0.5], [99999999.5], [0.1 + 0.2], [1 / 3, 2 / 3], [nan, 1.0], [nan], [inf, -inf], [-inf, 0.5, nan],
        [nan, 1.5], [inf, 100.25], [-0.0, 0.5], [1e300, 1e-300], [1.5e100, 2.25], [5e-324], [0.0], [],
        [1e15, 1.0], [2.0**60, 1.0], [0.125, 0.375], [2.675, 1.005], [1e-4, 9e-5], [1000.5, 1.0], [1001.5, 1.0],
        [-1.5, 2.25, -3.125], [[1.5, -2.0], [100.25, 0.0]], [[[1, 2], [3, 4]], [[5, 6], [7, 8]]],
        [[]], [[[0.5]]], [0.02, 0.2, 20.0], [0.00012345678], [12345678.9], [1234567.891, 2.0],
        [5e-324, 1.2345], [1e-310 / 3, 1.5], [2.5e-322, 1.5], [-1e-320, 1.25e-3], [1.2345678e-315, 1e-310],
        [nan, 1e-10, 1e10], [inf, 1.0, 2.0], [0.99999, 0.5], [9.9999e-6, 1.0], [0.5, 1.5, 2.5],
    ]:
        yield np.array(values, dtype=np.float64)
    yield np.array([True, False])
    yield np.array([[True, True], [True, True]])
    yield np.arange(100) * 1.5
    yield np.arange(30.0)
    yield np.arange(1001.0)
    yield np.arange(1001) / 8
    yield np.arange(2000).reshape(40, 50) / 4
    yield np.arange(2000.0).reshape(2, 500, 2)
    yield np.arange(1200).reshape(3, 20, 20) / 2
    yield np.arange(4096).reshape(8, 8, 8, 8) * 1.25
    yield np.arange(12).reshape(2, 3, 2, 1) / 3
    yield np.arange(60).reshape(2, 30) * 0.7
    yield np.ones((2, 40)) * 1e-7
    yield np.full(20, -1234.5678)
    # The only fraction is left out.
    yield np.concatenate([np.arange(600.0), [0.5], np.arange(600.0)])
    random = np.random.default_rng(7)
    for exponent in [-12, -5, -3, -1, 0, 2, 5, 9, 17]:
        yield random.standard_normal(5) * 10.0**exponent
        yield random.standard_normal((3, 4)) * 10.0**exponent
    yield 10.0 ** random.uniform(-6, 6, 8)
    yield random.standard_normal(40)


def printed(array, digits):
    if array.dtype != bool and np.all(np.isfinite(array)) and np.all(array == np.trunc(array)):
        if np.all(np.abs(array) < 1e16):
            array = array.astype(np.int64)
    with np.printoptions(precision=digits):
        return str(array).replace("True", "true").replace("False", "false")


def written(value):
    return float(value) if np.isfinite(value) else str(float(value))


def main():
    entries = []
    for array in cases():
        for digits in [4, 8] if array.size < 200 else [4]:
            entry = {
                "shape": list(array.shape), "values": [written(x) for x in array.ravel()],
                "boolean": array.dtype == bool, "digits": digits, "text": printed(array, digits)}
            entries.append(entry)
    # Numbers in the middle between two roundings, or so near to it that only exact arithmetic tells.
    for digits in [0, 1, 2, 3, 11]:
        array = np.array([0.125, 0.5, 2.5, 0.25, 2.675, 1.4999999999, 3.45, 689.467726318275])
        for values in [array, np.array([13689.467726318275, -1026.54410535174])]:
            entries.append({
                "shape": [values.size], "values": list(values), "boolean": False, "digits": digits,
                "text": printed(values, digits)})
    with open("numpy_printing.json", "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(entry) for entry in entries) + "\n]\n")
    print(len(entries), "arrays")


if __name__ == "__main__":
    main()
