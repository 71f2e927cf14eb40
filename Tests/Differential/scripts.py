"""Notebooks as scripts of Keras and PyTorch, which prove that they train as nbs does.

    python3 Tests/Differential/scripts.py --nbs .build/release/nbs

Needs numpy, torch and safetensors; keras and matplotlib too, or what takes them is left out, which is said. Keras computes with
PyTorch.
"""

import importlib.util
import os
import pathlib
import subprocess
import sys
import tempfile

import nbs

ROOT = pathlib.Path(__file__).resolve().parents[2]

# The network of the regression tutorials with eleven columns, a convolutional one of few images, and networks that are no
# chain of layers.
NOTEBOOKS = {
    "table": """# %%
seed 3
x = randn(40, 11)
y = sum(x[:, 0:4], axis=1) / 2
data wine = x -> reshape(y, [40, 1])
net wines loss=mse
layer inp input 11
layer a dense 6 tanh
layer b dense 6 relu
layer out dense 1
connect all
train wine epochs=30 batch=8 optimizer=adam
plot loss
evaluate wine
""",
    "images": """# %%
data digits; prepare digits divide=16; split digits test=90% seed=2
net shapes loss=crossentropy optimizer=sgd rate=0.05 momentum=0.9
layer img input 8x8x1
layer c conv2d 4 3x3 relu
layer n batchnorm
layer p maxpool 2x2
layer f flatten
layer out dense 10 softmax
connect all
train digits epochs=5 batch=20
plot loss yscale=log
""",
    "branches": """# %%
seed 3
x = randn(40, 5)
y = sum(x[:, 0:3], axis=1) / 2
data d = x -> reshape(y, [40, 1])
net wide loss=mse
layer inp input 5
layer a dense 6 tanh
layer b dense 6 relu
layer c dense 4 elu
layer s dense 6
layer out dense 1
connect inp -> a
connect inp -> b
connect {a b} -> c merge=concat
connect a -> s
connect inp -> s
connect b -> s type=identity
connect s -> out
connect c -> out
train d epochs=12 batch=8 optimizer=adam rate=0.01 schedule=cosine
plot loss
evaluate d
""",
    "inputs": """# %%
seed 4
x = randn(30, 7)
y = sum(x[:, 0:3], axis=1) > 0
data d = x -> reshape(y, [30, 1])
net two loss=bce
layer p input 3
layer q input 4
layer a dense 6 tanh
layer b dense 6 tanh
layer m dense 4 gelu
layer out dense 1 sigmoid
connect p -> a
connect q -> b
connect {a b} -> m merge=mul
connect m -> out
train d epochs=10 batch=10 rate=0.1 schedule=step decay=0.5 period=3
evaluate d
""",
    "residual": """# %%
seed 4
data digits; prepare digits divide=16; split digits test=93% seed=2
net res loss=crossentropy optimizer=sgd rate=0.05 momentum=0.9
layer img input 8x8x1
layer c1 conv2d 4 3x3 relu padding=same
layer c2 conv2d 4 3x3 padding=same
layer n batchnorm
layer c3 conv2d 6 3x3 relu padding=same stride=2
layer p maxpool 2x2 padding=same
layer f flatten
layer g globalavgpool
layer m dense 8 relu
layer out dense 10 softmax
connect img -> c1 -> c2
connect {c1 c2} -> n merge=add
connect n -> c3 -> p -> f
connect c3 -> g
connect {f g} -> m merge=concat
connect m -> out
train digits epochs=4 batch=20
evaluate digits
""",
    "recurrent": """# %%
seed 4
x = randn(24, 6, 2)
y = floor(rand(24) * 3)
data d = x -> reshape(y, [24, 1])
net rec loss=crossentropy
layer inp input 6x2
layer l lstm 4 return=all
layer g gru 3 return=all bidirectional=concat
layer n layernorm
layer r rnn 4 return=all reverse=true
layer e rnn 3 bidirectional=add
layer out dense 3 softmax
connect all
train d epochs=6 batch=8 optimizer=adam rate=0.02 schedule=warmup period=3
evaluate d
""",
    "sequences": """# %%
seed 4
x = randn(24, 6, 2)
y = cumsum(x[:, :, 0], axis=1)
data d = x -> reshape(y, [24, 6])
net seq loss=mse
layer inp input 6x2
layer l gru 4 return=all
layer out dense 1
connect all
train d epochs=6 batch=8 optimizer=adam rate=0.02 schedule=exponential decay=0.5
evaluate d
""",
    # Sequences of any length: a target a step, one a row, words, and rows that are all as long.
    "lengths": """# %%
seed 4
data bits from parity n=40 steps=9 shortest=2
net any
layer inp sequence 1
layer l lstm 4 return=all
layer n layernorm
layer out dense 1 sigmoid
connect all
train bits epochs=5 batch=7 optimizer=adam rate=0.02
evaluate bits
predict bits n=2
""",
    "ends": """# %%
seed 4
data walks = [[[1, 2], [2, 1]], [[0, 1], [1, 1], [3, 0.5]], [[2, 2], [1, 0], [0, 0], [1, 2]], [[1, 1]], [[0, 2], [2, 0]]] -> [1, 2, 0, 1, 2]
net ends loss=crossentropy
layer inp sequence 2
layer g gru 4 return=all bidirectional=add
layer r rnn 3
layer out dense 3 softmax
connect all
train walks epochs=8 batch=3 rate=0.1 momentum=0.5
evaluate walks
""",
    "names": """# %%
seed 4
story = "anna\\nhanna\\nbo\\nada\\notto\\nnoah\\n"
data names = story tokens=char lines=true
net writer
layer tokens sequence
layer vectors embedding 12 5
layer state lstm 6 return=all
layer next dense 12 softmax
connect all
train names epochs=6 batch=4 optimizer=adam rate=0.01
evaluate names
""",
    "windows": """# %%
seed 4
data air from air_passengers window=6
prepare air
net wide
layer inp sequence 1
layer c conv1d 4 3 tanh
layer m globalmaxpool
layer out dense 1
connect all
train air epochs=5 batch=16 optimizer=adam rate=0.01
evaluate air
""",
    "pairs": """# %%
seed 4
data sums from adding n=24 steps=9 shortest=6
net pair
layer a sequence 1
layer b sequence 1
layer la lstm 3 return=all
layer lb gru 2 return=all
layer r rnn 3
layer out dense 1
connect a -> la
connect b -> lb
connect {la lb} -> r merge=concat
connect r -> out
train sums epochs=4 batch=5 rate=0.05
evaluate sums
""",
}


