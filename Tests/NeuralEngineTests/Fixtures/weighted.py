"""Makes weighted.json: what scikit-learn says of answers to rows that count differently (`sample_weight`).

Needs the packages scikit-learn and numpy; run it as

    python Tests/NeuralEngineTests/Fixtures/weighted.py
"""

import json
import pathlib

import numpy
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    mean_absolute_error,
    mean_squared_error,
    precision_score,
    r2_score,
    recall_score,
    roc_auc_score,
    top_k_accuracy_score,
)

random = numpy.random.default_rng(11)
rows = 50
weights = numpy.round(random.random(rows) * 3, 2)
weights[::9] = 0
truths = (random.random(rows) < 0.4).astype(int)
marks = numpy.round(numpy.clip(0.3 * truths + 0.7 * random.random(rows), 0, 1), 2)
answers = (marks > 0.5).astype(int)
classes = random.integers(0, 7, rows)
scores = random.random((rows, 7))
scores[numpy.arange(rows), classes] += 0.3
named = scores.argmax(axis=1)
amounts = random.normal(size=(rows, 2))
guesses = amounts + random.normal(size=(rows, 2)) / 3


def weighed(metric, *arguments, **options):
    return metric(*arguments, sample_weight=weights, **options)


result = {
    "weights": weights.tolist(),
    "truths": truths.tolist(),
    "marks": marks.tolist(),
    "binary": {
        "accuracy": weighed(accuracy_score, truths, answers),
        "precision": weighed(precision_score, truths, answers),
        "recall": weighed(recall_score, truths, answers),
        "f1": weighed(f1_score, truths, answers),
        "auc": weighed(roc_auc_score, truths, marks),
    },
    "classes": classes.tolist(),
    "scores": scores.ravel().tolist(),
    "many": {
        "accuracy": weighed(accuracy_score, classes, named),
        "precision": weighed(precision_score, classes, named, average="macro", zero_division=0),
        "recall": weighed(recall_score, classes, named, average="macro"),
        "f1": weighed(f1_score, classes, named, average="macro"),
        "top_5": weighed(top_k_accuracy_score, classes, scores, k=5),
    },
    "amounts": amounts.ravel().tolist(),
    "guesses": guesses.ravel().tolist(),
    "regression": {
        "mae": weighed(mean_absolute_error, amounts, guesses),
        "rmse": float(numpy.sqrt(weighed(mean_squared_error, amounts, guesses))),
        "r2": weighed(r2_score, amounts, guesses),
    },
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, indent=1) + "\n")
