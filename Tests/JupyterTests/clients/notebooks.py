"""Runs notebooks by nbclient and compares what they show with what `nbs run` shows; runs one by papermill.

    .venv/bin/pip install nbclient papermill
    nbs kernel install --sys-prefix
    .venv/bin/python Tests/JupyterTests/clients/notebooks.py NBS notebooks

NBS is the program, and the kernel the same one.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import nbclient
import nbformat


def shown(notebook: nbformat.NotebookNode) -> list[tuple]:
    """What the cells show, without what is for pages alone: a plot's form in HTML, how a table's columns are set, an
    error's colours."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        texts: list = []
        for output in cell.outputs:
            if output.output_type == "stream":
                # Text comes in pieces.
                # Only a kernel, whose cells run in any order, tells which are stale.
                if output.name == "stderr" and output.text.startswith("stale: "):
                    continue
                before = texts.pop()[1] if texts and texts[-1][0] == output.name else ""
                texts.append((output.name, before + (output.text if output.name == "stdout" else unplaced(output.text))))
            elif output.output_type == "error":
                texts.append((output.ename, output.evalue))
            else:
                data = {kind: text for kind, text in output.data.items() if kind != "text/html" or "<table" in text}
                if "text/html" in data:
                    style, mark, table = data["text/html"].partition('<div class="nbs-table">')
                    data["text/html"] = table.removesuffix("</div>") if mark else style
                # The place of a training's progress, which is empty when it is over.
                if data != {"text/plain": ""}:
                    texts.append((output.output_type, data))
        found.append((cell.source, texts))
    return found


def unplaced(notice: str) -> str:
    """A notice without its place, which is `In [3]` here and `xor.nbs, cell 6` there, and so without its lines."""
    return re.sub(r"(Note|Remarque) \((In \[\d+\]|[^,]*, cell(?:ule)? \d+), ", r"\1 (", " ".join(notice.split()))


def difference(program: str, path: pathlib.Path, folder: pathlib.Path) -> str | None:
    """Where the two runs of a notebook differ."""
    source, report = folder / "source.ipynb", folder / "report.ipynb"
    subprocess.run([program, "convert", str(path), str(source)], check=True, capture_output=True)
    subprocess.run(
        [program, "run", str(path), "--no-record", "--export", str(report)], check=True, capture_output=True)
    notebook = nbformat.read(source, as_version=4)
    # A kernel does not see the head of a notebook, and speaks the language of the locale.
    locale = "fr_FR.UTF-8" if "# lang: fr\n" in path.read_text() else "C.UTF-8"
    nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="nbs", resources={"metadata": {"path": str(path.parent)}}
    ).execute(env={**os.environ, "LC_ALL": locale})
    nbformat.validate(notebook)
    ours, theirs = shown(notebook), shown(nbformat.read(report, as_version=4))
    for number, (here, there) in enumerate(zip(ours, theirs, strict=True), start=1):
        if here != there:
            return f"cell {number}\n  nbclient: {here}\n  nbs run:  {there}"
    return None


def papermill_difference(folder: pathlib.Path) -> str | None:
    """Runs a notebook with a parameter that papermill sets."""
    import papermill

    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("param epochs = 20 min=1 max=1000", metadata={"tags": ["parameters"]}),
            nbformat.v4.new_code_cell("print epochs * 2"),
        ],
        metadata={"kernelspec": {"name": "nbs", "display_name": "nbs", "language": "nbs"}},
    )
    nbformat.write(notebook, folder / "in.ipynb")
    papermill.execute_notebook(
        str(folder / "in.ipynb"), str(folder / "out.ipynb"), parameters={"epochs": 5}, progress_bar=False)
    text = nbformat.read(folder / "out.ipynb", as_version=4).cells[-1].outputs[0].text
    return None if text == "10\n" else f"it shows {text!r} in place of '10\\n'"


def main() -> int:
    program, roots = sys.argv[1], sys.argv[2:]
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for path in sorted(path for root in roots for path in pathlib.Path(root).rglob("*.nbs")):
            found = difference(program, path.resolve(), folder)
            print(f"{path}: {found or 'the same'}", flush=True)
            failed = failed or found is not None
        found = papermill_difference(folder)
        print(f"papermill: {found or 'the parameter is set'}")
        failed = failed or found is not None
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
