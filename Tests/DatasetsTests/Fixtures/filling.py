"""What pandas fills into the gaps of a small table, for FillingTests: `python3 filling.py > filling.json`."""

import json

import numpy as np
import pandas

table = pandas.DataFrame(
    {
        "age": [31, np.nan, 45, 28, 28, np.nan, 60, 39],
        "height": [1.7, 1.8, np.nan, 1.65, 1.72, 1.81, np.nan, 1.6],
        "city": ["Oslo", None, "Rome", "Oslo", "Paris", "Rome", "Oslo", None],
    }
)
filled = {
    "mean": table[["age", "height"]].fillna(table[["age", "height"]].mean()),
    "median": table[["age", "height"]].fillna(table[["age", "height"]].median()),
    "mode": table.fillna(table.mode().iloc[0]),
    "value": table.fillna({"age": -1, "height": 0.5, "city": "unknown"}),
}
shares = table["city"].value_counts(normalize=True).sort_index()
out = {
    "csv": table.assign(y=range(8)).to_csv(index=False),
    "age": {rule: list(frame["age"]) for rule, frame in filled.items()},
    "height": {rule: list(frame["height"]) for rule, frame in filled.items()},
    "city": {rule: list(filled[rule]["city"]) for rule in ("mode", "value")},
    "shares": dict(shares),
    "train_median": float(table["age"][:4].median()),
}
print(json.dumps(out, indent=1))
