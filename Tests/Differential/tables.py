"""Random tables of numbers in CSV files, against pandas.

    python3 Tests/Differential/tables.py --count 500 --seed 7

Separators, quotes, line ends, ways to write numbers, and missing values vary. Needs numpy and pandas.
"""

import io
import random

import numpy as np
import pandas as pd

import nbs

FORMS = ["{:.3f}", "{:.6g}", "{:.2e}", "{:+.4f}", "{:.17g}", "{:.0f}"]


def table(maker):
    """A CSV text, the separator, and whether values are missing."""
    columns, rows = maker.randint(2, 6), maker.randint(1, 30)
    separator = maker.choice([",", ",", ";", "\t"])
    is_quoted, end = maker.random() < 0.3, maker.choice(["\n", "\r\n"])
    misses = maker.random() < 0.4 and rows > 3
    lines = [separator.join(f'"c{i}"' if is_quoted else f"c{i}" for i in range(columns))]
    for row in range(rows):
        fields = []
        for column in range(columns):
            text = maker.choice(FORMS).format(maker.gauss(0, 10 ** maker.randint(-3, 6)))
            # The first two rows are whole, so that no column is empty.
            if misses and row > 1 and maker.random() < 0.15 and column < columns - 1:
                text = maker.choice(["", "NA"])
            fields.append(f'"{text}"' if is_quoted and text else text)
        lines.append(separator.join(fields))
    return end.join(lines) + (end if maker.random() < 0.8 else ""), separator, misses


def main():
    options = nbs.arguments(__doc__, 300)
    maker = random.Random(options.seed)
    cells, cases, files = ["option digits=17"], [], {}
    for number in range(options.count):
        text, separator, misses = table(maker)
        missing = maker.choice(["drop", "mean"]) if misses else None
        files[f"t{number}.csv"] = text
        option = f" missing={missing}" if missing else ""
        cells.append(
            f'data d{number} from "t{number}.csv"{option}\nprint shape(d{number}.x)\n'
            f"print reshape(d{number}.x, -1)\nprint reshape(d{number}.y, -1)")
        frame = pd.read_csv(io.StringIO(text), sep=separator)
        if missing == "drop":
            frame = frame.dropna()
        elif missing == "mean":
            frame = frame.fillna(frame.mean())
        values = frame.to_numpy(float)
        x, y = values[:, :-1], values[:, -1]
        cases.append((text, option, np.concatenate([x.shape, x.ravel(), y])))
    shown, _ = nbs.run(options.nbs, cells, files)
    failures = [
        f"{text}{option}\n  pandas: {right}\n  nbs: {found}"
        for (text, option, right), found in zip(cases, shown[1:])
        if isinstance(found, nbs.Error) or not nbs.agree(nbs.numbers(found[found.index("["):]), right, 1e-15)
    ]
    nbs.report(failures, options.count, "tables against pandas")


main()
