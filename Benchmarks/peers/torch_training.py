"""What the PyTorch peers share: an epoch as one would write it, everything in memory as 32-bit floats."""
import time

import torch


def epoch(model, optimizer, loss, inputs, targets, batch):
    order = torch.randperm(len(inputs))
    for start in range(0, len(inputs), batch):
        rows = order[start : start + batch]
        optimizer.zero_grad()
        loss(model(inputs[rows]), targets[rows]).backward()
        optimizer.step()


def milliseconds(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3
