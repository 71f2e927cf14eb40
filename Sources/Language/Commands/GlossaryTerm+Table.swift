extension GlossaryTerm {
  /// The terms, in alphabetical order.
  public static let all: [GlossaryTerm] = [
    GlossaryTerm(
      "accuracy", "exactitude (accuracy)", "The fraction of the examples that are classified correctly.",
      #"\frac{\text{correct}}{\text{all}}"#, in: "iris"),
    GlossaryTerm(
      "activation function", "fonction d'activation",
      "The function that a unit applies to its weighted sum; without a non-linear one, any number of layers computes no more than a single one.",
      #"o = f(z)"#, in: "neuron"),
    GlossaryTerm(
      "Adam", "Adam",
      "An optimizer that adapts the learning rate of each weight to the size of its recent gradients.",
      #"w \gets w - \eta \frac{\hat{m}}{\sqrt{\hat{v}} + \epsilon}"#, in: "perceptron"),
    GlossaryTerm(
      "automatic differentiation", "différentiation automatique",
      "The computation of exact derivatives of whatever a program computed, step by step, by the chain rule.",
      #"\frac{\partial L}{\partial w}"#, in: "tour"),
    GlossaryTerm(
      "backpropagation", "rétropropagation",
      "The algorithm that computes the gradient of the loss with respect to every weight by the chain rule, from the output layer back.",
      #"\delta_{\text{hidden}} = (W^\top \delta_{\text{out}}) \odot f'(z)"#, in: "xor"),
    GlossaryTerm(
      "backpropagation through time", "rétropropagation à travers le temps",
      "Backpropagation through all steps of a sequence, where the same weights are used at each step.",
      #"\frac{\partial L}{\partial R} = \sum_t \frac{\partial L}{\partial h_t} \cdot \frac{\partial h_t}{\partial R}"#,
      in: "memory"),
    GlossaryTerm(
      "backward pass", "propagation arrière (rétropropagation)",
      "The computation of the gradients, from the output layer back to the inputs.",
      #"\frac{\partial L}{\partial w}"#, in: "gradient-descent"),
    GlossaryTerm(
      "baseline", "modèle de référence (baseline)",
      "A simple prediction that a model has to beat before it is worth anything.", in: "forecast"),
    GlossaryTerm(
      "batch", "lot (batch)",
      "The examples whose averaged gradient makes one step of training.",
      #"g = \frac{1}{n} \sum_{i=1}^n \nabla L_i"#, in: "tour"),
    GlossaryTerm(
      "bias", "biais", "The number that a unit adds to its weighted inputs; it shifts the decision boundary.",
      #"z = w_1 x_1 + w_2 x_2 + b"#, in: "neuron"),
    GlossaryTerm(
      "binary cross-entropy", "entropie croisée binaire",
      "The loss for a predicted probability of one of two classes.",
      #"-y \log \hat{y} - (1 - y) \log(1 - \hat{y})"#, in: "three-lines"),
    GlossaryTerm(
      "calibration plot", "diagramme de calibration",
      "Shows how often a class occurs among the rows for which a probability was predicted.", in: "unbalanced"
    ),
    GlossaryTerm(
      "chain rule", "règle de la chaîne (dérivation des fonctions composées)",
      "The derivative of a composition is the product of the derivatives of its parts.",
      #"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial o} \cdot \frac{\partial o}{\partial z} \cdot \frac{\partial z}{\partial w}"#,
      in: "backpropagation"),
    GlossaryTerm(
      "channel", "canal",
      "One of several values at each position of an image or signal: a colour, or the output of a filter.",
      in: "conv1d"),
    GlossaryTerm(
      "class weight", "poids de classe",
      "A factor for the loss of the rows of a class, so that a rare class counts as much as a common one.",
      #"L = \frac{1}{n} \sum_i c_{y_i} L_i"#, in: "unbalanced"),
    GlossaryTerm(
      "classification", "classification",
      "The prediction of a class, where regression predicts a number.",
      in: "regression"),
    GlossaryTerm(
      "coefficient of determination", "coefficient de détermination",
      "How much better the predictions are than always predicting the mean: 1 is perfect, 0 no better.",
      #"R^2 = 1 - \frac{\sum_i (y_i - \hat{y}_i)^2}{\sum_i (y_i - \bar{y})^2}"#, in: "regression"),
    GlossaryTerm(
      "confusion matrix", "matrice de confusion",
      "Counts for each actual class how often each class was predicted; correct predictions are on the diagonal.",
      in: "perceptron"),
    GlossaryTerm(
      "convolutional layer", "couche de convolution",
      "A layer that slides filters over an image or signal, with the same weights at every position.",
      #"o_{i,j} = \sum_{u,v} w_{u,v} x_{i+u, j+v} + b"#, in: "cnn"),
    GlossaryTerm(
      "cross-entropy", "entropie croisée",
      "The loss for predicted class probabilities: minus the logarithm of the probability of the correct class.",
      #"-\sum_k y_k \log \hat{y}_k"#, in: "iris"),
    GlossaryTerm(
      "cross-validation", "validation croisée",
      "Tests a model on each of several folds after training it on the others, so that every row is tested once.",
      in: "crossvalidation"),
    GlossaryTerm(
      "data augmentation", "augmentation de données",
      "Training on randomly changed copies of the examples, such as images moved by a pixel, with the same targets.",
      in: "augmentation"),
    GlossaryTerm(
      "dead unit", "neurone mort",
      "A ReLU unit whose sum is negative for every example, so that it no longer learns.", #"z < 0"#,
      in: "activation-functions"),
    GlossaryTerm(
      "decision boundary", "frontière de décision",
      "The points where a classifier changes from one class to another.", #"\hat{y} = 0.5"#, in: "neuron"),
    GlossaryTerm(
      "delta", "delta", "The derivative of the loss with respect to the weighted sum of a unit.",
      #"\delta = \frac{\partial L}{\partial o} f'(z)"#, in: "backpropagation"),
    GlossaryTerm(
      "dense layer", "couche dense (entièrement connectée)",
      "A layer in which every unit has a weight for every input.", #"o = f(W x + b)"#, in: "digits"),
    GlossaryTerm(
      "derivative", "dérivée",
      "The slope of a function at a point: how fast its value changes when its argument grows.", #"f'(x)"#,
      in: "gradient-descent"),
    GlossaryTerm(
      "dropout", "dropout (abandon)",
      "During training, sets a random fraction of a layer's outputs to 0, which makes it harder to memorise examples.",
      in: "overfitting"),
    GlossaryTerm(
      "early stopping", "arrêt anticipé (early stopping)",
      "Stops training when the validation loss no longer improves.", in: "overfitting"),
    GlossaryTerm(
      "embedding", "plongement (embedding)",
      "A layer that replaces the number of a token or a category by a vector that is learned.",
      in: "names"),
    GlossaryTerm("epoch", "époque", "One pass over the training set.", in: "xor"),
    GlossaryTerm(
      "example", "exemple", "A row of a data set: the features, and the target that belongs to them.",
      #"(x, y)"#, in: "tour"),
    GlossaryTerm(
      "exploding gradient", "explosion du gradient",
      "A gradient that grows exponentially on its way back through many steps or layers.",
      #"\lvert R f'(z_t) \rvert > 1"#, in: "memory"),
    GlossaryTerm(
      "feature", "caractéristique (feature)", "An input of a network: one measurement of an example.",
      #"x_i"#,
      in: "tour"),
    GlossaryTerm(
      "feature map", "carte de caractéristiques (feature map)",
      "The outputs of one filter at all positions of an image.", in: "cnn"),
    GlossaryTerm(
      "filter", "filtre",
      "A small array of weights that a convolutional layer slides over its input; also called a kernel.",
      #"\sum_{u,v} w_{u,v} x_{u,v}"#, in: "cnn"),
    GlossaryTerm(
      "finite difference", "différence finie",
      "An approximation of a derivative: how much the loss changes when a weight changes a little.",
      #"\frac{L(w + h) - L(w)}{h}"#, in: "three-lines"),
    GlossaryTerm(
      "fold", "pli (fold)", "One of the equal parts that cross-validation divides the rows into.",
      in: "crossvalidation"),
    GlossaryTerm(
      "forecast", "prévision", "A prediction of the next values of a series from those before.",
      #"\hat{x}_{t+1} = f(x_t, x_{t-1}, \ldots)"#, in: "forecast"),
    GlossaryTerm(
      "forward pass", "propagation avant",
      "The computation of a network's outputs from its inputs, layer by layer.",
      #"o = f(W_2 f(W_1 x))"#, in: "xor"),
    GlossaryTerm(
      "gate", "porte",
      "A sigmoid unit of a recurrent layer that decides how much of a state is kept, added or shown.",
      #"f = \sigma(W x + R h + b)"#, in: "memory"),
    GlossaryTerm(
      "generalise", "généraliser",
      "A network generalises when it does well on examples that it was not trained on.",
      in: "overfitting"),
    GlossaryTerm(
      "gradient", "gradient", "The partial derivatives of the loss with respect to all weights.",
      #"\nabla L = \left( \frac{\partial L}{\partial w_1}, \frac{\partial L}{\partial w_2}, \ldots \right)"#,
      in: "gradient-descent"),
    GlossaryTerm(
      "gradient descent", "descente de gradient",
      "Minimises a loss by small steps against its gradient.",
      #"w \gets w - \eta \frac{\partial L}{\partial w}"#,
      in: "gradient-descent"),
    GlossaryTerm(
      "GRU", "GRU",
      "A recurrent layer with two gates and a single state, lighter than an LSTM.",
      #"h_t = z h_{t-1} + (1 - z) g"#, in: "memory"),
    GlossaryTerm(
      "hidden layer", "couche cachée", "A layer between the inputs and the output layer.", in: "xor"),
    GlossaryTerm(
      "hyperbolic tangent", "tangente hyperbolique",
      "The S-shaped activation function whose outputs lie between -1 and 1.",
      #"\tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}}"#, in: "activation-functions"),
    GlossaryTerm(
      "hyperparameter", "hyperparamètre",
      "A setting that is chosen and not learned, such as the learning rate or the number of units.",
      in: "sweep"),
    GlossaryTerm(
      "inference", "inférence",
      "The use of a trained network for predictions.",
      #"\hat{y} = f(x)"#, in: "overfitting"),
    GlossaryTerm(
      "initialisation", "initialisation",
      "The choice of the weights that training starts from, usually at random.",
      in: "three-lines"),
    GlossaryTerm(
      "iteration", "itération",
      "One pass of a loop; in training, one step: a forward pass, a backward pass and an update of the weights.",
      in: "tour"),
    GlossaryTerm(
      "kernel", "noyau (kernel)", "Another name of a filter; its size is given as 3x3 or 5x5.", in: "cnn"),
    GlossaryTerm(
      "L2 regularisation", "régularisation L2",
      "Adds the sum of the squared weights, times a factor, to the loss, so that weights stay small.",
      #"L + \lambda \sum_i w_i^2"#, in: "overfitting"),
    GlossaryTerm(
      "label", "étiquette (label)", "The class that an example belongs to, known in advance.", #"y"#,
      in: "tour"),
    GlossaryTerm(
      "language model", "modèle de langue (modèle de langage)",
      "A network that gives the probabilities of the token that comes next in a text.",
      in: "names"),
    GlossaryTerm(
      "learning rate", "taux d'apprentissage",
      "The factor by which the gradient is multiplied at each step of gradient descent.",
      #"w \gets w - \eta \frac{\partial L}{\partial w}"#, in: "learning-rate"),
    GlossaryTerm(
      "learning rate schedule", "planification du taux d'apprentissage",
      "A rule by which the learning rate changes during training.",
      #"\eta_t = \frac{\eta_0}{2} (1 + \cos(\pi t / T))"#, in: "learning-rate"),
    GlossaryTerm(
      "linear regression", "régression linéaire",
      "Fitting a straight line, or a plane, to examples; the same as a single linear unit.",
      #"\hat{y} = w x + b"#, in: "regression"),
    GlossaryTerm(
      "linearly separable", "linéairement séparable",
      "Said of two classes that a straight line (a plane, with more features) can separate.",
      #"w_1 x_1 + w_2 x_2 + b = 0"#, in: "xor"),
    GlossaryTerm(
      "local minimum", "minimum local",
      "A point where the loss is lower than all around it, though perhaps not the lowest.", #"L'(w) = 0"#,
      in: "gradient-descent"),
    GlossaryTerm(
      "logistic regression", "régression logistique",
      "A single sigmoid unit that is trained with the binary cross-entropy.",
      #"\hat{y} = \sigma(w x + b)"#, in: "three-lines"),
    GlossaryTerm(
      "logit", "logit",
      "The weighted sum of an output unit, before softmax or a sigmoid turns it into a probability.",
      #"z = \log \frac{\hat{y}}{1 - \hat{y}}"#, in: "iris"),
    GlossaryTerm(
      "loss function", "fonction de coût (loss)",
      "A number that says how far the predictions are from the targets; training minimises it; also called cost function.",
      #"L(\hat{y}, y)"#, in: "three-lines"),
    GlossaryTerm(
      "LSTM", "LSTM",
      "A recurrent layer with gates and a second state, the cell, that carries gradients over many steps.",
      #"c_t = f c_{t-1} + i g"#, in: "memory"),
    GlossaryTerm(
      "max pooling", "max pooling (sous-échantillonnage)",
      "Keeps the largest value of each small block of a feature map, which makes the map smaller.",
      #"\max(x_{1,1}, x_{1,2}, x_{2,1}, x_{2,2})"#, in: "cnn"),
    GlossaryTerm(
      "mean absolute error", "erreur absolue moyenne",
      "The mean distance of the predictions from the targets.",
      #"\frac{1}{n} \sum_{i=1}^n \lvert y_i - \hat{y}_i \rvert"#, in: "regression"),
    GlossaryTerm(
      "mean squared error", "erreur quadratique moyenne",
      "The mean of the squared differences between targets and predictions.",
      #"\frac{1}{n} \sum_{i=1}^n (y_i - \hat{y}_i)^2"#, in: "xor"),
    GlossaryTerm(
      "metric", "métrique",
      "A number that says how good the predictions are, such as the accuracy; it is shown, and need not be what training minimises.",
      in: "regression"),
    GlossaryTerm(
      "mini-batch", "mini-lot (mini-batch)", "A small batch, such as 32 examples, drawn at random.",
      in: "learning-rate"),
    GlossaryTerm(
      "momentum", "moment (momentum)",
      "Keeps a part of the last step in the next one, which smooths the path of gradient descent.",
      #"v \gets \mu v - \eta \nabla L, \quad w \gets w + v"#, in: "learning-rate"),
    GlossaryTerm(
      "multilayer perceptron", "perceptron multicouche",
      "A network of dense layers with at least one hidden layer.",
      #"\hat{y} = f_2(W_2 f_1(W_1 x + b_1) + b_2)"#,
      in: "perceptron"),
    GlossaryTerm(
      "neuron", "neurone",
      "The smallest part of a network: a weighted sum of the inputs, plus a bias, and an activation function.",
      #"o = f(w_1 x_1 + w_2 x_2 + b)"#, in: "neuron"),
    GlossaryTerm(
      "non-linear", "non linéaire", "Said of a function whose graph is not a straight line or a plane.",
      #"f(a + b) \ne f(a) + f(b)"#, in: "activation-functions"),
    GlossaryTerm(
      "normalise", "normaliser",
      "Scale values to a fixed range, such as 0 to 1.",
      #"\frac{x - x_{\min}}{x_{\max} - x_{\min}}"#, in: "backpropagation"),
    GlossaryTerm(
      "one-hot vector", "vecteur one-hot (encodage one-hot)",
      "A class as a vector with a 1 at the place of the class and 0 elsewhere.", #"3 \to (0, 0, 0, 1, 0)"#,
      in: "digits"),
    GlossaryTerm(
      "optimizer", "optimiseur", "The rule by which training changes the weights, given the gradient.",
      in: "perceptron"),
    GlossaryTerm(
      "output layer", "couche de sortie", "The last layer of a network, whose outputs are the predictions.",
      in: "digits"),
    GlossaryTerm(
      "overfitting", "surapprentissage (overfitting)",
      "A network overfits when it memorises its training examples and does worse on new ones.",
      #"L_{\text{training}} \ll L_{\text{validation}}"#, in: "overfitting"),
    GlossaryTerm(
      "padding", "remplissage (padding)",
      "The zeros that are added around an image so that a convolution does not make it smaller.", in: "cnn"),
    GlossaryTerm(
      "parameter", "paramètre", "A number that training changes: a weight or a bias.", in: "xor"),
    GlossaryTerm(
      "partial derivative", "dérivée partielle",
      "How fast the loss changes when one weight changes and all others stay.",
      #"\frac{\partial L}{\partial w}"#, in: "three-lines"),
    GlossaryTerm(
      "perceptron", "perceptron",
      "A neuron with a step function, the first that was trained, by Frank Rosenblatt.",
      #"\hat{y} = 1 \text{ if } w x + b > 0, \text{ else } 0"#, in: "perceptron"),
    GlossaryTerm(
      "perceptron rule", "règle du perceptron",
      "Adds the input to the weights where the output was too low, and subtracts it where it was too high.",
      #"w \gets w + \eta (y - \hat{y}) x"#, in: "perceptron"),
    GlossaryTerm(
      "perplexity", "perplexité",
      "The number of equally probable tokens among which a language model hesitates on average.",
      #"e^L"#, in: "names"),
    GlossaryTerm(
      "precision", "précision", "Of the rows that were predicted to be of a class, the fraction that are.",
      #"\frac{TP}{TP + FP}"#, in: "unbalanced"),
    GlossaryTerm(
      "recall", "rappel", "Of the rows of a class, the fraction that were found.", #"\frac{TP}{TP + FN}"#,
      in: "unbalanced"),
    GlossaryTerm(
      "recurrent network", "réseau récurrent",
      "A network that reads a sequence step by step and keeps a state.",
      #"h_t = \tanh(W x_t + R h_{t-1} + b)"#,
      in: "memory"),
    GlossaryTerm(
      "regression", "régression", "The prediction of a number, where classification predicts a class.",
      #"\hat{y} \in \mathbb{R}"#, in: "regression"),
    GlossaryTerm(
      "ReLU", "ReLU", "The activation function that keeps positive sums and sets the others to 0.",
      #"\max(0, z)"#,
      in: "perceptron"),
    GlossaryTerm(
      "residual", "résidu", "The difference between a target and its prediction.", #"y - \hat{y}"#,
      in: "regression"),
    GlossaryTerm(
      "ROC curve", "courbe ROC",
      "The recall of a class at every threshold, over the fraction of the other class that is taken for it.",
      in: "unbalanced"),
    GlossaryTerm(
      "saturated", "saturé",
      "Said of a unit whose sum is so large or small that the derivative of its activation function is near 0.",
      #"\sigma'(z) \approx 0"#, in: "activation-functions"),
    GlossaryTerm(
      "sequence", "séquence", "Values in an order that matters: text, sound, measurements over time.",
      #"x_1, x_2, \ldots, x_T"#, in: "memory"),
    GlossaryTerm(
      "sigmoid", "sigmoïde", "The S-shaped activation function whose outputs lie between 0 and 1.",
      #"\sigma(z) = \frac{1}{1 + e^{-z}}"#, in: "neuron"),
    GlossaryTerm(
      "softmax", "softmax", "Turns the sums of the output units into probabilities that add up to 1.",
      #"\hat{y}_k = \frac{e^{z_k}}{\sum_j e^{z_j}}"#, in: "iris"),
    GlossaryTerm(
      "standardise", "centrer et réduire (standardiser)",
      "Scale a feature to mean 0 and standard deviation 1.", #"\frac{x - \mu}{\sigma}"#, in: "iris"),
    GlossaryTerm(
      "state", "état", "What a recurrent network remembers of the steps so far.", #"h_t"#, in: "memory"),
    GlossaryTerm(
      "step function", "fonction échelon (fonction d'escalier)",
      "The activation function that is 1 for positive sums and 0 for the others.",
      #"\begin{cases} 1 & \text{if } z > 0 \\ 0 & \text{otherwise} \end{cases}"#, in: "perceptron"),
    GlossaryTerm(
      "stochastic gradient descent", "descente de gradient stochastique",
      "Gradient descent that takes a step after each batch of examples, drawn at random.",
      #"w \gets w - \eta \nabla L_{\text{batch}}"#, in: "gradient-descent"),
    GlossaryTerm(
      "stratified", "stratifié", "Said of a split whose parts have the classes in the same proportions.",
      in: "iris"),
    GlossaryTerm(
      "stride", "pas (stride)", "By how many pixels a filter moves from one position to the next.", in: "cnn"),
    GlossaryTerm(
      "target", "cible", "The output that a network should have for an example.", #"y"#, in: "tour"),
    GlossaryTerm(
      "temperature", "température",
      "A number that makes a language model choose more cautiously (below 1) or more boldly (above 1).",
      #"p_k \to \frac{p_k^{1/T}}{\sum_j p_j^{1/T}}"#, in: "names"),
    GlossaryTerm(
      "tensor", "tenseur",
      "An array of numbers with any number of axes: a vector has one, a matrix two.",
      in: "tour"),
    GlossaryTerm(
      "test set", "jeu de test", "The examples that are held out until the end, for an honest evaluation.",
      in: "iris"),
    GlossaryTerm(
      "threshold", "seuil", "The probability from which on a row is assigned to a class.",
      #"\hat{y} \ge 0.5"#,
      in: "unbalanced"),
    GlossaryTerm(
      "token", "token (jeton)",
      "The unit in which a text is read: a character, a word or a part of a word.",
      in: "names"),
    GlossaryTerm(
      "training set", "jeu d'apprentissage", "The examples that a network is trained on.", in: "tour"),
    GlossaryTerm(
      "unit", "unité (neurone)", "A neuron as a part of a layer.", #"o = f(w x + b)"#, in: "neuron"),
    GlossaryTerm(
      "validation set", "jeu de validation",
      "The examples that are held out to monitor training, and to choose between networks.", in: "iris"),
    GlossaryTerm(
      "vanishing gradient", "disparition du gradient (gradient évanescent)",
      "A gradient that shrinks exponentially on its way back through many steps or layers.",
      #"\prod_t R f'(z_t) \to 0"#, in: "activation-functions"),
    GlossaryTerm(
      "weight", "poids", "The factor by which a unit multiplies one of its inputs; training changes it.",
      #"w_i"#, in: "neuron"),
    GlossaryTerm(
      "weight decay", "weight decay (dégradation des poids)",
      "Makes all weights a little smaller at each step; with plain gradient descent the same as L2 regularisation.",
      #"w \gets (1 - \eta \lambda) w - \eta \frac{\partial L}{\partial w}"#, in: "overfitting"),
    GlossaryTerm(
      "weighted sum", "somme pondérée",
      "The sum of the inputs, each multiplied by its weight, plus the bias.",
      #"z = \sum_i w_i x_i + b"#, in: "neuron"),
  ]
}
