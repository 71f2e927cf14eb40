"""The 60,000 images of MNIST's format that Debian's package dataset-fashion-mnist installs."""
import gzip

import numpy

FOLDER = "/usr/share/datasets/fashion-mnist/"


def read(part):
    """Images as rows x 28 x 28 bytes, and their classes."""
    with gzip.open(FOLDER + part + "-images-idx3-ubyte.gz") as file:
        images = numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 28, 28)
    with gzip.open(FOLDER + part + "-labels-idx1-ubyte.gz") as file:
        labels = numpy.frombuffer(file.read(), numpy.uint8, offset=8)
    return images, labels
