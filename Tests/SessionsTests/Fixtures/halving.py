"""Makes halving.json: what scikit-learn's successive halving does with so many candidates and so large a budget.

Needs the package scikit-learn; run it as

    python Tests/SessionsTests/Fixtures/halving.py
"""

import json
import pathlib
import warnings

import numpy
from sklearn.base import BaseEstimator
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import HalvingGridSearchCV, KFold

warnings.filterwarnings("ignore")


class Loss(BaseEstimator):
    """A candidate whose score depends on its value and on the budget, and whose order changes with the budget."""

    def __init__(self, value=0, epochs=1):
        self.value = value
        self.epochs = epochs

    def fit(self, x, y):
        return self

    def score(self, x, y):
        return -loss(self.value, self.epochs)


def loss(value, epochs):
    return ((value * 7919) % 101) / epochs + ((value * 104729) % 89) / 10


x = numpy.arange(4.0).reshape(-1, 1)
cases = []
for candidates, least, most in [
    (9, None, 81), (10, None, 81), (27, None, 81), (30, None, 243), (3, None, 6), (81, None, 5),
    (12, None, 90), (81, 9, 81), (20, 10, 100), (5, 1, 9),
]:
    search = HalvingGridSearchCV(
        Loss(), {"value": list(range(candidates))}, factor=3, resource="epochs",
        min_resources=least or "exhaust", max_resources=most, cv=KFold(2), refit=False)
    search.fit(x, x.ravel())
    results = search.cv_results_
    rounds = [
        sorted(int(value) for value, place in zip(results["param_value"], results["iter"]) if place == index)
        for index in range(search.n_iterations_)
    ]
    cases.append({
        "candidates": candidates, "least": least, "most": most, "counts": search.n_candidates_,
        "budgets": search.n_resources_, "rounds": rounds,
    })

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(cases, indent=1) + "\n")
