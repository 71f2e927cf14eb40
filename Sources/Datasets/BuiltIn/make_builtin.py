"""Writes BuiltInTables.swift: the real data sets that nbs carries, compressed, as text in the program.

Needs scikit-learn, which ships the three sets of the UCI Machine Learning Repository (see docs/data.md):

    python3 -m venv /tmp/v && /tmp/v/bin/pip install scikit-learn
    /tmp/v/bin/python Sources/Datasets/BuiltIn/make_builtin.py
"""

import base64
import pathlib
import textwrap
import zlib

from sklearn.datasets import load_breast_cancer, load_digits, load_iris


def number(value):
    """The shortest text that reads back as the same number."""
    return repr(int(value)) if value == int(value) else repr(float(value))


def table(data, names, target):
    """A CSV text: the features, then the name of the class."""
    rows = [",".join(names + [target])]
    for features, label in zip(data.data, data.target):
        rows.append(",".join([number(v) for v in features] + [str(data.target_names[label])]))
    return ("\n".join(rows) + "\n").encode()


def literal(name, says, content):
    """A Swift constant that holds the zlib-compressed bytes in base 64."""
    text = base64.b64encode(zlib.compress(content, 9)).decode()
    lines = "\n".join("    " + line for line in textwrap.wrap(text, 104))
    return f'  /// {says}; {len(content)} bytes once inflated.\n  static let {name} = (\n    {len(content)},\n    """\n{lines}\n    """\n  )\n'


# The passengers of international airlines in thousands, a line a year from 1949 to 1960: series G of G. Box and G. Jenkins,
# Time Series Analysis (1970).
AIR_PASSENGERS = """
112 118 132 129 121 135 148 148 136 119 104 118
115 126 141 135 125 149 170 170 158 133 114 140
145 150 178 163 172 178 199 199 184 162 146 166
171 180 193 181 183 218 230 242 209 191 172 194
196 196 236 235 229 243 264 272 237 211 180 201
204 188 235 227 234 264 302 293 259 229 203 229
242 233 267 269 270 315 364 347 312 274 237 278
284 277 317 313 318 374 413 405 355 306 271 306
315 301 356 348 355 422 465 467 404 347 305 336
340 318 362 348 363 435 491 505 404 359 310 337
360 342 406 396 420 472 548 559 463 407 362 405
417 391 419 461 472 535 622 606 508 461 390 432
"""


def main():
    iris = load_iris()
    iris_names = [n.replace(" (cm)", "").replace(" ", "_") for n in iris.feature_names]
    cancer = load_breast_cancer()
    cancer_names = [n.replace(" ", "_") for n in cancer.feature_names]
    digits = load_digits()
    # 64 bytes of pixels from 0 to 16, then the digit.
    packed = b"".join(
        bytes(int(v) for v in image) + bytes([int(label)]) for image, label in zip(digits.data, digits.target)
    )
    parts = [
        "// swift-format-ignore-file\n"
        "// Written by make_builtin.py: do not edit. Sources and licences are in docs/data.md.\n\n"
        "/// The carried data sets: how many bytes each has, and these bytes, compressed by zlib, in base 64.\n"
        "///\n"
        "/// Text constants cost nothing until they are used, and compile at once, unlike arrays of numbers.\n"
        "enum BuiltInTables {\n",
        literal("iris", "150 flowers as CSV", table(iris, iris_names, "species")),
        "\n",
        literal("breastCancer", "569 tumours as CSV", table(cancer, cancer_names, "diagnosis")),
        "\n",
        literal("digits", "1797 images as 64 bytes of pixels and one of label", packed),
        "\n  /// 144 months, from 1949 to 1960.\n  static let airPassengers: [Double] = [\n",
        "".join(f"    {', '.join(year.split())},\n" for year in AIR_PASSENGERS.strip().splitlines()),
        "  ]\n",
        "}\n",
    ]
    path = pathlib.Path(__file__).with_name("BuiltInTables.swift")
    path.write_text("".join(parts))
    print(path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
