"""Makes recurrent_layers.json: what Keras and PyTorch give for each recurrent layer and its options.

Needs the packages keras, tensorflow and torch; run it as

    KERAS_BACKEND=tensorflow python Tests/NeuralEngineTests/Fixtures/recurrent_layers.py

The cases have the form of keras_layers.json, with ten training steps each. PyTorch's parameters are brought into Keras's
order: the gates of a GRU, and one bias for the sums of an LSTM or a simple layer in place of two.
"""

import json
import pathlib

import numpy as np
import torch
from keras_layers import RATE, ROWS, L, behind, case, flat

STEPS = 10
torch.set_default_dtype(torch.float64)

KERAS = {
    "rnn": (behind(L.SimpleRNN(3)), (5, 2)),
    "rnn relu, no bias": (behind(L.SimpleRNN(3, activation="relu", use_bias=False)), (4, 2)),
    "lstm": (behind(L.LSTM(3)), (5, 2)),
    "lstm all": (behind(L.LSTM(2, return_sequences=True)), (4, 3)),
    "lstm activations": (
        behind(L.LSTM(2, activation="softplus", recurrent_activation="tanh", use_bias=False)), (4, 2)),
    "lstm reversed": (behind(L.LSTM(3, go_backwards=True)), (5, 2)),
    "gru": (behind(L.GRU(3)), (5, 2)),
    "gru all": (behind(L.GRU(2, return_sequences=True)), (4, 3)),
    "gru, no bias": (behind(L.GRU(2, use_bias=False)), (4, 2)),
    "gru reversed": (behind(L.GRU(2, go_backwards=True)), (4, 2)),
    "stack": (behind(L.GRU(3, return_sequences=True), L.LSTM(2), L.Dense(2)), (5, 2)),
    "dense at each step": (
        behind(L.LSTM(3, return_sequences=True), L.LayerNormalization(), L.Dense(2, activation="tanh")), (4, 2)),
    "bidirectional concat": (behind(L.Bidirectional(L.LSTM(2)), L.Dense(2)), (4, 2)),
    "bidirectional add": (behind(L.Bidirectional(L.GRU(2, return_sequences=True), merge_mode="sum")), (4, 2)),
    "bidirectional mul": (behind(L.Bidirectional(L.SimpleRNN(2), merge_mode="mul")), (4, 2)),
    "bidirectional avg": (
        behind(L.Bidirectional(L.LSTM(2, return_sequences=True), merge_mode="ave"), L.Dense(1)), (4, 2)),
    "embedding": (behind(L.Embedding(5, 3), L.GRU(2)), (4,), "mse", 5),
    "classes": (behind(L.LSTM(3), L.Dense(3, activation="softmax")), (4, 2), "crossentropy"),
}


def by_torch(kind, order, keeps_biases, steps=5, features=2, units=3, both=False):
    """`order` says which of PyTorch's gates stands at each place of Keras's; `both` reads both ways."""
    random = np.random.default_rng(3)
    model = kind(features, units, batch_first=True, bidirectional=both)
    for parameter in model.parameters():
        parameter.data = torch.tensor(np.round(random.uniform(-0.6, 0.6, tuple(parameter.shape)), 3))
    # Two biases that are added up learn twice as fast as one; the second stands still.
    trained = [p for name, p in model.named_parameters() if keeps_biases or not name.startswith("bias_hh")]
    inputs = np.round(random.uniform(-1, 1, (ROWS, steps, features)), 3)
    targets = np.round(random.uniform(-1, 1, (ROWS, 2 * units if both else units)), 3)

    def answers():
        outputs = model(torch.tensor(inputs))[0]
        return torch.cat([outputs[:, -1, :units], outputs[:, 0, units:]], 1)

    def ours(gradient):
        arrays = [(p.grad if gradient else p).detach().numpy() for p in model.parameters()]
        arrays = [np.concatenate([np.split(a, len(order))[place] for place in order]) for a in arrays]
        directions = [arrays[first : first + 4] for first in range(0, len(arrays), 4)]
        if not keeps_biases:
            directions = [[w, r, b if gradient else b + c] for w, r, b, c in directions]
        return flat(sum(directions, []))

    before, first, losses, slope = ours(False), flat([answers().detach().numpy()]), [], None
    for _ in range(STEPS):
        model.zero_grad()
        loss = ((answers() - torch.tensor(targets)) ** 2).mean()
        loss.backward()
        losses.append(float(loss.detach()))
        slope = slope or ours(True)
        for parameter in trained:
            parameter.data -= RATE * parameter.grad
    return {
        "shape": [steps, features], "loss": "mse", "inputs": flat([inputs]), "targets": flat([targets]),
        "parameters": before, "answers": first, "losses": losses, "gradient": slope, "after": ours(False),
        "afterAnswers": flat([answers().detach().numpy()]),
    }


if __name__ == "__main__":
    figures = {name: case(*item, steps=STEPS) for name, item in KERAS.items()}
    figures["rnn by PyTorch"] = by_torch(torch.nn.RNN, [0], False)
    figures["lstm by PyTorch"] = by_torch(torch.nn.LSTM, [0, 1, 2, 3], False)
    # r z n becomes z r h.
    figures["gru by PyTorch"] = by_torch(torch.nn.GRU, [1, 0, 2], True)
    figures["rnn both ways by PyTorch"] = by_torch(torch.nn.RNN, [0], False, both=True)
    figures["lstm both ways by PyTorch"] = by_torch(torch.nn.LSTM, [0, 1, 2, 3], False, both=True)
    figures["gru both ways by PyTorch"] = by_torch(torch.nn.GRU, [1, 0, 2], True, both=True)
    path = pathlib.Path(__file__).with_suffix(".json")
    lines = [f" {json.dumps(name)}: {json.dumps(item)}" for name, item in figures.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
