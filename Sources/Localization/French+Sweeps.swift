// What sweeps and their plots say, in French.

extension French {
  static let sweeps: [(key: String, text: String)] = [
    ("lowest {} first", "du plus petit {1} au plus grand"),
    ("highest {} first", "du plus grand {1} au plus petit"),
    ("trial", "essai"),
    ("parameter", "paramètre"),
    ("layer: {}", "couche : {1}"),
    ("size", "taille"),
    ("folds of {}", "plis de {1}"),
    ("seeds", "graines"),
    ("failed", "échec"),
    ("combinations", "combinaisons"),
    ("{} more{}", "{1} de plus{2}"),
    ("{} of {trial} are done", "{1} essai{1?|s} sur {2#} {1?fait|faits}"),
    ("{trial} failed", "{1} en échec"),
    ("successive halving: {}", "réduction successive : {1}"),
    ("{combination} with {}={}", "{1} avec {2}={3}"),
    ("no trial has a {}", "aucun essai n'a de {1}"),
    ("best: {}, {} {}", "meilleure combinaison : {1}, {2} {3}"),
    (" ± {} (standard error over {seed})", " ± {1} (erreur type sur {2})"),
    (
      "no worse within one standard error, and named before it: {}, {} {}",
      "pas moins bonne à une erreur type près, et nommée avant elle : {1}, {2} {3}"
    ),
    ("mean {} by value", "{1} moyen par valeur"),
    (", at {}={}", ", pour {1}={2}"),
    ("{} by {}", "{1} selon {2}"),
    ("all combinations by {}", "toutes les combinaisons selon {1}"),
    ("{combination}, {} {}", "{1}, {2} {3}"),
    ("{combination}", "{1}"),
    ("nothing to plot: no combination was measured", "rien à tracer : aucune combinaison n'a été mesurée"),
    ("combination", "combinaison"),
    ("best", "meilleure"),
    ("best third", "meilleur tiers"),
    ("others", "autres"),
    ("others, {} more not shown", "autres, dont {1} ne {1?figure|figurent} pas"),
    (
      "{} matters most: the mean goes from {} at {} to {} at {}",
      "{1} compte le plus : la moyenne va de {2} pour {3} à {4} pour {5}"
    ),
    (
      "{}: the mean goes from {} at {} to {} at {}", "{1} : la moyenne va de {2} pour {3} à {4} pour {5}"
    ),
    ("{combination} failed, not shown", "{1} en échec, non {1?montrée|montrées}"),
    ("Main effects of {} on {}", "Effets principaux de {1} sur {2}"),
    ("Parallel coordinates of {}", "Coordonnées parallèles de {1}"),
    ("the best has {}", "la meilleure a {1}"),
    (
      "{} best at {}, mean {}, worst at {}, mean {}",
      "{1} au mieux pour {2}, moyenne {3}, au pire pour {4}, moyenne {5}"
    ),
  ]
}
