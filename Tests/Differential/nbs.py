"""Runs cells with nbs and reads what they print: the part that the differential tests share."""

import argparse
import json
import pathlib
import re
import subprocess
import tempfile

import numpy as np

NUMBER = re.compile(r"[-+]?(?:nan|inf|\d+\.?\d*(?:e[-+]?\d+)?)|true|false")


def arguments(description, count, more=lambda parser: None):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--nbs", default=".build/release/nbs", help="the program (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=count, help="how many cases (default: %(default)s)")
    more(parser)
    return parser.parse_args()


def run(nbs, cells, files={}, folder=None):
    """What each cell shows: a text, or an error's code in an `Error`; the folder with what they saved."""
    folder = folder or tempfile.TemporaryDirectory()
    place = pathlib.Path(folder.name)
    for name, text in files.items():
        (place / name).write_bytes(text.encode())
    notebook = {
        "cells": [
            {"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": cell, "outputs": [], "execution_count": None}
            for i, cell in enumerate(cells)
        ],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }
    (place / "cells.ipynb").write_text(json.dumps(notebook))
    result = subprocess.run(
        [str(pathlib.Path(nbs).resolve()), "run", "cells.ipynb", "--keep-going", "--no-record", "--export", "out.ipynb"],
        cwd=place, capture_output=True, text=True)
    if result.returncode not in (0, 1):
        raise SystemExit(f"nbs ended with {result.returncode}:\n{result.stdout[-2000:]}\n{result.stderr[-2000:]}")
    name = "out.ipynb" if (place / "out.ipynb").exists() else "out.failed.ipynb"
    shown = json.loads((place / name).read_text())["cells"]
    texts = [output_text(cell) for cell in shown if cell["cell_type"] == "code"]
    if len(texts) != len(cells):
        raise SystemExit(f"{len(cells)} cells, but {len(texts)} in the report")
    return texts, folder


class Error(str):
    """What an error says."""


def output_text(cell):
    texts = []
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            return Error(output["evalue"])
        if output.get("name") == "stderr":
            continue
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        text = "".join(text)
        # A notice, such as that of a division by zero, ends with an empty line.
        texts.append(text.split("\n\n", 1)[-1] if text.startswith("Note (") else text)
    return "\n".join(texts)


def numbers(text):
    """All numbers in a text, as 64-bit floats."""
    words = NUMBER.findall(text)
    return np.array([{"true": 1.0, "false": 0.0}.get(word, None) if word in ("true", "false") else float(word)
                     for word in words])


def agree(found, expected, tolerance):
    """Whether two lists of numbers are the same, nan and infinities too."""
    found, expected = np.asarray(found, float).ravel(), np.asarray(expected, float).ravel()
    if found.shape != expected.shape:
        return False
    scale = np.abs(expected[np.isfinite(expected)]).max(initial=1.0)
    with np.errstate(invalid="ignore"):
        close = np.abs(found - expected) <= tolerance * scale
    same = (found == expected) | (np.isnan(found) & np.isnan(expected))
    return bool(np.all(close | same))


def report(failures, count, what):
    for failure in failures[:20]:
        print(failure, end="\n\n")
    print(f"{what}: {count} cases, {len(failures)} differ")
    raise SystemExit(1 if failures else 0)
