"""Makes keras_training.json: what Keras gives for a 3-4-2 network, to compare ours with.

Needs the packages keras and jax; run it as

    python Tests/NeuralEngineTests/Fixtures/keras_training.py

Everything is computed in 64 bits, so that ours must agree to far more digits than a wrong formula would. With
the JAX backend, some of Keras's operations (tanh, mean) round to 32 bits whatever the policy says. So JAX's functions stand
in for those, and the network gives logits, which Keras's cross-entropies take as well.
Weights are written as ours are: a row for each unit of the layer that they lead to.
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"

import jax
import keras
import numpy as np

jax.config.update("jax_enable_x64", True)
keras.config.set_floatx("float64")
keras.config.set_dtype_policy("float64")

INPUTS = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75], [-0.5, 1.0, 0.0], [2.0, -0.25, 1.0], [0.1, 0.2, 0.3]])
HIDDEN = np.array([[0.3, -0.2, 0.5], [-0.4, 0.1, 0.2], [0.7, -0.6, 0.1], [0.05, 0.4, -0.3]])
HIDDEN_BIAS = np.array([0.1, -0.1, 0.2, 0.0])
OUTPUT = np.array([[0.2, -0.5, 0.3, 0.6], [-0.7, 0.4, 0.1, -0.2]])
OUTPUT_BIAS = np.array([0.05, -0.15])


def mean_squared_error(targets, outputs):
    return jax.numpy.mean(jax.numpy.square(targets - outputs), axis=-1)


def binary_crossentropy(targets, logits):
    return jax.numpy.mean(keras.ops.binary_crossentropy(targets, logits, from_logits=True), axis=-1)


def categorical_crossentropy(targets, logits):
    return keras.losses.categorical_crossentropy(targets, logits, from_logits=True)


LOSSES = {
    "mse": (
        "linear",
        lambda outputs: outputs,
        mean_squared_error,
        [[0.5, -0.25], [1.0, 0.0], [-1.0, 0.75], [0.25, 0.25], [0.0, 1.5]],
    ),
    "bce": (
        "sigmoid",
        jax.nn.sigmoid,
        binary_crossentropy,
        [[1.0, 0.0], [0.0, 0.0], [1.0, 1.0], [0.25, 0.5], [0.0, 1.0]],
    ),
    "crossentropy": (
        "softmax",
        jax.nn.softmax,
        categorical_crossentropy,
        [[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0], [0.25, 0.75]],
    ),
}
OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.1),
    "momentum": lambda: keras.optimizers.SGD(0.1, momentum=0.9),
    "adam": lambda: keras.optimizers.Adam(0.01),
}


def make_model():
    model = keras.Sequential(
        [
            keras.Input((3,), dtype="float64"),
            keras.layers.Dense(4, activation=jax.numpy.tanh),
            keras.layers.Dense(2),
        ]
    )
    model.set_weights([HIDDEN.T, HIDDEN_BIAS, OUTPUT.T, OUTPUT_BIAS])
    return model


def flat(tensors):
    """Parameters in our order: kernels transposed, each with its biases behind."""
    return [float(value) for tensor in tensors for value in np.asarray(tensor).T.ravel()]


def case(name):
    name_of_activation, activation, loss, targets = LOSSES[name]
    targets = np.array(targets)
    model = make_model()

    def value(variables):
        outputs, _ = model.stateless_call(variables, [], INPUTS)
        return jax.numpy.mean(loss(targets, outputs))

    variables = [variable.value for variable in model.trainable_variables]
    after = {}
    for optimizer, make in OPTIMIZERS.items():
        trained = make_model()
        trained.compile(optimizer=make(), loss=loss)
        trained.fit(INPUTS, targets, batch_size=len(INPUTS), epochs=3, shuffle=False, verbose=0)
        after[optimizer] = flat(trained.get_weights())
    return {
        "loss": name,
        "activation": name_of_activation,
        "inputs": INPUTS.ravel().tolist(),
        "targets": targets.ravel().tolist(),
        "parameters": flat(model.get_weights()),
        "outputs": np.asarray(activation(model(INPUTS))).ravel().tolist(),
        "value": float(value(variables)),
        "gradient": flat(jax.grad(value)(variables)),
        "after": after,
    }


if __name__ == "__main__":
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps([case(name) for name in LOSSES], indent=1) + "\n")
