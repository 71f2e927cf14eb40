"""Random networks of PyTorch and Keras, whose weights nbs loads, and what they answer there and here.

    python3 Tests/Differential/weights.py --count 100 --seed 7

Needs numpy, torch and safetensors; keras too, or its half is left out, which is said. Keras computes with PyTorch.
"""

import os
import random
import tempfile

os.environ["KERAS_BACKEND"] = "torch"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

import nbs

try:
    import keras
except ImportError:
    keras = None

TORCH = {"tanh": nn.Tanh, "relu": nn.ReLU, "sigmoid": nn.Sigmoid, "elu": nn.ELU, "gelu": nn.GELU}


class Last(nn.Module):
    """What a recurrent module gives at the last step, or at all."""

    def __init__(self, cell, all_steps):
        super().__init__()
        self.cell, self.all_steps = cell, all_steps

    def forward(self, x):
        steps, _ = self.cell(x)
        return steps if self.all_steps else steps[:, -1]


def torch_network(maker, name):
    """The lines in nbs, the module, and a row's shape with the channels last."""
    lines, modules = [], []
    kind = maker.choice(["dense", "image", "sequence"])
    if kind == "image":
        shape = [maker.randint(5, 8), maker.randint(5, 8), maker.choice([1, 2, 3])]
        height, width, channels = shape
        for number in range(maker.choice([1, 2])):
            filters, size = maker.choice([2, 4]), maker.choice([2, 3])
            act, padding = maker.choice(list(TORCH)), maker.choice(["valid", "same"])
            lines.append(f"layer c{number} conv2d {filters} {size} {act} padding={padding}")
            modules += [nn.Conv2d(channels, filters, size, padding=padding), TORCH[act]()]
            channels = filters
            if padding == "valid":
                height, width = height - size + 1, width - size + 1
        if maker.random() < 0.5:
            lines.append("layer n batchnorm epsilon=0.00001")
            modules.append(nn.BatchNorm2d(channels))
        if maker.random() < 0.5 and min(height, width) >= 2:
            lines.append("layer p maxpool 2")
            modules.append(nn.MaxPool2d(2))
            height, width = height // 2, width // 2
        lines.append("layer f flatten")
        modules.append(nn.Flatten())
        last = height * width * channels
        if maker.random() < 0.3:
            lines.append("layer nf batchnorm epsilon=0.00001")
            modules.append(nn.BatchNorm1d(last))
    elif kind == "sequence":
        shape = [maker.randint(2, 5), maker.randint(1, 4)]
        last = shape[1]
        for number in range(maker.choice([1, 2])):
            units, all_steps = maker.randint(1, 4), number == 0
            cell = maker.choice(["rnn", "lstm", "gru"])
            module = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[cell]
            lines.append(f"layer r{number} {cell} {units}{' return=all' if all_steps else ''}")
            modules.append(Last(module(last, units, batch_first=True), all_steps))
            last = units
        if number == 0:
            lines.append("layer f flatten")
            modules.append(nn.Flatten())
            last *= shape[0]
    else:
        shape = [maker.randint(1, 6)]
        last = shape[0]
    for number in range(maker.choice([0, 1, 2, 3])):
        units, act = maker.choice([2, 3, 8]), maker.choice(list(TORCH))
        lines.append(f"layer h{number} dense {units} {act}")
        modules += [nn.Linear(last, units), TORCH[act]()]
        last = units
        if maker.random() < 0.3:
            lines.append(f"layer ln{number} layernorm epsilon=0.00001")
            modules.append(nn.LayerNorm(units))
    lines.append("layer out dense 2")
    modules.append(nn.Linear(last, 2))
    return ["layer inp input " + "x".join(map(str, shape)), *lines, "connect all"], nn.Sequential(*modules), shape


def torch_case(maker, name, folder):
    lines, model, shape = torch_network(maker, name)
    generator = torch.Generator().manual_seed(maker.randrange(1 << 30))
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.running_mean.normal_(generator=generator)
            module.running_var.uniform_(0.5, 2, generator=generator)
    model.eval()
    x = torch.randn((3, *shape), generator=generator)
    with torch.no_grad():
        y = model(x.permute(0, 3, 1, 2) if x.ndim == 4 else x)
    file = f"{name}.safetensors"
    save_file(model.state_dict(), f"{folder}/{file}")
    return lines, file, x.reshape(3, -1).numpy(), y.numpy()


def keras_case(maker, name, folder):
    lines, model, shape = torch_network(maker, name)
    layers, stack = keras.layers, []
    for line in lines[1:-1]:
        words = line.split()
        kind, act = words[2], next((word for word in words[3:] if word in TORCH), None)
        numbers = [int(word) for word in words[3:] if word.isdigit()]
        padding = "same" if "padding=same" in line else "valid"
        many = "return=all" in line
        stack.append(
            layers.Conv2D(numbers[0], numbers[1], activation=act, padding=padding) if kind == "conv2d"
            else layers.BatchNormalization(epsilon=0.00001) if kind == "batchnorm"
            else layers.LayerNormalization(epsilon=0.00001) if kind == "layernorm"
            else layers.MaxPooling2D(2) if kind == "maxpool" else layers.Flatten() if kind == "flatten"
            else layers.SimpleRNN(numbers[0], return_sequences=many) if kind == "rnn"
            else layers.LSTM(numbers[0], return_sequences=many) if kind == "lstm"
            else layers.GRU(numbers[0], return_sequences=many) if kind == "gru"
            else layers.Dense(numbers[0], activation=act))
    model = keras.Sequential([keras.Input(tuple(shape)), *stack])
    draw = np.random.default_rng(maker.randrange(1 << 30))
    model.set_weights([
        draw.uniform(0.5, 2, v.shape) if v.name == "moving_variance" else draw.normal(size=v.shape) * 0.4
        for v in model.weights])
    x = draw.normal(size=(3, *shape)).astype(np.float32)
    file = name + maker.choice([".keras", ".weights.h5"])
    model.save(f"{folder}/{file}") if file.endswith(".keras") else model.save_weights(f"{folder}/{file}")
    return lines, file, x.reshape(3, -1), model.predict(x, verbose=0)


def main():
    options = nbs.arguments(__doc__, 100)
    maker = random.Random(options.seed)
    folder = tempfile.TemporaryDirectory()
    makers = [torch_case] + ([keras_case] if keras else [])
    cells, cases = ["option digits=9"], []
    for number in range(options.count):
        # A model of Keras takes longer to make than all the rest.
        make = makers[number % 4 == 3 and len(makers) > 1]
        lines, file, x, y = make(maker, f"n{number}", folder.name)
        cells.append("\n".join([
            f"net n{number} loss=mse", *lines, f'load weights "{file}"',
            f"print reshape(predict({x.astype(float).tolist()}), -1)"]))
        cases.append((lines, file, y))
    shown, _ = nbs.run(options.nbs, cells, folder=folder)
    failures = []
    for (lines, file, y), text in zip(cases, shown[1:]):
        words = "\n  ".join([file, *lines])
        if isinstance(text, nbs.Error):
            failures.append(f"{words}\n  nbs: {text}")
            continue
        found = nbs.numbers(text[text.rindex("["):])
        if not nbs.agree(found, y, 1e-5):
            failures.append(f"{words}\n  there: {y.ravel()}\n  here: {found}")
    if not keras:
        print("Keras is not there, so its networks are left out")
    nbs.report(failures, options.count, "weights of PyTorch and Keras")


main()
