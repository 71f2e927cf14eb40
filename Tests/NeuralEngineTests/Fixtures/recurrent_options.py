"""Makes recurrent_options.json: dropout, truncated gradients and carried state of recurrent layers.

Needs the packages keras, tensorflow and torch; run it as

    KERAS_BACKEND=tensorflow python Tests/NeuralEngineTests/Fixtures/recurrent_options.py

Dropout and carried state are Keras's. What is dropped follows from a key as nbs draws it, by Philox4x32-10 (J. Salmon et al.,
SC'11), which is written down here once more; Keras's cells are given these masks, one for all gates. Truncated gradients are
those of PyTorch, where the state is detached between segments.
"""

import json
import pathlib

import keras
import numpy as np
import tensorflow as tf
import torch
from keras_layers import RATE, ROWS, L, flat, ours, parameters, variables

torch.set_default_dtype(torch.float64)
MASK64 = (1 << 64) - 1
KEY = 11


def philox(key, counter):
    k0, k1 = key & 0xFFFFFFFF, key >> 32
    x = [counter & 0xFFFFFFFF, counter >> 32, 0, 0]
    for _ in range(10):
        p0, p2 = x[0] * 0xD2511F53, x[2] * 0xCD9E8D57
        x = [(p2 >> 32) ^ x[1] ^ k0, p2 & 0xFFFFFFFF, (p0 >> 32) ^ x[3] ^ k1, p0 & 0xFFFFFFFF]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return x


