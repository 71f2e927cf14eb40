"""Makes sequences.json: what Keras, with masks, and PyTorch, with packed sequences, give for rows of different lengths.

Needs the packages keras and torch; run it as

    KERAS_BACKEND=torch python Tests/NeuralEngineTests/Fixtures/sequences.py

Everything is computed in 64 bits. The rows are padded behind their last step for both, with numbers that would show; the JSON
has them without. Where each step has an answer, the loss is the mean over all steps of all rows, as Keras takes it of masked
targets. Parameters are in our order and layout: outputs x inputs where Keras has inputs x outputs.
"""

import json
import pathlib

import keras
import numpy as np
import torch

keras.backend.set_floatx("float64")
torch.set_default_dtype(torch.float64)
L = keras.layers
LENGTHS = [3, 5, 1, 3, 2]
RATE = 0.1
STEPS = 4
PADDING = 7.5


def flat(arrays):
    return [float(x) for a in arrays for x in np.asarray(a).ravel()]


def valid(array, by_step=True):
    """The numbers of the rows' own steps, one after the other."""
    return flat([row[:length] for row, length in zip(np.asarray(array), LENGTHS)]) if by_step else flat([array])


def rows(random, width, low=-1, high=1):
    array = np.full((len(LENGTHS), max(LENGTHS), width), PADDING)
    for row, length in enumerate(LENGTHS):
        array[row, :length] = np.round(random.uniform(low, high, (length, width)), 3)
    return array


MASK = torch.tensor([[step < length for step in range(max(LENGTHS))] for length in LENGTHS])


def loss_of(answers, targets, by_step):
    errors = ((answers - torch.tensor(targets)) ** 2).mean(-1)
    return (errors * MASK).sum() / MASK.sum() if by_step else errors.mean()


def train(name, answer, parameters, ours, inputs, width, by_step):
    """Some steps of plain descent; `ours` brings arrays into our order."""
    random = np.random.default_rng(5)
    targets = rows(random, width) if by_step else np.round(random.uniform(-1, 1, (len(LENGTHS), width)), 3)
    before, slope, losses = ours([p.detach().numpy() for p in parameters]), None, []
    first = valid(answer().detach().numpy(), by_step)
    for _ in range(STEPS):
        for p in parameters:
            p.grad = None
        loss = loss_of(answer(), targets, by_step)
        loss.backward()
        losses.append(float(loss.detach()))
        slope = slope or ours([p.grad.detach().numpy() for p in parameters])
        for p in parameters:
            p.data -= RATE * p.grad
    return {
        "lengths": LENGTHS, "byStep": by_step, "inputs": valid(inputs), "targets": valid(targets, by_step),
        "parameters": before, "answers": first, "losses": losses, "gradient": slope,
        "after": ours([p.detach().numpy() for p in parameters]),
        "afterAnswers": valid(answer().detach().numpy(), by_step),
    }


def by_keras(name, layers, width, by_step, words=None, features=2):
    """A stack of layers, each given the mask of the steps that there are."""
    keras.utils.set_random_seed(1)
    random = np.random.default_rng(2)
    if words:
        inputs = np.zeros((len(LENGTHS), max(LENGTHS), 1))
        for row, length in enumerate(LENGTHS):
            inputs[row, :length, 0] = random.integers(0, words, length)
    else:
        inputs = rows(random, features)
    data = torch.tensor(inputs[..., 0] if words else inputs)

    def answer():
        value, is_sequence = data, True
        for layer in layers:
            if isinstance(layer, (L.SimpleRNN, L.LSTM, L.GRU, L.Bidirectional)):
                value = layer(value, mask=MASK)
                is_sequence = getattr(layer, "return_sequences", False)
            elif isinstance(layer, L.GlobalAveragePooling1D):
                value, is_sequence = layer(value, mask=MASK), False
            else:
                value = layer(value)
        return value

    answer()
    variables = [v for layer in layers for v in layer.trainable_variables]
    for v in variables:
        low, high = (0.5, 1.5) if v.name == "gamma" else (-0.6, 0.6)
        v.assign(np.round(random.uniform(low, high, v.shape), 3))

    def ours(arrays):
        return flat([
            np.moveaxis(a, -1, 0) if v.name in ("kernel", "recurrent_kernel") else a
            for v, a in zip(variables, arrays)])

    return train(name, answer, [v.value for v in variables], ours, inputs, width, by_step)


