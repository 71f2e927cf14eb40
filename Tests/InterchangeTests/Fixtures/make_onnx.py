"""Makes the ONNX files of other programs that `ONNXImportTests` reads, and what those programs answer to some rows.

    python3 make_onnx.py [names…]

PyTorch 2.13 (both of its exporters), Keras 3.15 (through tf2onnx or PyTorch), scikit-learn 1.9 with skl2onnx 1.20.
"""

import json
import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")
import numpy as np
import torch
from torch import nn

FOLDER = pathlib.Path(__file__).parent / "onnx"
ANSWERS = FOLDER / "answers.json"


class Convolutional(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.conv2 = nn.Conv2d(4, 6, 3, stride=2, groups=2, bias=False)
        self.pool = nn.MaxPool2d(2)
        self.dropout = nn.Dropout(0.3)
        self.fc1 = nn.Linear(6 * 1 * 2, 5)
        self.fc2 = nn.Linear(5, 3)

    def forward(self, x):
        x = torch.relu(self.norm(self.conv1(x)))
        x = self.pool(torch.nn.functional.gelu(self.conv2(x)))
        x = self.dropout(torch.flatten(x, 1))
        return torch.softmax(self.fc2(torch.tanh(self.fc1(x))), 1)


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 3, 3, padding=1)
        self.one = nn.Conv2d(3, 3, 3, padding=1)
        self.two = nn.Conv2d(3, 3, 3, padding=1)
        self.head = nn.Linear(3, 2)

    def forward(self, x):
        x = torch.relu(self.stem(x))
        x = torch.relu(x + self.two(torch.relu(self.one(x))))
        return self.head(nn.functional.adaptive_avg_pool2d(x, 1).flatten(1))


class Recurrent(nn.Module):
    def __init__(self, kind, both=False):
        super().__init__()
        self.mem = kind(2, 4, batch_first=True, bidirectional=both)
        self.both = both
        self.out = nn.Linear(8 if both else 4, 1)

    def forward(self, x):
        y, _ = self.mem(x)
        return self.out(y if self.both else y[:, -1])


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(7, 3)
        self.norm = nn.LayerNorm(3)
        self.out = nn.Linear(4 * 3, 2)

    def forward(self, x):
        return torch.sigmoid(self.out(self.norm(self.words(x)).flatten(1)))


def normal(*shape):
    return torch.randn(*shape)


TORCH = {
    "mlp": (lambda: nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 5), nn.ELU(), nn.Linear(5, 3)), normal, (4,)),
    "cnn": (Convolutional, normal, (2, 6, 9)),
    "residual": (Residual, normal, (1, 5, 5)),
    "lstm": (lambda: Recurrent(nn.LSTM), normal, (5, 2)),
    "gru": (lambda: Recurrent(nn.GRU, True), normal, (5, 2)),
    "rnn": (lambda: Recurrent(nn.RNN), normal, (5, 2)),
    "words": (Words, lambda *shape: torch.randint(0, 7, shape), (4,)),
}


def note(name, x, y):
    answers = json.loads(ANSWERS.read_text()) if ANSWERS.exists() else {}
    answers[name] = {"inputs": np.asarray(x).ravel().astype(float).tolist(),
                     "rows": len(x), "outputs": np.asarray(y).ravel().astype(float).tolist()}
    ANSWERS.write_text(json.dumps(answers, sort_keys=True, separators=(",", ":")) + "\n")


def without_traces(path):
    """The file without what the newer exporter says of where the code stood."""
    import onnx

    model = onnx.load(path)
    for part in [model, model.graph, *model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output,
                 *model.graph.initializer]:
        del part.metadata_props[:]
        part.doc_string = ""
    onnx.save(model, path)


def torch_files(wanted):
    for name, (make, draw, shape) in TORCH.items():
        for exporter in ("torchscript", "dynamo"):
            file = f"torch_{name}_{exporter}"
            # The newer exporter unrolls a plain RNN into its steps.
            if wanted and file not in wanted or file == "torch_rnn_dynamo":
                continue
            torch.manual_seed(1)
            model = make().eval()
            with torch.no_grad():
                for module in model.modules():
                    if isinstance(module, nn.BatchNorm2d):
                        module.running_mean.normal_()
                        module.running_var.uniform_(0.5, 2)
                        module.weight.normal_()
                        module.bias.normal_()
            x = draw(3, *shape)
            path = str(FOLDER / f"{file}.onnx")
            if exporter == "dynamo":
                torch.onnx.export(model, (x,), path, dynamo=True, input_names=["x"], output_names=["y"], external_data=False,
                                  dynamic_shapes=({0: torch.export.Dim("batch")},), verbose=False)
                without_traces(path)
            else:
                torch.onnx.export(model, (x,), path, dynamo=False, input_names=["x"], output_names=["y"],
                                  dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}}, opset_version=17)
            note(file, x.numpy(), model(x).detach().numpy())


def keras_files(wanted):
    import keras
    from keras import layers

    models = {
        "mlp": ([layers.Dense(6, activation="tanh"), layers.Dense(2, activation="softmax")], (3,)),
        "cnn": ([layers.Conv2D(4, 3, padding="same", strides=2, activation="relu"), layers.MaxPooling2D(2),
                 layers.Flatten(), layers.Dense(2, activation="sigmoid")], (8, 8, 2)),
    }
    for name, (stack, shape) in models.items():
        file = f"keras_{name}"
        if wanted and file not in wanted:
            continue
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input(shape, name="x"), *stack])
        model(np.zeros((1,) + shape, np.float32))
        x = np.random.default_rng(1).normal(size=(3,) + shape).astype(np.float32)
        model.export(FOLDER / f"{file}.onnx", format="onnx", verbose=False)
        note(file, x, keras.ops.convert_to_numpy(model(x)))


def sklearn_files(wanted):
    from skl2onnx import to_onnx
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    draw = np.random.default_rng(1)
    x = (draw.normal(size=(60, 3)) * [1, 10, 100] + [5, 50, 500]).astype(np.float32)
    score = (x - x.mean(0)) @ [1, 0.1, 0.01]
    kinds = np.array(["low", "mid", "high"])[np.digitize(score, [-1, 1])]
    models = {
        "classifier": (MLPClassifier((5, 4), max_iter=300, random_state=1), kinds),
        "binary": (MLPClassifier((4,), activation="tanh", max_iter=300, random_state=1), score > 0),
        "regressor": (MLPRegressor(hidden_layer_sizes=(5,), activation="logistic", max_iter=300, random_state=1), score),
    }
    for name, (model, y) in models.items():
        file = f"sklearn_{name}"
        if wanted and file not in wanted:
            continue
        pipeline = make_pipeline(StandardScaler(), model).fit(x, y)
        options = {} if name == "regressor" else {id(model): {"zipmap": False}}
        onx = to_onnx(pipeline, x[:1], options=options, target_opset=17)
        (FOLDER / f"{file}.onnx").write_bytes(onx.SerializeToString())
        rows = x[:3]
        note(file, rows, pipeline.predict(rows) if name == "regressor" else pipeline.predict_proba(rows))


if __name__ == "__main__":
    wanted = set(sys.argv[1:])
    FOLDER.mkdir(exist_ok=True)
    torch_files(wanted)
    sklearn_files(wanted)
    keras_files(wanted)
