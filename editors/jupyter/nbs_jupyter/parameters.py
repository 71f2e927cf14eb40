"""Parameters that papermill sets, as lines of nbs."""

import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators


class NBSTranslator(Translator):
    """Writes `epochs = 5` for a parameter; the kernel holds it against the `param` line of that name."""

    @classmethod
    def translate_escaped_str(cls, str_val):
        text = str(str_val)
        for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
            text = text.replace(plain, escaped)
        return f'"{text}"'

    @classmethod
    def translate_none(cls, val):
        return "none"

    @classmethod
    def translate_list(cls, val):
        return "[" + ", ".join(cls.translate(item) for item in val) + "]"

    @classmethod
    def translate_float(cls, val):
        if val != val:
            return "nan"
        if val in (float("inf"), float("-inf")):
            return "inf" if val > 0 else "-inf"
        return repr(val)

    @classmethod
    def translate_dict(cls, val):
        raise NotImplementedError("nbs has no dictionaries: set parameters one by one.")

    @classmethod
    def comment(cls, cmt_str):
        return f"# {cmt_str}"

    @classmethod
    def inspect(cls, parameters_cell):
        """The parameters of a cell, for `papermill --help-notebook` and its warning about names that nobody knows."""
        return [
            Parameter(
                name=line["name"], inferred_type_name=cls.kind(line["value"]), default=line["value"],
                help=(re.search(r'help="([^"]*)"', line["rest"]) or ("", ""))[1])
            for line in LINE.finditer(parameters_cell["source"])
        ]

    @staticmethod
    def kind(value):
        kinds = [(r"[\"']", "str"), (r"\[", "list"), (r"(true|false|True|False)$", "bool"), (r"[-+.\d]", "float")]
        return next((kind for pattern, kind in kinds if re.match(pattern, value)), "None")


# `param epochs = 20 min=1 help="how long"`, or without the word.
LINE = re.compile(
    r"""^[^\S\n]*(?:param\s+)?(?P<name>[^\W\d]\w*)\s*=(?!=)\s*(?P<value>"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\[[^\n]*\]|[^\s#]+)(?P<rest>.*)$""",
    re.MULTILINE)


papermill_translators.register("nbs", NBSTranslator)


class Engine(NBClientEngine):
    """papermill's usual engine; it stands here because papermill loads engines by entry points, and translators not."""
