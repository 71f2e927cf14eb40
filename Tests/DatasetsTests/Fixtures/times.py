"""What pandas makes of dates, of gaps in time and of windows within groups, for the tests of tables of time:
`python3 times.py > times.json`."""

import json

import numpy as np
import pandas

texts = {
    "ymd": ["2024-05-31", "1969-12-31", "1900-03-01", "2000-02-29", "2024-05-31T12:30:00", "2024-05-31 23:59:59.25",
            "2024-05-31T12:30:00Z", "2024-05-31T12:30:00+02:00", "2024/05/31", "2024-05", "9999-12-31", "0004-02-29"],
    "dmy": ["31.5.2024", "31.05.2024", "1/2/2024", "01-02-2024", "31.12.99", "1.1.68", "31.5.2024 7:05", "31-May-2024", "31 May 2024"],
    "mdy": ["5/31/2024", "1/2/2024", "12/31/99", "5/31/2024 1:30 PM", "5/31/2024 12:05 AM", "May 31, 2024"],
}


def seconds(text, order):
    # pandas begins in 1677.
    if order == "ymd" and text[:4] in ("9999", "0004"):
        year, month, day = map(int, text.split("-"))
        return int((np.datetime64(f"{year:04}-{month:02}-{day:02}") - np.datetime64("1970-01-01")) / np.timedelta64(1, "D")) * 86400.0
    moment = pandas.to_datetime(text, dayfirst=order == "dmy", yearfirst=order == "ymd")
    if moment.tzinfo:
        moment = moment.tz_convert("UTC").tz_localize(None)
    return (moment - pandas.Timestamp("1970-01-01")) / pandas.Timedelta(seconds=1)


def turn(share):
    return [np.sin(2 * np.pi * share).tolist(), np.cos(2 * np.pi * share).tolist()]


moments = pandas.Series(pandas.to_datetime(["2024-05-31 18:45:30", "2023-12-31 00:00:00", "2024-02-29 06:00:00", "2024-12-30 23:59:59", "1968-01-01 12:00:00"]))
shares = {
    "month": (moments.dt.month - 1) / 12,
    "day": (moments.dt.day - 1) / moments.dt.days_in_month,
    "weekday": moments.dt.day_of_week / 7,
    "yearday": (moments.dt.day_of_year - 1) / np.where(moments.dt.is_leap_year, 366, 365),
    "hour": (moments.dt.hour + moments.dt.minute / 60 + moments.dt.second / 3600) / 24,
}

gaps = []
for freq, words in [("D", "a row a day"), ("B", "a row each weekday"), ("h", "a row an hour"), ("15min", "a row every 15 minutes"),
                    ("W-MON", "a row a week"), ("MS", "a row a month"), ("ME", "a row a month"), ("QS", "a row a quarter"), ("YS", "a row a year"), ("2D", "a row every 2 days")]:
    all_times = pandas.date_range("2023-01-02", periods=40, freq=freq)
    kept = all_times.delete([7, 8, 20])
    missing = pandas.Series(1, kept).asfreq(freq).isna()
    assert missing.sum() == 3
    gaps.append({"freq": freq, "words": words, "times": [str(t) for t in kept], "missing": int(missing.sum()),
                 "before_first": str(kept[kept < missing[missing].index[0]][-1])})

rng = np.random.default_rng(5)
frames = []
for customer, rows in [("Ann", 9), ("Bob", 4), ("Cem", 12)]:
    days = pandas.date_range("2024-01-28", periods=rows, freq="D") + pandas.Timedelta(days=len(frames))
    frames.append(pandas.DataFrame({"date": days.strftime("%d.%m.%Y"), "customer": customer, "price": rng.integers(1, 90, rows), "amount": rng.integers(100, 999, rows)}))
table = pandas.concat(frames).sample(frac=1, random_state=3)
first_seen = list(dict.fromkeys(table["customer"]))
steps, ahead = 3, 2
windows = []
groups = {name: group.assign(time=pandas.to_datetime(group["date"], format="%d.%m.%Y")).sort_values("time") for name, group in table.groupby("customer")}
for name in first_seen:
    group = groups[name]
    values = group[["price", "amount"]].to_numpy(float)
    for start in range(len(values) - steps - ahead + 1):
        end = start + steps - 1 + ahead
        windows.append({"customer": name, "inputs": values[start:start + steps].ravel().tolist(), "target": values[end, 1], "date": group["date"].iloc[end],
                        "mean": group["amount"].rolling(steps).mean().iloc[start + steps - 1]})

print(json.dumps({
    "dates": [{"text": text, "order": order, "seconds": seconds(text, order)} for order in texts for text in texts[order]],
    "moments": [str(m) for m in moments], "years": moments.dt.year.tolist(),
    "parts": {name: turn(share.to_numpy()) for name, share in shares.items()},
    "gaps": gaps,
    "csv": table.to_csv(index=False), "steps": steps, "ahead": ahead, "windows": windows,
}, indent=1))
