"""What `evaluate` measures, against scikit-learn.

    python3 Tests/Differential/metrics.py --count 500 --seed 7

A network of identity edges gives the outputs that are wanted. Needs numpy and scikit-learn.
"""

import random
import warnings

import numpy as np
from sklearn import metrics as sk

import nbs

warnings.filterwarnings("ignore")


def binary(draw, rows, digits):
    z, y = draw.normal(size=(rows, 1)).round(digits), draw.integers(0, 2, (rows, 1))
    p = (z > 0).astype(int)
    right = {
        "accuracy": sk.accuracy_score(y, p), "precision": sk.precision_score(y, p, zero_division=0),
        "recall": sk.recall_score(y, p, zero_division=0), "f1": sk.f1_score(y, p, zero_division=0),
    }
    if 0 < y.sum() < rows:
        right["auc"] = sk.roc_auc_score(y, z)
    return z, y, "sigmoid", right


def classes(draw, rows, digits):
    count = int(draw.integers(3, 9))
    z, y = draw.normal(size=(rows, count)).round(digits), draw.integers(0, count, rows)
    p = z.argmax(1)
    seen = sorted(set(y) | set(p))
    options = {"labels": seen, "average": "macro", "zero_division": 0}
    right = {
        "accuracy": sk.accuracy_score(y, p), "precision": sk.precision_score(y, p, **options),
        "recall": sk.recall_score(y, p, **options), "f1": sk.f1_score(y, p, **options),
    }
    if count > 5 and digits > 3:
        right["top_5"] = sk.top_k_accuracy_score(y, z, k=5, labels=range(count))
    return z, np.eye(count, dtype=int)[y], "softmax", right


def amounts(draw, rows, digits):
    count = int(draw.integers(1, 4))
    z, y = draw.normal(size=(rows, count)).round(digits), draw.normal(size=(rows, count)).round(digits)
    right = {"loss": sk.mean_squared_error(y, z)}
    if all(len(set(column)) > 1 for column in y.T):
        right["r2"] = sk.r2_score(y, z)
    return z, y, "linear", right


def main():
    options = nbs.arguments(__doc__, 300)
    maker = random.Random(options.seed)
    cells, cases = ["option precision=double digits=17"], []
    for number in range(options.count):
        draw = np.random.default_rng(maker.randrange(1 << 30))
        rows, digits = maker.choice([1, 2, 5, 20, 100]), maker.choice([1, 6])
        z, y, activation, right = maker.choice([binary, classes, amounts])(draw, rows, digits)
        width = z.shape[1]
        cells.append("\n".join([
            f"net n{number}" + (" loss=mse" if activation == "linear" else ""), f"layer inp input {width}",
            f"layer out dense {width} {activation} bias=false",
            "connect inp -> out type=identity", f"data d{number} = {z.tolist()} -> {y.tolist()}", f"evaluate d{number}",
            *[f'print "is", {name}' for name in right]]))
        cases.append((f"{activation}, {rows} rows of {width}", right))
    shown, _ = nbs.run(options.nbs, cells)
    failures = []
    for (words, right), text in zip(cases, shown[1:]):
        found = [] if isinstance(text, nbs.Error) else [
            nbs.numbers(line)[0] for line in text.split("\n") if line.startswith("is ")]
        if not nbs.agree(found, list(right.values()), 1e-12):
            failures.append(f"{words}\n  scikit-learn: {right}\n  nbs: {text}")
    nbs.report(failures, options.count, "metrics against scikit-learn")


main()
