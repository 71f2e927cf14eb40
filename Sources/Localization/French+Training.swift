extension French {
  /// What is said of trainings and of networks that are changed.
  static let training: [(key: String, text: String)] = [
    ("train loss", "coût d'apprentissage"),
    ("validation loss", "coût de validation"),
    ("loss of {} on {}", "coût de {1} sur {2}"),
    ("train accuracy", "exactitude d'apprentissage"),
    ("validation accuracy", "exactitude de validation"),
    ("accuracy of {} on {}", "exactitude de {1} sur {2}"),
    ("data", "données"),
    ("epoch", "époque"),
    ("loss", "coût"),
    ("accuracy", "exactitude"),
    ("val_loss", "coût de validation"),
    ("val_accuracy", "exactitude de validation"),
    ("precision", "précision"),
    ("going on after {epoch} of {}", "reprise après {1} sur {2}"),
    ("{}% held out", "{1} % mis de côté"),
    ("{} to validate", "{1} pour la validation"),
    ("{epoch}", "{1}"),
    ("up to {epoch}", "au plus {1}"),
    ("batch {}", "lots de {1}"),
    ("batch {} in order", "lots de {1} dans l'ordre"),
    ("stratified batches of {}", "lots stratifiés de {1}"),
    ("weighted by {}", "pondérées par {1}"),
    ("the rows of {} count by `{}`", "les lignes de {1} comptent selon `{2}`"),
    ("loss {}", "coût {1}"),
    (" of the targets' logarithms", " des logarithmes des cibles"),
    (" of scaled targets", " des cibles mises à l'échelle"),
    ("losses {}", "coûts {1}"),
    (", the targets of amounts scaled", ", les cibles qui sont des quantités mises à l'échelle"),
    ("{} takes {}", "{1} prend {2}"),
    (" summed", " en somme"),
    ("{row}", "{1}"),
    ("{row} augmented", "{1} augmentées"),
    ("rate {}", "taux {1}"),
    ("training {} on {}: {}", "entraînement de {1} sur {2} : {3}"),
    ("no epoch was completed", "aucune époque n'est terminée"),
    ("{epoch}: {}", "{1} : {2}"),
    (
      "stopped after {} of {epoch}, at {}: {}",
      "arrêt après {1} {1?époque|époques} sur {2#}, dès que {3} : {4}"
    ),
    (
      "stopped after {} of {epoch}, no improvement for {epoch}: {}",
      "arrêt après {1} {1?époque|époques} sur {2#}, sans amélioration pendant {3} : {4}"
    ),
    (
      "interrupted at epoch {} of {}: {}; `train {}` continues",
      "interrompu à l'époque {1} sur {2} : {3} ; `train {4}` continue"
    ),
    ("The network {}.", "Le réseau {1}."),
    ("in layer `{}`, ", "dans la couche `{1}`, "),
    (", in layer `{}`", ", dans la couche `{1}`"),
    (
      "The loss is not finite from the start{}: the weights or the data are too large. Nothing has been trained. Draw new weights with `reset weights`, or scale the data.",
      "Le coût n'est pas fini dès le départ{1} : les poids ou les données sont trop grands. Rien n'a été entraîné. Tirez de nouveaux poids avec `reset weights`, ou mettez les données à l'échelle."
    ),
    ("the network {}", "le réseau {1}"),
    ("the network keeps its last finite weights", "le réseau garde ses derniers poids finis"),
    (
      "The loss is no longer finite: {}epoch {}, batch {}. Training has stopped, and {}. Try a smaller learning rate, such as {}, or scale the data.",
      "Le coût n'est plus fini : {1}époque {2}, lot {3}. L'entraînement s'est arrêté, et {4}. Essayez un taux d'apprentissage plus petit, par exemple {5}, ou mettez les données à l'échelle."
    ),
    ("the last epoch", "la dernière époque"),
    ("epoch {}", "l'époque {1}"),
    ("keeps the weights of {}, the best by {}", "garde les poids de {1}, la meilleure d'après {2}"),
    ("{}: {}", "{1} : {2}"),
    (
      "every {} epochs, because the table is limited to {} rows",
      "toutes les {1} époques, car le tableau est limité à {2} lignes"
    ),
    (
      "The variable `{}` hides this layer: write `{}.{}` to reach the layer by name.",
      "La variable `{1}` cache cette couche : écrivez `{2}.{3}` pour l'atteindre par son nom."
    ),
    (
      "`{}` is built again, and the weights that it had learned are discarded.",
      "`{1}` est reconstruit, et les poids qu'il avait appris sont perdus."
    ),
    (
      "The inputs of {} have changed, so its trained weights are discarded: new ones are drawn. The weights of the other layers are kept.",
      "Les entrées de {1} ont changé : ses poids entraînés sont perdus, et de nouveaux sont tirés au hasard. Les poids des autres couches sont conservés."
    ),
    (
      "The inputs of {} have changed, so their trained weights are discarded: new ones are drawn. The weights of the other layers are kept.",
      "Les entrées de {1} ont changé : leurs poids entraînés sont perdus, et de nouveaux sont tirés au hasard. Les poids des autres couches sont conservés."
    ),
    (
      "The result is infinite (`inf`): a division by zero, or a number too large.",
      "Le résultat est infini (`inf`) : une division par zéro, ou un nombre trop grand."
    ),
    (
      "The result is not a number (`nan`), as from 0/0 or the log of a negative number.",
      "Le résultat n'est pas un nombre (`nan`), comme après 0/0 ou le log d'un nombre négatif."
    ),
  ]
}
