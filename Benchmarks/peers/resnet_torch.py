"""A step of 64 images of 32x32x3 by a residual network: three stages of 16, 32 and 64 channels after K. He et al.,
"Deep Residual Learning for Image Recognition", CVPR 2016, section 4.2. Batch normalisation follows the relu, and a
strided convolution without a shortcut leads from stage to stage."""
import torch
from torch import nn
from torch_training import in_format, milliseconds


def convolution(channels, filters, stride=1):
    return nn.Sequential(nn.Conv2d(channels, filters, 3, stride, padding=1, bias=False), nn.ReLU())


class Block(nn.Module):
    """Two convolutions and the way around them."""

    def __init__(self, channels):
        super().__init__()
        self.inside = nn.Sequential(
            convolution(channels, channels), nn.BatchNorm2d(channels), convolution(channels, channels))
        self.normalisation = nn.BatchNorm2d(channels)

    def forward(self, images):
        return self.normalisation(images + self.inside(images))


def stage(channels, filters, stride):
    return nn.Sequential(
        convolution(channels, filters, stride), nn.BatchNorm2d(filters), Block(filters), Block(filters))


class GlobalAveragePool(nn.Module):
    """The mean of each channel."""

    def forward(self, images):
        return images.mean((2, 3))


STEPS = 10
inputs = torch.randn(64 * STEPS, 3, 32, 32)
targets = torch.randint(10, (64 * STEPS,))
model = nn.Sequential(
    stage(3, 16, stride=1), stage(16, 32, stride=2), stage(32, 64, stride=2), GlobalAveragePool(), nn.Linear(64, 10))
model, inputs = in_format(torch.channels_last, model, inputs)
optimizer = torch.optim.SGD(model.parameters(), 0.01, fused=True)
print(milliseconds(model, optimizer, nn.CrossEntropyLoss(), inputs, targets, batch=64) / STEPS)
