"""What pandas puts into gaps in time, for the tests of gaps=linear and gaps=previous: `python3 gaps.py > gaps.json`."""

import json

import numpy as np
import pandas

rng = np.random.default_rng(8)
cases = []
for freq in ["D", "B", "h", "15min", "W-MON", "MS", "ME", "QS", "YS", "2D"]:
    times = pandas.date_range("2023-01-02", periods=40, freq=freq)
    kept = times.delete([7, 8, 20])
    series = pandas.Series(rng.integers(-50, 50, len(kept)).astype(float), kept)
    whole = series.asfreq(freq)
    cases.append({
        "freq": freq, "times": [str(time) for time in kept], "values": series.tolist(),
        "all": ((whole.index - pandas.Timestamp("1970-01-01")) / pandas.Timedelta(seconds=1)).tolist(),
        "linear": whole.interpolate().tolist(), "previous": whole.ffill().tolist(),
    })
print(json.dumps(cases, indent=1))
