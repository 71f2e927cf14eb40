extension PromptCommand {
  static let sessions = [
    PromptCommand(
      ":session [\(Prompt.sessionActions.joined(separator: "|"))] [NAME|FILE]",
      "lists the open sessions, or changes, saves, opens or closes one",
      details: """
        Each session has networks, data, variables, options, history and random numbers of its own. \
        `:session new second`, `:session use main`, `:session rename first`, `:session close second`.
        `:session save work.session` writes the session to a file, from which `:session open work.session` \
        takes it up again: training goes on with the same bits. An open session is also kept cell by cell; after a crash \
        `:session restore` brings back all but the cell that ran then.
        """, [.words(Prompt.sessionActions), .session]
    ) { try $0.changeSession($1) }
  ]
}
