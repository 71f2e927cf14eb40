/// nbs's own elementary functions in C99, for 32 bits, with the operations in their order (Sources/CKernels/functions_*.h):
/// a program that has them gives the bits of nbs.
enum CElementary {
  /// What each of the other functions needs of them.
  static let needs: [String: [String]] = [
    "sigmoid": ["pair", "exponential"], "tanh": ["pair", "quotient", "half_expm1"],
    "elu": ["pair", "half_expm1", "expm1"], "selu": ["pair", "half_expm1", "expm1"],
    "gelu": ["pair", "quotient", "erfc"], "softplus": ["pair", "exponential", "log1p"],
    "softmax": ["pair", "exponential", "lanes"], "normalize_layer": ["lanes"],
  ]

  /// The functions, those first that others use.
  static let functions: [(String, String)] = [
    (
      "pair",
      """
      /* A number in two parts: what the value lost to rounding is the rest. */
      typedef struct { float value, rest; } pair;

      static pair nbs_sum(float larger, float smaller)
      {
          pair sum;
          sum.value = larger + smaller;
          sum.rest = smaller - (sum.value - larger);
          return sum;
      }

      static float nbs_number(unsigned int bits)
      {
          union { unsigned int bits; float number; } both;
          both.bits = bits;
          return both.number;
      }

      /* e^x = 2^k (1 + r + tail); the last bits of `shifted` are k + 254. */
      static unsigned int nbs_split(float x, float more, float *r, float *tail)
      {
          union { unsigned int bits; float number; } shifted;
          float k, low, s, s2, a, b;
          shifted.number = fmaf(x, 0x1.715476p+0f, 0x1.8p23f + 254.0f);
          k = shifted.number - (0x1.8p23f + 254.0f);
          *r = fmaf(k, -0x1.62e430p-1f, x);
          low = fmaf(k, 0x1.05c610p-29f, more);
          s = *r + low;
          s2 = s * s;
          a = fmaf(0x1.555492p-3f, s, 0.5f);
          b = fmaf(0x1.123a00p-7f, s, 0x1.5554c0p-5f);
          a = fmaf(b, s2, a);
          *tail = fmaf(s2, fmaf(0x1.6d7b12p-10f, s2 * s2, a), low);
          return shifted.bits;
      }
      """
    ),
    (
      "quotient",
      """
      static float nbs_quotient(pair a, pair b)
      {
          float inverse = 1.0f / b.value, value = a.value * inverse;
          float left = fmaf(-value, b.value, a.value) + fmaf(-value, b.rest, a.rest);
          return value + left * inverse;
      }
      """
    ),
    (
      "exponential",
      """
      static float nbs_exp(float x)
      {
          float r, tail;
          unsigned int bits, half;
          pair sum;
          if (x != x) return x;
          bits = nbs_split(x > -104.0f ? x < 89.0f ? x : 89.0f : -104.0f, 0.0f, &r, &tail);
          sum = nbs_sum(1.0f, r);
          half = bits >> 1;
          return (sum.value + (sum.rest + tail)) * nbs_number(half << 23) * nbs_number((bits - half) << 23);
      }
      """
    ),
    (
      "lanes",
      """
      /* A sum of 16 lanes, folded in halves. */
      static float nbs_total(const float *lanes)
      {
          float eight[8], four[4];
          int i;
          for (i = 0; i < 8; i++) eight[i] = lanes[i] + lanes[i + 8];
          for (i = 0; i < 4; i++) four[i] = eight[i] + eight[i + 4];
          return (four[0] + four[2]) + (four[1] + four[3]);
      }
      """
    ),
    (
      "half_expm1",
      """
      /* (e^x - 1) / 2 */
      static pair nbs_half_expm1(float x)
      {
          float r, tail, power;
          pair sum;
          power = nbs_number((nbs_split(x > -20.0f ? x < 89.0f ? x : 89.0f : -20.0f, 0.0f, &r, &tail) - 128u) << 23);
          sum = nbs_sum(power - 0.5f, power * r);
          return nbs_sum(sum.value, fmaf(power, tail, sum.rest));
      }
      """
    ),
    (
      "expm1",
      """
      static float nbs_expm1(float x)
      {
          return x != x || fabsf(x) < 0x1p-124f ? x : 2.0f * nbs_half_expm1(x).value;
      }
      """
    ),
    (
      "erfc",
      """
      /* erfc x for x >= 0 (M. Shepherd and J. Laframboise, 1981) */
      static float nbs_erfc(float x)
      {
          static const float c[10] = {0x1.03148cp-2f, -0x1.8df4d0p-2f, 0x1.5d409ep-2f, -0x1.b0fd24p-3f, 0x1.7971b6p-4f,
                                      -0x1.86d324p-6f, 0x1.d3e61ap-15f, 0x1.4943c0p-9f, -0x1.0ab5b0p-11f, -0x1.193b88p-12f};
          float w, v, p[5], r, tail, square, value, rest, twice, b;
          unsigned int bits, half;
          pair factor, power, product, divisor;
          int i;
          if (x != x) return x;
          x = x < 10.5f ? x : 10.5f;
          w = 2.0f * x / (x + 3.0f);
          v = w - 1.0f;
          for (i = 0; i < 5; i++) p[i] = fmaf(c[2 * i + 1], v, c[2 * i]);
          v = v * v;
          p[0] = fmaf(p[1], v, p[0]);
          p[1] = fmaf(p[3], v, p[2]);
          v = v * v;
          p[0] = fmaf(p[1], v, p[0]);
          factor = nbs_sum(1.0f, w * fmaf(p[4], v * v, p[0]));
          square = x * x;
          bits = nbs_split(-square, fmaf(-x, x, square), &r, &tail);
          power = nbs_sum(1.0f, r);
          power.rest += tail;
          twice = 2.0f * x;
          divisor.value = 1.0f + twice;
          b = divisor.value - 1.0f;
          divisor.rest = (1.0f - (divisor.value - b)) + (twice - b);
          value = power.value * factor.value;
          rest = fmaf(power.value, factor.value, -value);
          product.value = value;
          product.rest = fmaf(power.value, factor.rest, fmaf(power.rest, factor.value, rest));
          half = bits >> 1;
          return nbs_quotient(product, divisor) * nbs_number(half << 23) * nbs_number((bits - half) << 23);
      }
      """
    ),
    (
      "log1p",
      """
      /* ln(1 + x) for 0 <= x <= 1, after fdlibm */
      static float nbs_log1p(float x)
      {
          union { unsigned int bits; float number; } sum, m;
          unsigned int offset;
          float lost, k, above, f, scaled, rest, s, z, half, series, tail;
          pair total;
          if (x != x) return x;
          sum.number = 1.0f + x;
          lost = x - (sum.number - 1.0f);
          offset = sum.bits + ((128u << 23) - 0x3f3504f3u);
          k = nbs_number((offset >> 23) | (150u << 23)) - (8388608.0f + 128.0f);
          m.bits = (offset & 0x7fffffu) + 0x3f3504f3u;
          scaled = lost * (0.5f * nbs_number((128u << 23) - (sum.bits - m.bits)));
          above = m.number - 1.0f;
          f = above + scaled;
          rest = scaled - (f - above);
          s = f / (2.0f + f);
          z = s * s;
          half = 0.5f * f * f;
          series = fmaf(0x1.31e3b0p-2f, z * z, fmaf(0x1.995eb4p-2f, z, 0x1.55557ap-1f));
          series = fmaf(z, series, half);
          tail = fmaf(s, series, fmaf(k, 0x1.7f7d1cp-20f, rest) - half);
          total = nbs_sum(k * 0x1.62e4p-1f, f);
          return total.value + (total.rest + tail);
      }
      """
    ),
  ]
}
