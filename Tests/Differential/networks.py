"""Random networks, their predictions and two epochs of training, against PyTorch.

    python3 Tests/Differential/networks.py --count 300 --seed 7
    python3 Tests/Differential/networks.py --single --count 60

nbs draws the weights and saves them; PyTorch starts from the same. In 64 bits; with --single nbs computes in 32, and draws the
convolutions of 3x3 and 5x5 places between channels in sixteens that Winograd's minimal filtering computes, of any size. Needs
numpy, torch and safetensors.
"""

import random

import numpy as np
import torch
from safetensors.numpy import load_file
from torch.nn import functional as F

import nbs

ACTIVATIONS = {
    "linear": lambda x: x, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu, "elu": F.elu,
    "leaky_relu": lambda x: F.leaky_relu(x, 0.2), "gelu": F.gelu, "softplus": F.softplus, "selu": F.selu,
    "softmax": lambda x: F.softmax(x, 1),
}
LOSSES = {
    "mse": (lambda o, t: ((o - t) ** 2).mean(), ["linear", "tanh", "sigmoid"]),
    "mae": (lambda o, t: (o - t).abs().mean(), ["linear"]),
    "huber": (lambda o, t: F.huber_loss(o, t), ["linear"]),
    "bce": (lambda o, t: F.binary_cross_entropy(o, t), ["sigmoid"]),
    "crossentropy": (lambda o, t: -(t * o.log()).sum(1).mean(), ["softmax"]),
}
class Adam:
    """Adam as Keras has it: its epsilon stands beside the uncorrected root, PyTorch's beside the corrected one."""

    def __init__(self, parameters, rate, decay=0.0):
        self.parameters, self.rate, self.decay, self.steps = parameters, rate, decay, 0
        self.means = [(torch.zeros_like(p), torch.zeros_like(p)) for p in parameters]

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self):
        self.steps += 1
        rate = self.rate * (1 - 0.999**self.steps) ** 0.5 / (1 - 0.9**self.steps)
        for parameter, (first, second) in zip(self.parameters, self.means):
            parameter -= parameter * self.decay * self.rate
            first += 0.1 * (parameter.grad - first)
            second += 0.001 * (parameter.grad**2 - second)
            parameter -= rate * first / (second.sqrt() + 1e-7)


OPTIMIZERS = {
    "sgd": lambda p, r: torch.optim.SGD(p, r), "sgd momentum=0.9": lambda p, r: torch.optim.SGD(p, r, momentum=0.9),
    "adam": Adam, "adamw": lambda p, r: Adam(p, r, 0.004),
}


def make_wide(maker):
    """A network of convolutions of 3x3 and 5x5 places between channels in sixteens."""
    height, width, channels = maker.randint(3, 23), maker.randint(3, 23), maker.choice([16, 32, 48])
    lines, layers = [f"layer inp input {height}x{width}x{channels}"], []
    room = min(height, width)
    for number in range(maker.choice([1, 1, 2])):
        padding, kernel = maker.choice(["valid", "same"]), maker.choice([3, 5])
        if padding == "valid":
            room -= kernel - 1
            if room < 1:
                break
        act = maker.choice(["tanh", "relu", "linear"])
        lines.append(f"layer c{number} conv2d {maker.choice([16, 32, 48])} {kernel} {act} padding={padding}")
        layers.append((f"c{number}", "conv", act, 1, "same" if padding == "same" else 0))
    lines += ["layer f flatten", "layer out dense 2"]
    layers += [("f", "flatten", None, 0, 0), ("out", "dense", "linear", 0, 0)]
    return (height, width, channels), lines, layers, "mse", 2


def make(maker, name):
    """The lines that build a network, and its layers as (name, kind, activation)."""
    lines, layers = [], []
    smooth = ["sigmoid", "tanh", "relu", "elu", "leaky_relu", "gelu", "softplus", "selu"]
    is_image = maker.random() < 0.5
    if is_image:
        height, width, channels = maker.randint(6, 9), maker.randint(6, 9), maker.choice([1, 2, 3])
        lines.append(f"layer inp input {height}x{width}x{channels}")
        shape = (height, width, channels)
        for number in range(maker.choice([1, 1, 2])):
            kernel, padding = maker.choice([(1, "valid"), (2, "valid"), (3, "valid"), (3, "same")])
            stride = 1 if padding == "same" else maker.choice([1, 1, 2])
            act = maker.choice(smooth)
            lines.append(f"layer c{number} conv2d {maker.choice([1, 2, 5])} {kernel} {act} stride={stride} padding={padding}")
            layers.append((f"c{number}", "conv", act, stride, "same" if padding == "same" else 0))
        if maker.random() < 0.5:
            kind = maker.choice(["maxpool", "avgpool"])
            lines.append(f"layer p {kind} 2")
            layers.append(("p", kind, None, 2, 0))
        lines.append("layer f flatten")
        layers.append(("f", "flatten", None, 0, 0))
    else:
        shape = (maker.randint(1, 6),)
        lines.append(f"layer inp input {shape[0]}")
    for number in range(maker.choice([0, 1, 2])):
        act = maker.choice(smooth)
        lines.append(f"layer h{number} dense {maker.choice([1, 2, 3, 8, 33])} {act}")
        layers.append((f"h{number}", "dense", act, 0, 0))
    loss = maker.choice(list(LOSSES))
    act = maker.choice(LOSSES[loss][1])
    outputs = maker.choice([2, 3]) if loss == "crossentropy" else maker.choice([1, 2, 3])
    lines.append(f"layer out dense {outputs} {act}")
    layers.append(("out", "dense", act, 0, 0))
    return shape, lines, layers, loss, outputs


