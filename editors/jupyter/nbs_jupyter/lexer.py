"""A Pygments lexer for nbs: cells of notebooks and `.nbs` files."""

import re

from pygments.lexer import RegexLexer, bygroups, include, words
from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, Punctuation, String, Text, Whitespace

from .words import COMMANDS, CONSTANTS, FUNCTIONS, KEYWORDS, KINDS


def any_of(names, after=r"\b"):
    return words(names, prefix=r"\b", suffix=after)


class NBSLexer(RegexLexer):
    """nbs, the language of neural networks in notebooks."""

    name = "nbs"
    aliases = ["nbs"]
    filenames = ["*.nbs"]
    mimetypes = ["text/x-nbs"]
    flags = re.MULTILINE

    tokens = {
        "root": [
            (r"^# %%.*$", Generic.Heading),
            # A command is a word where a statement begins.
            (rf"(^|[;{{}}])([^\S\n]*)({'|'.join(COMMANDS)})\b", bygroups(Punctuation, Whitespace, Keyword.Reserved)),
            (r"^([^\S\n]*)(:[a-z]+)\b", bygroups(Whitespace, Keyword.Pseudo)),
            (r"^([^\S\n]*)(\?)", bygroups(Whitespace, Operator)),
            include("inside"),
        ],
        "inside": [
            (r"\s+", Whitespace),
            (r"#.*$", Comment.Single),
            (r'"', String.Double, "text"),
            (r"'[^'\n]*'?", String.Single),
            (any_of(KEYWORDS), Keyword),
            (any_of(CONSTANTS), Keyword.Constant),
            (r"\d+(?:x\d+)+\b", Number.Integer),
            (r"(?:\d[\d_]*(?:\.\d[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?(?:%|ms\b|min\b|s\b)?", Number),
            (r"[^\W\d]\w*(?==(?!=))", Name.Attribute),
            (any_of(FUNCTIONS, r"(?=\()"), Name.Builtin),
            (any_of(KINDS), Name.Class),
            (r"[^\W\d]\w*", Name),
            (r"->|[-+*/=!<>]=|[-+*/@^=<>?\\]", Operator),
            (r"[(){}\[\],:;.]", Punctuation),
            (r".", Text),
        ],
        "text": [
            (r'\\[nt\\"\']', String.Escape),
            (r'[^"\\\n]+', String.Double),
            (r'"', String.Double, "#pop"),
            (r"\\", String.Double),
            (r"\n", Whitespace, "#pop"),
        ],
    }
