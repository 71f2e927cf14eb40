"""One epoch of the 28x28 network of tutorial 5, after one batch that compiles it. With `accuracy SEED` five
epochs instead, and the accuracy on the 10,000 images kept for it."""
import os
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import time

import keras
from images import read
from keras import layers

images, labels = read("train")
inputs = images[..., None].astype("float32") / 255
seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
keras.utils.set_random_seed(seed)
model = keras.Sequential([
    keras.Input((28, 28, 1)), layers.Conv2D(32, 5, activation="relu"), layers.MaxPooling2D(2),
    layers.Conv2D(64, 5, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(),
    layers.Dense(10, activation="softmax")])
model.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
if "accuracy" in sys.argv:
    model.fit(inputs, labels, batch_size=100, epochs=5, verbose=0)
    images, labels = read("t10k")
    print(model.evaluate(images[..., None].astype("float32") / 255, labels, verbose=0)[1])
else:
    model.fit(inputs[:100], labels[:100], batch_size=100, epochs=1, verbose=0)
    start = time.perf_counter()
    model.fit(inputs, labels, batch_size=100, epochs=1, verbose=0)
    print((time.perf_counter() - start) * 1e3)
