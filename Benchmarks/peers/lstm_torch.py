"""An LSTM of 128 units over sequences of 100 steps x 64 features, batch 64, an epoch of 640 of them by Adam; with `small`
on the command line 16 units, 20 steps x 4, batch 8, ten epochs of 400."""
import sys

import torch
from torch import nn
from torch_training import milliseconds

rows, steps, features, units, batch, epochs = (
    (400, 20, 4, 16, 8, 10) if "small" in sys.argv else (640, 100, 64, 128, 64, 1))


class Last(nn.Module):
    """A linear layer on the last state of an LSTM."""

    def __init__(self):
        super().__init__()
        self.recurrent = nn.LSTM(features, units, batch_first=True)
        self.output = nn.Linear(units, 1)

    def forward(self, inputs):
        return self.output(self.recurrent(inputs)[0][:, -1])


inputs = torch.randn(rows, steps, features)
targets = torch.randn(rows, 1)
model = Last()
optimizer = torch.optim.Adam(model.parameters(), fused=True)
print(milliseconds(model, optimizer, nn.MSELoss(), inputs, targets, batch, epochs))
