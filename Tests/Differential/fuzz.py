"""Cells and files that nobody would write: nbs must answer each with a value or an error, and never crash or hang.

    python3 Tests/Differential/fuzz.py --count 100000 --seed 7 --what cells|files|notebooks [--only png]

Cells are those of Tests/Cases and docs with words dropped, doubled, swapped and replaced; files are the fixtures of the
tests with bytes changed, cut and inserted, of one reader with --only; notebooks are those of the folder `notebooks` and
the tests, as .nbs, .md and .ipynb, changed in either way, which are checked, formatted and converted, and every tenth run.
Needs Python alone. What crashes is printed, one cell if one alone does it.
"""

import json
import pathlib
import random
import re
import subprocess
import tempfile

import nbs

ROOT = pathlib.Path(__file__).resolve().parents[2]
ODD = ["0", "-1", "1e308", "-0.0", "nan", "inf", "9223372036854775807", "0x0", "3x3", "[]", "[[]]", '""', "true", "()",
       "_", "Out", "x.T", "1:0", "zeros(0, 3)", "1e-320", "é", "\u202e", "\x1b[31m", "{", "}", "->", "%", "\\", "'"]
WORD = re.compile(r'"[^"\n]*"|\w+|\s+|.', re.S)
NOTEBOOKS = ["nbs", "md", "ipynb"]
FILES = ["csv", "tsv", "npy", "npz", "idx", "gz", "png", "safetensors", "onnx", "keras", "h5"]


