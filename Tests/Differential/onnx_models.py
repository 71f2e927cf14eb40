"""Networks saved as ONNX, against onnx's checker and onnxruntime: random ones, which are loaded again too, and the last
network of each notebook.

    python3 Tests/Differential/onnx_models.py --count 300 --seed 7

Needs numpy, onnx and onnxruntime.
"""

import pathlib
import random
import re
import subprocess
import tempfile

import numpy as np
import onnx
import onnxruntime

import drawn_networks
import nbs


def answers(path, x, shapes):
    """What onnxruntime answers; the model is checked first."""
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    feeds, start = {}, 0
    for value, shape in zip(session.get_inputs(), shapes):
        width = int(np.prod(shape))
        part = x[:, start:start + width].reshape((len(x),) + tuple(shape))
        # A length that is free is a word.
        if any(isinstance(own, int) and own != length for own, length in zip(value.shape[1:], shape)):
            part = np.moveaxis(part, -1, 1)
        # A shape that reads the same both ways: three axes or more have the channels first.
        elif len(shape) >= 3:
            part = np.moveaxis(part, -1, 1)
        feeds[value.name] = np.ascontiguousarray(part, np.float32)
        start += width
    outputs = session.run(None, feeds)
    return np.concatenate([
        (np.moveaxis(o, 1, -1) if o.ndim >= 4 else o).reshape(len(x), -1) for o in outputs], axis=1)


def generated(options, failures):
    maker = random.Random(options.seed)
    cells, cases = ["option digits=9"], []
    for number in range(options.count):
        network = drawn_networks.Network(maker, f"n{number}")
        draw = np.random.default_rng(maker.randrange(1 << 30))
        width = sum(int(np.prod(shape)) for shape in network.inputs)
        rows = maker.choice([1, 3])
        if network.words:
            x = draw.integers(0, network.words, (rows, width)).astype(float)
        else:
            x = draw.normal(size=(rows, width)).astype(np.float32).astype(float).round(3)
        prepared = []
        if not network.words and not any("step" in line for line in network.lines) and maker.random() < 0.3:
            # Data in large units, which a training brings onto a scale.
            data = draw.normal(size=(6, width)).round(2) * 50 + draw.integers(-2000, 2000)
            x = x * 50 + data.mean(0).round(2)
            prepared = [f"d{number}", data]
        lines = [f"net n{number} loss=mse", *network.lines]
        if prepared:
            lines.append(f"a = {prepared[1].tolist()}")
            lines.append(f"data d{number} = a -> reshape(predict(a), 6, -1) * 3 + [[1], [2], [3], [4], [5], [7]]")
            lines.append(f"prepare d{number}")
            lines.append(f"train d{number} epochs=1 rate=0.000001")
        # Saved, and loaded again under another name.
        question = f"print reshape(predict({x.tolist()}), -1)"
        lines += [f'save net "n{number}.onnx"', question, f'load m{number} "n{number}.onnx"', question]
        # The same network for longer sequences, where it may be one for any.
        longer = None
        if len(network.inputs) == 1 and not prepared and re.search(r"rnn|lstm|gru|delay|others|carry|conv1d", " ".join(network.lines)):
            shape = (network.inputs[0][0] + 3,) + tuple(network.inputs[0][1:])
            longer = draw.integers(0, network.words, (2, int(np.prod(shape)))).astype(float) if network.words else \
                draw.normal(size=(2, int(np.prod(shape)))).astype(np.float32).astype(float).round(3)
            first = re.sub(r"input [0-9x]+", "input " + "x".join(map(str, shape)), network.lines[0])
            lines.insert(len(lines) - 4, f'save net "n{number}.safetensors"')
        cases.append((len(cells), network, x, longer))
        cells.append("\n".join(lines))
        if longer is not None:
            cells.append("\n".join([f"net o{number}", first, *network.lines[1:], f'load weights "n{number}.safetensors"',
                                    'print "longer"', f"print reshape(predict({longer.tolist()}), -1)"]))
    shown, folder = nbs.run(options.nbs, cells)
    free = 0
    for number, (cell, network, x, longer) in enumerate(cases):
        text = shown[cell]
        words = "\n  ".join(network.lines)
        if isinstance(text, nbs.Error):
            # Random weights that grow from step to step are nothing to train.
            if "`nan` or `inf`" not in text:
                failures.append(f"{words}\n  nbs: {text}")
            continue
        # What is said of saving and loading ends with the number of rows.
        parts = re.split(r"(?:saved|loaded) (?:.|\n)*?on [0-9]+\s+rows?\b.*", text)
        found, again = nbs.numbers(parts[-2]), nbs.numbers(parts[-1])
        try:
            right = answers(pathlib.Path(folder.name) / f"n{number}.onnx", x, network.inputs)
        except Exception as error:
            failures.append(f"{words}\n  onnxruntime: {error}")
            continue
        if not nbs.agree(found, right, 1e-5):
            failures.append(f"{words}\n  onnxruntime: {right}\n  nbs: {found}")
        if not nbs.agree(again, found, 1e-5):
            failures.append(f"{words}\n  saved: {found}\n  loaded: {again}")
        if longer is None or isinstance(shown[cell + 1], nbs.Error):
            continue
        path = pathlib.Path(folder.name) / f"n{number}.onnx"
        shape = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]).get_inputs()[0].shape[1:]
        if all(isinstance(length, int) for length in shape):
            continue
        free += 1
        found = nbs.numbers(shown[cell + 1].rpartition("longer")[2])
        right = answers(path, longer, [(network.inputs[0][0] + 3,) + tuple(network.inputs[0][1:])])
        if not nbs.agree(found, right, 1e-5):
            failures.append(f"{words}\n  three steps more, onnxruntime: {right}\n  nbs: {found}")
    print(f"{free} of them took sequences of another length")