def by_torch(name, kind, order, keeps_biases, bidirectional=False, by_step=False):
    """`order` says which of PyTorch's gates stands at each place of Keras's."""
    random = np.random.default_rng(3)
    model = kind(2, 3, batch_first=True, bidirectional=bidirectional)
    for p in model.parameters():
        p.data = torch.tensor(np.round(random.uniform(-0.6, 0.6, tuple(p.shape)), 3))
    inputs = rows(random, 2)
    # Two biases that are added up learn twice as fast as one: the second is nothing and stands still.
    trained = []
    for key, p in model.named_parameters():
        if key.startswith("bias_hh") and not keeps_biases:
            p.data.zero_()
            p.requires_grad_(False)
        else:
            trained.append(p)

    def answer():
        packed = torch.nn.utils.rnn.pack_padded_sequence(
            torch.tensor(inputs), torch.tensor(LENGTHS), batch_first=True, enforce_sorted=False)
        outputs, state = model(packed)
        if by_step:
            return torch.nn.utils.rnn.pad_packed_sequence(outputs, batch_first=True)[0]
        state = state[0] if isinstance(state, tuple) else state
        return torch.cat([state[0], state[1]], -1) if bidirectional else state[0]

    def ours(arrays):
        return flat([np.concatenate([np.split(a, len(order))[place] for place in order]) for a in arrays])

    return train(name, answer, trained, ours, inputs, 6 if bidirectional else 3, by_step)


if __name__ == "__main__":
    figures = {
        "rnn": by_keras("rnn", [L.SimpleRNN(3)], 3, False),
        "lstm": by_keras("lstm", [L.LSTM(3), L.Dense(2)], 2, False),
        "gru": by_keras("gru", [L.GRU(3)], 3, False),
        "lstm all": by_keras("lstm all", [L.LSTM(2, return_sequences=True)], 2, True),
        "lstm reversed": by_keras("lstm reversed", [L.LSTM(3, go_backwards=True)], 3, False),
        "stack": by_keras(
            "stack", [L.GRU(3, return_sequences=True), L.LayerNormalization(), L.LSTM(2), L.Dense(2)], 2, False),
        "dense at each step": by_keras(
            "dense at each step", [L.LSTM(3, return_sequences=True), L.Dense(2, activation="tanh")], 2, True),
        "bidirectional": by_keras("bidirectional", [L.Bidirectional(L.LSTM(2)), L.Dense(2)], 2, False),
        "bidirectional all": by_keras(
            "bidirectional all", [L.Bidirectional(L.GRU(2, return_sequences=True), merge_mode="sum")], 2, True),
        "embedding": by_keras("embedding", [L.Embedding(5, 3), L.GRU(2)], 2, False, words=5),
        "mean of steps": by_keras(
            "mean of steps", [L.Dense(3, activation="tanh"), L.GlobalAveragePooling1D(), L.Dense(2)], 2, False),
        "rnn by PyTorch": by_torch("rnn", torch.nn.RNN, [0], False),
        "lstm by PyTorch": by_torch("lstm", torch.nn.LSTM, [0, 1, 2, 3], False),
        "lstm all by PyTorch": by_torch("lstm", torch.nn.LSTM, [0, 1, 2, 3], False, by_step=True),
        "bidirectional lstm by PyTorch": by_torch("lstm", torch.nn.LSTM, [0, 1, 2, 3], False, bidirectional=True),
        # r z n becomes z r h.
        "bidirectional gru by PyTorch": by_torch(
            "gru", torch.nn.GRU, [1, 0, 2], True, bidirectional=True, by_step=True),
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    lines = [f" {json.dumps(name)}: {json.dumps(item)}" for name, item in figures.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
