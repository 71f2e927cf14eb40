"""Weights of PyTorch and Keras with what their networks answer: what `load weights` is held against.

    python3 make_weights.py

Needs torch, safetensors, keras and tensorflow (2.13, 0.8, 3.15 and 2.21 made the files here). `answers.json` has for each file
the cell that describes the network in nbs, the rows and the answers.
"""

import json
import os
import pathlib
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import h5py
import keras
import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

HERE = pathlib.Path(__file__).parent
answers = {}


def listed(array):
    return [float(x) for x in np.asarray(array, np.float32).ravel()]


def torch_file(name, model, cell, rows, dtype=None):
    """A state_dict; what the model answers to rows with the channels last."""
    generator = torch.Generator().manual_seed(3)
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.running_mean.normal_(generator=generator)
            module.running_var.uniform_(0.5, 2, generator=generator)
    for parameter in model.parameters():
        parameter.data.normal_(0, 0.5, generator=generator)
        if dtype:
            parameter.data = parameter.data.to(dtype).to(torch.float32)
    model.eval()
    x = torch.tensor(rows)
    if x.ndim == 4:
        x = x.permute(0, 3, 1, 2)
    elif x.ndim == 3 and getattr(model, "channels_first", False):
        x = x.permute(0, 2, 1)
    with torch.no_grad():
        y = model(x)
    state = {key: (value.to(dtype) if dtype and value.is_floating_point() else value).contiguous()
             for key, value in model.state_dict().items()}
    save_file(state, HERE / f"{name}.safetensors")
    answers[f"{name}.safetensors"] = {"cell": cell, "rows": len(rows), "inputs": listed(rows), "outputs": listed(y)}


class Convolutional(nn.Module):
    def __init__(self):
        super().__init__()
        self.edges = nn.Conv2d(2, 4, 3)
        self.norm = nn.BatchNorm2d(4, eps=0.001)
        self.parts = nn.Conv2d(4, 4, 2, groups=2)
        self.after = nn.BatchNorm1d(36, eps=0.001)
        self.hidden = nn.Linear(36, 5)
        self.answer = nn.Linear(5, 3)

    def forward(self, x):
        x = self.norm(self.edges(x))
        x = torch.tanh(self.parts(x))
        x = self.after(torch.flatten(x, 1))
        return torch.softmax(self.answer(torch.tanh(self.hidden(x))), 1)


class Signal(nn.Module):
    channels_first = True

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(2, 3, 3, padding="same"), nn.ReLU(), nn.MaxPool1d(2), nn.Flatten(), nn.Linear(12, 2))

    def forward(self, x):
        return self.layers(x)


class Memory(nn.Module):
    def __init__(self, cell, **options):
        super().__init__()
        self.words = nn.Embedding(6, 4)
        self.memory = cell(4, 3, batch_first=True, **options)
        width = 3 * (2 if options.get("bidirectional") else 1)
        self.norm = nn.LayerNorm(width, eps=0.001)
        self.out = nn.Linear(width, 2)

    def forward(self, x):
        steps, _ = self.memory(self.words(x.long()))
        return self.out(self.norm(steps[:, -1] if not self.memory.bidirectional else steps.mean(1)))


class Split(nn.Module):
    """Two inputs to one layer, which PyTorch concatenates."""

    def __init__(self):
        super().__init__()
        self.low = nn.Linear(3, 4)
        self.joined = nn.Linear(7, 2)

    def forward(self, x):
        return self.joined(torch.cat([x, torch.tanh(self.low(x))], 1))


