"""Random networks of all kinds of layers, edges and activations: what the tests of other formats share."""

import numpy as np

ACTIVATIONS = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "gelu", "softplus", "softmax", "step"]
RECURRENT = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus"]
# Gates without bounds let a state grow beyond 32 bits.
GATES = ["sigmoid", "tanh", "elu"]
MERGES = ["add", "mul", "avg", "max", "concat"]


class Network:
    """A random network: its lines, and the inputs' shapes and scales."""

    def __init__(self, maker, name):
        self.maker, self.name = maker, name
        self.lines, self.inputs, self.words, self.count = [], [], None, 0
        self.is_last_step = False
        kind = maker.choice(["row", "image", "image", "signal", "volume", "sequence", "sequence", "words", "memory"])
        shape = {
            "row": lambda: (maker.randint(1, 6),),
            "image": lambda: (maker.randint(5, 9), maker.randint(5, 9), maker.choice([1, 2, 4])),
            "signal": lambda: (maker.randint(6, 12), maker.choice([1, 2, 4])),
            "volume": lambda: (maker.randint(3, 5), maker.randint(3, 5), maker.randint(3, 5), maker.choice([1, 2])),
            "sequence": lambda: (maker.randint(2, 6), maker.choice([1, 2, 3])),
            "memory": lambda: (maker.randint(2, 6), maker.choice([1, 2, 3])),
            "words": lambda: (maker.randint(2, 6),),
        }[kind]()
        layer = self.add("input " + "x".join(map(str, shape)))
        self.inputs.append(shape)
        if kind == "words":
            self.words = maker.randint(2, 9)
            size = maker.randint(1, 4)
            layer, shape = self.chain(layer, f"embedding {self.words} {size}"), (shape[0], size)
            kind = "sequence" if maker.random() < 0.6 else "signal"
        self.is_sequence = False
        if kind == "memory":
            layer, shape = self.memory(layer, shape)
        elif kind == "sequence":
            layer, shape = self.sequence(layer, shape)
        elif kind != "row":
            layer, shape = self.windows(layer, shape)
        if len(shape) > 1 and maker.random() < 0.3:
            layer, shape = self.pool(layer, shape)
        if len(shape) > 1 and not self.is_sequence:
            layer, shape = self.chain(layer, "flatten"), (int(np.prod(shape)),)
        self.rows(layer, shape)

    def add(self, words):
        name = f"l{self.count}"
        self.count += 1
        self.lines.append(f"layer {name} {words}")
        return name

    def chain(self, layer, words, options=""):
        name = self.add(words)
        self.lines.append(f"connect {layer} -> {name}{options}")
        return name

    def joined(self, layers, words, merge):
        name = self.add(words)
        self.lines.append(f"connect {{{' '.join(layers)}}} -> {name} merge={merge}")
        return name

    def activation(self, width):
        choices = ACTIVATIONS if width > 1 else [a for a in ACTIVATIONS if a != "softmax"]
        return self.maker.choice(choices)

    def normalised(self, layer):
        return self.chain(layer, self.maker.choice(["batchnorm", "batchnorm epsilon=0.01", "layernorm", "dropout 0.3"]))

    def sequence(self, layer, shape):
        maker = self.maker
        for _ in range(maker.choice([1, 1, 2])):
            units, both = maker.choice([1, 2, 4]), maker.choice(["", "", "concat", "add", "mul", "avg"])
            more = f" bidirectional={both}" if both else maker.choice(["", "", " reverse=true"])
            cell = maker.choice(["rnn", "lstm", "gru"])
            if cell != "rnn" and maker.random() < 0.3:
                more += f" recurrent_activation={maker.choice(GATES)}"
            if maker.random() < 0.2:
                more += " bias=false"
            layer = self.chain(layer, f"{cell} {units} {maker.choice(['tanh', maker.choice(RECURRENT)])} return=all{more}")
            shape = (shape[0], units * (2 if both == "concat" else 1))
            if maker.random() < 0.3:
                layer = self.normalised(layer)
            if maker.random() < 0.3:
                width = maker.choice([1, 3])
                layer, shape = self.chain(layer, f"dense {width} {self.activation(width)}"), (shape[0], width)
        if maker.random() < 0.7:
            units = maker.choice([1, 3])
            layer, shape = self.chain(layer, f"{maker.choice(['rnn', 'lstm', 'gru'])} {units}"), (units,)
        else:
            self.is_sequence = maker.random() < 0.4
        return layer, shape

    def memory(self, layer, shape):
        """Layers that read earlier steps, with carries and gates."""
        maker, units = self.maker, self.maker.choice([1, 2, 3])
        bounded = lambda: maker.choice(["sigmoid", "tanh"])
        hidden = self.chain(layer, f"dense {units} {bounded()}")
        self.lines.append(f"connect {hidden} -> {hidden} {'type=others' if units > 1 and maker.random() < 0.3 else 'delay=1'}")
        gate = self.chain(layer, f"dense {units} sigmoid")
        if maker.random() < 0.5:
            self.lines.append(f"connect {hidden} -> {gate} delay={maker.choice([1, 2, 3])}")
        if maker.random() < 0.5:
            self.lines.append(f"gate {gate} on {layer} -> {hidden}")
        state = self.chain(hidden, f"dense {units} {bounded()}", maker.choice(["", " type=identity", " type=one"]))
        if maker.random() < 0.6:
            self.lines.append(f"connect {state} -> {state} type=carry")
            if maker.random() < 0.7:
                self.lines.append(f"gate {gate} on {state} -> {state}")
        if maker.random() < 0.4:
            self.lines.append(f"connect {state} -> {hidden} delay={maker.choice([1, 2])}")
        if maker.random() < 0.3:
            self.lines.append(f"gate {gate} on {hidden} -> {state}" + maker.choice(["", " at=output", " delay=1"]))
        self.is_sequence = maker.random() < 0.6
        if not self.is_sequence and maker.random() < 0.5:
            return self.chain(state, f"{maker.choice(['rnn', 'lstm', 'gru'])} 2"), (2,)
        return state, (shape[0], units)

    def windows(self, layer, shape):
        maker = self.maker
        axes = len(shape) - 1
        for _ in range(maker.choice([1, 1, 2])):
            groups = 2 if shape[-1] % 2 == 0 and maker.random() < 0.3 else 1
            filters = maker.choice([1, 2, 3]) * groups
            kernel = [maker.randint(1, min(3, n)) for n in shape[:-1]]
            padding = maker.choice(["valid", "same"])
            stride = [maker.choice([1, 1, 2]) for _ in kernel]
            words = (f"conv{axes}d {filters} {'x'.join(map(str, kernel))} {self.activation(filters)} padding={padding} "
                     f"stride={'x'.join(map(str, stride))} groups={groups}")
            dilation = [1] * axes
            if max(stride) == 1 and padding == "same" and maker.random() < 0.3:
                words += " dilation=2"
                dilation = [2] * axes
            if maker.random() < 0.2:
                words += " bias=false"
            layer = self.chain(layer, words)
            if padding == "same":
                sizes = [-(-n // s) for n, s in zip(shape, stride)]
            else:
                sizes = [(n - k) // s + 1 for n, k, s in zip(shape, kernel, stride)]
            shape = tuple(sizes) + (filters,)
            if maker.random() < 0.3:
                layer = self.normalised(layer)
            if maker.random() < 0.3:
                # Two ways that are brought together again.
                merge = maker.choice(MERGES)
                other = self.chain(layer, f"conv{axes}d {shape[-1]} 1 {self.activation(shape[-1])}")
                words = "dropout 0.1" if maker.random() < 0.5 else "batchnorm"
                layer = self.joined([layer, other], words, merge)
                if merge == "concat":
                    shape = shape[:-1] + (2 * shape[-1],)
        if maker.random() < 0.4:
            window = maker.choice(["2", "1"]) if min(shape[:-1]) > 1 else "1"
            padding = maker.choice(["valid", "same"])
            layer = self.chain(layer, f"{maker.choice(['maxpool', 'avgpool'])} {window} padding={padding}")
            w = int(window)
            shape = tuple((n // w if padding == "valid" else -(-n // w)) for n in shape[:-1]) + shape[-1:]
        return layer, shape

    def pool(self, layer, shape):
        return self.chain(layer, self.maker.choice(["globalmaxpool", "globalavgpool"])), (shape[-1],)

    def rows(self, layer, shape):
        maker = self.maker
        if not self.is_sequence:
            for _ in range(maker.choice([0, 1, 2])):
                width = maker.choice([1, 2, 3, 8])
                layer, shape = self.chain(layer, f"dense {width} {self.activation(width)}"), (width,)
                if maker.random() < 0.3:
                    layer = self.normalised(layer)
            if maker.random() < 0.4:
                layer, shape = self.branches(layer, shape)
        width = maker.choice([1, 2, 3])
        self.chain(layer, f"dense {width} {self.activation(width)}", maker.choice(["", "", " bias=false"][:2]))
        if not self.is_sequence and maker.random() < 0.2:
            self.chain(layer, "dense 2 tanh")

    def branches(self, layer, shape):
        maker = self.maker
        width = shape[0]
        left = self.chain(layer, f"dense {width} tanh")
        right = self.chain(layer, f"dense {width} {self.activation(width)}")
        if self.words is None and maker.random() < 0.4:
            # A second place where data enters.
            more = self.add(f"input {width}")
            self.inputs.append((width,))
            right = self.joined([right, more], "dense " + str(width), maker.choice(MERGES[:4]))
        if maker.random() < 0.5:
            merge = maker.choice(MERGES)
            name = self.joined([left, right, layer], f"dense {width} relu", merge)
        else:
            name = self.add(f"dense {width} sigmoid")
            self.lines.append(f"connect {left} -> {name}")
            self.lines.append(f"connect {right} -> {name} type={maker.choice(['full', 'one', 'identity'])}")
            if maker.random() < 0.5:
                self.lines.append(f"connect {layer} -> {name} type={maker.choice(['full', 'one', 'identity'])}")
        return name, (width,)
