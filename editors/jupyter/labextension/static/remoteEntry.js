// Teaches JupyterLab's editor the language nbs.
//
// JupyterLab loads an extension as a container of webpack's module federation, an object with `init` and `get`. This one
// is small enough to be written by hand: it takes two modules that JupyterLab shares, and gives one plugin.

var _JUPYTERLAB = typeof _JUPYTERLAB === "undefined" ? {} : _JUPYTERLAB;

_JUPYTERLAB["nbs-codemirror"] = (() => {
  const place = document.currentScript.src;
  let scope;

  /** A module that JupyterLab shares. */
  async function shared(name) {
    const version = Object.values(scope[name])[0];
    return (await version.get())();
  }

  /** The tokens of nbs, for CodeMirror's stream parser. */
  function parser(words) {
    const sets = Object.fromEntries(Object.entries(words).map(([name, list]) => [name, new Set(list)]));
    const word = /^[\p{L}_][\p{L}\p{N}_]*/u;

    function text(stream, quote) {
      while (!stream.eol()) {
        const next = stream.next();
        if (next === quote) break;
        if (next === "\\" && quote === '"') stream.next();
      }
      return "string";
    }

    function named(stream, name, starts) {
      if (starts && sets.commands.has(name)) return "keyword";
      if (sets.keywords.has(name)) return "controlKeyword";
      if (sets.constants.has(name)) return "atom";
      if (stream.match(/^=(?!=)/, false)) return "propertyName";
      if (sets.functions.has(name) && stream.peek() === "(") return "standard";
      return sets.kinds.has(name) ? "typeName" : "variableName";
    }

    return {
      name: "nbs",
      startState: () => ({ starts: true }),
      token(stream, state) {
        if (stream.sol()) {
          state.starts = true;
          if (stream.match(/^# %%.*/)) return "heading";
          if (stream.match(/^\s*:[a-z]+/)) return "meta";
        }
        if (stream.eatSpace()) return null;
        if (stream.match(/^#.*/)) return "comment";
        const { starts } = state;
        state.starts = false;
        const found = stream.match(word);
        if (found) return named(stream, found[0], starts);
        if (stream.match(/^\d+(x\d+)+\b|^(\d[\d_]*(\.\d[\d_]*)?|\.\d[\d_]*)([eE][-+]?\d+)?(%|ms\b|min\b|s\b)?/)) return "number";
        const next = stream.next();
        if (next === '"' || next === "'") return text(stream, next);
        state.starts = ";{}".includes(next);
        return "()[]{},;:.".includes(next) ? "punctuation" : "operator";
      },
      languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", "'", '"'] } },
    };
  }

  async function plugin() {
    const [{ IEditorLanguageRegistry }, { LanguageSupport, StreamLanguage }, words] = await Promise.all([
      shared("@jupyterlab/codemirror"),
      shared("@codemirror/language"),
      fetch(new URL("words.json", place)).then((answer) => answer.json()),
    ]);
    return {
      id: "nbs-codemirror:language",
      description: "Colours nbs.",
      autoStart: true,
      requires: [IEditorLanguageRegistry],
      activate: (_app, languages) => {
        languages.addLanguage({
          name: "nbs",
          mime: "text/x-nbs",
          extensions: ["nbs"],
          support: new LanguageSupport(StreamLanguage.define(parser(words))),
        });
      },
    };
  }

  return {
    init: (shareScope) => {
      scope = shareScope;
    },
    get: async () => {
      const made = await plugin();
      return () => ({ __esModule: true, default: made });
    },
  };
})();