def forward(x, layers, weights):
    if x.dim() == 4:
        x = x.permute(0, 3, 1, 2)
    for name, kind, act, stride, padding in layers:
        if kind == "dense":
            x = F.linear(x, weights[f"{name}/kernel"], weights[f"{name}/bias"])
        elif kind == "conv":
            x = F.conv2d(x, weights[f"{name}/kernel"].permute(0, 3, 1, 2), weights[f"{name}/bias"], stride, padding)
        elif kind == "maxpool":
            x = F.max_pool2d(x, 2)
        elif kind == "avgpool":
            x = F.avg_pool2d(x, 2)
        else:
            x = x.permute(0, 2, 3, 1).flatten(1)
        if act:
            x = ACTIVATIONS[act](x)
    return x


def main():
    options = nbs.arguments(
        __doc__, 150, lambda parser: parser.add_argument("--single", action="store_true", help="wide convolutions in 32 bits"))
    maker = random.Random(options.seed)
    precision, tolerance = ("single", 2e-4) if options.single else ("double", 1e-7)
    cells, cases = [f"option precision={precision} digits=17"], []
    for number in range(options.count):
        shape, lines, layers, loss, outputs = make_wide(maker) if options.single else make(maker, f"n{number}")
        optimizer = maker.choice(list(OPTIMIZERS))
        rate = 0.01 if "adam" in optimizer else 0.05
        if options.single:
            # A rate at which wide networks neither run away nor stay where they are.
            optimizer, rate = "sgd", 1e-3
        rows = maker.choice([1, 3, 8])
        draw = np.random.default_rng(maker.randrange(1 << 30))
        x = draw.normal(size=(rows, int(np.prod(shape)))).round(3)
        if loss == "crossentropy":
            y = np.eye(outputs)[draw.integers(0, outputs, rows)]
        elif loss == "bce":
            y = draw.integers(0, 2, (rows, outputs)).astype(float)
        else:
            y = draw.normal(size=(rows, outputs)).round(2)
        cells.append("\n".join([
            f"net n{number} loss={loss}", *lines, "connect all", f'save net "n{number}.safetensors"',
            f"x = {x.tolist()}", f"data d{number} = x -> {y.tolist()}", "print reshape(predict(x), -1)",
            f"train d{number} epochs=2 batch={rows} shuffle=false optimizer={optimizer} rate={rate}",
            "print reshape(predict(x), -1)"]))
        cases.append((lines, layers, loss, optimizer, rate, x.reshape((rows,) + shape), y))
    shown, folder = nbs.run(options.nbs, cells)
    failures = []
    for number, (case, text) in enumerate(zip(cases, shown[1:])):
        lines, layers, loss, optimizer, rate, x, y = case
        words = "\n  ".join([*lines, f"loss={loss} optimizer={optimizer}, {len(x)} rows"])
        if isinstance(text, nbs.Error):
            failures.append(f"{words}\n  nbs: {text}")
            continue
        arrays = load_file(f"{folder.name}/n{number}.safetensors")
        weights = {
            key: torch.tensor(array, dtype=torch.float64, requires_grad=True) for key, array in arrays.items()
            if key.endswith(("/kernel", "/bias")) and not key.startswith("optimizer")
        }
        inputs, targets = torch.tensor(x), torch.tensor(y)
        before = forward(inputs, layers, weights)
        step = OPTIMIZERS[optimizer](list(weights.values()), rate)
        for _ in range(2):
            step.zero_grad()
            LOSSES[loss][0](forward(inputs, layers, weights), targets).backward()
            step.step()
        right = torch.cat([before.flatten(), forward(inputs, layers, weights).flatten()]).detach().numpy()
        lines = text.split("\n")
        start = next(i for i, line in enumerate(lines) if line.startswith("training"))
        end = next(i for i, line in enumerate(lines) if line.startswith("2 epochs"))
        found = np.concatenate([
            nbs.numbers("\n".join(line for line in lines[:start] if not line.startswith("saved"))),
            nbs.numbers("\n".join(lines[end + 1:]))])
        if not nbs.agree(found, right, tolerance):
            failures.append(f"{words}\n  PyTorch: {right}\n  nbs: {found}")
    nbs.report(failures, options.count, "networks against PyTorch")


main()
