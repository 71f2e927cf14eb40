extension French {
  /// What the terms of the glossary mean, by their English names.
  static let meanings: [String: String] = [
    "accuracy": "La fraction des exemples qui sont bien classés.",
    "activation function":
      "La fonction qu'un neurone applique à sa somme pondérée ; si elle n'est pas non linéaire, plusieurs couches ne calculent rien de plus qu'une seule.",
    "Adam":
      "Un optimiseur qui adapte le taux d'apprentissage de chaque poids à la taille de ses derniers gradients.",
    "automatic differentiation":
      "Le calcul des dérivées exactes de ce qu'un programme a calculé, étape par étape, par la règle de la chaîne.",
    "backpropagation":
      "L'algorithme qui calcule le gradient du coût par rapport à chaque poids, par la règle de la chaîne, en remontant depuis la couche de sortie.",
    "backpropagation through time":
      "La rétropropagation à travers tous les pas d'une séquence, où les mêmes poids servent à chaque pas.",
    "backward pass": "Le calcul des gradients, de la couche de sortie vers les entrées.",
    "baseline": "Une prédiction simple qu'un modèle doit battre pour avoir de l'intérêt.",
    "batch": "Les exemples dont le gradient moyen donne un pas de l'apprentissage.",
    "bias": "Le nombre qu'un neurone ajoute à ses entrées pondérées ; il déplace la frontière de décision.",
    "binary cross-entropy": "Le coût d'une probabilité prédite, quand il y a deux classes.",
    "calibration plot":
      "Montre à quelle fréquence une classe se présente parmi les lignes pour lesquelles une probabilité donnée était prédite.",
    "chain rule": "La dérivée d'une fonction composée est le produit des dérivées de ses parties.",
    "channel":
      "L'une des valeurs que porte chaque position d'une image ou d'un signal : une couleur, ou la sortie d'un filtre.",
    "class weight":
      "Un facteur appliqué au coût des lignes d'une classe, pour qu'une classe rare compte autant qu'une classe fréquente.",
    "classification": "La prédiction d'une classe, alors que la régression prédit un nombre.",
    "coefficient of determination":
      "De combien les prédictions sont meilleures que la moyenne prédite à chaque fois : 1 est parfait, 0 ne vaut pas mieux.",
    "confusion matrix":
      "Compte, pour chaque classe réelle, combien de fois chaque classe a été prédite ; les bonnes prédictions sont sur la diagonale.",
    "convolutional layer":
      "Une couche qui fait glisser des filtres sur une image ou un signal, avec les mêmes poids à toutes les positions.",
    "cross-entropy":
      "Le coût de probabilités prédites pour des classes : l'opposé du logarithme de la probabilité de la bonne classe.",
    "cross-validation":
      "Teste un modèle sur chacun de plusieurs plis après l'avoir entraîné sur les autres, si bien que chaque ligne est testée une fois.",
    "data augmentation":
      "L'entraînement sur des copies des exemples modifiées au hasard, comme des images décalées d'un pixel, avec les mêmes cibles.",
    "dead unit":
      "Une unité ReLU dont la somme est négative pour tous les exemples, si bien qu'elle n'apprend plus.",
    "decision boundary": "Les points où un classifieur passe d'une classe à une autre.",
    "delta": "La dérivée du coût par rapport à la somme pondérée d'un neurone.",
    "dense layer": "Une couche où chaque neurone a un poids pour chaque entrée.",
    "derivative":
      "La pente d'une fonction en un point : la vitesse à laquelle sa valeur change quand son argument augmente.",
    "dropout":
      "Met à 0, pendant l'entraînement, une fraction des sorties d'une couche tirée au hasard, ce qui rend plus difficile de mémoriser les exemples.",
    "early stopping": "Arrête l'entraînement quand le coût de validation ne s'améliore plus.",
    "embedding":
      "Une couche qui remplace le numéro d'un token ou d'une catégorie par un vecteur qui est appris.",
    "epoch": "Un passage sur tout le jeu d'apprentissage.",
    "example": "Une ligne d'un jeu de données : les caractéristiques, et la cible qui va avec elles.",
    "exploding gradient":
      "Un gradient qui croît exponentiellement en remontant beaucoup de pas ou de couches.",
    "feature": "Une entrée d'un réseau : une mesure prise sur un exemple.",
    "feature map": "Les sorties d'un filtre à toutes les positions d'une image.",
    "filter":
      "Un petit tableau de poids qu'une couche de convolution fait glisser sur son entrée ; on dit aussi noyau.",
    "finite difference":
      "Une approximation de la dérivée : de combien le coût change quand un poids change un peu.",
    "fold": "L'une des parties égales entre lesquelles la validation croisée répartit les lignes.",
    "forecast": "Une prédiction des prochaines valeurs d'une série à partir des précédentes.",
    "forward pass": "Le calcul des sorties d'un réseau à partir de ses entrées, couche par couche.",
    "gate":
      "Une unité sigmoïde d'une couche récurrente, qui décide quelle part d'un état est conservée, ajoutée ou montrée.",
    "generalise":
      "Un réseau généralise quand il est bon sur des exemples sur lesquels il n'a pas été entraîné.",
    "gradient": "Les dérivées partielles du coût par rapport à tous les poids.",
    "gradient descent": "Minimise un coût par de petits pas dans le sens opposé à son gradient.",
    "GRU": "Une couche récurrente à deux portes et un seul état, plus légère qu'un LSTM.",
    "hidden layer": "Une couche située entre les entrées et la couche de sortie.",
    "hyperbolic tangent": "La fonction d'activation en S dont les sorties sont comprises entre -1 et 1.",
    "hyperparameter":
      "Un réglage que l'on choisit et qui n'est pas appris, comme le taux d'apprentissage ou le nombre de neurones.",
    "inference": "L'utilisation d'un réseau entraîné pour prédire.",
    "initialisation": "Le choix des poids dont part l'entraînement, en général au hasard.",
    "iteration":
      "Un tour de boucle ; dans un entraînement, un pas : une propagation avant, une propagation arrière et une mise à jour des poids.",
    "kernel": "Un autre nom du filtre ; sa taille s'écrit 3x3 ou 5x5.",
    "L2 regularisation":
      "Ajoute au coût la somme des carrés des poids, multipliée par un facteur, pour que les poids restent petits.",
    "label": "La classe à laquelle appartient un exemple, connue d'avance.",
    "language model": "Un réseau qui donne les probabilités du prochain token d'un texte.",
    "learning rate":
      "Le facteur par lequel on multiplie le gradient à chaque pas de la descente de gradient.",
    "learning rate schedule":
      "Une règle selon laquelle le taux d'apprentissage change pendant l'entraînement.",
    "linear regression":
      "L'ajustement d'une droite, ou d'un plan, à des exemples ; c'est ce que fait une seule unité linéaire.",
    "linearly separable":
      "Se dit de deux classes qu'une droite peut séparer (ou un plan, s'il y a plus de caractéristiques).",
    "local minimum":
      "Un point où le coût est plus bas que partout autour, sans être forcément le plus bas de tous.",
    "logistic regression": "Une seule unité sigmoïde, entraînée avec l'entropie croisée binaire.",
    "logit":
      "La somme pondérée d'un neurone de sortie, avant que softmax ou une sigmoïde n'en fasse une probabilité.",
    "loss function":
      "Un nombre qui dit à quel point les prédictions sont loin des cibles ; l'apprentissage le minimise.",
    "LSTM":
      "Une couche récurrente à portes, avec un second état, la cellule, qui transmet les gradients sur beaucoup de pas.",
    "max pooling":
      "Garde la plus grande valeur de chaque petit bloc d'une carte de caractéristiques, ce qui la réduit.",
    "mean absolute error": "La distance moyenne entre les prédictions et les cibles.",
    "mean squared error": "La moyenne des carrés des écarts entre cibles et prédictions.",
    "metric":
      "Un nombre qui dit ce que valent les prédictions, comme l'exactitude ; on l'affiche, sans que ce soit forcément ce que l'apprentissage minimise.",
    "mini-batch": "Un petit lot, par exemple de 32 exemples, tiré au hasard.",
    "momentum":
      "Conserve une partie du pas précédent dans le suivant, ce qui lisse le chemin de la descente de gradient.",
    "multilayer perceptron": "Un réseau de couches denses qui a au moins une couche cachée.",
    "neuron":
      "La plus petite partie d'un réseau : une somme pondérée des entrées, plus un biais, et une fonction d'activation.",
    "non-linear": "Se dit d'une fonction dont le graphe n'est ni une droite ni un plan.",
    "normalise": "Ramener des valeurs à un intervalle fixe, par exemple de 0 à 1.",
    "one-hot vector":
      "Une classe sous forme de vecteur, avec un 1 à la place de la classe et des 0 ailleurs.",
    "optimizer": "La règle selon laquelle l'apprentissage change les poids, connaissant le gradient.",
    "output layer": "La dernière couche d'un réseau, dont les sorties sont les prédictions.",
    "overfitting":
      "Un réseau est en surapprentissage quand il mémorise ses exemples d'apprentissage et se trompe davantage sur de nouveaux.",
    "padding":
      "Les zéros que l'on ajoute autour d'une image pour qu'une convolution ne la rende pas plus petite.",
    "parameter": "Un nombre que l'apprentissage modifie : un poids ou un biais.",
    "partial derivative":
      "La vitesse à laquelle le coût change quand un poids change et que tous les autres restent fixes.",
    "perceptron":
      "Un neurone à fonction échelon, le premier que l'on ait entraîné, dû à Frank Rosenblatt.",
    "perceptron rule":
      "Ajoute l'entrée aux poids quand la sortie était trop basse, et l'en retranche quand elle était trop haute.",
    "perplexity":
      "Le nombre de tokens également probables entre lesquels un modèle de langue hésite en moyenne.",
    "precision": "Parmi les lignes attribuées à une classe, la fraction de celles qui lui appartiennent.",
    "recall": "Parmi les lignes d'une classe, la fraction de celles qui ont été trouvées.",
    "recurrent network": "Un réseau qui lit une séquence pas à pas et tient à jour un état.",
    "regression": "La prédiction d'un nombre, alors que la classification prédit une classe.",
    "ReLU": "La fonction d'activation qui garde les sommes positives et met les autres à 0.",
    "residual": "La différence entre une cible et sa prédiction.",
    "ROC curve":
      "Le rappel d'une classe à chaque seuil, en fonction de la fraction de l'autre classe qui est prise pour elle.",
    "saturated":
      "Se dit d'une unité dont la somme est si grande ou si petite que la dérivée de sa fonction d'activation est proche de 0.",
    "sequence": "Des valeurs dont l'ordre compte : un texte, un son, des mesures au fil du temps.",
    "sigmoid": "La fonction d'activation en S dont les sorties sont comprises entre 0 et 1.",
    "softmax": "Transforme les sommes des neurones de sortie en probabilités dont la somme vaut 1.",
    "standardise": "Mettre une caractéristique à l'échelle pour que sa moyenne soit 0 et son écart type 1.",
    "state": "Ce qu'un réseau récurrent retient des pas précédents.",
    "step function": "La fonction d'activation qui vaut 1 pour les sommes positives et 0 pour les autres.",
    "stochastic gradient descent":
      "La descente de gradient qui fait un pas après chaque lot d'exemples tirés au hasard.",
    "stratified":
      "Se dit d'une division dont les parties contiennent les classes dans les mêmes proportions.",
    "stride": "Le nombre de pixels dont un filtre avance d'une position à la suivante.",
    "target": "La sortie qu'un réseau devrait donner pour un exemple.",
    "temperature":
      "Un nombre qui rend le choix d'un modèle de langue plus prudent (au-dessous de 1) ou plus hardi (au-dessus de 1).",
    "tensor":
      "Un tableau de nombres à un nombre quelconque d'axes : un vecteur en a un, une matrice deux.",
    "test set": "Les exemples mis de côté jusqu'à la fin, pour une évaluation honnête.",
    "threshold": "La probabilité à partir de laquelle une ligne est attribuée à une classe.",
    "token": "L'unité dans laquelle un texte est lu : un caractère, un mot ou un morceau de mot.",
    "training set": "Les exemples sur lesquels un réseau est entraîné.",
    "unit": "Un neurone, vu comme partie d'une couche.",
    "validation set":
      "Les exemples mis de côté pour surveiller l'entraînement et pour choisir entre plusieurs réseaux.",
    "vanishing gradient":
      "Un gradient qui décroît exponentiellement en remontant beaucoup de pas ou de couches.",
    "weight":
      "Le facteur par lequel un neurone multiplie l'une de ses entrées ; l'apprentissage le modifie.",
    "weight decay":
      "Rend tous les poids un peu plus petits à chaque pas ; avec la descente de gradient simple, c'est la régularisation L2.",
    "weighted sum": "La somme des entrées, chacune multipliée par son poids, plus le biais.",
  ]
}
