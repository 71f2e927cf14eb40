"""What the PyTorch peers share: an epoch as one would write it, everything in memory as 32-bit floats.

A peer takes words on its command line. `channels_last` chooses that memory format, and `one_thread` keeps PyTorch to
one thread, which is the faster choice where a step is short.
"""
import sys
import time

import torch

if "one_thread" in sys.argv:
    torch.set_num_threads(1)
torch.manual_seed(1)


def in_format(memory_format, *values):
    """Networks and tensors in `memory_format`, where `channels_last` stands on the command line."""
    return [value.to(memory_format=memory_format) for value in values] if "channels_last" in sys.argv else values


def epoch(model, optimizer, loss, inputs, targets, batch):
    for rows in torch.randperm(len(inputs)).split(batch):
        optimizer.zero_grad()
        loss(model(inputs[rows]), targets[rows]).backward()
        optimizer.step()


def milliseconds(model, optimizer, loss, inputs, targets, batch, epochs=1):
    """What `epochs` take, after two batches in which PyTorch chooses its kernels."""
    epoch(model, optimizer, loss, inputs[: 2 * batch], targets[: 2 * batch], batch)
    start = time.perf_counter()
    for _ in range(epochs):
        epoch(model, optimizer, loss, inputs, targets, batch)
    return (time.perf_counter() - start) * 1e3
