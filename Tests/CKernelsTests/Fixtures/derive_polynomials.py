"""Derives the polynomials of Sources/CKernels/functions_*.h by Remez's exchange algorithm.

Each is the best approximation of a function on an interval under a weight, found in high precision and then rounded.

    python3 derive_polynomials.py [name ...]
"""

import struct
import sys

from mpmath import mp, mpf

mp.prec = 200


def solve(matrix, right):
    return mp.lu_solve(mp.matrix(matrix), mp.matrix(right))


def remez(target, weight, low, high, count):
    """The polynomial of `count` coefficients that makes max |weight (target - polynomial)| least, and that maximum."""
    # A little off the middle: a weight may be 0 at x = 0.
    points = [
        (low + high) / 2 - (high - low) / 2 * (mp.cos(mp.pi * i / count) * mpf("0.999") + mpf("0.0007"))
        for i in range(count + 1)
    ]
    grid = [low + (high - low) * (1 - mp.cos(mp.pi * (i + mpf("0.5")) / 800)) / 2 for i in range(800)]
    targets, weights = [target(x) for x in grid], [weight(x) for x in grid]
    for _ in range(30):
        system = [[weight(x) * x**j for j in range(count)] + [(-1) ** i] for i, x in enumerate(points)]
        solution = solve(system, [weight(x) * target(x) for x in points])
        coefficients = [solution[j] for j in range(count)]
        errors = [w * (t - mp.polyval(coefficients[::-1], x)) for x, t, w in zip(grid, targets, weights)]
        # The extreme of each run of one sign.
        extremes, run = [], []
        for x, error in zip(grid, errors):
            if run and (error > 0) != (run[-1][1] > 0):
                extremes.append(max(run, key=lambda p: abs(p[1])))
                run = []
            run.append((x, error))
        extremes.append(max(run, key=lambda p: abs(p[1])))
        while len(extremes) > count + 1:
            extremes.pop(0 if abs(extremes[0][1]) < abs(extremes[-1][1]) else -1)
        if len(extremes) < count + 1:
            break
        points = [x for x, _ in extremes]
        if max(abs(e) for _, e in extremes) < min(abs(e) for _, e in extremes) * mpf("1.01"):
            break
    return coefficients, max(abs(e) for e in errors)


def rounded(x, single):
    if single:
        x = mp.mpf(struct.unpack("f", struct.pack("f", float(x)))[0])
    return mpf(float(x))


def text(x, single):
    sign = "-" if x < 0 else ""
    return sign + float.hex(float(abs(x))).replace("0000000p", "p").rstrip() + ("f" if single else "")


def derive(name, target, weight, low, high, count, single, fixed=()):
    fixed = [mpf(c) for c in fixed]
    given, low, high = len(fixed), mpf(low), mpf(high)
    coefficients, exact = remez(
        lambda x: (target(x) - mp.polyval(fixed[::-1] or [0], x)) / x**given,
        lambda x: weight(x) * abs(x) ** given,
        low, high, count)
    fixed += [rounded(c, single) for c in coefficients]
    points = [low + (high - low) * mpf(i) / 500 for i in range(1, 500)]
    last = max(abs(weight(x) * (target(x) - mp.polyval(fixed[::-1], x))) for x in points)
    print(f"{name}: error 2^{mp.nstr(mp.log(exact, 2), 5)}, as rounded 2^{mp.nstr(mp.log(last, 2), 5)}")
    for c in fixed[given:]:
        print("  " + text(c, single) + ",")


def power_series(term):
    """The sum of term(i) x^i, for functions whose closed form cancels near 0."""
    return lambda x: mp.fsum(term(i) * x**i for i in range(100))


# What stands beside each polynomial in the sources; a weight makes the error relative to the function as a whole.
exp_rest = power_series(lambda i: 1 / mp.factorial(i + 2))  # (e^x - 1 - x) / x^2
log_rest = power_series(lambda i: mpf(2) / (2 * i + 3))  # (2 atanh(s) / s - 2) / s^2 with x = s^2
log_second_rest = power_series(lambda i: mpf(2) / (2 * i + 5))  # the same without its first term, 2/3
sin_rest = power_series(lambda i: -((-1) ** i) / mp.factorial(2 * i + 3))  # (sin(r) / r - 1) / r^2 with x = r^2
cos_rest = power_series(lambda i: (-1) ** i / mp.factorial(2 * i + 4))  # (cos(r) - 1 + r^2 / 2) / r^4 with x = r^2
erf_rest = power_series(  # erf(r) / r - 1 with x = r^2
    lambda i: 2 / mp.sqrt(mp.pi) * (-1) ** i / (mp.factorial(i) * (2 * i + 1)) - (i == 0))

half_ln2 = mp.log(2) / 2 * mpf("1.0001")
largest_s = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1) * mpf("1.0001")
eighth_turn = mp.pi / 4 * mpf("1.01")


def scaled_erfc(x):
    """(1 + 2x) e^(x^2) erfc(x)"""
    with mp.workprec(2000):
        return (1 + 2 * x) * mp.exp(x * x) * mp.erfc(x)


def erfc_recipe(name, single, middle, greatest, count):
    """h with (1 + 2x) e^(x^2) erfc(x) = 1 + (1 + q) h(q), q = (x - middle) / (x + middle)"""
    middle, greatest = mpf(middle), mpf(greatest)

    def value(q):
        return scaled_erfc(middle * (1 + q) / (1 - q))

    derive(
        name, lambda q: (value(q) - 1) / (1 + q), lambda q: (1 + q) / value(q),
        -1, (greatest - middle) / (greatest + middle), count, single)


RECIPES = {
    "exp": lambda n, f32: derive(n, exp_rest, lambda x: x * x, -half_ln2, half_ln2, 4 if f32 else 9, f32, [0.5]),
    "log": lambda n, f32: derive(n, log_rest, lambda z: z, 0, largest_s**2, 3 if f32 else 7, f32),
    "power": lambda n, f32: derive(n, log_second_rest, lambda z: z * z, 0, largest_s**2, 4 if f32 else 8, f32),
    "sin": lambda n, f32: derive(n, sin_rest, lambda z: z, 0, eighth_turn**2, 3 if f32 else 6, f32),
    "cos": lambda n, f32: derive(n, cos_rest, lambda z: z * z, 0, eighth_turn**2, 3 if f32 else 6, f32),
    "erf": lambda n, f32: derive(n, erf_rest, lambda z: mpf(1), 0, mpf("0.845") ** 2, 6 if f32 else 11, f32),
    "erfc": lambda n, f32: erfc_recipe(n, f32, 3, "10.5", 10) if f32 else erfc_recipe(n, f32, 4, 28, 23),
}

if __name__ == "__main__":
    for name in sys.argv[1:] or RECIPES:
        for single in (True, False):
            RECIPES[name](f"{name} {'f32' if single else 'f64'}", single)
