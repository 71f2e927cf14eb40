"""Makes keras_vocabulary.json: what Keras gives for each activation, loss, optimizer, penalty and schedule.

Needs the packages keras and jax; run it as

    python Tests/NeuralEngineTests/Fixtures/keras_vocabulary.py

The network and its numbers are those of keras_training.py. Everything is computed in 64 bits; with the JAX
backend Keras's mean, tanh and sigmoid round to 32 bits whatever the policy says, so JAX's own stand in for them.
"""

import json
import pathlib

from keras_training import HIDDEN, HIDDEN_BIAS, INPUTS, OUTPUT, OUTPUT_BIAS, flat
import jax
import keras
import numpy as np


def mean(x, axis=None, keepdims=False):
    return jax.numpy.mean(x, axis=axis, keepdims=keepdims)


keras.src.ops.mean = mean

ACTIVATIONS = {
    "linear": lambda x: x,
    "tanh": jax.numpy.tanh,
    "softmax": jax.nn.softmax,
    "sigmoid": jax.nn.sigmoid,
    "leaky_relu": keras.activations.leaky_relu,
    "elu": keras.activations.elu,
    "selu": keras.activations.selu,
    "gelu": keras.activations.gelu,
    "softplus": keras.activations.softplus,
}
AMOUNTS = [[0.5, -0.25], [1.0, 0.0], [-1.0, 0.75], [0.25, 0.25], [0.0, 2.5]]
YES_NO = [[1.0, 0.0], [0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 1.0]]
SIGNS = [[2 * value - 1 for value in row] for row in YES_NO]
SHARES = [[1.0, 0.0], [0.0, 1.0], [0.3, 0.7], [0.5, 0.5], [0.25, 0.75]]
COUNTS = [[1.0, 0.0], [3.0, 2.0], [0.0, 0.5], [4.0, 1.0], [2.0, 2.0]]
LOSSES = {
    "mse": lambda t, o: mean(jax.numpy.square(t - o), axis=-1),
    "mae": keras.losses.mean_absolute_error,
    "huber": keras.losses.huber,
    "hinge": keras.losses.hinge,
    "kl": keras.losses.kl_divergence,
    "poisson": keras.losses.poisson,
}
CASES = [(hidden, "linear", "mse", AMOUNTS) for hidden in ["leaky_relu", "elu", "selu", "gelu", "softplus"]] + [
    ("tanh", "linear", "mae", AMOUNTS),
    ("tanh", "linear", "huber", AMOUNTS),
    ("tanh", "linear", "hinge", YES_NO),
    ("tanh", "tanh", "hinge", SIGNS),
    ("tanh", "softmax", "kl", SHARES),
    ("tanh", "softplus", "poisson", COUNTS),
]
OPTIMIZERS = {
    "nesterov": lambda: keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "adamw": lambda: keras.optimizers.AdamW(0.01),
    "nadam": lambda: keras.optimizers.Nadam(0.01),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.01),
    "adagrad": lambda: keras.optimizers.Adagrad(0.1),
    "adadelta": lambda: keras.optimizers.Adadelta(1.0),
}
REGULARISED = {
    "l1": lambda: (keras.regularizers.L1(0.01), None),
    "l2": lambda: (keras.regularizers.L2(0.02), None),
    "l1 l2": lambda: (keras.regularizers.L1L2(0.01, 0.02), None),
    "clip": lambda: (None, 0.5),
    "l1 l2 clip": lambda: (keras.regularizers.L1L2(0.01, 0.02), 0.5),
}


def make_model(hidden, output, regularizer=None):
    model = keras.Sequential(
        [
            keras.Input((3,), dtype="float64"),
            keras.layers.Dense(4, activation=ACTIVATIONS[hidden], kernel_regularizer=regularizer),
            keras.layers.Dense(2, activation=ACTIVATIONS[output], kernel_regularizer=regularizer),
        ]
    )
    model.set_weights([HIDDEN.T, HIDDEN_BIAS, OUTPUT.T, OUTPUT_BIAS])
    return model


def fit(model, optimizer, loss, targets):
    """Weights after three steps, and the loss before each of them."""
    model.compile(optimizer=optimizer, loss=loss)
    history = model.fit(INPUTS, targets, batch_size=len(INPUTS), epochs=3, shuffle=False, verbose=0)
    return {"after": flat(model.get_weights()), "losses": history.history["loss"]}


def case(hidden, output, loss_name, targets):
    targets = np.array(targets)
    loss = LOSSES[loss_name]
    model = make_model(hidden, output)

    def value(variables):
        outputs, _ = model.stateless_call(variables, [], INPUTS)
        return jax.numpy.mean(loss(targets, outputs))

    variables = [variable.value for variable in model.trainable_variables]
    return {
        "hidden": hidden,
        "output": output,
        "loss": loss_name,
        "targets": targets.ravel().tolist(),
        "outputs": np.asarray(model(INPUTS)).ravel().tolist(),
        "value": float(value(variables)),
        "gradient": flat(jax.grad(value)(variables)),
        "after": fit(make_model(hidden, output), keras.optimizers.SGD(0.1), loss, targets)["after"],
    }


def regularised(make):
    regularizer, clip = make()
    optimizer = keras.optimizers.SGD(0.1, global_clipnorm=clip)
    return fit(make_model("tanh", "linear", regularizer), optimizer, LOSSES["mse"], np.array(AMOUNTS))


def schedules():
    """Rates of 24 steps, 4 an epoch, from the rate 0.5."""
    made = {
        "step": keras.optimizers.schedules.ExponentialDecay(0.5, 8, 0.3, staircase=True),
        "exponential": keras.optimizers.schedules.ExponentialDecay(0.5, 8, 0.3),
        "cosine": keras.optimizers.schedules.CosineDecay(0.5, 16, alpha=0.3),
        "warmup": keras.optimizers.schedules.CosineDecay(0.0, 10**12, warmup_target=0.5, warmup_steps=8),
    }
    return {name: [float(rate(step)) for step in range(24)] for name, rate in made.items()}


def plateau():
    """The rate after each epoch of some losses."""
    losses = [1.0, 0.9, 0.9, 0.89995, 0.8, 0.85, 0.84, 0.83, 0.82, 0.81, 0.9]
    model = make_model("tanh", "linear")
    model.compile(optimizer=keras.optimizers.SGD(0.5), loss=LOSSES["mse"])
    callback = keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.3, patience=2)
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"loss": loss})
        rates.append(float(model.optimizer.learning_rate))
    return {"losses": losses, "rates": rates}


if __name__ == "__main__":
    figures = {
        "inputs": INPUTS.ravel().tolist(),
        "parameters": flat(make_model("tanh", "linear").get_weights()),
        "amounts": np.array(AMOUNTS).ravel().tolist(),
        "cases": [case(*item) for item in CASES],
        "optimizers": {
            name: fit(make_model("tanh", "linear"), make(), LOSSES["mse"], np.array(AMOUNTS))
            for name, make in OPTIMIZERS.items()
        },
        "regularised": {name: regularised(make) for name, make in REGULARISED.items()},
        "schedules": schedules(),
        "plateau": plateau(),
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(figures, indent=1) + "\n")
