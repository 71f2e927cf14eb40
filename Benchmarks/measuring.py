"""How programs are run and measured: at which instruction level, for how long, with how much memory."""
import contextlib
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
PEERS = HERE / "peers"
BENCH = HERE / ".build" / "release" / "bench"
NBS = REPOSITORY / ".build" / "release" / "nbs"

# What holds nbs and its peers to an instruction level. PyTorch and TensorFlow hear of it through oneDNN, ATen and MKL,
# NumPy through OpenBLAS and the features of its own loops (the names are those of NumPy 2.4).
LEVELS = {
    "v3": {
        "NBS_ISA": "v3",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "DNNL_MAX_CPU_ISA": "AVX2",
        "ATEN_CPU_CAPABILITY": "avx2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    },
    "v4": {"NBS_ISA": "v4"},
}
INSTRUCTIONS = {"v3": "AVX2", "v4": "AVX-512"}


def processor():
    """The name and the features of the processor."""
    with open("/proc/cpuinfo") as file:
        facts = dict(line.split(":", 1) for line in file.read().split("\n\n")[0].splitlines())
    facts = {key.strip(): value.strip() for key, value in facts.items()}
    return facts.get("model name", platform.machine()), set(facts.get("flags", "").split())


def levels():
    """The levels that this machine has, the highest first."""
    _, features = processor()
    required = {"v4": {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}, "v3": {"avx2", "fma", "bmi2"}}
    return [level for level, needed in required.items() if needed <= features]


def environment(level):
    """The environment that holds a program to a level, free of settings of the caller's."""
    settings = {name for level in LEVELS.values() for name in level}
    return {name: value for name, value in os.environ.items() if name not in settings} | LEVELS[level]


def times(command, level):
    """The milliseconds that a program prints, one line each, by the words before them; empty where a peer cannot run."""
    run = subprocess.run(command, capture_output=True, text=True, env=environment(level))
    if run.returncode != 0:
        if command[0] == BENCH:
            sys.exit(f"`{' '.join(str(word) for word in command)}` fails:\n{run.stdout}{run.stderr}")
        return {}
    lines = [line.rsplit(maxsplit=1) for line in run.stdout.splitlines() if line.strip()]
    with contextlib.suppress(ValueError):
        return {" ".join(words).rstrip(":"): float(number) for *words, number in lines}
    return {}


def quickest(commands, level, runs):
    """The least time of each line that each of several programs prints. They take turns, so that a disturbance meets
    all of them alike. A program that cannot run is not tried again."""
    best = [{} for _ in commands]
    for turn in range(runs):
        for command, known in zip(commands, best):
            if turn > 0 and not known:
                continue
            for name, time_taken in times(command, level).items():
                known[name] = min(time_taken, known.get(name, time_taken))
    return best


def process_time(command, runs):
    """The quickest of several runs of a whole process, in milliseconds; None where it fails."""
    best = []
    for _ in range(runs):
        start = time.perf_counter()
        if subprocess.run(command, capture_output=True).returncode != 0:
            return None
        best.append((time.perf_counter() - start) * 1e3)
    return min(best)


# A program's peak begins with the memory of the process that starts it, so a small one starts it.
STARTER = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def peak_memory(command, level):
    """The most memory that a program held, in MiB; None where it fails."""
    run = subprocess.run(
        [sys.executable, "-c", STARTER, *command], capture_output=True, text=True, env=environment(level))
    return int(run.stdout) / 1024 if run.returncode == 0 else None


@contextlib.contextmanager
def taken_core():
    """A process that does nothing but take the first core, while the block runs."""
    core = min(os.sched_getaffinity(0))
    program = f"import os\nos.sched_setaffinity(0, {{{core}}})\nwhile True: pass"
    process = subprocess.Popen([sys.executable, "-c", program])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def compiled(source, folder, *libraries):
    """A program made of a C file among the peers; None where there is no compiler, or no library."""
    compiler = shutil.which("cc")
    if not compiler:
        return None
    program = Path(folder) / Path(source).stem
    run = subprocess.run(
        [compiler, "-O2", PEERS / source, "-o", program, *libraries], stderr=subprocess.DEVNULL)
    return program if run.returncode == 0 else None


def build(package, *options):
    """Builds a package of ours in release mode."""
    subprocess.run(
        ["swift", "build", "-c", "release", "--package-path", package, *options], check=True, stdout=sys.stderr)
