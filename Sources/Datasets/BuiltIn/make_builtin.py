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
        "}\n",
    ]
    path = pathlib.Path(__file__).with_name("BuiltInTables.swift")
    path.write_text("".join(parts))
    print(path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