def notebooks(options, failures):
    """The network that each notebook ends with."""
    count = 0
    program = str(pathlib.Path(options.nbs).resolve())
    for notebook in sorted(pathlib.Path(options.notebooks).rglob("*.nbs")):
        text = notebook.read_text()
        if "\nlayer " not in text or "\nnet " not in text:
            continue
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder)
            (place / "n.nbs").write_text(text + '\n\n# %%\nsave net "n.onnx"\nsave net "n.safetensors"\n')
            result = subprocess.run(
                [program, "run", "n.nbs", "--no-record", "--keep-going"], cwd=place, capture_output=True, text=True)
            if not (place / "n.onnx").exists():
                if "save net" in result.stdout + result.stderr:
                    failures.append(f"{notebook}: {result.stdout[-800:]}{result.stderr[-800:]}")
                continue
            session = onnxruntime.InferenceSession(str(place / "n.onnx"), providers=["CPUExecutionProvider"])
            # A sequence whose length is free has the network's own.
            told = session.get_modelmeta().custom_metadata_map
            steps = told.get("nbs.length", "0")
            shapes = [tuple(own if isinstance(own, int) else int(steps) for own in value.shape[1:])
                      for value in session.get_inputs()]
            shapes = [s[1:] + s[:1] if len(s) >= 3 else s for s in shapes]
            width = sum(int(np.prod(shape)) for shape in shapes)
            # A formula, since a page of numbers is no expression. An embedding takes the numbers of tokens.
            numbers, x = f"sin(range({3 * width}) * 1.7)", np.sin(np.arange(3.0 * width) * 1.7)
            if " embedding " in text:
                numbers, x = f"mod(range({3 * width}), 7)", np.arange(3.0 * width) % 7
            x = x.reshape(3, width)
            # A network of `sequence` takes a list of sequences, steps x features each.
            shape = f"{shapes[0][0]}, {shapes[0][1]}" if "nbs.any_length" in told else f"{width}"
            cells = [f'option digits=9\nload net "{place}/n.safetensors"',
                     f"print reshape(predict(reshape({numbers}, 3, {shape})), -1)[:900]"]
            found = nbs.numbers(nbs.run(options.nbs, cells)[0][1])
            # No more than an array shows without leaving numbers out.
            right = answers(place / "n.onnx", x, shapes).ravel()[:900]
            count += 1
            if not nbs.agree(found, right, 1e-5):
                failures.append(f"{notebook}\n  onnxruntime: {right}\n  nbs: {found}")
    return count


def main():
    options = nbs.arguments(__doc__, 300, lambda parser: parser.add_argument(
        "--notebooks", default="", help="a folder of notebooks, whose networks are compared too"))
    failures = []
    generated(options, failures)
    count = options.count + (notebooks(options, failures) if options.notebooks else 0)
    nbs.report(failures, count, "ONNX models against onnxruntime")


main()
