"""Random networks saved as programs in C, Python, JavaScript and Swift, each of which tests itself on rows that nbs answered.

    python3 Tests/Differential/standalone.py --count 60 --seed 7

The programs are compiled with all warnings as errors. A language whose tools are not there is left out, and that is said.
Swift compiles slowly, so only every twentieth network is tried there.
"""

import pathlib
import random
import shutil
import subprocess
import sys

import drawn_networks
import nbs


def commands(place, name, compiler):
    """What runs the program of each language; several commands one after the other."""
    run = {
        "c": [[compiler, "-std=c99", "-O1", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror", f"{name}.c", "-o",
               f"{name}_c", "-lm"], [f"./{name}_c"]] if compiler else None,
        "py": [[sys.executable, "-W", "error", f"{name}.py"]],
        "js": [["node", f"{name}.mjs"]] if shutil.which("node") else None,
        "swift": [["swiftc", "-warnings-as-errors", f"{name}.swift", "-o", f"{name}_swift"], [f"./{name}_swift"]]
        if shutil.which("swiftc") else None,
    }
    return run


def main():
    options = nbs.arguments(__doc__, 60)
    maker = random.Random(options.seed)
    cells, networks = ["option digits=9"], []
    for number in range(options.count):
        network = drawn_networks.Network(maker, f"n{number}")
        lines = [f"net n{number} loss=mse", *network.lines]
        lines += [f'save net "n{number}.{ending}"' for ending in ("c", "py", "js", "swift")]
        cells.append("\n".join(lines))
        networks.append(network)
    shown, folder = nbs.run(options.nbs, cells)
    place = pathlib.Path(folder.name)
    compiler = next((name for name in ("cc", "gcc", "clang") if shutil.which(name)), None)
    failures, missing, count = [], set(), 0
    for number, (network, text) in enumerate(zip(networks, shown[1:])):
        words = "\n  ".join(network.lines)
        if isinstance(text, nbs.Error):
            failures.append(f"{words}\n  nbs: {text}")
            continue
        (place / f"n{number}.mjs").write_text((place / f"n{number}.js").read_text())
        for language, steps in commands(place, f"n{number}", compiler).items():
            if language == "swift" and number % 20:
                continue
            if steps is None:
                missing.add(language)
                continue
            count += 1
            for step in steps:
                result = subprocess.run(step, cwd=place, capture_output=True, text=True)
                if result.returncode:
                    failures.append(f"{words}\n  {language}: {result.stdout[-600:]}{result.stderr[-1500:]}")
                    break
            else:
                if "passed" not in result.stdout:
                    failures.append(f"{words}\n  {language} says nothing: {result.stdout}")
                elif language == "c" and not result.stdout.endswith("difference from nbs 0\n"):
                    failures.append(f"{words}\n  the bits of C are others: {result.stdout}")
    if missing:
        print("left out, since their tools are not there: " + ", ".join(sorted(missing)))
    nbs.report(failures, count, "programs against nbs")


main()
