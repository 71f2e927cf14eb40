"""Makes folds.json: which rows scikit-learn tests on in each fold.

Needs the package scikit-learn; run it as

    python Tests/DatasetsTests/Fixtures/folds.py
"""

import json
import pathlib

import numpy
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold, TimeSeriesSplit

random = numpy.random.default_rng(8)
labels = random.choice([0, 1, 2], 31, p=[0.5, 0.3, 0.2])
# No two groups of a size, since ties have no order that could be followed.
groups = numpy.repeat([3, 1, 4, 0, 2, 5], [9, 7, 6, 4, 3, 2])
random.shuffle(groups)
x = numpy.zeros((31, 1))


def folds(splitter, **more):
    return [test.tolist() for _, test in splitter.split(x, **more)]


result = {
    "labels": labels.tolist(),
    "groups": groups.tolist(),
    "plain": {k: folds(KFold(k)) for k in (2, 4, 5)},
    "stratified": {k: folds(StratifiedKFold(k), y=labels) for k in (2, 3, 4)},
    "grouped": {k: folds(GroupKFold(k), groups=groups) for k in (2, 3)},
    "ordered": {k: folds(TimeSeriesSplit(k)) for k in (2, 4, 5)},
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")
