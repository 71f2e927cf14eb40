"""Writes the small files that the reader tests read, by the programs that people write them with.

    python3 -m venv /tmp/v && /tmp/v/bin/pip install numpy pandas scikit-learn pillow
    /tmp/v/bin/python Tests/DatasetsTests/Fixtures/make_fixtures.py

Wherever a test knows the values, they are row * 3 + column, so that C and Fortran order differ.
"""

import gzip
import json
import pathlib
import struct
import zlib

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


def png(path, width, height, depth, kind, rows, chunks=()):
    """A PNG with nothing in it but what is asked for: Pillow has no say about gamma."""
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
        + b"".join(chunk(*more) for more in chunks)
        + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)) + chunk(b"IEND", b""))


def values():
    """The values 63 and 128, in the ways in which PNG can hold them: 16 bits, a palette, transparency, and with gAMA."""
    folder = here / "values"
    png(folder / "a" / "grey16.png", 2, 1, 16, 0, [struct.pack(">HH", 63 * 257, 128 * 257)])
    png(folder / "a" / "grey16_rounded.png", 2, 1, 16, 0, [struct.pack(">HH", 63 * 257 + 100, 128 * 257 - 100)])
    png(folder / "b" / "gamma.png", 2, 1, 8, 0, [bytes([63, 128])], [(b"gAMA", struct.pack(">I", 45455))])
    png(folder / "b" / "gamma_linear.png", 2, 1, 8, 0, [bytes([63, 128])], [(b"gAMA", struct.pack(">I", 100000))])
    # Black at alpha 192 and 128 on white: 63 and 127.
    png(folder / "c" / "alpha.png", 2, 1, 8, 4, [bytes([0, 192, 0, 128])])
    png(folder / "c" / "alpha16.png", 2, 1, 16, 4, [struct.pack(">HHHH", 0, 192 * 257, 0, 128 * 257)])
    png(folder / "d" / "one_bit.png", 2, 1, 1, 0, [bytes([0b10000000])])


def jpegs():
    """JPEG files, and what Pillow (libjpeg-turbo) makes of them."""
    random = np.random.default_rng(7)
    known = {}
    for kind, mode in [("grey", "L"), ("coloured", "RGB")]:
        for number, label in enumerate(["one", "two"]):
            folder = here / "jpeg" / kind / label
            folder.mkdir(parents=True, exist_ok=True)
            base = np.linspace(40, 200, 9 * 10 * len(mode)).reshape(9, 10, len(mode))
            pixels = (base + random.normal(0, 12, base.shape)).clip(0, 255).astype("u1")
            image = Image.fromarray(pixels.squeeze(), mode)
            # One of the endings that people have, and one that is wrong: the content counts.
            name = ["0.jpg", "0.png" if kind == "grey" else "0.JPEG"][number]
            image.save(folder / name, "JPEG", quality=90)
            known[f"{kind}/{label}"] = np.asarray(Image.open(folder / name)).flatten().tolist()
    (here / "jpeg" / "values.json").write_text(json.dumps(known) + "\n")


def summaries():
    """What pandas and SciPy say of the columns of three tables: distinct values, the commonest, histograms, correlations."""
    from scipy.stats.contingency import association

    def ratio(groups, values):
        between = sum(len(v) * (v.mean() - values.mean()) ** 2 for _, v in values.groupby(groups))
        return float(np.sqrt(between / ((values - values.mean()) ** 2).sum()))

    known = {}
    for file, header in [("insurance.csv", 0), ("iris.data", None)]:
        table = pd.read_csv(here / "wild" / file, header=header, skip_blank_lines=True)
        target = table[table.columns[-1]]
        columns = []
        for name in table.columns:
            column = table[name]
            isWords = not pd.api.types.is_numeric_dtype(column)
            counts = column.value_counts()
            kind = (isWords, not pd.api.types.is_numeric_dtype(target))
            correlation = None
            if name != table.columns[-1]:
                correlation = {
                    (False, False): lambda: float(column.corr(target)),
                    (True, False): lambda: ratio(column, target),
                    (False, True): lambda: ratio(target, column),
                    (True, True): lambda: float(association(pd.crosstab(column, target), method="cramer")),
                }[kind]()
            columns.append({
                "distinct": int(column.nunique()), "most": int(counts.iloc[0]),
                "histogram": [] if isWords else np.histogram(column, bins=10)[0].tolist(), "correlation": correlation,
            })
        known[file] = columns
    (here / "summaries.json").write_text(json.dumps(known, indent=1) + "\n")


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
    values()
    jpegs()
    summaries()
