"""15 epochs of the network of notebooks/conv3d.nbs on 420 volumes, batch 25."""
import torch
from torch import nn
from torch_training import in_format, milliseconds

inputs = torch.randn(420, 1, 8, 8, 8)
targets = torch.randint(5, (420,))
model = nn.Sequential(
    nn.Conv3d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool3d(2), nn.Conv3d(8, 16, 3, padding=1), nn.ReLU(),
    nn.MaxPool3d(2), nn.Flatten(), nn.Linear(128, 5))
model, inputs = in_format(torch.channels_last_3d, model, inputs)
optimizer = torch.optim.Adam(model.parameters(), 0.01, fused=True)
print(milliseconds(model, optimizer, nn.CrossEntropyLoss(), inputs, targets, batch=25, epochs=15))
