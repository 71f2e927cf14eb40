extension PromptCommand {
  /// Every command, in the order in which `:help` lists them.
  static let all: [PromptCommand] = conversation + cells + files + sessions

  private static let conversation = [
    PromptCommand(
      ":help [COMMAND]", "lists these commands, or explains one",
      details: "The commands of the language have their help behind `help` and `?`: `help train`, `train?`.",
      [.words([])]
    ) { try $0.showHelp($1) },
    PromptCommand(":quit", "leaves, as Ctrl-D does") { prompt, arguments in
      try arguments.none(":quit")
      return .leave
    },
    PromptCommand(":runs", "lists the last runs that were kept; `nbs runs` does more with them") {
      try $1.none(":runs")
      $0.say(SessionRecorder.recentRuns())
      return .cell
    },
    PromptCommand(":vars", "lists the variables, data sets and networks of the session") {
      try $1.none(":vars")
      return $0.showVariables()
    },
  ]

  private static let cells = [
    PromptCommand(
      ":history [N]", "lists the cells of the session, or its last N",
      details: """
        It says which cells failed, were interrupted, are stale or were run again. Keys: up and down go \
        through what was typed at this and earlier prompts, Ctrl-R searches it.
        """, [.words([])]
    ) { try $0.showHistory($1) },
    PromptCommand(
      ":time [CELL]", "tells how long the last cell took, or runs a cell and tells it",
      details: "For example `:time train xor epochs=100`.", [.cell]
    ) { $0.time($1) },
    PromptCommand(
      ":undo", "goes back to the state before the last cell",
      details: """
        Variables, data, networks with their weights and what their optimizers remember, options and the random \
        numbers are as they were, bit for bit. Repeat it to go back further. Files that were written stay.
        """
    ) {
      try $1.none(":undo")
      return $0.undo()
    },
    PromptCommand(
      ":rerun [N|N-M|stale]",
      "runs a cell again, as a new cell: the last, that of a number, or what is stale",
      details: """
        `:rerun stale` runs all stale cells again, in order. A training that is run again goes on from the \
        weights that are there; `reset weights` draws new ones.
        """, [.words(["stale"])]
    ) { try $0.rerun($1) },
    PromptCommand(
      ":stale", "lists the cells that were made from what has been defined anew since",
      details: """
        After `b = 2 * a` a new `a = 5` leaves `b` stale. Changing a value in place, as `a += 1` and `train` do, \
        is no new definition.
        """
    ) {
      try $1.none(":stale")
      return $0.showStale()
    },
  ]

  private static let files = [
    PromptCommand(
      ":save FILE.nbs [replace]", "writes the cells that worked as a notebook", [.file, .words(["replace"])]
    ) { try $0.save($1) },
    PromptCommand(
      ":load FILE.nbs", "runs the cells of a notebook as if they were typed here", [.file]
    ) { try $0.load($1) },
    PromptCommand(
      ":export OUT.md|OUT.html [replace]", "writes the cells and what they showed as a report",
      details: "The report says whether a clean run from the top would give the same results.",
      [.file, .words(["replace"])]
    ) { try $0.export($1) },
  ]
}
