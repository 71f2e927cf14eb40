"""40 epochs of the network of notebooks/conv1d.nbs on 700 signals, batch 32.

PyTorch has no channels-last format for signals. With `channels_last` they are images of height 1, which is faster.
"""
import sys

import torch
from torch import nn
from torch_training import in_format, milliseconds


class GlobalMaxPool(nn.Module):
    """The largest number of each channel."""

    def forward(self, signals):
        return signals.flatten(2).amax(2)


inputs = torch.randn(700, 1, 40)
targets = torch.randint(10, (700,))
if "channels_last" in sys.argv:
    inputs = inputs.unsqueeze(2)
    convolution, pool, window, pair = nn.Conv2d, nn.MaxPool2d, (1, 5), (1, 2)
else:
    convolution, pool, window, pair = nn.Conv1d, nn.MaxPool1d, 5, 2
model = nn.Sequential(
    convolution(1, 16, window), nn.ReLU(), pool(pair), convolution(16, 32, window), nn.ReLU(), GlobalMaxPool(),
    nn.Linear(32, 10))
model, inputs = in_format(torch.channels_last, model, inputs)
optimizer = torch.optim.Adam(model.parameters(), 0.005, fused=True)
print(milliseconds(model, optimizer, nn.CrossEntropyLoss(), inputs, targets, batch=32, epochs=40))
