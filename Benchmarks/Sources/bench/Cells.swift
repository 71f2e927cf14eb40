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

let millionPoints = "repeat 1_000_000 as i { record w = (2 + sin(i / 1000)) / (1 + i / 1000) }"

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

let convolutional = """
  net cnn loss=crossentropy optimizer=sgd rate=0.01
  layer img input 28x28x1
  layer c1 conv2d 32 5x5 relu
  layer p1 maxpool 2x2
  layer c2 conv2d 64 5x5 relu
  layer p2 maxpool 2x2
  layer flat flatten
  layer out dense 10 softmax
  connect all
  data fashion_mnist
  prepare fashion_mnist divide=255
  """

let dense = """
  net wide loss=crossentropy optimizer=adam
  layer x input 784
  layer h dense 128 relu
  layer y dense 10 softmax
  connect all
  data fashion_mnist
  prepare fashion_mnist divide=255
  """

let deep = """
  net deep loss=crossentropy optimizer=adam
  layer x input 784
  layer h1 dense 512 relu
  layer h2 dense 512 relu
  layer y dense 10 softmax
  connect all
  data fashion_mnist
  prepare fashion_mnist divide=255
  """

/// An LSTM that reads sequences and tells a number.
func recurrent(rows: Int, steps: Int, features: Int, units: Int) -> String {
  """
  net reader loss=mse optimizer=adam
  layer x input \(steps)x\(features)
  layer h lstm \(units)
  layer y dense 1
  connect all
  data sequences = randn(\(rows), \(steps * features)) -> randn(\(rows), 1)
  """
}

/// Synaptic's LSTM, which learns a step at a time.
let online = """
  net memory rule=synaptic
  build lstm 2 7 1
  activate [0, 1]
  """

let small = """
  net mlp loss=bce optimizer=adam
  layer x input 11
  layer h1 dense 6 relu
  layer h2 dense 6 relu
  layer y dense 1 sigmoid
  connect all
  X = randn(400, 11)
  data points = X -> (sum(X, axis=1, keepdims=true) > 0) * 1
  """

/// The network of notebooks/conv1d.nbs on its 700 signals.
let signals = """
  data signals n=1000 noise=0.25
  split signals test=30%
  net slider loss=crossentropy optimizer=adam rate=0.005
  layer steps input 40x1
  layer c1 conv1d 16 5 relu
  layer p1 maxpool 2
  layer c2 conv1d 32 5 relu
  layer top globalmaxpool
  layer pattern dense 10 softmax
  connect all
  """

/// The network of notebooks/conv3d.nbs on its 420 volumes.
let volumes = """
  data volumes n=600 noise=0.3
  split volumes test=30%
  net diver loss=crossentropy optimizer=adam rate=0.01
  layer volume input 8x8x8x1
  layer c1 conv3d 8 3x3x3 relu padding=same
  layer p1 maxpool 2x2x2
  layer c2 conv3d 16 3x3x3 relu padding=same
  layer p2 maxpool 2x2x2
  layer flat flatten
  layer body dense 5 softmax
  connect all
  """

/// Matrix products in 32 bits: ten dense layers without biases, one behind the other.
let singleProducts = """
  net product
  layer l0 input 1000
  \((1...10).map { "layer l\($0) dense 1000 bias=false" }.joined(separator: "\n  "))
  connect all
  A = randn(1000, 1000)
  repeat 3 { C = predict(A) }
  """
