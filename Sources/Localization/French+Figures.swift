extension French {
  /// What the figures of a network from inside say, the tables and short reports of data and weights, and help on terms.
  static let figures: [(key: String, text: String)] = [
    ("nothing to plot: the loss is not finite here", "rien à tracer : le coût n'est pas fini ici"),
    ("start, loss {}", "départ, coût {1}"),
    ("after {step}, loss {}", "après {1}, coût {2}"),
    ("loss {} -> {} in {step}", "coût {1} -> {2} en {3}"),
    ("Loss of {} over {}: it is not finite here.", "Coût de {1} selon {2} : il n'est pas fini ici."),
    (
      "Loss of {} over {}, all other parameters as they are: ",
      "Coût de {1} selon {2}, les autres paramètres étant fixes : "
    ),
    ("{}, lowest near ({}, {})", "{1}, le plus bas près de ({2}, {3})"),
    (
      "; 1 step of gradient descent at rate {} leads from {} to {}.",
      " ; 1 pas de descente de gradient au taux {1} mène de {2} à {3}."
    ),
    (
      "; {} steps of gradient descent at rate {} lead from {} to {}.",
      " ; {1} pas de descente de gradient au taux {2} mènent de {3} à {4}."
    ),
    ("({}, {}), loss {}", "({1}, {2}), coût {3}"),
    ("{} (term; in French: {})", "{2} (terme ; en anglais : {1})"),
    ("introduced in: nbs learn {}", "présenté dans : nbs learn fr/{1}"),
    ("{}:", "{1} :"),
    ("The network `{}` has no layer `{}`.", "Le réseau `{1}` n'a pas de couche `{2}`."),
    ("It has {}.", "Il a {1}."),
    ("It has none.", "Il n'en a aucune."),
    ("array of {}", "tableau de {1}"),
    ("truth value", "booléen"),
    ("text", "texte"),
    ("list", "liste"),
    ("function", "fonction"),
    ("from {} to {}", "de {1} à {2}"),
    ("sum", "somme"),
    ("sum {}", "somme {1}"),
    ("sum {}, output {}", "somme {1}, sortie {2}"),
    ("{} times {}", "{1} fois {2}"),
    ("{} more inputs that add {}", "de {1} autres entrées qui ajoutent {2}"),
    ("the bias {}", "du biais {1}"),
    (
      "{}: the sum of {} is {}, and {} of that is {}.",
      "{1} : la somme de {2} vaut {3}, et l'activation {4} donne {5}."
    ),
    (
      "unit {} of {}, step {} of sample {} of {}",
      "couche {2}, unité {1}, pas {3} de l'exemple {4} du jeu {5}"
    ),
    ("unit {} of {}, sample {} of {}", "couche {2}, unité {1}, exemple {3} du jeu {4}"),
    (" on sample {} of {}", " sur l'exemple {1} de {2}"),
    (
      "`{}` has {} units, and circles are drawn for up to {}",
      "`{1}` a {2} unités, et les cercles ne sont dessinés que jusqu'à {3}"
    ),
    (
      "too many weights to number each: plot weights LAYER",
      "trop de poids pour tous les chiffrer : plot weights LAYER"
    ),
    ("edges to a later step are left out", "les liaisons vers un pas suivant ne sont pas dessinées"),
    ("too wide for this page", "trop large pour cette page"),
    ("{} is not augmented", "{1} n'est pas augmenté"),
    ("{} in training: {}", "{1} à l'entraînement : {2}"),
    ("sample {} of {}, augmented: {}", "{2}, exemple {1}, augmenté : {3}"),
    ("states of {} over the steps, sample {} of {}", "états de {1} pas à pas, exemple {2} de {3}"),
    ("gates of {} over the steps, sample {} of {}", "portes de {1} pas à pas, exemple {2} de {3}"),
    ("cell", "cellule"),
    ("input gate", "porte d'entrée"),
    ("forget gate", "porte d'oubli"),
    ("output gate", "porte de sortie"),
    ("update gate", "porte de mise à jour"),
    ("reset gate", "porte de réinitialisation"),
    ("carried sum", "somme reportée"),
    ("{} of {} on {}", "{1} de {2} sur {3}"),
    ("validation {}", "{1} de validation"),
    ("train {}", "{1} d'apprentissage"),
    ("{} on {}, step by step", "{1} sur {2}, pas à pas"),
    ("distinct", "distinctes"),
    ("distribution", "répartition"),
    ("commonest", "plus fréquentes"),
    ("correlation", "corrélation"),
    (
      "correlation with {}: Pearson's r, and the correlation ratio of categories",
      "corrélation avec {1} : r de Pearson, et rapport de corrélation pour les catégories"
    ),
    (
      "correlation with {}: the correlation ratio, and Cramer's V of categories",
      "corrélation avec {1} : rapport de corrélation, et V de Cramér pour les catégories"
    ),
    ("weights from {}", "poids de {1}"),
    ("in the file", "dans le fichier"),
    ("shape", "forme"),
    ("becomes", "devient"),
    ("changed", "modifié"),
    ("{} parameters of {} in {}", "{1} paramètres de {2} dans {3}"),
    ("left over in the file: {}", "inutilisés dans le fichier : {1}"),
    ("kept as they were: {}", "laissés tels quels : {1}"),
    (", and {} more", ", et {1} {1?autre|autres}"),
    ("{layer}, {parameter}", "{1}, {2}"),
    ("; checked on {row}", " ; vérifié sur {1}"),
    (", in single precision", ", en simple précision"),
    (
      "; a program in {} that tests itself on {row}", " ; un programme en {1} qui se teste lui-même sur {2}"
    ),
  ]
}
