"""Networks saved as ONNX, against onnx's checker and onnxruntime: random ones, and the last network of each notebook.

    python3 Tests/Differential/onnx_models.py --count 300 --seed 7

Needs numpy, onnx and onnxruntime.
"""

import pathlib
import random
import subprocess
import tempfile

import numpy as np
import onnx
import onnxruntime

import nbs

ACTIVATIONS = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "gelu", "softplus", "softmax", "step"]
RECURRENT = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus"]
MERGES = ["add", "mul", "avg", "max", "concat"]


class Network:
    """A random network: its lines, and the inputs' shapes and scales."""

    def __init__(self, maker, name):
        self.maker, self.name = maker, name
        self.lines, self.inputs, self.words, self.count = [], [], None, 0
        self.is_last_step = False
        kind = maker.choice(["row", "image", "image", "signal", "volume", "sequence", "sequence", "words"])
        shape = {
            "row": lambda: (maker.randint(1, 6),),
            "image": lambda: (maker.randint(5, 9), maker.randint(5, 9), maker.choice([1, 2, 4])),
            "signal": lambda: (maker.randint(6, 12), maker.choice([1, 2, 4])),
            "volume": lambda: (maker.randint(3, 5), maker.randint(3, 5), maker.randint(3, 5), maker.choice([1, 2])),
            "sequence": lambda: (maker.randint(2, 6), maker.choice([1, 2, 3])),
            "words": lambda: (maker.randint(2, 6),),
        }[kind]()
        layer = self.add("input " + "x".join(map(str, shape)))
        self.inputs.append(shape)
        if kind == "words":
            self.words = maker.randint(2, 9)
            size = maker.randint(1, 4)
            layer, shape = self.chain(layer, f"embedding {self.words} {size}"), (shape[0], size)
            kind = "sequence" if maker.random() < 0.6 else "signal"
        self.is_sequence = False
        if kind == "sequence":
            layer, shape = self.sequence(layer, shape)
        elif kind != "row":
            layer, shape = self.windows(layer, shape)
        if len(shape) > 1 and maker.random() < 0.3:
            layer, shape = self.pool(layer, shape)
        if len(shape) > 1 and not self.is_sequence:
            layer, shape = self.chain(layer, "flatten"), (int(np.prod(shape)),)
        self.rows(layer, shape)

    def add(self, words):
        name = f"l{self.count}"
        self.count += 1
        self.lines.append(f"layer {name} {words}")
        return name

    def chain(self, layer, words, options=""):
        name = self.add(words)
        self.lines.append(f"connect {layer} -> {name}{options}")
        return name

    def joined(self, layers, words, merge):
        name = self.add(words)
        self.lines.append(f"connect {{{' '.join(layers)}}} -> {name} merge={merge}")
        return name

    def activation(self, width):
        choices = ACTIVATIONS if width > 1 else [a for a in ACTIVATIONS if a != "softmax"]
        return self.maker.choice(choices)

    def normalised(self, layer):
        return self.chain(layer, self.maker.choice(["batchnorm", "batchnorm epsilon=0.01", "layernorm", "dropout 0.3"]))

    def sequence(self, layer, shape):
        maker = self.maker
        for _ in range(maker.choice([1, 1, 2])):
            units, both = maker.choice([1, 2, 4]), maker.choice(["", "", "concat", "add", "mul", "avg"])
            more = f" bidirectional={both}" if both else maker.choice(["", "", " reverse=true"])
            cell = maker.choice(["rnn", "lstm", "gru"])
            if cell != "rnn" and maker.random() < 0.3:
                more += f" recurrent_activation={maker.choice(RECURRENT)}"
            if maker.random() < 0.2:
                more += " bias=false"
            layer = self.chain(layer, f"{cell} {units} {maker.choice(['tanh', maker.choice(RECURRENT)])} return=all{more}")
            shape = (shape[0], units * (2 if both == "concat" else 1))
            if maker.random() < 0.3:
                layer = self.normalised(layer)
            if maker.random() < 0.3:
                width = maker.choice([1, 3])
                layer, shape = self.chain(layer, f"dense {width} {self.activation(width)}"), (shape[0], width)
        if maker.random() < 0.7:
            units = maker.choice([1, 3])
            layer, shape = self.chain(layer, f"{maker.choice(['rnn', 'lstm', 'gru'])} {units}"), (units,)
        else:
            self.is_sequence = maker.random() < 0.4
        return layer, shape

    def windows(self, layer, shape):
        maker = self.maker
        axes = len(shape) - 1
        for _ in range(maker.choice([1, 1, 2])):
            groups = 2 if shape[-1] % 2 == 0 and maker.random() < 0.3 else 1
            filters = maker.choice([1, 2, 3]) * groups
            kernel = [maker.randint(1, min(3, n)) for n in shape[:-1]]
            padding = maker.choice(["valid", "same"])
            stride = [maker.choice([1, 1, 2]) for _ in kernel]
            words = (f"conv{axes}d {filters} {'x'.join(map(str, kernel))} {self.activation(filters)} padding={padding} "
                     f"stride={'x'.join(map(str, stride))} groups={groups}")
            dilation = [1] * axes
            if max(stride) == 1 and padding == "same" and maker.random() < 0.3:
                words += " dilation=2"
                dilation = [2] * axes
            if maker.random() < 0.2:
                words += " bias=false"
            layer = self.chain(layer, words)
            if padding == "same":
                sizes = [-(-n // s) for n, s in zip(shape, stride)]
            else:
                sizes = [(n - k) // s + 1 for n, k, s in zip(shape, kernel, stride)]
            shape = tuple(sizes) + (filters,)
            if maker.random() < 0.3:
                layer = self.normalised(layer)
            if maker.random() < 0.3:
                # Two ways that are brought together again.
                merge = maker.choice(MERGES)
                other = self.chain(layer, f"conv{axes}d {shape[-1]} 1 {self.activation(shape[-1])}")
                words = "dropout 0.1" if maker.random() < 0.5 else "batchnorm"
                layer = self.joined([layer, other], words, merge)
                if merge == "concat":
                    shape = shape[:-1] + (2 * shape[-1],)
        if maker.random() < 0.4:
            window = maker.choice(["2", "1"]) if min(shape[:-1]) > 1 else "1"
            padding = maker.choice(["valid", "same"])
            layer = self.chain(layer, f"{maker.choice(['maxpool', 'avgpool'])} {window} padding={padding}")
            w = int(window)
            shape = tuple((n // w if padding == "valid" else -(-n // w)) for n in shape[:-1]) + shape[-1:]
        return layer, shape

    def pool(self, layer, shape):
        return self.chain(layer, self.maker.choice(["globalmaxpool", "globalavgpool"])), (shape[-1],)

    def rows(self, layer, shape):
        maker = self.maker
        if not self.is_sequence:
            for _ in range(maker.choice([0, 1, 2])):
                width = maker.choice([1, 2, 3, 8])
                layer, shape = self.chain(layer, f"dense {width} {self.activation(width)}"), (width,)
                if maker.random() < 0.3:
                    layer = self.normalised(layer)
            if maker.random() < 0.4:
                layer, shape = self.branches(layer, shape)
        width = maker.choice([1, 2, 3])
        self.chain(layer, f"dense {width} {self.activation(width)}", maker.choice(["", "", " bias=false"][:2]))
        if not self.is_sequence and maker.random() < 0.2:
            self.chain(layer, "dense 2 tanh")

    def branches(self, layer, shape):
        maker = self.maker
        width = shape[0]
        left = self.chain(layer, f"dense {width} tanh")
        right = self.chain(layer, f"dense {width} {self.activation(width)}")
        if self.words is None and maker.random() < 0.4:
            # A second place where data enters.
            more = self.add(f"input {width}")
            self.inputs.append((width,))
            right = self.joined([right, more], "dense " + str(width), maker.choice(MERGES[:4]))
        if maker.random() < 0.5:
            merge = maker.choice(MERGES)
            name = self.joined([left, right, layer], f"dense {width} relu", merge)
        else:
            name = self.add(f"dense {width} sigmoid")
            self.lines.append(f"connect {left} -> {name}")
            self.lines.append(f"connect {right} -> {name} type={maker.choice(['full', 'one', 'identity'])}")
            if maker.random() < 0.5:
                self.lines.append(f"connect {layer} -> {name} type={maker.choice(['full', 'one', 'identity'])}")
        return name, (width,)


def answers(path, x, shapes):
    """What onnxruntime answers; the model is checked first."""
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    feeds, start = {}, 0
    for value, shape in zip(session.get_inputs(), shapes):
        width = int(np.prod(shape))
        part = x[:, start:start + width].reshape((len(x),) + tuple(shape))
        if list(value.shape[1:]) != list(shape):
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
        network = Network(maker, f"n{number}")
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
        lines += [f'save net "n{number}.onnx"', f"print reshape(predict({x.tolist()}), -1)"]
        cells.append("\n".join(lines))
        cases.append((network, x))
    shown, folder = nbs.run(options.nbs, cells)
    for number, ((network, x), text) in enumerate(zip(cases, shown[1:])):
        words = "\n  ".join(network.lines)
        if isinstance(text, nbs.Error):
            # Random weights that grow from step to step are nothing to train.
            if "`nan` or `inf`" not in text:
                failures.append(f"{words}\n  nbs: {text}")
            continue
        lines = text.split("\n")
        start = max(i for i, line in enumerate(lines) if line.startswith("saved"))
        while not lines[start].rstrip().endswith(("row", "rows")):
            start += 1
        found = nbs.numbers("\n".join(lines[start + 1:]))
        try:
            right = answers(pathlib.Path(folder.name) / f"n{number}.onnx", x, network.inputs)
        except Exception as error:
            failures.append(f"{words}\n  onnxruntime: {error}")
            continue
        if not nbs.agree(found, right, 1e-5):
            failures.append(f"{words}\n  onnxruntime: {right.ravel()}\n  nbs: {found}")


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
            shapes = [tuple(value.shape[1:]) for value in session.get_inputs()]
            shapes = [s[1:] + s[:1] if len(s) >= 3 else s for s in shapes]
            width = sum(int(np.prod(shape)) for shape in shapes)
            # A formula, since a page of numbers is no expression.
            x = np.sin(np.arange(3.0 * width) * 1.7).reshape(3, width)
            cells = [f'option digits=9\nload net "{place}/n.safetensors"',
                     f"print reshape(predict(reshape(sin(range({3 * width}) * 1.7), 3, {width})), -1)"]
            found = nbs.numbers(nbs.run(options.nbs, cells)[0][1])
            right = answers(place / "n.onnx", x, shapes)
            count += 1
            if not nbs.agree(found, right, 1e-5):
                failures.append(f"{notebook}\n  onnxruntime: {right.ravel()}\n  nbs: {found}")
    return count


def main():
    options = nbs.arguments(__doc__, 300, lambda parser: parser.add_argument(
        "--notebooks", default="", help="a folder of notebooks, whose networks are compared too"))
    failures = []
    generated(options, failures)
    count = options.count + (notebooks(options, failures) if options.notebooks else 0)
    nbs.report(failures, count, "ONNX models against onnxruntime")


main()
