extension French {
  /// What is noted of a training that learns little or nothing, and what helps.
  static let notices: [(key: String, text: String)] = [
    (
      "All rows of `{}` are of class `{}`, so there is nothing to tell apart.",
      "Toutes les lignes de `{1}` sont de la classe `{2}` : il n'y a rien à distinguer."
    ),
    (
      "All rows of `{}` have the same target, so there is nothing to learn but that number.",
      "Toutes les lignes de `{1}` ont la même cible : il n'y a rien d'autre à apprendre que ce nombre."
    ),
    (", on the scale of `prepare`,", ", à l'échelle de `prepare`,"),
    (
      "`{}` is {} and gives numbers {}, but the targets of `{}`{} run from {} to {}. Make it linear: {}",
      "`{1}` est de type {2} et donne des nombres {3}, mais les cibles de `{4}`{5} vont de {6} à {7}. Rendez-la linéaire : {8}"
    ),
    (
      "The hidden layer {} is linear, and linear layers in a row can do no more than a single one. Give it an activation: {}",
      "La couche cachée {1} est linéaire, et des couches linéaires à la suite ne font pas mieux qu'une seule. Donnez-lui une activation : {2}"
    ),
    (
      "The hidden layers {} are linear, and linear layers in a row can do no more than a single one. Give them an activation: {}",
      "Les couches cachées {1} sont linéaires, et des couches linéaires à la suite ne font pas mieux qu'une seule. Donnez-leur une activation : {2}"
    ),
    (
      "The inputs of `{}` are not scaled: {}. Scale them before the training: `prepare {}; reset weights`",
      "Les entrées de `{1}` ne sont pas mises à l'échelle : {2}. Mettez-les à l'échelle avant l'entraînement : `prepare {3}; reset weights`"
    ),
    ("`{}` in its `layer` line", "`{1}` dans sa ligne `layer`"),
    (
      "Only {} of the rows are of class `{}`, and always answering `{}` is right for {} of them, so the accuracy of {} says little. Let all classes count alike: `{}`",
      "Seulement {1} des lignes sont de la classe `{2}`, et répondre toujours `{3}` est juste pour {4} d'entre elles : l'exactitude de {5} ne dit donc pas grand-chose. Pour que toutes les classes comptent autant : `{6}`"
    ),
    (
      "{epoch} {} moved the weights by no more than {} %, though the gradient is not small, so the rate is too small. A larger one: `{}`",
      "{1} {1?n'a|n'ont} pas changé les poids de plus de {3} %, alors que le gradient n'est pas petit : le taux est donc trop petit. Un taux plus grand : `{4}`"
    ),
    (
      "`{}` is no better than always answering `{}`, which is right for {} of the rows",
      "`{1}` ne fait pas mieux que de répondre toujours `{2}`, ce qui est juste pour {3} des lignes"
    ),
    (
      "`{}` is no better than always answering the median of the targets",
      "`{1}` ne fait pas mieux que de répondre toujours la médiane des cibles"
    ),
    (
      "`{}` is no better than always answering the mean of the targets",
      "`{1}` ne fait pas mieux que de répondre toujours la moyenne des cibles"
    ),
    (", and gives the same answer to every row", ", et donne la même réponse pour chaque ligne"),
    (
      ", and gives the same answer to all {} rows looked at",
      ", et donne la même réponse pour les {1} lignes examinées"
    ),
    (
      "The inputs are not scaled: `prepare {}; {}`",
      "Les entrées ne sont pas mises à l'échelle : `prepare {1}; {2}`"
    ),
    (
      "The unit of `{}` gives 0 for every row, and no gradient gets through.",
      "L'unité de `{1}` donne 0 pour chaque ligne, et aucun gradient ne passe."
    ),
    (
      "All units of `{}` give 0 for every row, and no gradient gets through.",
      "Toutes les unités de `{1}` donnent 0 pour chaque ligne, et aucun gradient ne passe."
    ),
    (
      "A leaky relu and a smaller rate help: `{}; {}`",
      "Un leaky relu et un taux plus petit y remédient : `{1}; {2}`"
    ),
    (
      "The unit of `{}` is at an end of {} for every row, and no gradient gets through.",
      "L'unité de `{1}` est à une extrémité de {2} pour chaque ligne, et aucun gradient ne passe."
    ),
    (
      "All units of `{}` are at an end of {} for every row, and no gradient gets through.",
      "Toutes les unités de `{1}` sont à une extrémité de {2} pour chaque ligne, et aucun gradient ne passe."
    ),
    ("A smaller rate, from new weights: `{}`", "Un taux plus petit, à partir de nouveaux poids : `{1}`"),
    (": `{}; {}`", " : `{1}; {2}`"),
    (
      "Its hidden layers are linear, so it can only weigh and add the inputs{}",
      "Ses couches cachées sont linéaires : il ne peut que pondérer et additionner les entrées{1}"
    ),
    (
      "It has no hidden layer with an activation, so it can only weigh and add the inputs: `{}`",
      "Il n'a pas de couche cachée avec une activation : il ne peut que pondérer et additionner les entrées. Avec une couche cachée : `{1}`"
    ),
    (
      "The gradient vanishes on its way back: that of `{}` is {} times that of `{}`. Steps that do not depend on its length: `{}`",
      "Le gradient s'évanouit en remontant : celui de `{1}` vaut {2} fois celui de `{3}`. Des pas qui ne dépendent pas de sa longueur : `{4}`"
    ),
    (
      "It may need larger steps or more of them: `{}`",
      "Il lui faut peut-être des pas plus grands, ou plus nombreux : `{1}`"
    ),
    ("every row", "chaque ligne"),
    ("all {} rows looked at", "les {1} lignes examinées"),
    (
      "{} of the {} units of `{}` give 0 for {}: they are dead, and no gradient brings them back.",
      "{1} des {2} unités de `{3}` donnent 0 pour {4} : elles sont mortes, et aucun gradient ne les ranime."
    ),
    (
      "{} of the {} units of `{}` are at an end of {} for {}, where no gradient gets through.",
      "{1} des {2} unités de `{3}` sont à une extrémité de {4} pour {5}, où aucun gradient ne passe."
    ),
    ("A leaky relu does not die: {}", "Un leaky relu ne meurt pas : {1}"),
    (
      "The loss has risen from {} to {}: the rate is too high. A smaller one, from new weights: `{}`",
      "Le coût est monté de {1} à {2} : le taux est trop grand. Un taux plus petit, à partir de nouveaux poids : `{3}`"
    ),
    ("from 0 to 1", "de 0 à 1"),
    ("from -1 to 1", "de -1 à 1"),
    ("from 0 on", "à partir de 0"),
    ("from -1 on", "à partir de -1"),
    ("from -1.758 on", "à partir de -1.758"),
    ("they run up to {}", "elles vont jusqu'à {1}"),
    ("`{}` runs up to {}, `{}` up to {}", "`{1}` va jusqu'à {2}, `{3}` jusqu'à {4}"),
    ("`{}` runs up to {}", "`{1}` va jusqu'à {2}"),
  ]
}
