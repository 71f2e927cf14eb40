"""Makes keras_layers.json: what Keras gives for each kind of layer and its options.

Needs the packages keras and tensorflow; run it as

    KERAS_BACKEND=tensorflow python Tests/NeuralEngineTests/Fixtures/keras_layers.py

Everything is computed in 64 bits. Each case holds the parameters in our order and layout (filters x window x channels
where Keras has window x channels x filters, outputs x inputs where it has inputs x outputs), what the network
answers, the loss and its gradient in the first training step, and the parameters after three steps of plain descent.
"""

import json
import pathlib

import keras
import numpy as np
import tensorflow as tf

keras.backend.set_floatx("float64")
L = keras.layers
ROWS = 3
RATE = 0.1


def case(make, shape, loss="mse", words=None, steps=3):
    """`make` takes Keras's input and gives its output."""
    keras.utils.set_random_seed(1)
    random = np.random.default_rng(2)
    entry = keras.Input(shape)
    model = keras.Model(entry, make(entry))
    for variable in variables(model):
        low, high = (0.5, 1.5) if variable.name in ("gamma", "moving_variance") else (-0.6, 0.6)
        variable.assign(np.round(random.uniform(low, high, variable.shape), 3))
    size = (ROWS, *shape)
    inputs = random.integers(0, words, size) if words else np.round(random.uniform(-1, 1, size), 3)
    targets = np.round(random.uniform(-1, 1, (ROWS, *model.output_shape[1:])), 3)
    if loss == "crossentropy":
        targets = np.eye(model.output_shape[-1])[random.integers(0, model.output_shape[-1], ROWS)]
    before = parameters(model)
    answers = model(inputs, training=False).numpy()
    slope, value = None, []
    for _ in range(steps):
        gradient, step = take_step(model, inputs, targets, loss)
        slope = gradient if slope is None else slope
        value.append(step)
    return {
        "shape": list(shape),
        "loss": loss,
        "inputs": flat([inputs]),
        "targets": flat([targets]),
        "parameters": before,
        "answers": flat([answers]),
        "losses": value,
        "gradient": slope,
        "after": parameters(model),
        "afterAnswers": flat([model(inputs, training=False).numpy()]),
    }


def take_step(model, inputs, targets, loss):
    """One step of plain descent, by the batch's own statistics: the gradient before it, and the loss."""
    with tf.GradientTape() as tape:
        outputs = model(inputs, training=True)
        if loss == "crossentropy":
            value = tf.reduce_mean(-tf.reduce_sum(targets * tf.math.log(outputs), axis=-1))
        else:
            value = tf.reduce_mean((outputs - targets) ** 2)
    trained = model.trainable_variables
    found = tape.gradient(value, [variable.value for variable in trained])
    slopes = {variable.path: tf.convert_to_tensor(slope).numpy() for variable, slope in zip(trained, found)}
    arrays = [ours(variable, slopes.get(variable.path, np.zeros(variable.shape))) for variable in variables(model)]
    for variable in trained:
        variable.assign(variable.numpy() - RATE * slopes[variable.path])
    return flat(arrays), float(value)


def ours(variable, array):
    """An array of Keras's in our layout."""
    return np.moveaxis(array, -1, 0) if variable.name in ("kernel", "recurrent_kernel") else array


def variables(model):
    """The model's numbers, without the state of its random generators."""
    return [v for v in model.variables if "seed_generator" not in v.path]


def parameters(model):
    return flat([ours(v, v.numpy()) for v in variables(model)])


def flat(arrays):
    return [float(number) for array in arrays for number in np.ravel(array)]


def behind(*layers):
    """Layers in a row."""

    def make(x):
        for layer in layers:
            x = layer(x)
        return x

    return make


def merged(merge):
    """Two convolutions of the input, merged into a third."""

    def make(x):
        a = L.Conv1D(2, 2, padding="same", activation="tanh")(x)
        b = L.Conv1D(2, 3, padding="same", activation="sigmoid")(x)
        return L.Conv1D(2, 2)(merge([a, b]))

    return make


def pool_3d(merge, stride, last):
    """Windows of 2x2x2 that begin up to `last`; TensorFlow's own do not compute in 64 bits."""

    def make(x):
        def places(axis):
            return [slice(first, last[axis] + first + 1, stride) for first in range(2)]

        return merge([x[:, a, b, c] for a in places(0) for b in places(1) for c in places(2)])

    return make


def skip(x):
    a = L.Conv2D(2, 3, padding="same", activation="relu")(x)
    b = L.Conv2D(2, 3, padding="same")(a)
    return L.Dense(2)(L.Flatten()(L.MaxPooling2D(2)(L.Add()([a, b]))))


