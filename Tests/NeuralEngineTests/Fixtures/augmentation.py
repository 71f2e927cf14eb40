"""Makes augmentation.json: images moved, turned, resized, mirrored and cut by SciPy and NumPy.

Needs the packages numpy and scipy; run it as

    python Tests/NeuralEngineTests/Fixtures/augmentation.py
"""

import json
import math
import pathlib

import numpy
import scipy.ndimage

MODES = {"zero": "grid-constant", "edge": "nearest", "wrap": "grid-wrap"}
random = numpy.random.default_rng(5)


def changed(image, down, right, degrees, zoom, horizontal, vertical, fill):
    """The image after SciPy's affine_transform with linear interpolation about its middle."""
    if vertical:
        image = numpy.flip(image, 0)
    if horizontal:
        image = numpy.flip(image, 1)
    angle = math.radians(degrees)
    matrix = numpy.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]]) / zoom
    middle = (numpy.array(image.shape[:2]) - 1) / 2
    offset = middle - matrix @ (middle + numpy.array([down, right]))
    planes = [
        scipy.ndimage.affine_transform(image[:, :, c], matrix, offset, order=1, mode=MODES[fill], cval=0)
        for c in range(image.shape[2])
    ]
    return numpy.stack(planes, axis=2)


def case(shape, down=0, right=0, degrees=0.0, zoom=1.0, horizontal=False, vertical=False, fill="zero"):
    image = numpy.round(random.uniform(-1, 2, shape), 3)
    after = changed(image, down, right, degrees, zoom, horizontal, vertical, fill)
    return {
        "shape": shape, "down": down, "right": right, "degrees": degrees, "zoom": zoom, "horizontal": horizontal,
        "vertical": vertical, "fill": fill, "image": image.ravel().tolist(),
        "after": [float(f"{value:.12g}") for value in after.ravel()],
    }


def cut(shape, row, column, side):
    image = numpy.round(random.uniform(1, 2, shape), 3)
    after = image.copy()
    top, left = row - side // 2, column - side // 2
    after[max(0, top) : max(0, top + side), max(0, left) : max(0, left + side)] = 0
    return {
        "shape": shape, "row": row, "column": column, "side": side, "image": image.ravel().tolist(),
        "after": after.ravel().tolist(),
    }


cases = []
for fill in MODES:
    cases += [
        case([5, 7, 1], down=2, right=-1, fill=fill),
        case([6, 6, 2], degrees=17.0, fill=fill),
        case([5, 8, 1], degrees=-140.0, zoom=1.3, fill=fill),
        case([7, 5, 1], down=-1, right=2, degrees=9.0, zoom=0.8, horizontal=True, fill=fill),
        case([4, 6, 3], right=1, horizontal=True, vertical=True, fill=fill),
    ]
figures = {
    "cases": cases,
    "cuts": [cut([6, 7, 1], 3, 3, 3), cut([6, 7, 2], 0, 6, 4), cut([6, 7, 1], 5, 0, 2)],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(figures) + "\n")
