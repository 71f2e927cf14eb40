"""11-6-6-1 on 400 rows, batch 10, 100 epochs of Adam."""
import torch
from torch import nn
from torch_training import milliseconds

inputs = torch.randn(400, 11)
targets = (inputs.sum(1, keepdim=True) > 0).float()
model = nn.Sequential(nn.Linear(11, 6), nn.ReLU(), nn.Linear(6, 6), nn.ReLU(), nn.Linear(6, 1))
optimizer = torch.optim.Adam(model.parameters(), fused=True)
print(milliseconds(model, optimizer, nn.BCEWithLogitsLoss(), inputs, targets, batch=10, epochs=100))
