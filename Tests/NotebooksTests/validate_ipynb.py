"""Checks `.ipynb` files with Jupyter's own nbformat: each is valid 4.5, and Jupyter, saving it, changes no byte.

    python3 -m venv .venv && .venv/bin/pip install nbformat
    .venv/bin/python Tests/NotebooksTests/validate_ipynb.py FILE...

Without FILE it checks the fixtures of the tests.
"""

import pathlib
import sys

import nbformat


def problem(path: pathlib.Path) -> str | None:
    text = path.read_text(encoding="utf-8")
    try:
        notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
    except (nbformat.ValidationError, nbformat.reader.NotJSONError, ValueError) as error:
        return str(error)
    if (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
        return f"nbformat {notebook.nbformat}.{notebook.nbformat_minor}"
    if nbformat.writes(notebook) + "\n" != text:
        return "Jupyter would write it in another way"
    return None


def main() -> int:
    fixtures = sorted((pathlib.Path(__file__).parent / "Fixtures").glob("*.ipynb"))
    failed = False
    for path in [pathlib.Path(name) for name in sys.argv[1:]] or fixtures:
        found = problem(path)
        failed = failed or found is not None
        print(f"{path.name}: {found or 'valid'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