def mask(number, width, rate):
    """The mask of each row, for the network's dropout with this number."""
    key = KEY ^ (number * 0x9E3779B97F4A7C15 & MASK64)
    places = [philox(key, place // 4)[place % 4] for place in range(ROWS * width)]
    kept = [0.0 if bits < int(rate * 2 ** 32) else 1 / (1 - rate) for bits in places]
    return np.array(kept).reshape(ROWS, width)


def masked(layer, inputs, states, rate, recurrent_rate, first):
    """Gives a layer's cell the masks that nbs draws."""
    cell = layer.cell
    gates = getattr(cell, "dropout_mask_count", None)

    def all_gates(one):
        one = tf.constant(one)
        return one if gates is None else [one] * gates

    if rate:
        own = all_gates(mask(first, inputs, rate))
        cell.get_dropout_mask = lambda _: own
        first += 1
    if recurrent_rate:
        of_state = all_gates(mask(first, states, recurrent_rate))
        cell.get_recurrent_dropout_mask = lambda _: of_state
        first += 1
    return first


def loss_and_slope(model, inputs, targets):
    with tf.GradientTape() as tape:
        value = tf.reduce_mean((model(inputs, training=True) - targets) ** 2)
    trained = model.trainable_variables
    found = tape.gradient(value, [variable.value for variable in trained])
    slopes = {v.path: tf.convert_to_tensor(slope).numpy() for v, slope in zip(trained, found)}
    return float(value), slopes


def dropout(kind, rate, recurrent_rate, features=3, units=4, steps=5, bidirectional=False, **options):
    keras.utils.set_random_seed(1)
    random = np.random.default_rng(5)
    entry = keras.Input((steps, features))
    make = lambda: kind(
        units, return_sequences=True, dropout=rate, recurrent_dropout=recurrent_rate, **options)
    layer = L.Bidirectional(make()) if bidirectional else make()
    model = keras.Model(entry, layer(entry))
    for variable in variables(model):
        variable.assign(np.round(random.uniform(-0.6, 0.6, variable.shape), 3))
    inputs = np.round(random.uniform(-1, 1, (ROWS, steps, features)), 3)
    targets = np.round(random.uniform(-1, 1, (ROWS, *model.output_shape[1:])), 3)
    plain = model(inputs, training=False).numpy()
    first = 0
    for own in [layer.forward_layer, layer.backward_layer] if bidirectional else [layer]:
        first = masked(own, features, units, rate, recurrent_rate, first)
    value, slopes = loss_and_slope(model, inputs, targets)
    return {
        "steps": steps, "features": features, "inputs": flat([inputs]), "targets": flat([targets]),
        "parameters": parameters(model), "answers": flat([plain]), "losses": [value],
        "gradient": flat([ours(v, slopes[v.path]) for v in variables(model)]), "after": [],
    }


def truncated(kind, order, keeps_biases, length, returns_all, steps=7, features=2, units=3):
    """`order` says which of PyTorch's gates stands at each place of Keras's."""
    random = np.random.default_rng(3)
    model = kind(features, units, batch_first=True)
    for parameter in model.parameters():
        parameter.data = torch.tensor(np.round(random.uniform(-0.6, 0.6, tuple(parameter.shape)), 3))
    inputs = torch.tensor(np.round(random.uniform(-1, 1, (ROWS, steps, features)), 3))
    targets = torch.tensor(np.round(random.uniform(-1, 1, (ROWS, steps if returns_all else 1, units)), 3))
    cuts = [*range(0, steps, length), steps] if returns_all else [0, max(0, steps - length), steps]
    state, parts = None, []
    for start, end in zip(cuts, cuts[1:]):
        if state is not None:
            state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        if start < end:
            part, state = model(inputs[:, start:end], state)
            parts.append(part)
    answers = torch.cat(parts, 1)
    if not returns_all:
        answers = answers[:, -1:]
    loss = ((answers - targets) ** 2).mean()
    loss.backward()

    def ours_(gradient):
        arrays = [(p.grad if gradient else p).detach().numpy() for p in model.parameters()]
        arrays = [np.concatenate([np.split(a, len(order))[place] for place in order]) for a in arrays]
        if keeps_biases:
            return flat(arrays)
        return flat(arrays[:2] + [arrays[2] if gradient else arrays[2] + arrays[3]])

    return {
        "steps": steps, "features": features, "inputs": flat([inputs.numpy()]), "targets": flat([targets.numpy()]),
        "parameters": ours_(False), "answers": flat([answers.detach().numpy()]), "losses": [float(loss.detach())],
        "gradient": ours_(True), "after": [],
    }


def stateful(kind, batch=2, batches=3, epochs=3, steps=4, features=2, units=3, **options):
    """Plain descent over batches whose rows go on from each other; each epoch begins anew."""
    keras.utils.set_random_seed(1)
    random = np.random.default_rng(6)
    entry = keras.Input(batch_shape=(batch, steps, features))
    layer = kind(units, stateful=True, return_sequences=True, **options)
    head = L.Dense(1)
    model = keras.Model(entry, head(layer(entry)))
    weights = [*layer.trainable_variables, *head.trainable_variables]
    for variable in weights:
        variable.assign(np.round(random.uniform(-0.6, 0.6, variable.shape), 3))

    def numbers():
        return flat([ours(v, v.numpy()) for v in weights])

    rows = batch * batches
    inputs = np.round(random.uniform(-1, 1, (rows, steps, features)), 3)
    targets = np.round(random.uniform(-1, 1, (rows, steps, 1)), 3)
    before, losses = numbers(), []
    for _ in range(epochs):
        layer.reset_states()
        total = 0
        for start in range(0, rows, batch):
            value, slopes = loss_and_slope(model, inputs[start:start + batch], targets[start:start + batch])
            total += value * batch
            for variable in weights:
                variable.assign(variable.numpy() - RATE * slopes[variable.path])
        losses.append(total / rows)
    # One row after the other, as one stream.
    single = keras.Input(batch_shape=(1, steps, features))
    reader = kind(units, stateful=True, return_sequences=True, **options)
    last = L.Dense(1)
    alone = keras.Model(single, last(reader(single)))
    for ours_, theirs in zip([*reader.trainable_variables, *last.trainable_variables], weights):
        ours_.assign(theirs.numpy())
    answers = np.concatenate([alone(inputs[row:row + 1], training=False).numpy() for row in range(rows)])
    return {
        "steps": steps, "features": features, "inputs": flat([inputs]), "targets": flat([targets]),
        "parameters": before, "answers": flat([answers]), "losses": losses, "gradient": [], "after": numbers(),
    }


if __name__ == "__main__":
    figures = {}
    for name, kind in [("rnn", L.SimpleRNN), ("lstm", L.LSTM), ("gru", L.GRU)]:
        figures[f"{name} dropout"] = dropout(kind, 0.4, 0.0)
        figures[f"{name} recurrent dropout"] = dropout(kind, 0.0, 0.5)
        figures[f"{name} both"] = dropout(kind, 0.25, 0.5)
        figures[f"{name} stateful"] = stateful(kind)
    figures["gru both, no bias"] = dropout(L.GRU, 0.25, 0.5, use_bias=False)
    figures["lstm both, two directions"] = dropout(L.LSTM, 0.25, 0.5, bidirectional=True)
    for name, kind, order, keeps in [
        ("rnn", torch.nn.RNN, [0], False), ("lstm", torch.nn.LSTM, [0, 1, 2, 3], False),
        ("gru", torch.nn.GRU, [1, 0, 2], True),
    ]:
        for length in (1, 3, 7, 9):
            figures[f"{name} truncate {length}"] = truncated(kind, order, keeps, length, True)
            figures[f"{name} truncate {length}, last"] = truncated(kind, order, keeps, length, False)
    path = pathlib.Path(__file__).with_suffix(".json")
    lines = [f" {json.dumps(name)}: {json.dumps(item)}" for name, item in figures.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
