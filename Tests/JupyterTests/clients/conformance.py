"""Runs Jupyter's own suite for kernels over the kernel of nbs.

    .venv/bin/pip install jupyter_kernel_test
    nbs kernel install --sys-prefix
    .venv/bin/python Tests/JupyterTests/clients/conformance.py

One test is skipped: `clear_output`, for nbs has no command that takes outputs back.
"""

import unittest

from jupyter_kernel_test import IopubWelcomeTests, KernelTests


class NBSTests(KernelTests):
    kernel_name = "nbs"
    language_name = "nbs"
    file_extension = ".nbs"
    code_hello_world = 'print "hello, world"'
    code_stderr = "print log(0)"
    completion_samples = [
        {"text": "trai", "matches": {"train"}},
        {"text": "net solver los", "matches": {"loss=", "loss_weights="}},
        {"text": "plot boun", "matches": {"boundary"}},
        {"text": ":und", "matches": {":undo"}},
        {"text": "?propag", "matches": {"propagate"}},
    ]
    complete_code_samples = ["a = 1", "repeat 2 { print 1 }", ":vars", "train?", ""]
    incomplete_code_samples = ["repeat 2 {", "a = [1,", "def f(x) {\n  x + 1", "a = 1 + \\"]
    invalid_code_samples = ["a = = 1", "layer"]
    code_page_something = "train?"
    code_generate_error = "print nope"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2] + 1", "result": "[2 3]"},
        {"code": "2 ^ 10", "result": "1024"},
    ]
    code_display_data = [
        {"code": "plot function tanh from=-3 to=3", "mime": "image/svg+xml"},
        {"code": "plot function tanh from=-3 to=3", "mime": "text/html"},
        {"code": "help", "mime": "text/markdown"},
    ]
    code_history_pattern = "2*1?"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "train"


class NBSWelcomeTests(IopubWelcomeTests):
    kernel_name = "nbs"
    support_iopub_welcome = True


# They test no kernel by themselves.
del KernelTests, IopubWelcomeTests

if __name__ == "__main__":
    unittest.main()
