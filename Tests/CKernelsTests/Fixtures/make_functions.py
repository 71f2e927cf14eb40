"""Makes the fixtures of FunctionsAccuracyTests: functions' values by mpmath, one file a function and precision.

A file holds where the arguments lie, not the arguments: they are drawn, evenly over the bit patterns of each range,
with SplitMix64, which the tests repeat. All numbers are little-endian:

    UInt32  how many arguments the function has
    UInt32  how many ranges follow
    for each range: UInt64 how many points, then for each argument UInt64 first and last bit pattern
    for each point: the value, rounded correctly, as its bit pattern (UInt64 or UInt32)
    for each point: Int8 what rounding took away, in 1/254 of a unit in the last place

    python3 make_functions.py
"""

import math
import struct
from pathlib import Path

from mpmath import mp, mpf

mp.prec = 400
POINTS = {64: 10_000, 32: 5_000}


class Precision:
    def __init__(self, width):
        self.width = width
        self.digits, self.exponents = (53, 1023) if width == 64 else (24, 127)
        self.float, self.integer = ("<d", "<Q") if width == 64 else ("<f", "<I")
        self.least = mpf(2) ** (2 - self.exponents - self.digits)

    def bits(self, x):
        return struct.unpack(self.integer, struct.pack(self.float, x))[0]

    def number(self, bits):
        return struct.unpack(self.float, struct.pack(self.integer, bits))[0]

    def rounded(self, x):
        """The bit pattern of x rounded to nearest, and x's distance from it in units in the last place."""
        sign = 1 << (self.width - 1) if x < 0 else 0
        x = abs(x)
        unit = self.least
        if x > 0:
            unit = max(unit, mpf(2) ** (mp.frexp(x)[1] - self.digits))
        count = int(mp.nint(x / unit))
        if unit * count >= mpf(2) ** (self.exponents + 1):
            return sign | self.bits(math.inf), 0
        rest = float(x / unit - count)
        return sign | self.bits(float(unit * count)), -rest if sign else rest


class SplitMix64:
    """G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators" (2014)."""

    def __init__(self, state):
        self.state = state

    def next(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)


def both_signs(*ranges):
    return [r for low, high, share in ranges for r in ((low, high, share), (-low, -high, share))]


def ranges_of_angles(p):
    quarter_turns = [2**k + j for k in range(p.digits + 8) for j in (0, 1)]
    # The last is nearest to a multiple of pi/2 among all numbers of 64 bits: J.-M. Muller, "Elementary Functions".
    near = [float(k * mp.pi / 2) for k in quarter_turns] + ([6381956970095103.0 * 2.0**797] if p.width == 64 else [])
    greatest = p.number(p.bits(math.inf) - 1)
    return both_signs(
        (float(p.least), 2**-30, 0.2), (2**-30, 1, 2), (1, 100, 3), (100, 2**40, 2), (2**40, greatest, 1)
    ) + [(x, x, None) for x in near]


def functions(p):
    """For each function: its value, and ranges with their shares of the points (None: a single point)."""
    double = p.width == 64
    tiny, small = float(p.least), 2.0 ** (-60 if double else -30)
    normal = 2.0 ** (1 - p.exponents)
    greatest = p.number(p.bits(math.inf) - 1)
    overflow = 709.782712893384 if double else 88.72283
    underflow, nothing = (708.4, 745.2) if double else (87.3, 104.0)
    angles = ranges_of_angles(p)
    return {
        "exp": (mp.exp, both_signs((tiny, small, 0.1), (small, 1, 2)) + [
            (1, overflow, 3), (overflow * 0.999, overflow, 1), (-1, -underflow, 3), (-underflow, -nothing, 1)]),
        "expm1": (mp.expm1, both_signs((tiny, small, 0.2), (small, 0.1, 2), (0.1, 1, 2)) + [
            (1, overflow, 2), (-1, -40, 1)]),
        "log": (mp.log, [
            (tiny, normal, 0.5), (normal, greatest, 3), (0.5, 1, 2), (1, 2, 2), (1 - 2.0**-10, 1, 1),
            (1, 1 + 2.0**-10, 1)]),
        "log1p": (mp.log1p, both_signs((tiny, small, 0.2), (small, 0.1, 2), (0.1, 0.9999, 2)) + [
            (1, 2.0**60, 2), (1, greatest, 0.5), (-1 + 2.0**-20, -0.99, 1)]),
        "sin": (mp.sin, angles),
        "cos": (mp.cos, angles),
        "tan": (mp.tan, angles),
        "tanh": (mp.tanh, both_signs((tiny, small, 0.2), (small, 0.1, 2), (0.1, 3, 3), (3, 25, 1))),
        "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), both_signs((small, 1, 2), (1, 40, 2)) + [
            (-40, -underflow, 1), (-underflow, -nothing, 0.5)]),
        "erf": (mp.erf, both_signs((tiny, small, 0.2), (small, 0.5, 2), (0.5, 1, 2), (1, 6, 1))),
        "erfc": (mp.erfc, both_signs((small, 0.5, 1), (0.5, 3, 2), (3, 6, 0.5)) + [
            (3, 26.5 if double else 9.1, 2), (26.5, 27.3, 0.5) if double else (9.1, 10.1, 0.5)]),
        "softplus": (lambda x: mp.log1p(mp.exp(x)), both_signs((small, 1, 2), (1, 40, 2)) + [
            (-40, -underflow, 1), (-underflow, -nothing, 0.5), (40, greatest, 0.2)]),
        "power": (mp.power, [
            ((0.5, 2), (1, 500 if double else 100), 2), ((0.5, 2), (-1, -500 if double else -100), 2),
            ((normal, greatest), (0.01, 1), 2), ((normal, greatest), (-0.01, -1), 1),
            ((tiny, normal), (-0.9, -0.1), 0.5),
            ((1, 1 + 2.0**-12), (2.0**12, 2.0**18), 2), ((1 - 2.0**-12, 1), (2.0**12, 2.0**18), 2),
            ((0.5, 0.51), (p.exponents, p.exponents + p.digits - 3), 0.5), ((0.1, 10), (3, 3), 1),
            ((-0.1, -10), (-5, -5), 0.5), ((1.9, 2), (p.exponents - 1, p.exponents), 0.5)]),
    }


def fixture(p, value, ranges):
    power = isinstance(ranges[0][0], tuple)
    shares = sum(share or 0 for *_, share in ranges)
    generator = SplitMix64(0)
    header, values, rests = [], [], []
    for *bounds, share in ranges:
        arguments = bounds if power else [tuple(bounds)]
        patterns = [sorted(p.bits(x) for x in pair) for pair in arguments]
        count = 1 if share is None else int(POINTS[p.width] * share / shares)
        header.append(struct.pack("<Q", count) + b"".join(struct.pack("<QQ", *pair) for pair in patterns))
        for _ in range(count):
            drawn = [first + generator.next() % (last - first + 1) for first, last in patterns]
            bits, rest = p.rounded(value(*(mpf(p.number(b)) for b in drawn)))
            values.append(struct.pack(p.integer, bits))
            rests.append(struct.pack("<b", round(rest * 254)))
    return struct.pack("<II", 2 if power else 1, len(header)) + b"".join(header + values + rests)


if __name__ == "__main__":
    for width in (64, 32):
        precision = Precision(width)
        for name, (value, ranges) in functions(precision).items():
            path = Path(__file__).parent / f"{name}.f{width}"
            path.write_bytes(fixture(precision, value, ranges))
