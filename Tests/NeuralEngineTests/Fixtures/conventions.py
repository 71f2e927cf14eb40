"""Makes conventions.json: values and gradients where a function has a corner, a tie or a limit.

PyTorch is followed, except by bce and crossentropy, whose limits are Keras's. Needs the packages torch, keras and
tensorflow; run it as

    python Tests/NeuralEngineTests/Fixtures/conventions.py
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import tensorflow
import torch

keras.config.set_floatx("float64")

CORNERS = [-2.0, 0.0, 1.0, 2.0, 3.0]
PYTORCH = {
    "clip 1 2": (lambda x: torch.clamp(x, 1, 2), CORNERS),
    "clip 2 1": (lambda x: torch.clamp(x, 2, 1), CORNERS),
    "abs": (torch.abs, CORNERS),
    "relu": (torch.relu, CORNERS),
    "sign": (torch.sign, CORNERS),
    "round": (torch.round, [-1.5, -0.5, 0.5, 1.5, 2.5]),
    "max": (torch.amax, [1.0, 3.0, 3.0, -1.0]),
    "min": (torch.amin, [-1.0, 3.0, 3.0, -1.0]),
    "std": (lambda x: torch.std(x, correction=0), [2.0, 2.0, 2.0]),
    "norm": (torch.linalg.vector_norm, [0.0, 0.0]),
    "square": (lambda x: x**2, CORNERS),
    "to the power of 0": (lambda x: x**0, CORNERS),
    "sort": (lambda x: torch.sort(x, stable=True).values, [2.0, 1.0, 2.0, 1.0]),
}
KERAS = {
    "bce": (keras.losses.binary_crossentropy, [1.0, 0.0, 1.0, 0.0], [0.0, 0.0, 1.0, 1.0]),
    "crossentropy": (keras.losses.categorical_crossentropy, [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
}


def weights(count):
    return [1 + 0.5 * place for place in range(count)]


def pytorch(function, at):
    x = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    y = function(x)
    flat = y.reshape(-1)
    if y.requires_grad:
        (flat * torch.tensor(weights(len(flat)), dtype=torch.float64)).sum().backward()
    gradient = x.grad.tolist() if x.grad is not None else [0.0] * len(at)
    return {"at": at, "value": flat.tolist(), "gradient": gradient}


def of_keras(loss, target, at):
    x = tensorflow.Variable([at], dtype="float64")
    with tensorflow.GradientTape() as tape:
        value = tensorflow.reduce_mean(loss(tensorflow.constant([target], dtype="float64"), x))
    gradient = tape.gradient(value, x).numpy()[0].tolist()
    return {"target": target, "at": at, "value": [float(value)], "gradient": gradient}


cases = {name: pytorch(*case) for name, case in PYTORCH.items()}
cases |= {name: of_keras(*case) for name, case in KERAS.items()}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(cases, indent=1) + "\n")
