extension PromptCommand {
  static let sessions = [
    PromptCommand(
      ":session [list|new|use|rename|close] [NAME]",
      "lists the open sessions, or opens, changes to, renames or closes one",
      details: """
        Each session has networks, data, variables, options, history and random numbers of its own.
        """, [.words(["list", "new", "use", "rename", "close"]), .session]
    ) { try $0.changeSession($1) }
  ]
}
