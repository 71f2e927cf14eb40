"""Makes lstm_g.json: what the rule of Monner and Reggia computes, step by step.

D. Monner and J. Reggia, "A generalized LSTM-like training algorithm for second-order recurrent neural networks", Neural
Networks 25 (2012), pp. 70-83; equations are named by their numbers there. Needs nothing but Python:

    python Tests/NeuralEngineTests/Fixtures/lstm_g.py

Units and connections are objects here, and traces are dictionaries; the engine has arrays and another order. For networks in
which no error has to go to an earlier step but by traces, the steps are compared with central differences of the loss by the
weights over the whole sequence, and the script fails where they differ.
"""

import json
import math
import pathlib
import random

SQUASH = {
    "sigmoid": (lambda s: 1 / (1 + math.exp(-s)), lambda s, y: y * (1 - y)),
    "tanh": (math.tanh, lambda s, y: 1 - y * y),
    "relu": (lambda s: max(s, 0.0), lambda s, y: 1.0 if s > 0 else 0.0),
    "linear": (lambda s: s, lambda s, y: 1.0),
}


class Unit:
    def __init__(self, layer, number, activation):
        self.layer, self.number, self.activation = layer, number, activation
        self.incoming, self.carries, self.carry_gate = [], False, None
        self.state = self.activity = self.activity_before = self.slope = 0.0
        self.state_before = self.carry = 0.0
        self.trace, self.extended = {}, {}


class Connection:
    def __init__(self, source, target, key, place, late):
        self.source, self.target, self.key, self.place, self.late = source, target, key, place, late
        self.gate = None  # a unit, and whether it is that of the step before
        self.gain, self.seen = 1.0, 0.0


class Net:
    def __init__(self, description, parameters):
        self.loss, self.parameters = description["loss"], {k: list(v) for k, v in parameters.items()}
        self.one = Unit("", 0, "linear")
        self.layers = {}
        for layer in description["layers"]:
            self.layers[layer["name"]] = [
                Unit(layer["name"], i, layer["activation"]) for i in range(layer["size"])]
        self.input, *self.order = [layer["name"] for layer in description["layers"]]
        self.output = self.order[-1]
        for edge in description["edges"]:
            self.connect(**edge)
        for gate in description["gates"]:
            self.gate(**gate)
        for name in self.order:
            for unit in self.layers[name]:
                unit.incoming.append(Connection(self.one, unit, f"{name}/bias", unit.number, False))

    def connect(self, source, target, type, delay):
        if type == "carry":
            for unit in self.layers[target]:
                unit.carries = True
            return
        place = 0
        for unit in self.layers[target]:
            for other in self.layers[source]:
                if type == "others" and other is unit:
                    continue
                late = delay > 0 or type == "others"
                unit.incoming.append(Connection(other, unit, f"{source}->{target}/weights", place, late))
                place += 1

    def gate(self, gater, source, target, carry, at, delay):
        gaters = self.layers[gater]
        for unit in self.layers[target]:
            if carry:
                unit.carry_gate = (gaters[unit.number], delay > 0)
                continue
            for c in unit.incoming:
                if c.source.layer == source:
                    c.gate = (gaters[unit.number if at == "input" else c.source.number], delay > 0)

    def weight(self, c):
        return self.parameters[c.key][c.place]

    def units(self):
        return [unit for name in self.order for unit in self.layers[name]]

    @staticmethod
    def see(unit, late):
        return unit.activity_before if late else unit.activity

    def reaches(self, unit):
        """The units that multiply, within the step, something that comes to a unit; by each, the connections."""
        found = {}
        for c in unit.incoming:
            if c.gate and not c.gate[1]:
                found.setdefault(c.gate[0], []).append(c)
        if unit.carry_gate and not unit.carry_gate[1]:
            found.setdefault(unit.carry_gate[0], [])
        return found

    def worth(self, gater, connections, unit):
        """What the gater multiplies in the unit's sum: the term in brackets of equations 18 and 22."""
        own = unit.state_before if unit.carry_gate and unit.carry_gate[0] is gater else 0.0
        return own + sum(self.weight(c) * c.seen for c in connections)

    def activate(self, row):
        for unit in self.units() + self.layers[self.input]:
            unit.activity_before = unit.activity
        for unit, number in zip(self.layers[self.input], row):
            unit.activity = number
        self.one.activity = 1.0
        for unit in self.units():
            unit.state_before = unit.state
            unit.carry = 0.0 if not unit.carries else self.see(*unit.carry_gate) if unit.carry_gate else 1.0
            for c in unit.incoming:
                c.gain = self.see(*c.gate) if c.gate else 1.0
                c.seen = self.see(c.source, c.late)
            unit.state = unit.carry * unit.state_before + sum(
                c.gain * self.weight(c) * c.seen for c in unit.incoming)  # 15
            value, slope = SQUASH[unit.activation]
            unit.activity = value(unit.state)  # 16
            unit.slope = slope(unit.state, unit.activity)
            for c in unit.incoming:
                unit.trace[c] = unit.carry * unit.trace.get(c, 0.0) + c.gain * c.seen  # 17
        for unit in self.units():  # when all gains and activities of the step are known
            for gater, connections in self.reaches(unit).items():
                worth = self.worth(gater, connections, unit)
                for c in gater.incoming:
                    before = gater.extended.get((c, unit), 0.0)
                    gater.extended[c, unit] = unit.carry * before + gater.slope * gater.trace[c] * worth  # 18
        return [unit.activity for unit in self.layers[self.output]]

    def cost(self, target):
        outputs = self.layers[self.output]
        if self.loss == "mse":
            return sum((u.activity - t) ** 2 for u, t in zip(outputs, target)) / len(outputs)
        return sum(
            -(t * math.log(u.activity) + (1 - t) * math.log(1 - u.activity)) for u, t in zip(outputs, target)
        ) / len(outputs)

    def gradient(self, target):
        """Minus the gradient of the loss, by the rule: for each connection what its weight is to change by."""
        outputs = self.layers[self.output]
        projected, error, changes = {}, {}, []
        for unit, t in zip(outputs, target):  # 10, for the loss at hand
            factor = 2 * unit.slope if self.loss == "mse" else 1
            projected[unit] = error[unit] = factor * (t - unit.activity) / len(outputs)
        for unit in reversed(self.units()):
            if unit in error:
                continue
            by_connections = sum(
                error[c.target] * c.gain * self.weight(c)
                for k in self.units() for c in k.incoming if c.source is unit and not c.late)
            by_gates = sum(
                error[k] * self.worth(unit, self.reaches(k)[unit], k)
                for k in self.units() if unit in self.reaches(k))
            projected[unit] = unit.slope * by_connections  # 21
            error[unit] = projected[unit] + unit.slope * by_gates  # 22, 23
        for unit in self.units():
            for c in unit.incoming:
                change = projected[unit] * unit.trace[c]
                change += sum(
                    error[k] * trace for (own, k), trace in unit.extended.items() if own is c)  # 24
                changes.append((c, change))
        return changes

    def propagate(self, target, rate):
        for c, change in self.gradient(target):
            self.parameters[c.key][c.place] += rate * change


