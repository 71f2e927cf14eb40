"""Parameters that papermill sets, as lines of nbs."""

from papermill.engines import NBClientEngine
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
        return []


papermill_translators.register("nbs", NBSTranslator)


class Engine(NBClientEngine):
    """papermill's usual engine; it stands here because papermill loads engines by entry points, and translators not."""
