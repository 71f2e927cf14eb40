"""Gradients of random computations, against PyTorch.

    python3 Tests/Differential/gradients.py --count 1000 --seed 7

Each computes a number from arrays `a` and `b`, through functions, loops and assignments to elements. Needs numpy and torch.
"""

import random

import numpy as np
import torch

import nbs

# As nbs's source and as Python's, of an array of two axes.
STEPS = [
    ("tanh({x})", "torch.tanh({x})"), ("sigmoid({x})", "torch.sigmoid({x})"), ("exp(0.3 * {x})", "torch.exp(0.3 * {x})"),
    ("sin({x})", "torch.sin({x})"), ("relu({x} - 0.1)", "torch.relu({x} - 0.1)"), ("{x} ^ 2", "{x} ** 2"),
    ("abs({x})", "torch.abs({x})"), ("log(abs({x}) + 1)", "torch.log(torch.abs({x}) + 1)"),
    ("sqrt({x} * {x} + 0.5)", "torch.sqrt({x} * {x} + 0.5)"), ("{x} * b", "{x} * b"), ("b - {x}", "b - {x}"),
    ("{x} / (b * b + 1)", "{x} / (b * b + 1)"), ("({x} @ {x}.T) @ {x} / 10", "({x} @ {x}.T) @ {x} / 10"),
    ("{x} - mean({x}, axis=0, keepdims=true)", "{x} - {x}.mean(0, keepdim=True)"),
    ("{x} * sum({x}, axis=1, keepdims=true)", "{x} * {x}.sum(1, keepdim=True)"),
    ("{x} + max({x}, axis=1, keepdims=true)", "{x} + {x}.amax(1, keepdim=True)"),
    ("softmax({x})", "torch.softmax({x}, -1)"), ("log_softmax({x})", "torch.log_softmax({x}, -1)"),
    ("cumsum({x}, axis=1)", "torch.cumsum({x}, 1)"), ("clip({x}, -1, 1)", "torch.clamp({x}, -1, 1)"),
    ("where({x} > b, {x}, 2 * b)", "torch.where({x} > b, {x}, 2 * b)"), ("{x}[::-1]", "torch.flip({x}, [0])"),
    ("concat([{x}[1:], {x}[:1]])", "torch.cat([{x}[1:], {x}[:1]])"), ("{x}[:, [2, 0, 1]]", "{x}[:, [2, 0, 1]]"),
    ("filled({x})", "filled({x})"), ("running({x})", "running({x})"), ("mod({x}, 0.7)", "torch.remainder({x}, 0.7)"),
    ("{x} * std({x})", "{x} * {x}.std(correction=0)"), ("sort({x}, axis=1)", "torch.sort({x}, dim=1, stable=True).values"),
]
FUNCTIONS = """def filled(x) {
  o = zeros(3, 3)
  for i in range(3) { o[i] = x[i] * x[2 - i]; o[i, 1] = x[i, 0] ^ 2 }
  o
}
def running(x) {
  o = zeros(3, 3)
  o[0] = x[0]
  for i in range(1, 3) { o[i] = 0.5 * o[i - 1] + x[i] * o[i - 1, 0] }
  o
}"""


def filled(x):
    rows = [x[i] * x[2 - i] for i in range(3)]
    rows = [torch.stack([row[0], x[i, 0] ** 2, row[2]]) for i, row in enumerate(rows)]
    return torch.stack(rows)


def running(x):
    rows = [x[0]]
    for i in range(1, 3):
        rows.append(0.5 * rows[-1] + x[i] * rows[-1][0])
    return torch.stack(rows)


def main():
    options = nbs.arguments(__doc__, 500)
    maker = random.Random(options.seed)
    cells, expected, sources = ["option digits=17\n" + FUNCTIONS], [], []
    for _ in range(options.count):
        a, b = ([[round(maker.gauss(0, 1), 4) for _ in range(3)] for _ in range(3)] for _ in range(2))
        source, python = "a", "a"
        for _ in range(maker.choice([1, 2, 3, 4])):
            step = maker.choice(STEPS)
            source, python = step[0].format(x=f"({source})"), step[1].format(x=f"({python})")
        weights = [[round(maker.gauss(0, 1), 2) for _ in range(3)] for _ in range(3)]
        sources.append(source)
        cells.append(
            f"a = {a}\nb = {b}\nL = sum(({source}) * {weights})\nga, gb = grad L + 0 * sum(a) + 0 * sum(b) wrt a, b\n"
            "print L\nprint reshape(ga, -1)\nprint reshape(gb, -1)")
        x, y = (torch.tensor(rows, dtype=torch.float64, requires_grad=True) for rows in (a, b))
        value = eval(python, {"torch": torch, "a": x, "b": y, "filled": filled, "running": running})
        loss = (value * torch.tensor(weights, dtype=torch.float64)).sum() + 0 * x.sum() + 0 * y.sum()
        loss.backward()
        expected.append(np.concatenate([[loss.item()], x.grad.numpy().ravel(), y.grad.numpy().ravel()]))
    shown, _ = nbs.run(options.nbs, cells)
    failures = [
        f"{source}\n  PyTorch: {right}\n  nbs: {text}"
        for source, right, text in zip(sources, expected, shown[1:])
        if isinstance(text, nbs.Error) or not nbs.agree(nbs.numbers(text), right, 1e-9)
    ]
    nbs.report(failures, options.count, "gradients against PyTorch")


main()
