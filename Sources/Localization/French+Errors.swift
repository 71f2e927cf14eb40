extension French {
  /// The frame of errors and notes, and those messages that beginners meet.
  static let errors: [(key: String, text: String)] = [
    ("{}{}: {}", "{1}{2} : {3}"),
    ("Note", "Remarque"),
    ("{}, line {}", "{1}, ligne {2}"),
    ("{}, cell {}", "{1}, cellule {2}"),
    ("Did you mean `{}`?", "Vouliez-vous dire `{1}` ?"),
    (
      "Fill in the blank: write what belongs in the place of `{}`.",
      "Complétez : écrivez ce qui doit se trouver à la place de `{1}`."
    ),
    (
      "`param` needs a default value for `{}`: `param {} = 20`.",
      "`param` a besoin d'une valeur par défaut pour `{1}` : `param {2} = 20`."
    ),
    (
      "A parameter is set before the notebook runs, so `param` cannot be in a block or a function.",
      "Un paramètre est réglé avant l'exécution du notebook : `param` ne peut pas être dans un bloc ni dans une fonction."
    ),
    (
      "`help` takes a text: `help=\"number of epochs\"`.",
      "`help` prend un texte : `help=\"nombre d'époques\"`."
    ),
    (
      "There is nothing to show. Give values, separated by commas: `print \"loss\", loss`.",
      "Il n'y a rien à afficher. Donnez des valeurs, séparées par des virgules : `print \"coût\", loss`."
    ),
    ("It can only be `{}` here.", "Ici, ce ne peut être que `{1}`."),
    ("There are {}.", "Les choix sont {1}."),
    ("There is no {} `{}`. {}", "`{2}` est inconnu ici. {3}"),
    ("A file name is written in quotes: {}.", "Un nom de fichier s'écrit entre guillemets : {1}."),
    ("`help` takes a word, as in `help train`.", "`help` prend un mot, comme dans `help train`."),
    ("There is no help on `{}`. ", "Il n'y a pas d'aide sur `{1}`. "),
    ("`help` lists the commands.", "`help` énumère les commandes."),
    ("A file is given after `from`: `from \"{}\"`.", "Un fichier se donne après `from` : `from \"{1}\"`."),
    (
      "Row {} has {}, but the first has {}. Every row needs the same.",
      "La ligne {1} a {2}, mais la première a {3}. Toutes les lignes doivent en avoir autant."
    ),
    ("{input} and {target}", "{1} et {2}"),
    (
      "`{}` takes an expression over columns: {} age > 18.",
      "`{1}` prend une expression sur des colonnes : {2} age > 18."
    ),
    (
      "`{}` is a reserved word and cannot be used as a name.",
      "`{1}` est un mot réservé et ne peut pas servir de nom."
    ),
    ("There is {} `{}`. ", "`{2}` est inconnu ici. "),
    ("There is {}.", "Il y a {1}."),
    ("Define one first: `data xor { 0 1 -> 1 }`.", "Définissez-en d'abord un : `data xor { 0 1 -> 1 }`."),
    ("Start one first: `net solver`.", "Créez-en d'abord un : `net solver`."),
    ("Add it first: `layer hid dense 3 sigmoid`.", "Ajoutez-la d'abord : `layer hid dense 3 sigmoid`."),
    (
      "There is a file of that name, which `{}` reads.", "Il y a un fichier de ce nom, que `{1}` lit."
    ),
    ("Assign a value first: `a = 1`.", "Affectez d'abord une valeur : `a = 1`."),
    ("Record values first: `record loss`.", "Notez d'abord des valeurs : `record loss`."),
    (
      "`{}` is a command and cannot be used as a name.",
      "`{1}` est une commande et ne peut pas servir de nom."
    ),
    (
      "Nothing is called `{}`. Functions are written without a module: {}.",
      "Rien ne s'appelle `{1}`. Les fonctions s'écrivent sans module : {2}."
    ),
    ("`{}` is a command and has no value.", "`{1}` est une commande et n'a pas de valeur."),
    ("Nothing is called `{}`. ", "Rien ne s'appelle `{1}`. "),
    ("Assign a value first: `{} = 0`.", "Affectez d'abord une valeur : `{1} = 0`."),
    ("Define it first: `def {}(x) = …`.", "Définissez-la d'abord : `def {1}(x) = …`."),
    ("There is no function `{}`. {}", "Il n'y a pas de fonction `{1}`. {2}"),
    ("`{}` takes no `until`; only `train` does.", "`{1}` ne prend pas de `until` ; seul `train` en prend."),
    ("`until` has no metric `{}`. ", "`until` n'a pas de métrique `{1}`. "),
    ("It knows {}.", "Il connaît {1}."),
    ("`{}` has no kind `{}`.", "`{1}` n'a pas de type `{2}`."),
    ("`{}` is given twice. Keep one of them.", "`{1}` est donné deux fois. Gardez-en un."),
    ("It can be {}.", "Ce peut être {1}."),
    ("An option is written with `=`: `{}=…`.", "Une option s'écrit avec `=` : `{1}=…`."),
    ("An option is written with `=`: `{}={}`.", "Une option s'écrit avec `=` : `{1}={2}`."),
    ("`{}` takes nothing more here.", "`{1}` ne prend rien de plus ici."),
    (
      "A layer has a name before its kind: `layer hid {} …`.",
      "Une couche a un nom, avant son type : `layer hid {1} …`."
    ),
    ("`{}` is a data set: `{} data {}` shows it.", "`{1}` est un jeu de données : `{2} data {3}` l'affiche."),
    (
      "`{}` is positional: write it without `{}=`.{}",
      "`{1}` se donne par sa place : écrivez-le sans `{2}=`.{3}"
    ),
    (
      "`{}` is called `{}` here, and is positional: write it without `{}=`.",
      "`{1}` s'appelle `{2}` ici, et se donne par sa place : écrivez-le sans `{3}=`."
    ),
    ("It takes no options.", "Cette commande n'a pas d'options."),
    ("It takes {}.", "Les options sont {1}."),
    ("`{}` has no option `{}`. {}", "`{1}` n'a pas d'option `{2}`. {3}"),
    (
      "`{}` is too large. The largest number is about 1.8e308.",
      "`{1}` est trop grand. Le plus grand nombre est à peu près 1.8e308."
    ),
    (
      "A `\\` joins two lines and must be the last thing on its line.",
      "Un `\\` joint deux lignes et doit être le dernier signe de sa ligne."
    ),
    (
      "`%` means percent and is written directly after a number, as in `20%`. A remainder is `mod(a, b)`.",
      "`%` veut dire pour cent et s'écrit juste après un nombre, comme dans `20%`. Le reste d'une division est `mod(a, b)`."
    ),
    (
      "`!` is only used in `!=`. To negate a condition write `not`.",
      "`!` ne sert que dans `!=`. Pour nier une condition, écrivez `not`."
    ),
    ("`&` is not an operator here. Write `and`.", "`&` n'est pas un opérateur ici. Écrivez `and`."),
    ("`|` is not an operator here. Write `or`.", "`|` n'est pas un opérateur ici. Écrivez `or`."),
    (
      "This is a typographic dash. Write a plain `-`.", "C'est un tiret typographique. Écrivez un simple `-`."
    ),
    ("To multiply, write `*`.", "Pour multiplier, écrivez `*`."),
    ("To divide, write `/`.", "Pour diviser, écrivez `/`."),
    ("An arrow is written `->`.", "Une flèche s'écrit `->`."),
    ("Write `<=`.", "Écrivez `<=`."),
    ("Write `>=`.", "Écrivez `>=`."),
    ("Write `!=`.", "Écrivez `!=`."),
    (
      "`?` has no meaning here. `where(condition, a, b)` chooses between two values.",
      "`?` n'a pas de sens ici. `where(condition, a, b)` choisit entre deux valeurs."
    ),
    ("A list stands in brackets: `[1, 2]`.", "Une liste s'écrit entre crochets : `[1, 2]`."),
    (
      "Arrows stand outside of parentheses; several layers stand in braces: `connect {a b} -> c`.",
      "Les flèches s'écrivent hors des parenthèses ; plusieurs couches se mettent entre accolades : `connect {a b} -> c`."
    ),
    ("To assign, write `=`.", "Pour affecter une valeur, écrivez `=`."),
    ("A remainder is `mod(a, b)`.", "Le reste d'une division est `mod(a, b)`."),
    ("`a//b` divides and rounds down.", "`a//b` divise et arrondit vers le bas."),
    (
      "`where(condition, a, b)` chooses between two values.",
      "`where(condition, a, b)` choisit entre deux valeurs."
    ),
    (
      "A block stands in braces, without {}: `{ … }`.", "Un bloc s'écrit entre accolades, sans {1} : `{ … }`."
    ),
    ("An arrow is written `->`: `connect inp -> hid`.", "Une flèche s'écrit `->` : `connect inp -> hid`."),
    (
      "`until` takes one comparison. To stop at more than one, train in a loop: `while loss > 0.1 { … }`.",
      "`until` prend une seule comparaison. Pour s'arrêter à plusieurs conditions, entraînez dans une boucle : `while loss > 0.1 { … }`."
    ),
    (
      "`until` compares a metric with a number, as in `until loss<0.01`; found {}.",
      "`until` compare une métrique à un nombre, comme dans `until loss<0.01` ; ici, on trouve {1}."
    ),
    (
      "Arguments are separated by spaces, without commas.",
      "Les arguments se séparent par des espaces, sans virgules."
    ),
    (
      "A file name is written in quotes: \"people.csv\".",
      "Un nom de fichier s'écrit entre guillemets : \"people.csv\"."
    ),
    (
      "Arithmetic in a command's argument is written in parentheses: `(a {} b)`.",
      "Un calcul dans l'argument d'une commande s'écrit entre parenthèses : `(a {1} b)`."
    ),
    ("A group needs at least one layer: `{a b}`.", "Un groupe a besoin d'au moins une couche : `{a b}`."),
    (
      "A new column is made of others: `with area = width * height`.",
      "Une nouvelle colonne se calcule à partir d'autres : `with area = width * height`."
    ),
    ("A file is named in quotes: \"{}\".", "Un nom de fichier s'écrit entre guillemets : \"{1}\"."),
    (
      "Data comes from a file in quotes, a built-in set or a generator, but found {}.",
      "Les données viennent d'un fichier entre guillemets, d'un jeu intégré ou d'un générateur ; ici, on trouve {1}."
    ),
    ("Expected the end of the row, but found {}.", "La ligne devrait se terminer ici, mais on trouve {1}."),
    ("A target must follow `->` in this row.", "Dans cette ligne, une cible doit suivre `->`."),
    (
      "A row consists of numbers, as in `0 1 -> 1`, but found {}.",
      "Une ligne est faite de nombres, comme dans `0 1 -> 1`, mais on trouve {1}."
    ),
    (
      "`grad` needs the variable to differentiate with respect to: `grad L wrt W`.",
      "`grad` a besoin de la variable par rapport à laquelle dériver : `grad L wrt W`."
    ),
    (
      "Comparisons cannot be chained. Write `a < b and b < c`.",
      "On ne peut pas enchaîner les comparaisons. Écrivez `a < b and b < c`."
    ),
    (
      "This expression has thousands of operators in a row. Split it, or use a list and `sum`.",
      "Cette expression a des milliers d'opérateurs à la suite. Coupez-la, ou utilisez une liste et `sum`."
    ),
    ("Expected a value, but found {}.", "Il faut ici une valeur, mais on trouve {1}."),
    (
      "To apply a function to each item, write `map(f, range(3))`.",
      "Pour appliquer une fonction à chaque élément, écrivez `map(f, range(3))`."
    ),
    ("Expected an index, but found {}.", "Il faut ici un indice, mais on trouve {1}."),
    ("This {} has no matching opening bracket.", "Ce {1} n'a pas de signe ouvrant qui lui corresponde."),
    ("The statement is complete before {}.", "L'instruction est complète avant {1}."),
    (
      "Statements are separated by a new line or `;`.",
      "Les instructions se séparent par un retour à la ligne ou `;`."
    ),
    ("There is no command `{}`. {}", "Il n'y a pas de commande `{1}`. {2}"),
    (
      "`=` assigns a value to a variable. To compare, write `==`.",
      "`=` affecte une valeur à une variable. Pour comparer, écrivez `==`."
    ),
    ("`{}` has two parameters `{}`.", "`{1}` a deux paramètres `{2}`."),
    (
      "`repeat` needs the number of rounds: `repeat 10 { … }`. `while condition { … }` goes on as long as a condition holds.",
      "`repeat` a besoin du nombre de tours : `repeat 10 { … }`. `while condition { … }` continue tant qu'une condition est vraie."
    ),
    (
      "`for` is written without parentheses: `for i in range(3) { … }`.",
      "`for` s'écrit sans parenthèses : `for i in range(3) { … }`."
    ),
    (
      "Expected `in` after the loop variable, but found {}: `for i in range(1, 11) { … }`.",
      "Il faut `in` après la variable de la boucle, mais on trouve {1} : `for i in range(1, 11) { … }`."
    ),
    (
      "Several values need brackets around them: `[a, b]`.",
      "Plusieurs valeurs se mettent entre crochets : `[a, b]`."
    ),
    (
      "A function is defined with `def`: `def {}(x) = …`.",
      "Une fonction se définit avec `def` : `def {1}(x) = …`."
    ),
    ("The cell ends before this `{}` is closed.", "La cellule se termine avant que ce `{1}` soit fermé."),
    ("The cell ends in the middle of a statement.", "La cellule se termine au milieu d'une instruction."),
    (
      "`{}` is a reserved word and cannot begin a statement or an expression.",
      "`{1}` est un mot réservé et ne peut commencer ni une instruction ni une expression."
    ),
    (
      "`if` is a statement and has no value. `where(condition, a, b)` chooses between two values.",
      "`if` est une instruction et n'a pas de valeur. `where(condition, a, b)` choisit entre deux valeurs."
    ),
    ("a number", "un nombre"),
    ("a text", "un texte"),
    ("the end of the line", "la fin de la ligne"),
    ("the end of the cell", "la fin de la cellule"),
    ("This text has no closing {} on its line.", "Ce texte n'a pas de {1} fermant sur sa ligne."),
    (
      "This is a typographic quotation mark. Write a plain \" or '.",
      "C'est un guillemet typographique. Écrivez un simple \" ou '."
    ),
    (
      "A backquote has no meaning here. Texts are quoted with \" or '.",
      "Un accent grave n'a pas de sens ici. Les textes se mettent entre \" ou '."
    ),
    ("`{}` has no meaning here.", "`{1}` n'a pas de sens ici."),
    (
      "An invisible character ({}) has no meaning here. Delete it.",
      "Un caractère invisible ({1}) n'a pas de sens ici. Supprimez-le."
    ),
    ("This does not hold.", "Ce n'est pas vrai."),
    ("the left side is {}", "le membre de gauche vaut {1}"),
    ("the right side is {}", "le membre de droite vaut {1}"),
    ("It is built in: `data {}` makes it.", "Il est intégré : `data {1}` le crée."),
    (
      "Data sets, networks, layers, series and variables have names.",
      "Les jeux de données, les réseaux, les couches, les séries et les variables ont un nom."
    ),
    (
      "Rows are lists of their own: `[[1, 2], [3, 4]]`.",
      "Les lignes sont elles-mêmes des listes : `[[1, 2], [3, 4]]`."
    ),
    (
      "`{}` trains no network that {} has a form for, so there is no script.",
      "`{1}` n'entraîne aucun réseau que {2} sache exprimer : il n'y a pas de script à écrire."
    ),
    (
      "{}: the name of a script says for which program it is: {}_keras.py or {}_torch.py.",
      "{1} : le nom d'un script dit à quel programme il est destiné : {2}_keras.py ou {3}_torch.py."
    ),
  ]
}
