extension French {
  /// What lessons and the list of walkthroughs say.
  static let lessons: [(key: String, text: String)] = [
    ("a hint for this exercise", "un indice pour cet exercice"),
    ("show and run a solution and move on", "montrer et exécuter une solution, et continuer"),
    ("go back one step", "revenir d'une étape"),
    ("start over", "recommencer depuis le début"),
    ("the steps, and where you are", "les étapes, et où vous en êtes"),
    ("leave; your progress is saved", "quitter ; votre progression est conservée"),
    (
      "Enter runs the next cell. Anything else you type runs as at the prompt.",
      "Entrée exécute la cellule suivante. Tout ce que vous tapez d'autre s'exécute comme à l'invite."
    ),
    (
      "Your turn. Type your code (the Up key recalls the starter), then press Enter on an empty line to check it.",
      "À vous. Tapez votre code (la flèche vers le haut rappelle le point de départ), puis Entrée sur une ligne vide pour le vérifier."
    ),
    ("Right.", "C'est juste."),
    ("Together with the rest of the starter:", "Avec le reste du point de départ :"),
    (
      "Enter on an empty line tries it together with the rest of the starter.",
      "Entrée sur une ligne vide l'essaie avec le reste du point de départ."
    ),
    (
      "Type your code first. `hint` gives a hint, `skip` shows a solution.",
      "Tapez d'abord votre code. `hint` donne un indice, `skip` montre une solution."
    ),
    ("One solution:", "Une solution :"),
    ("Hint {} of {}: ", "Indice {1} sur {2} : "),
    (
      "There is no hint for this exercise. `skip` shows a solution.",
      "Il n'y a pas d'indice pour cet exercice. `skip` montre une solution."
    ),
    ("This is not an exercise; Enter leaves.", "Ce n'est pas un exercice ; Entrée quitte."),
    ("This is not an exercise; Enter goes on.", "Ce n'est pas un exercice ; Entrée continue."),
    ("Only an exercise can be skipped; Enter leaves.", "Seul un exercice peut être passé ; Entrée quitte."),
    (
      "Only an exercise can be skipped; Enter runs this cell.",
      "Seul un exercice peut être passé ; Entrée exécute cette cellule."
    ),
    (
      "There is no solution for this exercise. Moving on without it.",
      "Il n'y a pas de solution pour cet exercice. On continue sans elle."
    ),
    (
      "The solution did not complete. Try `skip` again, or solve it yourself.",
      "La solution n'est pas allée jusqu'au bout. Essayez `skip` encore une fois, ou résolvez l'exercice vous-même."
    ),
    ("This is the first step.", "C'est la première étape."),
    ("Stopped. Enter runs the cell again.", "Interrompu. Entrée exécute la cellule de nouveau."),
    (
      "This cell needs the result of an earlier one. `back` goes back there, without what you typed since.",
      "Cette cellule a besoin du résultat d'une cellule précédente. `back` y retourne, sans ce que vous avez tapé depuis."
    ),
    (
      "Some of the cells before this one failed, so something may be missing here.",
      "Des cellules précédentes ont échoué ; il manque peut-être quelque chose ici."
    ),
    ("This is the end of \"{}\".", "C'est la fin de « {1} »."),
    ("You solved {} of {exercise}.", "Vous avez résolu {1} {1?exercice|exercices} sur {2#}."),
    ("Try what you like; Enter leaves.", "Essayez ce que vous voulez ; Entrée quitte."),
    (" (exercise)", " (exercice)"),
    (" (exercise, solved)", " (exercice, résolu)"),
    (" (exercise, skipped)", " (exercice, passé)"),
    ("{} of {}", "{1} sur {2}"),
    ("Not yet: {}", "Pas encore : {1}"),
    ("The check is: {}", "La vérification : {1}"),
    (
      "Try again; `hint` gives a hint, `skip` shows a solution.",
      "Essayez de nouveau ; `hint` donne un indice, `skip` montre une solution."
    ),
    ("A lesson knows {}.", "Une leçon connaît {1}."),
    (
      "There is nothing to undo in this step. `back` goes back one step.",
      "Il n'y a rien à annuler dans cette étape. `back` revient à la précédente."
    ),
    ("The last entry is undone.", "La dernière entrée est annulée."),
    (
      "Name a notebook to save your answers to: :save mine.nbs",
      "Nommez le notebook où enregistrer vos réponses : :save mien.nbs"
    ),
    (
      "{} is there already. To replace it: :save {} replace",
      "{1} existe déjà. Pour le remplacer : :save {2} replace"
    ),
    (
      "Saved as {}. `nbs run {}` runs the checks.",
      "Enregistré sous {1}. `nbs run {2}` exécute les vérifications."
    ),
    ("{} cannot be written.", "{1} ne peut pas être écrit."),
    (
      "there are no variables, data sets or networks yet",
      "il n'y a encore ni variables, ni jeux de données, ni réseaux"
    ),
    ("name", "nom"),
    ("value", "valeur"),
    ("not started", "pas commencée"),
    ("done", "terminée"),
    ("step {} of {}", "étape {1} sur {2}"),
    (
      "{}, {} of {exercise} solved",
      "{1}, {2} {2?exercice résolu|exercices résolus} sur {3#}"
    ),
    ("Start or continue one: nbs learn {}", "Commencer une leçon, ou la continuer : nbs learn {1}"),
    (
      "Your progress is not saved: {}.",
      "Votre progression n'est pas enregistrée : {1}."
    ),
    ("there is no home folder to save it in", "il n'y a pas de dossier personnel où l'enregistrer"),
    ("{} cannot be written", "{1} ne peut pas être écrit"),
  ]
}