def draw(description, seed):
    dice = random.Random(seed)
    net = Net(description, {})
    keys = {}
    for unit in net.units():
        for c in unit.incoming:
            keys[c.key] = max(keys.get(c.key, 0), c.place + 1)
    return {key: [round(dice.uniform(-0.9, 0.9), 3) for _ in range(count)] for key, count in keys.items()}


def check(description, parameters, steps):
    """The rule's steps against central differences, with weights that stay."""
    net = Net(description, parameters)
    for last, (row, target) in enumerate(steps[:6]):
        net.activate(row)
        for c, change in net.gradient(target):
            sides = []
            for side in (1e-5, -1e-5):
                moved = {k: list(v) for k, v in parameters.items()}
                moved[c.key][c.place] += side
                other = Net(description, moved)
                for earlier, _ in steps[:last + 1]:
                    other.activate(earlier)
                sides.append(other.cost(target))
            expected = -(sides[0] - sides[1]) / 2e-5
            assert abs(change - expected) < 1e-8, (description["title"], last, c.key, c.place, change, expected)


def layer(name, size, activation="sigmoid"):
    return {"name": name, "size": size, "activation": activation}


def edge(source, target, type="full", delay=0):
    return {"source": source, "target": target, "type": type, "delay": delay}


def gate(gater, source, target, carry=False, at="input", delay=0):
    return {"gater": gater, "source": source, "target": target, "carry": carry, "at": at, "delay": delay}


BLOCK = [layer("x", 2), layer("ig", 3), layer("fg", 3), layer("c", 3, "tanh"), layer("og", 3)]
INTO = [edge("x", name) for name in ("ig", "fg", "c", "og")] + [edge("c", "c", "carry")]
GATES = [gate("ig", "x", "c"), gate("fg", "c", "c", carry=True)]

