"""1000 rounds of backpropagation by hand in NumPy. Prints milliseconds, the best of 20 runs."""
import time

import numpy as np

X = np.array([[2, 9], [1, 5], [3, 6]], dtype=float)
y = np.array([[92], [86], [89]], dtype=float) / 100
X = X / X.max(axis=0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_prime(s):
    return s * (1 - s)


def train():
    random = np.random.default_rng(1)
    W1 = random.standard_normal((2, 3))
    W2 = random.standard_normal((3, 1))
    losses = []
    for _ in range(1000):
        z2 = sigmoid(X @ W1)
        o = sigmoid(z2 @ W2)
        o_delta = (y - o) * sigmoid_prime(o)
        z2_delta = (o_delta @ W2.T) * sigmoid_prime(z2)
        W1 += X.T @ z2_delta
        W2 += z2.T @ o_delta
        losses.append(np.mean((y - o) ** 2))


best = float("inf")
for _ in range(20):
    start = time.perf_counter()
    train()
    best = min(best, (time.perf_counter() - start) * 1e3)
print(f"{best:.3f}")
