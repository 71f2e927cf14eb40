"""Makes torch_outputs.json: what PyTorch gives for a network with two outputs, each with a loss and a weight of its own.

Needs the packages torch, numpy and scikit-learn; run it as

    python Tests/NeuralEngineTests/Fixtures/torch_outputs.py

A row of 3 inputs goes through 4 hidden units to `price`, one linear unit with the mean squared error, and to `kind`, three
softmax units with the crossentropy, which counts half. Everything is computed in 64 bits.
"""

import json
import pathlib

import numpy
import torch
from sklearn.utils.class_weight import compute_class_weight
from torch.nn import functional

torch.set_default_dtype(torch.float64)

INPUTS = torch.tensor(
    [[0.5, -1.0, 2.0], [1.5, 0.25, -0.75], [-0.5, 1.0, 0.0], [2.0, -0.25, 1.0], [0.1, 0.2, 0.3]]
)
PRICES = torch.tensor([[0.5], [1.0], [-1.0], [0.25], [1.5]])
KINDS = torch.tensor([0, 2, 1, 1, 2])
HIDDEN = torch.tensor([[0.3, -0.2, 0.5], [-0.4, 0.1, 0.2], [0.7, -0.6, 0.1], [0.05, 0.4, -0.3]])
HIDDEN_BIAS = torch.tensor([0.1, -0.1, 0.2, 0.0])
PRICE = torch.tensor([[0.2, -0.5, 0.3, 0.6]])
PRICE_BIAS = torch.tensor([0.05])
KIND = torch.tensor([[-0.7, 0.4, 0.1, -0.2], [0.3, 0.3, -0.4, 0.5], [0.1, -0.6, 0.2, 0.4]])
KIND_BIAS = torch.tensor([-0.15, 0.1, 0.0])
KIND_WEIGHT = 0.5
# How much each row counts for each of the outputs.
PRICE_ROWS = torch.tensor([1.0, 2.0, 0.5, 1.0, 3.0])
KIND_ROWS = torch.tensor(compute_class_weight("balanced", classes=numpy.arange(3), y=KINDS.numpy()))[KINDS]
OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, 0.1),
    "momentum": lambda parameters: torch.optim.SGD(parameters, 0.1, momentum=0.9),
}


class TwoOutputs(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(3, 4)
        self.price = torch.nn.Linear(4, 1)
        self.kind = torch.nn.Linear(4, 3)
        with torch.no_grad():
            for layer, weight, bias in [
                (self.hidden, HIDDEN, HIDDEN_BIAS),
                (self.price, PRICE, PRICE_BIAS),
                (self.kind, KIND, KIND_BIAS),
            ]:
                layer.weight.copy_(weight)
                layer.bias.copy_(bias)

    def forward(self, rows):
        hidden = torch.tanh(self.hidden(rows))
        return self.price(hidden), self.kind(hidden)


def losses(model):
    price, kind = model(INPUTS)
    return functional.mse_loss(price, PRICES), functional.cross_entropy(kind, KINDS)


def measured(model):
    price, kind = losses(model)
    right = (model(INPUTS)[1].argmax(dim=1) == KINDS).double().mean()
    return {"price": price.item(), "kind": kind.item(), "right": right.item()}


def layers(tensors):
    return {name: tensor.flatten().tolist() for name, tensor in tensors.items()}


def gradient():
    model = TwoOutputs()
    price, kind = losses(model)
    (price + KIND_WEIGHT * kind).backward()
    return layers({name: parameter.grad for name, parameter in model.named_parameters()})


def trained(name):
    model = TwoOutputs()
    optimizer = OPTIMIZERS[name](model.parameters())
    steps = []
    for _ in range(3):
        optimizer.zero_grad()
        price, kind = losses(model)
        steps.append((price + KIND_WEIGHT * kind).item())
        (price + KIND_WEIGHT * kind).backward()
        optimizer.step()
    return {"losses": steps, "after": measured(model), "parameters": layers(dict(model.state_dict()))}


def weighted():
    model = TwoOutputs()
    optimizer = OPTIMIZERS["sgd"](model.parameters())
    steps = []
    for _ in range(3):
        optimizer.zero_grad()
        price, kind = model(INPUTS)
        squares = (PRICE_ROWS[:, None] * (price - PRICES) ** 2).mean()
        loss = squares + KIND_WEIGHT * (
            KIND_ROWS * functional.cross_entropy(kind, KINDS, reduction="none")
        ).mean()
        steps.append(loss.item())
        loss.backward()
        optimizer.step()
    return {
        "price": PRICE_ROWS.tolist(),
        "kind": KIND_ROWS.tolist(),
        "losses": steps,
        "parameters": layers(dict(model.state_dict())),
    }


if __name__ == "__main__":
    model = TwoOutputs()
    price, kind = model(INPUTS)
    case = {
        "inputs": INPUTS.flatten().tolist(),
        "targets": torch.cat([PRICES, KINDS[:, None].double()], dim=1).flatten().tolist(),
        "parameters": layers(dict(model.state_dict())),
        "price": price.flatten().tolist(),
        "kind": torch.softmax(kind, dim=1).flatten().tolist(),
        "before": measured(model),
        "gradient": gradient(),
        "weighted": weighted(),
        "trained": {name: trained(name) for name in OPTIMIZERS},
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(case, indent=1) + "\n")