def main():
    options = nbs.arguments(__doc__, 1)
    program = str(pathlib.Path(options.nbs).resolve())
    frameworks = ["torch"] + (["keras"] if importlib.util.find_spec("keras") else [])
    if len(frameworks) == 1:
        print("Keras is not there, so its scripts are left out")
    environment = dict(os.environ, KERAS_BACKEND="torch", MPLBACKEND="agg", TF_CPP_MIN_LOG_LEVEL="3")
    failures, count = [], 0
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        for name, text in NOTEBOOKS.items():
            (place / f"{name}.nbs").write_text(text)
        notebooks = [ROOT / "notebooks" / "xor.nbs"] + [place / f"{name}.nbs" for name in NOTEBOOKS]
        if importlib.util.find_spec("matplotlib") is None:
            print("Matplotlib is not there, so that only the proofs are run")
        for notebook in notebooks:
            for framework in frameworks:
                for proof in (True, False):
                    if not proof and (importlib.util.find_spec("matplotlib") is None or notebook.stem == "xor"):
                        continue
                    count += 1
                    script = place / f"{notebook.stem}{'' if proof else '_plain'}_{framework}.py"
                    command = [program, "convert", str(notebook), str(script)] + (["--prove"] if proof else [])
                    made = subprocess.run(command, capture_output=True, text=True)
                    if made.returncode:
                        failures.append(f"{' '.join(command)}\n{made.stdout[-500:]}{made.stderr[-1500:]}")
                        continue
                    ran = subprocess.run([sys.executable, script.name], cwd=place, capture_output=True, text=True, env=environment)
                    if ran.returncode or proof and "agree with nbs" not in ran.stdout:
                        failures.append(f"{script.name}\n{script.read_text()}\n{ran.stdout[-500:]}{ran.stderr[-2000:]}")
                    elif proof:
                        print(ran.stdout, end="")
    nbs.report(failures, count, "scripts of Keras and PyTorch")


main()
