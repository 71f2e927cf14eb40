"""nbs in Jupyter: a Pygments lexer and papermill's parameters."""