def made_by_torch():
    draw = np.random.default_rng(5)
    rows = draw.normal(size=(4, 3)).astype(np.float32)
    torch_file(
        "torch_mlp", nn.Sequential(*[part for i in range(11) for part in (nn.Linear(3, 3), nn.Tanh())], nn.Linear(3, 2)),
        "net n; layer inp input 3; " + "".join(f"layer h{i} dense 3 tanh; " for i in range(11))
        + "layer out dense 2; connect all", rows)
    torch_file(
        "torch_half", nn.Sequential(nn.Linear(3, 4), nn.Sigmoid(), nn.Linear(4, 1)),
        "net n; layer inp input 3; layer hid dense 4 sigmoid; layer out dense 1; connect all", rows, torch.float16)
    torch_file(
        "torch_split", Split(),
        "net n; layer inp input 3; layer low dense 4 tanh; layer out dense 2; "
        "connect inp -> low; connect inp -> out; connect low -> out", rows)
    torch_file(
        "torch_cnn", Convolutional(),
        "net n; layer inp input 6x6x2; layer edges conv2d 4 3x3; layer norm batchnorm; "
        "layer parts conv2d 4 2x2 tanh groups=2; layer flat flatten; layer after batchnorm; layer hid dense 5 tanh; "
        "layer out dense 3 softmax; connect all", draw.normal(size=(3, 6, 6, 2)).astype(np.float32))
    torch_file(
        "torch_signal", Signal(),
        "net n; layer inp input 8x2; layer conv conv1d 3 3 relu padding=same; layer pool maxpool 2; layer flat flatten; "
        "layer out dense 2; connect all", draw.normal(size=(3, 8, 2)).astype(np.float32))
    words = draw.integers(0, 6, (4, 5)).astype(np.float32)
    start = "net n; layer inp input 5; layer emb embedding 6 4; "
    end = "layer norm layernorm; layer out dense 2; connect all"
    torch_file("torch_rnn", Memory(nn.RNN), start + "layer mem rnn 3; " + end, words)
    torch_file("torch_gru", Memory(nn.GRU), start + "layer mem gru 3; " + end, words)
    torch_file(
        "torch_lstm", Memory(nn.LSTM, num_layers=2),
        start + "layer mem1 lstm 3 return=all; layer mem2 lstm 3; " + end, words)


def keras_file(name, model, cell, rows):
    draw = np.random.default_rng(8)
    model.set_weights([
        draw.uniform(0.5, 2, w.shape) if v.name == "moving_variance" else draw.normal(size=w.shape) * 0.5
        for v, w in zip(model.weights, model.get_weights())])
    outputs = model.predict(rows, verbose=0)
    for ending, save in ((".keras", model.save), (".weights.h5", model.save_weights)):
        save(HERE / (name + ending))
        answers[name + ending] = {"cell": cell, "rows": len(rows), "inputs": listed(rows), "outputs": listed(outputs)}


def made_by_keras():
    from keras import layers

    draw = np.random.default_rng(6)
    keras_file(
        "keras_cnn",
        keras.Sequential([
            keras.Input((6, 6, 2)), layers.Conv2D(3, 3, activation="relu", name="edges"), layers.BatchNormalization(),
            layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(5, activation="tanh", name="hidden"),
            layers.LayerNormalization(), layers.Dense(3, activation="softmax", name="answer")]),
        "net n; layer inp input 6x6x2; layer conv conv2d 3 3x3 relu; layer norm batchnorm; layer pool maxpool 2x2; "
        "layer flat flatten; layer hid dense 5 tanh; layer norm2 layernorm; layer out dense 3 softmax; connect all",
        draw.normal(size=(3, 6, 6, 2)).astype(np.float32))
    keras_file(
        "keras_memory",
        keras.Sequential([
            keras.Input((5,)), layers.Embedding(6, 4), layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
            layers.GRU(3, return_sequences=True), layers.SimpleRNN(3), layers.Dense(2)]),
        "net n; layer inp input 5; layer emb embedding 6 4; layer both lstm 3 return=all bidirectional=concat; "
        "layer mem gru 3 return=all; layer last rnn 3; layer out dense 2; connect all",
        draw.integers(0, 6, (4, 5)).astype(np.float32))


def hostile():
    """Files that lead elsewhere or promise too much."""
    with h5py.File(HERE / "outside.weights.h5", "w") as file:
        file["layers/dense/vars/0"] = np.zeros((2, 2), np.float32)
        file["layers/dense/vars/1"] = h5py.ExternalLink("/etc/hostname", "/x")
    with h5py.File(HERE / "elsewhere.weights.h5", "w") as file:
        file.create_dataset("layers/dense/vars/0", (4, 4), "f4", external=[("/etc/hostname", 0, 64)])
    with h5py.File(HERE / "huge.weights.h5", "w") as file:
        file.create_dataset("layers/dense/vars/0", (1 << 40, 1 << 10), "f4", chunks=(1024, 1024), compression="gzip")
    with h5py.File(HERE / "circle.weights.h5", "w") as file:
        group = file.create_group("layers")
        group["layers"] = group
    with zipfile.ZipFile(HERE / "bomb.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", bytes(8 << 20))


made_by_torch()
made_by_keras()
hostile()
(HERE / "answers.json").write_text(json.dumps(answers, separators=(",", ":")) + "\n")
