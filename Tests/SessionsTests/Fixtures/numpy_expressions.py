"""Writes numpy_expressions.json: expressions of the language beside the values that NumPy gives for them.

Run it with the folder of this file as the current one:  python3 numpy_expressions.py

Each line of PAIRS is the source in the language and the same in NumPy. Everything is Float64 in the language,
so that the arrays here are made of floats. Truth values are written as 0 and 1 with "boolean": true.
"""

import json
import warnings

import numpy as np


def a(*rows):
    return np.array(rows[0] if len(rows) == 1 else rows, dtype=np.float64)


def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def log_softmax(x, axis=-1):
    d = x - np.max(x, axis=axis, keepdims=True)
    return d - np.log(np.sum(np.exp(d), axis=axis, keepdims=True))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def bce(y, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def crossentropy(y, p):
    p = np.clip(p / np.sum(p, axis=-1, keepdims=True), 1e-7, 1 - 1e-7)
    return np.mean(-np.sum(y * np.log(p), axis=-1))


def onehot(labels, classes):
    return np.eye(classes)[np.asarray(labels, dtype=int)]


PRELUDE = [
    ("A = [[1, 2, 3], [4, 5, 6]]", "A = a([1, 2, 3], [4, 5, 6])"),
    ("B = [[1.5, -2], [0.5, 4], [-1, 3]]", "B = a([1.5, -2], [0.5, 4], [-1, 3])"),
    ("C = reshape(arange(24), [2, 3, 4])", "C = np.arange(24.0).reshape(2, 3, 4)"),
    ("D = [[3, 1, 2], [3, 3, 0]]", "D = a([3, 1, 2], [3, 3, 0])"),
    ("M = [[4, -2], [1, 3]]", "M = a([4, -2], [1, 3])"),
    ("v = [3, 1, 2]", "v = a([3, 1, 2])"),
    ("w = [0.5, -1.5, 2.5, -0.5]", "w = a([0.5, -1.5, 2.5, -0.5])"),
    ("z = [0, -0.25, 1, 3.75, -4]", "z = a([0, -0.25, 1, 3.75, -4])"),
    ("s = 2.5", "s = np.float64(2.5)"),
    ("p = [[0.2, 0.7, 0.1], [0.5, 0.25, 0.25]]", "p = a([0.2, 0.7, 0.1], [0.5, 0.25, 0.25])"),
    ("m = A > 2", "m = A > 2"),
]

PAIRS = [
    # precedence
    ("2 + 3 * 4", "2 + 3 * 4"),
    ("(2 + 3) * 4", "(2 + 3) * 4"),
    ("-2 ^ 2", "-2 ** 2"),
    ("(-2) ^ 2", "(-2) ** 2"),
    ("2 ^ 3 ^ 2", "2 ** 3 ** 2"),
    ("2 ^ -1", "2.0 ** -1"),
    ("-2 ^ -2", "-2.0 ** -2"),
    ("2 * -3", "2 * -3"),
    ("2 - -3", "2 - -3"),
    ("--3", "--3"),
    ("10 - 4 - 3", "10 - 4 - 3"),
    ("16 / 4 / 2", "16 / 4 / 2"),
    ("2 * 3 ^ 2", "2 * 3 ** 2"),
    ("-A ^ 2", "-A ** 2"),
    ("1 + 2 < 4", "np.bool_(1 + 2 < 4)"),
    ("1 + 1 == 2 and 3 > 2", "np.bool_(1 + 1 == 2 and 3 > 2)"),
    ("not 1 > 2 or 1 > 2", "np.bool_(not 1 > 2 or 1 > 2)"),
    ("1 > 2 or 2 > 1 and 1 > 2", "np.bool_(1 > 2 or 2 > 1 and 1 > 2)"),
    ("1 / 3", "1 / 3"),
    ("0.1 + 0.2", "0.1 + 0.2"),
    ("7 / 2 * 2", "7 / 2 * 2"),
    ("1e-3 * 20_000", "1e-3 * 20_000"),
    # elementwise and broadcasting
    ("A + 1", "A + 1"),
    ("1 - A", "1 - A"),
    ("A * A", "A * A"),
    ("A / D", "A / D"),
    ("A ^ 2", "A ** 2"),
    ("2 ^ A", "2 ** A"),
    ("A ^ D", "A ** D"),
    ("A ^ 0.5", "A ** 0.5"),
    ("(-8) ^ (1 / 3)", "np.float64(-8) ** (1 / 3)"),
    ("A + v", "A + v"),
    ("v - A", "v - A"),
    ("A * [[10], [20]]", "A * a([10], [20])"),
    ("[[10], [20]] - A", "a([10], [20]) - A"),
    ("[[1], [2], [3]] * [[1, 2]]", "a([1], [2], [3]) * a([[1, 2]])"),
    ("C + w", "C + w"),
    ("C * reshape(v, [3, 1])", "C * v.reshape(3, 1)"),
    ("C - C[0]", "C - C[0]"),
    ("reshape(v, [3, 1, 1]) + reshape([1, 2], [2, 1])", "v.reshape(3, 1, 1) + a([1, 2]).reshape(2, 1)"),
    ("s * A", "s * A"),
    ("[5] + A", "a([5]) + A"),
    ("[[5]] * 2", "a([[5]]) * 2"),
    ("-A", "-A"),
    ("[1, 0, -1] / 0", "a([1, 0, -1]) / 0"),
    ("1 / v", "1 / v"),
    ("log([1, 0, -1])", "np.log(a([1, 0, -1]))"),
    ("exp(1000)", "np.exp(np.float64(1000))"),
    ("exp(-1000)", "np.exp(np.float64(-1000))"),
    ("zeros(0) + 1", "np.zeros(0) + 1"),
    ("zeros(0, 3) + v", "np.zeros((0, 3)) + v"),
    # comparisons and logic
    ("A > 2", "A > 2"),
    ("A >= D", "A >= D"),
    ("A < v", "A < v"),
    ("A <= 3", "A <= 3"),
    ("A == D", "A == D"),
    ("A != D", "A != D"),
    ("A > 1 and A < 5", "np.logical_and(A > 1, A < 5)"),
    ("A < 2 or A > 5", "np.logical_or(A < 2, A > 5)"),
    ("not (A > 2)", "np.logical_not(A > 2)"),
    ("sum(A > 2)", "np.sum(A > 2)"),
    ("mean(A > 2)", "np.mean(A > 2)"),
    ("(A > 2) * A", "(A > 2) * A"),
    ("[0 / 0] == [0 / 0]", "a([np.nan]) == a([np.nan])"),
    ("sum(A > 2, axis=0)", "np.sum(A > 2, axis=0)"),
    # indexes and slices
    ("A[0]", "A[0]"),
    ("A[-1]", "A[-1]"),
    ("A[1, 2]", "A[1, 2]"),
    ("A[-1, -3]", "A[-1, -3]"),
    ("A[1][2]", "A[1][2]"),
    ("A[:, 1]", "A[:, 1]"),
    ("A[0, :]", "A[0, :]"),
    ("A[:, 1:]", "A[:, 1:]"),
    ("A[:, :-1]", "A[:, :-1]"),
    ("A[::-1]", "A[::-1]"),
    ("A[:, ::-1]", "A[:, ::-1]"),
    ("A[:, ::2]", "A[:, ::2]"),
    ("v[1:]", "v[1:]"),
    ("v[:2]", "v[:2]"),
    ("v[-2:]", "v[-2:]"),
    ("v[3:]", "v[3:]"),
    ("v[2:1]", "v[2:1]"),
    ("v[5:9]", "v[5:9]"),
    ("v[-9:2]", "v[-9:2]"),
    ("v[::-1]", "v[::-1]"),
    ("v[::-2]", "v[::-2]"),
    ("v[2:0:-1]", "v[2:0:-1]"),
    ("w[3:0:-2]", "w[3:0:-2]"),
    ("w[-1:-4:-1]", "w[-1:-4:-1]"),
    ("C[1, 2, 3]", "C[1, 2, 3]"),
    ("C[1]", "C[1]"),
    ("C[0, 1]", "C[0, 1]"),
    ("C[:, 1, :]", "C[:, 1, :]"),
    ("C[:, :, 0]", "C[:, :, 0]"),
    ("C[1, :, 1:3]", "C[1, :, 1:3]"),
    ("C[:, ::-1, ::2]", "C[:, ::-1, ::2]"),
    ("C[:, 0:0]", "C[:, 0:0]"),
    ("A[A > 2]", "A[A > 2]"),
    ("A[m]", "A[m]"),
    ("A[A > 99]", "A[A > 99]"),
    ("A[:, v > 1]", "A[:, v > 1]"),
    ("v[v > 1]", "v[v > 1]"),
    ("w[w < 0]", "w[w < 0]"),
    ("C[:, v > 1, 0]", "C[:, v > 1, 0]"),
    ("v[[2, 0]]", "v[[2, 0]]"),
    ("v[[0, 0, -1]]", "v[[0, 0, -1]]"),
    ("A[[1, 0]]", "A[[1, 0]]"),
    ("A[:, [2, 0]]", "A[:, [2, 0]]"),
    ("A[[0, 1], [1, 2]]", "A[[0, 1], [1, 2]]"),
    ("v[[[0, 1], [2, 0]]]", "v[np.array([[0, 1], [2, 0]])]"),
    ("C[0, :, [0, 3]]", "C[0, :, [0, 3]]"),
    ("C[:, [0, 2], 1]", "C[:, [0, 2], 1]"),
    ("A[0][1:][::-1]", "A[0][1:][::-1]"),
    # matrix products
    ("A @ B", "A @ B"),
    ("B @ A", "B @ A"),
    ("M @ M", "M @ M"),
    ("A @ v", "A @ v"),
    ("v @ B", "v @ B"),
    ("v @ v", "v @ v"),
    ("A.T @ A", "A.T @ A"),
    ("A @ B + 1", "A @ B + 1"),
    ("2 * A @ v", "2 * A @ v"),
    ("C @ w", "C @ w"),
    ("C @ reshape(w, [4, 1])", "C @ w.reshape(4, 1)"),
    ("v @ C", "v @ C"),
    ("C @ transpose(C, [0, 2, 1])", "C @ C.transpose(0, 2, 1)"),
    ("A @ C", "A @ C"),
    ("zeros(2, 0) @ zeros(0, 3)", "np.zeros((2, 0)) @ np.zeros((0, 3))"),
    ("-A @ v", "-A @ v"),
    # shapes
    ("A.T", "A.T"),
    ("v.T", "v.T"),
    ("C.T", "C.T"),
    ("A.T[0]", "A.T[0]"),
    ("A.T.T - A", "A.T.T - A"),
    ("transpose(A)", "np.transpose(A)"),
    ("transpose(C, [1, 0, 2])", "np.transpose(C, (1, 0, 2))"),
    ("transpose(C, [2, 0, 1])[3]", "np.transpose(C, (2, 0, 1))[3]"),
    ("reshape(A, [3, 2])", "A.reshape(3, 2)"),
    ("reshape(A, [-1])", "A.reshape(-1)"),
    ("reshape(A, [3, -1])", "A.reshape(3, -1)"),
    ("reshape(A, [1, 2, 3])", "A.reshape(1, 2, 3)"),
    ("reshape(5, [1, 1])", "np.float64(5).reshape(1, 1)"),
    ("concat([A, D])", "np.concatenate([A, D])"),
    ("concat([A, D], axis=1)", "np.concatenate([A, D], axis=1)"),
    ("concat([A, D], axis=-1)", "np.concatenate([A, D], axis=-1)"),
    ("concat([v, w])", "np.concatenate([v, w])"),
    ("stack([v, v * 2])", "np.stack([v, v * 2])"),
    ("stack([v, v * 2], axis=1)", "np.stack([v, v * 2], axis=1)"),
    ("stack([A, D], axis=-1)", "np.stack([A, D], axis=-1)"),
    ("shape(C)", "np.array(C.shape)"),
    ("size(C)", "C.size"),
    ("rank(C)", "C.ndim"),
    ("len(C)", "len(C)"),
    # creation
    ("zeros(2, 3)", "np.zeros((2, 3))"),
    ("ones(3)", "np.ones(3)"),
    ("full([2, 2], 7)", "np.full((2, 2), 7.0)"),
    ("eye(3)", "np.eye(3)"),
    ("arange(5)", "np.arange(5)"),
    ("arange(2, 7)", "np.arange(2, 7)"),
    ("arange(1, 2, 0.25)", "np.arange(1, 2, 0.25)"),
    ("arange(5, 0, -2)", "np.arange(5, 0, -2)"),
    ("arange(3, 3)", "np.arange(3, 3)"),
    ("linspace(0, 1, 5)", "np.linspace(0, 1, 5)"),
    ("linspace(1, -1, 3)", "np.linspace(1, -1, 3)"),
    ("linspace(2, 3, 1)", "np.linspace(2, 3, 1)"),
    # reductions
    ("sum(A)", "np.sum(A)"),
    ("sum(A, axis=0)", "np.sum(A, axis=0)"),
    ("sum(A, axis=1)", "np.sum(A, axis=1)"),
    ("sum(A, axis=-1, keepdims=true)", "np.sum(A, axis=-1, keepdims=True)"),
    ("sum(A, keepdims=true)", "np.sum(A, keepdims=True)"),
    ("sum(C, axis=1)", "np.sum(C, axis=1)"),
    ("sum(C, axis=-3)", "np.sum(C, axis=-3)"),
    ("sum(zeros(0))", "np.sum(np.zeros(0))"),
    ("sum(zeros(0, 3), axis=0)", "np.sum(np.zeros((0, 3)), axis=0)"),
    ("sum(5)", "np.sum(5)"),
    ("mean(A)", "np.mean(A)"),
    ("mean(A, axis=0)", "np.mean(A, axis=0)"),
    ("mean(C, axis=2, keepdims=true)", "np.mean(C, axis=2, keepdims=True)"),
    ("max(A)", "np.max(A)"),
    ("max(A, axis=0)", "np.max(A, axis=0)"),
    ("max(D, axis=1, keepdims=true)", "np.max(D, axis=1, keepdims=True)"),
    ("min(B)", "np.min(B)"),
    ("min(B, axis=0)", "np.min(B, axis=0)"),
    ("min(C, axis=1)", "np.min(C, axis=1)"),
    ("max([1, 0 / 0, 3])", "np.max(a([1, np.nan, 3]))"),
    ("argmax(D)", "np.argmax(D)"),
    ("argmax(D, axis=0)", "np.argmax(D, axis=0)"),
    ("argmax(D, axis=1)", "np.argmax(D, axis=1)"),
    ("argmin(D, axis=-1)", "np.argmin(D, axis=-1)"),
    ("argmin(B)", "np.argmin(B)"),
    ("std(A)", "np.std(A)"),
    ("std(A, axis=0)", "np.std(A, axis=0)"),
    ("std(B, axis=1, keepdims=true)", "np.std(B, axis=1, keepdims=True)"),
    ("var(A)", "np.var(A)"),
    ("var(C, axis=1)", "np.var(C, axis=1)"),
    ("norm(v)", "np.linalg.norm(v)"),
    ("norm(A)", "np.linalg.norm(A)"),
    ("norm(A, axis=1)", "np.linalg.norm(A, axis=1)"),
    ("norm(A, axis=0, keepdims=true)", "np.linalg.norm(A, axis=0, keepdims=True)"),
    ("cumsum(v)", "np.cumsum(v)"),
    ("cumsum(A)", "np.cumsum(A)"),
    ("cumsum(A, axis=0)", "np.cumsum(A, axis=0)"),
    ("cumsum(C, axis=-1)", "np.cumsum(C, axis=-1)"),
    ("(A - mean(A, axis=0)) / std(A, axis=0)", "(A - np.mean(A, axis=0)) / np.std(A, axis=0)"),
    # functions of each element
    ("exp(z)", "np.exp(z)"),
    ("log(A)", "np.log(A)"),
    ("sqrt(A)", "np.sqrt(A)"),
    ("sqrt([-1, 4])", "np.sqrt(a([-1, 4]))"),
    ("abs(z)", "np.abs(z)"),
    ("sin(z)", "np.sin(z)"),
    ("cos(z)", "np.cos(z)"),
    ("tan(z)", "np.tan(z)"),
    ("tanh(z)", "np.tanh(z)"),
    ("sigmoid(z)", "sigmoid(z)"),
    ("sigmoid([-800, 800])", "sigmoid(a([-800, 800]))"),
    ("relu(z)", "np.maximum(z, 0)"),
    ("step(z)", "np.heaviside(z, 0)"),
    ("sign(z)", "np.sign(z)"),
    ("round(w)", "np.round(w)"),
    ("round(z)", "np.round(z)"),
    ("floor(z)", "np.floor(z)"),
    ("z // 2", "z // 2"),
    ("7 // 2 * 2 + 1", "7 // 2 * 2 + 1"),
    ("-7 // 2", "-7 // 2"),
    ("12 / A // 2", "12 / A // 2"),
    ("ceil(z)", "np.ceil(z)"),
    ("clip(z, -1, 1)", "np.clip(z, -1, 1)"),
    ("clip(A, 2, 4)", "np.clip(A, 2, 4)"),
    ("where(A > 2, A, 0)", "np.where(A > 2, A, 0)"),
    ("where(v > 1, A, D)", "np.where(v > 1, A, D)"),
    ("where(v > 1, v, -v)", "np.where(v > 1, v, -v)"),
    ("where([[true], [false]], v, 0)", "np.where([[True], [False]], v, 0)"),
    ("softmax(v)", "softmax(v)"),
    ("softmax(A)", "softmax(A)"),
    ("softmax(A, axis=0)", "softmax(A, axis=0)"),
    ("softmax([1000, 1000])", "softmax(a([1000, 1000]))"),
    ("log_softmax(A)", "log_softmax(A)"),
    ("log_softmax(C, axis=1)", "log_softmax(C, axis=1)"),
    # order
    ("sort(v)", "np.sort(v)"),
    ("sort(D)", "np.sort(D)"),
    ("sort(D, axis=0)", "np.sort(D, axis=0)"),
    ("sort(w)[::-1]", "np.sort(w)[::-1]"),
    ("sort([2, 0 / 0, 1])", "np.sort(a([2, np.nan, 1]))"),
    ("unique(D)", "np.unique(D)"),
    ("unique([2, 1, 2, 1, 0])", "np.unique(a([2, 1, 2, 1, 0]))"),
    ("onehot([0, 2, 1], 3)", "onehot([0, 2, 1], 3)"),
    ("onehot([1, 0], 4)", "onehot([1, 0], 4)"),
    # losses
    ("mse([1, 2], [1.5, 1])", "np.mean((a([1, 2]) - a([1.5, 1])) ** 2)"),
    ("mse(A, D)", "np.mean((A - D) ** 2)"),
    ("bce([0, 1, 1], [0.1, 0.8, 0.5])", "bce(a([0, 1, 1]), a([0.1, 0.8, 0.5]))"),
    ("bce([0, 1], [1, 0])", "bce(a([0, 1]), a([1, 0]))"),
    ("crossentropy([[0, 1, 0], [1, 0, 0]], p)", "crossentropy(a([0, 1, 0], [1, 0, 0]), p)"),
    ("crossentropy([1, 0], p)", "crossentropy(onehot([1, 0], 3), p)"),
    # all together
    ("sigmoid(sigmoid(A @ B) @ M)", "sigmoid(sigmoid(A @ B) @ M)"),
    ("mean((A - D) ^ 2)", "np.mean((A - D) ** 2)"),
    ("sum(A * D, axis=1) / (norm(A, axis=1) * norm(D, axis=1))",
     "np.sum(A * D, axis=1) / (np.linalg.norm(A, axis=1) * np.linalg.norm(D, axis=1))"),
    ("-sum(p * log(p), axis=1)", "-np.sum(p * np.log(p), axis=1)"),
    ("argmax(A @ B, axis=1) == [1, 1]", "np.argmax(A @ B, axis=1) == a([1, 1])"),
    ("A[argmax(A[:, 0])]", "A[np.argmax(A[:, 0])]"),
    ("v[argmax(v)] == max(v)", "v[np.argmax(v)] == np.max(v)"),
    ("sum(exp(v) / sum(exp(v)))", "np.sum(np.exp(v) / np.sum(np.exp(v)))"),
]


def written(value):
    value = float(value)
    if np.isnan(value):
        return "nan"
    if np.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def main():
    names = dict(globals())
    for _, source in PRELUDE:
        exec(source, names)
    entries = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for nbs, source in PAIRS:
            value = np.asarray(eval(source, names))
            entry = {"nbs": nbs, "shape": list(value.shape), "values": [written(x) for x in value.ravel()]}
            if value.dtype == np.bool_:
                entry["boolean"] = True
            entries.append(entry)
    lines = ",\n".join("    " + json.dumps(entry) for entry in entries)
    prelude = ",\n".join("    " + json.dumps(nbs) for nbs, _ in PRELUDE)
    with open("numpy_expressions.json", "w") as file:
        file.write('{\n  "prelude": [\n' + prelude + '\n  ],\n  "expressions": [\n' + lines + "\n  ]\n}\n")
    print(len(entries), "expressions")


if __name__ == "__main__":
    main()
