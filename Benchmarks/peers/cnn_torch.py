"""One epoch of the 28x28 network of tutorial 5."""
import torch
from images import read
from torch import nn
from torch_training import in_format, milliseconds

images, labels = read("train")
inputs = torch.tensor(images[:, None] / 255.0, dtype=torch.float32)
targets = torch.tensor(labels.astype("int64"))
model = nn.Sequential(
    nn.Conv2d(1, 32, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 5), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(1024, 10))
model, inputs = in_format(torch.channels_last, model, inputs)
optimizer = torch.optim.SGD(model.parameters(), 0.01, fused=True)
print(milliseconds(model, optimizer, nn.CrossEntropyLoss(), inputs, targets, batch=100))
