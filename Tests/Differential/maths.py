"""Random expressions on arrays, against NumPy.

    python3 Tests/Differential/maths.py --count 5000 --seed 7

Each is made once as nbs's and once as NumPy's source. Where NumPy refuses one, nbs must refuse it too. Needs numpy.
"""

import random

import numpy as np

import nbs


def softmax(x, axis=-1):
    if np.ndim(x) == 0:
        raise ValueError("a number has no axis")
    if np.size(x) == 0:
        return x
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


FUNCTIONS = {
    "exp": "np.exp", "abs": "np.abs", "sin": "np.sin", "cos": "np.cos", "tanh": "np.tanh", "sign": "np.sign",
    "round": "np.round", "floor": "np.floor", "ceil": "np.ceil", "sqrt": "np.sqrt", "log": "np.log",
}
REDUCTIONS = ["sum", "mean", "max", "min", "argmax", "argmin", "std", "var", "cumsum", "sort"]


def reduced(name, x, axis=None, **options):
    """A reduction; NumPy lets a number have the axes 0 and -1, nbs does not."""
    if np.ndim(x) == 0 and axis is not None:
        raise ValueError("a number has no axis")
    return getattr(np, name)(x, axis=axis, **options)


class Maker:
    def __init__(self, random):
        self.random = random

    def number(self):
        return self.random.choice([0, 1, 2, -1, 0.5, -1.5, 3, 1e-3, 7, round(self.random.gauss(0, 2), 3)])

    def literal(self):
        rank = self.random.choice([0, 1, 1, 2, 2, 3])
        shape = [self.random.choice([1, 2, 3, 4]) for _ in range(rank)]

        def rows(shape):
            if not shape:
                return str(self.number())
            return "[" + ", ".join(rows(shape[1:]) for _ in range(shape[0])) + "]"

        text = rows(shape)
        return text if rank == 0 and not text.startswith("-") else f"({text})", f"np.array({text}, float)"

    def expression(self, depth):
        if depth == 0 or self.random.random() < 0.1:
            return self.literal()
        return self.random.choice([
            self.unary, self.binary, self.binary, self.binary, self.reduction, self.reduction, self.index, self.shape,
            self.choose, self.join, self.product, self.more,
        ])(depth - 1)

    def unary(self, depth):
        a, b = self.expression(depth)
        name = self.random.choice(list(FUNCTIONS))
        if name in ("sqrt", "log"):
            return f"{name}(abs({a}))", f"{FUNCTIONS[name]}(np.abs({b}))"
        if name == "exp":
            return f"exp(clip({a}, -20, 20))", f"np.exp(np.clip({b}, -20, 20))"
        return f"{name}({a})", f"{FUNCTIONS[name]}({b})"

    def binary(self, depth):
        (a, x), (b, y) = self.expression(depth), self.expression(depth)
        sign = self.random.choice(["+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "mod", "^"])
        if sign == "mod":
            return f"mod({a}, {b})", f"np.mod({x}, {y})"
        if sign == "^":
            return f"({a} ^ 2)", f"({x} ** 2)"
        return f"({a} {sign} {b})", f"(({x} {sign} {y}) + 0.0)" if sign in "<=>===!=" else f"({x} {sign} {y})"

    def axis(self):
        return self.random.choice([None, 0, 1, -1, -2, 2])

    def reduction(self, depth):
        a, x = self.expression(depth)
        name = self.random.choice(REDUCTIONS)
        axis = self.axis()
        if name == "sort":
            axis = -1 if axis is None else axis
            return f"sort({a}, axis={axis})", f"reduced('sort', {x}, axis={axis})"
        if name == "cumsum":
            option = "" if axis is None else f", axis={axis}"
            return f"cumsum({a}{option})", f"reduced('cumsum', {x}{option})"
        keeps = self.random.random() < 0.3
        options = ("" if axis is None else f", axis={axis}")
        return (f"{name}({a}{options}{', keepdims=true' if keeps else ''})",
                f"reduced('{name}', {x}{options}{', keepdims=True' if keeps else ''})")

    def index(self, depth):
        a, x = self.expression(depth)
        indexes = [
            self.random.choice(["0", "-1", "1", ":", "::2", "::-1", "1:", ":-1", "[0, -1]", "0:0"])
            for _ in range(self.random.choice([1, 1, 2]))
        ]
        text = ", ".join(indexes)
        return f"({a})[{text}]", f"({x})[{text}]"

    def shape(self, depth):
        a, x = self.expression(depth)
        return self.random.choice([
            (f"({a}).T", f"({x}).T"), (f"reshape({a}, -1)", f"np.reshape({x}, -1)"),
            (f"shape({a})", f"np.array(np.shape({x}), float)"), (f"size({a})", f"np.array(np.size({x}), float)"),
        ])

    def choose(self, depth):
        (a, x), (b, y) = self.expression(depth), self.expression(depth)
        return f"where({a} > 0, {a}, {b})", f"np.where({x} > 0, {x}, {y})"

    def join(self, depth):
        a, x = self.expression(depth)
        axis = self.random.choice([0, 0, 1, -1])
        name, numpy = self.random.choice([("concat", "np.concatenate"), ("stack", "np.stack")])
        return f"{name}([{a}, {a}], axis={axis})", f"{numpy}([{x}, {x}], axis={axis})"

    def product(self, depth):
        a, x = self.expression(depth)
        return self.random.choice([(f"({a}) @ ({a}).T", f"({x}) @ ({x}).T"), (f"({a}).T @ ({a})", f"({x}).T @ ({x})")])

    def more(self, depth):
        a, x = self.expression(depth)
        return self.random.choice([
            (f"clip({a}, -1, 2)", f"np.clip({x}, -1, 2)"), (f"softmax({a})", f"softmax({x})"),
            (f"sigmoid({a})", f"(1 / (1 + np.exp(-1.0 * ({x}))))"), (f"relu({a})", f"np.maximum({x}, 0)"),
            (f"unique({a})", f"np.unique({x})"), (f"norm({a})", f"np.sqrt(np.sum(np.square({x})))"),
        ])


def main():
    options = nbs.arguments(__doc__, 2000)
    maker = Maker(random.Random(options.seed))
    cases = [maker.expression(maker.random.choice([1, 2, 3, 4])) for _ in range(options.count)]
    cells = ["option digits=17"] + [f"v = {source}\nprint shape(v)\nprint reshape(v, -1)" for source, _ in cases]
    shown, _ = nbs.run(options.nbs, cells)
    failures = []
    for (source, numpy), text in zip(cases, shown[1:]):
        with np.errstate(all="ignore"):
            try:
                expected = eval(numpy, {"np": np, "softmax": softmax, "reduced": reduced})
            except (ValueError, IndexError, TypeError, np.exceptions.AxisError):
                expected = None
        if expected is None or isinstance(text, nbs.Error):
            if (expected is None) != isinstance(text, nbs.Error):
                failures.append(f"{source}\n  NumPy: {numpy}\n  {expected}\n  nbs: {text}")
            continue
        shape, _, values = text.partition("\n")
        expected = np.asarray(expected, float)
        if list(nbs.numbers(shape)) != list(expected.shape) or not nbs.agree(nbs.numbers(values), expected, 1e-11):
            failures.append(f"{source}\n  NumPy: {numpy}\n  {expected.shape} {expected.ravel()}\n  nbs: {text}")
    nbs.report(failures, len(cases), "maths against NumPy")


main()
