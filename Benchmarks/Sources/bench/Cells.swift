/// The work that is measured, as a user would type it.
let xor = """
  data xor { 0 0 -> 0; 0 1 -> 1; 1 0 -> 1; 1 1 -> 0 }
  net solver loss=mse rate=0.3
  layer inp input 2
  layer hid dense 3 sigmoid
  layer out dense 1 sigmoid
  connect inp -> hid -> out
  activate [0, 0]
  """

let xorByHand = """
  repeat 20_000 {
    activate [0, 0]; propagate [0]
    activate [0, 1]; propagate [1]
    activate [1, 0]; propagate [1]
    activate [1, 1]; propagate [0]
  }
  """

let backpropagationStart = """
  X = [[2, 9], [1, 5], [3, 6]]
  y = [[92], [86], [89]] / 100
  top = max(X, axis=0)
  X = X / top
  def sigmoid_prime(s) = s * (1 - s)
  W1 = randn(2, 3)
  W2 = randn(3, 1)
  """

let backpropagation = """
  repeat 1000 {
    z2 = sigmoid(X @ W1)
    o = sigmoid(z2 @ W2)
    o_delta = (y - o) * sigmoid_prime(o)
    z2_delta = (o_delta @ W2.T) * sigmoid_prime(z2)
    W1 += X.T @ z2_delta
    W2 += z2.T @ o_delta
    record loss = mean((y - o) ^ 2)
  }
  """