CASES = {
    "conv1d": (behind(L.Conv1D(2, 3)), (6, 2)),
    "conv1d stride": (behind(L.Conv1D(2, 2, strides=3, activation="tanh")), (7, 2)),
    "conv1d same even": (behind(L.Conv1D(2, 4, padding="same")), (5, 2)),
    "conv1d dilation": (behind(L.Conv1D(2, 2, dilation_rate=3, use_bias=False)), (7, 2)),
    "conv1d groups": (behind(L.Conv1D(4, 2, groups=2)), (5, 4)),
    "conv2d": (behind(L.Conv2D(2, (2, 3), activation="relu")), (4, 5, 2)),
    "conv2d same stride": (behind(L.Conv2D(2, (3, 2), strides=(2, 2), padding="same")), (5, 4, 2)),
    "conv2d same even": (behind(L.Conv2D(2, (2, 4), padding="same")), (3, 5, 1)),
    "conv2d same dilation": (behind(L.Conv2D(2, 2, dilation_rate=(2, 3), padding="same")), (4, 5, 1)),
    "conv2d groups": (behind(L.Conv2D(6, 2, groups=3, activation="sigmoid")), (3, 3, 3)),
    "conv2d softmax": (behind(L.Conv2D(3, 2, activation="softmax")), (3, 3, 1)),
    "conv3d": (behind(L.Conv3D(2, (2, 1, 2))), (3, 2, 3, 2)),
    "conv3d same stride": (behind(L.Conv3D(1, 2, strides=2, padding="same", activation="elu")), (3, 4, 3, 1)),
    "maxpool 1d": (behind(L.Conv1D(2, 1), L.MaxPooling1D(2)), (7, 1)),
    "maxpool 2d": (behind(L.Conv2D(2, 1, activation="relu"), L.MaxPooling2D((2, 3))), (5, 6, 1)),
    "maxpool 2d stride same": (behind(L.Conv2D(2, 1), L.MaxPooling2D(3, strides=2, padding="same")), (4, 5, 1)),
    "maxpool 3d": (behind(L.Conv3D(1, 1), pool_3d(L.Maximum(), 1, (1, 1, 0))), (3, 3, 2, 1)),
    "avgpool 1d": (behind(L.Conv1D(2, 1), L.AveragePooling1D(3, strides=2)), (7, 1)),
    "avgpool 1d same": (behind(L.Conv1D(2, 1), L.AveragePooling1D(3, strides=1, padding="same")), (4, 1)),
    "avgpool 2d same": (behind(L.Conv2D(2, 1), L.AveragePooling2D((2, 3), strides=(1, 2), padding="same")), (3, 4, 1)),
    "avgpool 3d": (behind(L.Conv3D(1, 1), pool_3d(L.Average(), 2, (2, 0, 0))), (4, 2, 3, 1)),
    "globalmaxpool": (behind(L.Conv2D(3, 2), L.GlobalMaxPooling2D(), L.Dense(2)), (3, 4, 1)),
    "globalavgpool": (behind(L.Conv1D(3, 2), L.GlobalAveragePooling1D(), L.Dense(2)), (5, 1)),
    "flatten": (behind(L.Conv2D(2, 2), L.Flatten(), L.Dense(2)), (3, 4, 1)),
    "reshape": (behind(L.Dense(12), L.Reshape((2, 3, 2)), L.Conv2D(1, 2)), (3,)),
    "batchnorm": (behind(L.Conv2D(2, 2), L.BatchNormalization(), L.Conv2D(1, 2)), (4, 4, 1)),
    "batchnorm of a row": (behind(L.Dense(3), L.BatchNormalization(momentum=0.6, epsilon=0.01), L.Dense(1)), (2,)),
    "layernorm": (behind(L.Conv1D(3, 2), L.LayerNormalization(), L.Conv1D(1, 2)), (4, 2)),
    "layernorm of a row": (behind(L.Dense(4), L.LayerNormalization(epsilon=0.05), L.Dense(2)), (3,)),
    "embedding": (behind(L.Embedding(5, 3), L.Conv1D(2, 2)), (4,), "mse", 5),
    "embedding averaged": (behind(L.Embedding(4, 3), L.GlobalAveragePooling1D(), L.Dense(2)), (5,), "mse", 4),
    "merge add": (merged(L.Add()), (4, 2)),
    "merge mul": (merged(L.Multiply()), (4, 2)),
    "merge avg": (merged(L.Average()), (4, 2)),
    "merge max": (merged(L.Maximum()), (4, 2)),
    "merge concat": (merged(L.Concatenate()), (4, 2)),
    "skip": (skip, (4, 4, 1)),
    "classes": (behind(L.Conv2D(2, 3, activation="relu"), L.MaxPooling2D(2), L.Flatten(), L.Dense(3, activation="softmax")), (6, 6, 1), "crossentropy"),
}

if __name__ == "__main__":
    figures = {name: case(*item) for name, item in CASES.items()}
    path = pathlib.Path(__file__).with_suffix(".json")
    lines = [f" {json.dumps(name)}: {json.dumps(item)}" for name, item in figures.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
