"""Writes the small files that the reader tests read, by the programs that people write them with.

    python3 -m venv /tmp/v && /tmp/v/bin/pip install numpy pandas scikit-learn pillow
    /tmp/v/bin/python Tests/DatasetsTests/Fixtures/make_fixtures.py

Wherever a test knows the values, they are row * 3 + column, so that C and Fortran order differ.
"""

import gzip
import pathlib
import struct

import numpy as np
import pandas as pd
from PIL import Image
from sklearn.datasets import load_wine

here = pathlib.Path(__file__).parent


def arrays():
    table = np.arange(12).reshape(4, 3)
    for kind in ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
        np.save(here / f"{kind}.npy", table.astype(kind))
    np.save(here / "bool.npy", table % 2 == 1)
    np.save(here / "big_endian.npy", table.astype(">f8"))
    np.save(here / "big_endian_i2.npy", (table - 5).astype(">i2"))
    np.save(here / "fortran.npy", np.asfortranarray(table.astype("f8")))
    np.save(here / "fortran3.npy", np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype("u1")))
    for version in [(2, 0), (3, 0)]:
        with open(here / f"version{version[0]}.npy", "wb") as file:
            np.lib.format.write_array(file, table.astype("f8"), version=version)
    labels = np.array([0, 1, 1, 0])
    np.savez(here / "stored.npz", x=table.astype("f8"), y=labels)
    np.savez_compressed(here / "deflated.npz", X=table.astype("f4"), y=labels)
    np.savez_compressed(
        here / "keras.npz", x_train=np.arange(72, dtype="u1").reshape(2, 6, 6), y_train=np.array([0, 1]),
        x_test=np.arange(36, dtype="u1").reshape(1, 6, 6), y_test=np.array([1]))
    np.savez(here / "unclear.npz", first=table, second=labels)
    with open(here / "structured.npy", "wb") as file:
        np.lib.format.write_array(file, np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]))


def tables():
    people = pd.DataFrame(
        {"age": [31, 45, 28, 60], "colour": ["red", "blue", "red", "green"], "note": ["a, b", 'say "hi"', "", "x\ny"],
         "income": [1200.5, None, 900.25, 3100.75]})
    people.to_csv(here / "pandas.csv", index=False)
    people.drop(columns="note").to_csv(here / "pandas_index.csv")
    people[["age", "income"]].fillna(0).to_csv(here / "german.csv", index=False, sep=";", decimal=",")
    people[["age", "income"]].fillna(0).to_csv(here / "pandas.tsv", index=False, sep="\t")
    people[["age", "income"]].fillna(0).to_csv(here / "windows.csv", index=False, lineterminator="\r\n",
                                               encoding="utf-8-sig")
    people[["age", "income"]].fillna(0).to_csv(here / "utf16.csv", index=False, encoding="utf-16")
    wine = load_wine(as_frame=True)
    frame = wine.frame.iloc[::12].copy()
    frame["target"] = [wine.target_names[label] for label in frame["target"]]
    frame.to_csv(here / "wine.csv", index=False)
    frame.to_csv(here / "wine.csv.gz", index=False, compression={"method": "gzip", "mtime": 0})


def images():
    pixels = np.arange(2 * 4 * 5, dtype="u1").reshape(2, 4, 5)
    idx = struct.pack(">BBBBIII", 0, 0, 8, 3, 2, 4, 5) + pixels.tobytes()
    labels = struct.pack(">BBBBI", 0, 0, 8, 1, 2) + bytes([1, 0])
    folder = here / "idx"
    folder.mkdir(exist_ok=True)
    for name in ["train", "t10k"]:
        (folder / f"{name}-images-idx3-ubyte").write_bytes(idx)
        (folder / f"{name}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx, mtime=0))
        (folder / f"{name}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(labels, mtime=0))
    floats = np.arange(12).reshape(4, 3)
    (here / "floats.idx").write_bytes(struct.pack(">BBBBII", 0, 0, 13, 2, 4, 3) + floats.astype(">f4").tobytes())
    (here / "shorts.idx").write_bytes(struct.pack(">BBBBII", 0, 0, 11, 2, 4, 3) + (floats - 5).astype(">i2").tobytes())
    for label, name in enumerate(["circle", "square"]):
        folder = here / "shapes" / name
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(2):
            grey = (np.arange(20, dtype="u1").reshape(4, 5) + 10 * number + 100 * label).astype("u1")
            Image.fromarray(grey).save(folder / f"{number}.png")
    rgb = np.arange(60, dtype="u1").reshape(4, 5, 3)
    for name in ["one", "two"]:
        folder = here / "coloured" / name
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rgb).save(folder / "0.png")


if __name__ == "__main__":
    arrays()
    tables()
    images()
