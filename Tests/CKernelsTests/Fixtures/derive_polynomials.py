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


def series(function, order):
    """`function` near 0 by its Taylor series, where the quotient that defines it cancels."""
    coefficients = mp.taylor(function, 0, order)
    return lambda x: mp.polyval(coefficients[::-1], x)


half_ln2 = mp.log(2) / 2 * mpf("1.0001")
largest_s = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1) * mpf("1.0001")


def exp_rest(x):
    """(e^x - 1 - x) / x^2"""
    return mp.fsum(x**i / mp.factorial(i + 2) for i in range(40))


def log_rest(z):
    """(2 atanh(s) / s - 2) / z with z = s^2"""
    return mp.fsum(2 * z**i / (2 * i + 3) for i in range(80))


def scaled_erfc(q, middle):
    """(1 + 2x) e^(x^2) erfc(x) with q = (x - middle) / (x + middle)"""
    if q >= 1:
        return 2 / mp.sqrt(mp.pi)
    x = middle * (1 + q) / (1 - q)
    if x > 1e9:
        return (1 + 2 * x) / (x * mp.sqrt(mp.pi))
    with mp.workprec(400):
        return (1 + 2 * x) * mp.exp(x * x) * mp.erfc(x) if x < 50 else (1 + 2 * x) / (x * mp.sqrt(mp.pi)) * (
            1 + mp.fsum((-1) ** n * mp.fac2(2 * n - 1) / (2 * x * x) ** n for n in range(1, 20)))


RECIPES = {
    "exp": lambda n, f32: derive(n, exp_rest, lambda x: x * x, -half_ln2, half_ln2, 4 if f32 else 9, f32, [0.5]),
    "log": lambda n, f32: derive(n, log_rest, lambda z: z, 0, largest_s**2, 3 if f32 else 7, f32),
}

if __name__ == "__main__":
    for name in sys.argv[1:] or RECIPES:
        for single in (True, False):
            RECIPES[name](f"{name} {'f32' if single else 'f64'}", single)
