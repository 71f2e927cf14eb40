"""Makes classification.json: what scikit-learn says of answers to classes, and of amounts.

Needs the packages scikit-learn and scipy; run it as

    python Tests/NeuralEngineTests/Fixtures/classification.py
"""

import json
import pathlib

import numpy
from scipy.stats import binomtest, bootstrap
from sklearn.calibration import calibration_curve
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import Ridge
from sklearn.metrics import (
    average_precision_score,
    classification_report,
    mean_absolute_error,
    precision_recall_curve,
    r2_score,
    roc_auc_score,
    roc_curve,
    root_mean_squared_error,
)
from sklearn.utils.class_weight import compute_class_weight

random = numpy.random.default_rng(5)
truths = (random.random(60) < 0.3).astype(int)
# Rounded, so that some marks are equal.
marks = numpy.round(numpy.clip(0.35 * truths + 0.65 * random.random(60), 0, 1), 1)
fpr, tpr, _ = roc_curve(truths, marks, drop_intermediate=False)
precision, recall, _ = precision_recall_curve(truths, marks)
share, mean = calibration_curve(truths, marks, n_bins=10, strategy="uniform")
labels = random.integers(0, 3, 40)
answers = numpy.where(random.random(40) < 0.6, labels, random.integers(0, 3, 40))
report = classification_report(labels, answers, output_dict=True, zero_division=0)
binary = classification_report(truths, (marks > 0.4).astype(int), output_dict=True)

# Weighted least squares: what a linear network comes to with mse and a weight for each row.
x = random.normal(size=(12, 2))
y = x @ [1.5, -2.0] + 0.7 + random.normal(size=12)
weights = random.integers(0, 4, 12).astype(float)
line = Ridge(alpha=0).fit(x, y, sample_weight=weights)

# Amounts, two a row, and what is answered.
amounts = random.normal(size=(40, 2)) * [3, 0.5] + [10, -1]
guesses = amounts + random.normal(size=(40, 2)) * [1.5, 0.2]
means = DummyRegressor(strategy="mean").fit(amounts, amounts).predict(amounts)
scores = {"mae": mean_absolute_error, "rmse": lambda t, o: root_mean_squared_error(t.ravel(), o.ravel()), "r2": r2_score}


def interval(score):
    """The bootstrap's percentile interval over rows."""
    found = bootstrap(
        (numpy.arange(40),), lambda rows: score(amounts[rows], guesses[rows]), vectorized=False, method="percentile",
        n_resamples=20000, rng=1,
    )
    return [found.confidence_interval.low, found.confidence_interval.high]


result = {
    "truths": truths.tolist(),
    "marks": marks.tolist(),
    "fpr": fpr.tolist(),
    "tpr": tpr.tolist(),
    "auc": roc_auc_score(truths, marks),
    "precision": precision.tolist(),
    "recall": recall.tolist(),
    "averagePrecision": average_precision_score(truths, marks),
    "calibrationShare": share.tolist(),
    "calibrationMean": mean.tolist(),
    "labels": labels.tolist(),
    "answers": answers.tolist(),
    "classes": [
        [report[str(k)][key] for key in ("precision", "recall", "f1-score", "support")] for k in range(3)
    ],
    "binary": [
        [binary[str(k)][key] for key in ("precision", "recall", "f1-score", "support")] for k in range(2)
    ],
    "wilson": [
        [k, n, *binomtest(k, n).proportion_ci(method="wilson")]
        for k, n in [(0, 10), (1, 10), (5, 10), (28, 30), (30, 30), (500, 1000)]
    ],
    "balanced": compute_class_weight("balanced", classes=numpy.array([0, 1]), y=truths).tolist(),
    "lineInputs": x.ravel().tolist(),
    "lineTargets": y.tolist(),
    "lineWeights": weights.tolist(),
    "amounts": amounts.ravel().tolist(),
    "guesses": guesses.ravel().tolist(),
    "scores": {name: [score(amounts, guesses), score(amounts, means)] for name, score in scores.items()},
    "intervals": {name: interval(score) for name, score in scores.items()},
    "line": [*line.coef_.tolist(), float(line.intercept_)],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, indent=1) + "\n")