NETWORKS = [
    # Layers; the rule is plain gradient descent.
    ("layers", True, "bce", [layer("x", 2), layer("h", 3, "tanh"), layer("k", 2, "relu"), layer("y", 2)],
     [edge("x", "h"), edge("h", "k"), edge("x", "y"), edge("k", "y")], []),
    ("layers, squared error", True, "mse", [layer("x", 2), layer("h", 3), layer("y", 2, "tanh")],
     [edge("x", "h"), edge("h", "y")], []),
    # Cells that read the inputs alone: traces tell all that there is to know of earlier steps.
    ("a carry", True, "mse", [layer("x", 2), layer("c", 3, "tanh"), layer("y", 1, "linear")],
     [edge("x", "c"), edge("c", "c", "carry"), edge("c", "y")], []),
    ("memory cells with three gates", True, "bce", BLOCK + [layer("y", 2)],
     INTO + [edge("c", "og"), edge("c", "y"), edge("x", "y")], GATES + [gate("og", "c", "y", at="output")]),
    ("memory cells, a layer behind them", True, "mse", BLOCK + [layer("h", 2, "tanh"), layer("y", 1, "linear")],
     INTO + [edge("c", "h"), edge("h", "y")], GATES + [gate("og", "c", "h", at="output")]),
    ("one layer gates the entry and the carry", True, "bce",
     [layer("x", 2), layer("g", 3), layer("c", 3, "tanh"), layer("y", 1)],
     [edge("x", "g"), edge("x", "c"), edge("c", "c", "carry"), edge("c", "y"), edge("g", "y")],
     [gate("g", "x", "c"), gate("g", "c", "c", carry=True)]),
    # Errors along delays are cut off.
    ("peepholes and outputs that come back", False, "bce", BLOCK + [layer("y", 2)],
     INTO + [edge("c", "ig", delay=1), edge("c", "fg", delay=1), edge("c", "og"), edge("c", "c", "others"),
             edge("y", "ig", delay=1), edge("y", "c", delay=1), edge("c", "y"), edge("x", "y")],
     GATES + [gate("og", "c", "y", at="output")]),
    ("two blocks", False, "bce",
     [layer("x", 2), layer("ig", 2), layer("fg", 2), layer("c", 2, "tanh"), layer("og", 2), layer("ig2", 3),
      layer("c2", 3), layer("y", 1)],
     [edge("x", name) for name in ("ig", "fg", "c", "og", "ig2", "c2")] +
     [edge("c", "c", "carry"), edge("c2", "c2", "carry"), edge("c", "ig2"), edge("c", "c2"), edge("c2", "y")],
     [gate("ig", "x", "c"), gate("fg", "c", "c", carry=True), gate("og", "c", "c2", at="output"),
      gate("ig2", "x", "c2")]),
    ("a simple recurrent network", False, "mse", [layer("x", 2), layer("h", 4, "tanh"), layer("y", 1, "linear")],
     [edge("x", "h"), edge("h", "h", delay=1), edge("x", "y", delay=1), edge("h", "y")], []),
    ("gates of the step before", False, "bce",
     [layer("x", 2), layer("c", 3, "tanh"), layer("g", 3), layer("y", 1)],
     [edge("x", "c"), edge("c", "c", "carry"), edge("c", "g"), edge("g", "y"), edge("c", "y")],
     [gate("g", "x", "c", delay=1), gate("g", "c", "c", carry=True, delay=1), gate("c", "g", "y", at="output")]),
]


def main():
    lines = []
    for seed, (title, exact, loss, layers, edges, gates) in enumerate(NETWORKS):
        description = {
            "title": title, "isExact": exact, "loss": loss, "rate": 0.3 if loss == "bce" else 0.05, "layers": layers, "edges": edges, "gates": gates}
        dice = random.Random(100 + seed)
        width = layers[-1]["size"]
        steps = [
            ([round(dice.uniform(-1, 1), 2) for _ in range(2)], [float(dice.random() < 0.5) for _ in range(width)])
            for _ in range(25)]
        start = draw(description, seed)
        if exact:
            check(description, start, steps)
        net = Net(description, start)
        answers = []
        for row, target in steps:
            answers.append(net.activate(row))
            net.propagate(target, description["rate"])
        description |= {
            "steps": [{"input": row, "target": target} for row, target in steps], "start": start,
            "answers": answers, "end": net.parameters}
        lines.append(json.dumps(description))
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