def corpus():
    cells = []
    for path in [*sorted((ROOT / "Tests/Cases").glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]:
        cells += re.findall(r"^```nbs\n(.*?)^```", path.read_text(), re.S | re.M)
    # Nothing that draws on the network, and nothing that takes long by itself.
    return [cell for cell in cells if not re.search(r"mnist|while|1_000|000_000|from \"/|save|load", cell)]


def mutated(maker, cells):
    cell = maker.choice(cells)
    words = WORD.findall(cell if maker.random() < 0.7 else cell + "\n" + maker.choice(cells))
    for _ in range(maker.choice([1, 1, 2, 3, 6])):
        if not words:
            break
        place = maker.randrange(len(words))
        kind = maker.randrange(5)
        if kind == 0:
            del words[place]
        elif kind == 1:
            words.insert(place, words[place])
        elif kind == 2:
            other = maker.randrange(len(words))
            words[place], words[other] = words[other], words[place]
        elif kind == 3:
            words[place] = maker.choice(ODD)
        else:
            words[place] = maker.choice(WORD.findall(maker.choice(cells)))
    return "".join(words)


def bytes_mutated(maker, data):
    data = bytearray(data)
    for _ in range(maker.choice([1, 2, 8])):
        if not data:
            break
        place = maker.randrange(min(len(data), 200) if maker.random() < 0.6 else len(data))
        kind = maker.randrange(4)
        if kind == 0:
            data[place] = maker.randrange(256)
        elif kind == 1:
            data[place] ^= 1 << maker.randrange(8)
        elif kind == 2:
            del data[place:place + maker.choice([1, 4, len(data)])]
        else:
            data[place:place] = bytes(maker.randrange(256) for _ in range(maker.choice([1, 4])))
    return bytes(data)


def ends_badly(program, cells, folder):
    """Why a run of the cells is not as it should be; nil where it is."""
    notebook = {
        "cells": [{"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": cell, "outputs": [], "execution_count": None}
                  for i, cell in enumerate(cells)],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }
    pathlib.Path(folder, "fuzz.ipynb").write_text(json.dumps(notebook))
    try:
        result = subprocess.run(
            [program, "run", "fuzz.ipynb", "--keep-going", "--no-record", "--cell-timeout", "2s", "--scratch", folder + "/out"],
            cwd=folder, capture_output=True, timeout=60 + 4 * len(cells))
    except subprocess.TimeoutExpired:
        return "it hangs"
    if not is_answer(result):
        return f"it ended with {result.returncode}: {result.stderr[-400:].decode(errors='replace')}"
    return None


def is_answer(result):
    """Whether a program ended by itself: not by a signal, and not as a trap does."""
    return 0 <= result.returncode <= 64


def notebooks_end_badly(program, files, folder, number):
    """Why a notebook among the files was not answered as it should be; nil where all were."""
    tasks = [["check", *files], ["fmt", "--check", *files]]
    for place, file in enumerate(files):
        other = "md" if file.endswith("nbs") else "nbs"
        if place % 10 == number % 10:
            tasks.append(["convert", file, f"converted{place}.{other}"])
            tasks.append(["run", file, "--keep-going", "--no-record", "--timeout", "3s", "--scratch", folder + "/out",
                          "--export", f"report{place}.ipynb", "--export", f"report{place}.html"])
    for task in tasks:
        try:
            result = subprocess.run([program, *task], cwd=folder, capture_output=True, timeout=60)
        except subprocess.TimeoutExpired:
            return f"it hangs: nbs {' '.join(task[:2])}"
        if not is_answer(result):
            return f"nbs {' '.join(task[:2])} ended with {result.returncode}: {result.stderr[-400:].decode(errors='replace')}"
    return None


def changed_notebook(maker, source):
    """A notebook with words or bytes changed."""
    data = source.read_bytes()
    if maker.random() < 0.5:
        return bytes_mutated(maker, data)
    text = data.decode(errors="replace")
    return mutated(maker, [text]).encode(errors="replace")


def fuzz_notebooks(program, maker, count, size, failures, seed):
    sources = [path for folder in ("notebooks", "Tests") for path in sorted((ROOT / folder).rglob("*"))
               if path.suffix[1:] in NOTEBOOKS and path.stat().st_size < 100_000]
    for start in range(0, count, size):
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for number in range(size):
                source = maker.choice(sources)
                name = f"n{number}{source.suffix}"
                pathlib.Path(folder, name).write_bytes(changed_notebook(maker, source))
                files.append(name)
            why = notebooks_end_badly(program, files, folder, start // size)
            if not why:
                continue
            for place, file in enumerate(files):
                alone = notebooks_end_badly(program, [file], folder, 0)
                if alone:
                    kept = pathlib.Path(tempfile.gettempdir(), f"fuzz-{seed}-{start + place}{pathlib.Path(file).suffix}")
                    kept.write_bytes(pathlib.Path(folder, file).read_bytes())
                    why = f"{alone}\nkept as {kept}"
                    break
            failures.append(f"seed {seed}, from case {start}: {why}")


def smallest(program, cells, folder):
    """One cell that ends badly by itself, if there is one; else all."""
    for cell in cells:
        why = ends_badly(program, [cell], folder)
        if why:
            return [cell], why
    return cells, ends_badly(program, cells, folder)


def main():
    def more(parser):
        parser.add_argument("--what", choices=["cells", "files", "notebooks"], default="cells")
        parser.add_argument("--only", choices=FILES, help="files of this kind alone, for one reader")

    options = nbs.arguments(__doc__, 5000, more)
    program = str(pathlib.Path(options.nbs).resolve())
    maker, failures, size = random.Random(options.seed), [], 100
    if options.what == "notebooks":
        fuzz_notebooks(program, maker, options.count, size, failures, options.seed)
        return nbs.report(failures, options.count, "fuzzed notebooks")
    cells = corpus()
    fixtures = [path for path in sorted((ROOT / "Tests").rglob("*"))
                if path.suffix[1:] in ([options.only] if options.only else FILES) and path.stat().st_size < 50_000]
    # Weights go into the network that they are of.
    answers = ROOT / "Tests/SessionsTests/Fixtures/weights/answers.json"
    networks = {answers.parent / name: answer["cell"] for name, answer in json.loads(answers.read_text()).items()}
    for start in range(0, options.count, size):
        with tempfile.TemporaryDirectory() as folder:
            if options.what == "cells":
                batch = [mutated(maker, cells) for _ in range(size)]
            else:
                batch = []
                for number in range(size):
                    source = maker.choice(fixtures)
                    name = f"{number}{''.join(source.suffixes)}"
                    pathlib.Path(folder, name).write_bytes(bytes_mutated(maker, source.read_bytes()))
                    verb = f'load n "{name}"' if source.suffix in (".safetensors", ".onnx") else f'data d{number} from "{name}"'
                    if source.parent == answers.parent:
                        cell = networks.get(source, "net n; layer inp input 2; layer hid dense 2; connect all")
                        verb = f'{cell}\nload weights "{name}"'
                    batch.append(f"{verb}\nshow data d{number}" if verb.startswith("data") else verb)
            if ends_badly(program, batch, folder):
                found, why = smallest(program, batch, folder)
                failures.append(f"seed {options.seed}, from case {start}: {why}\n" + "\n---\n".join(found[:3]))
    nbs.report(failures, options.count, f"fuzzed {options.what}")


main()
