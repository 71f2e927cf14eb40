/// Convolutions in C99, with the bits of the kernels: chains over a window, or squares where those go by squares.
enum CConvolution {
  static let text = """
    /* How many pairs of an output and an input place a window of three connects along an axis. */
    static int connections(const int *g, int axis)
    {
        int o, k, count = 0;
        for (o = 0; o < g[3 + axis]; o++)
            for (k = 0; k < 3; k++)
                if (o + k >= g[15 + axis] && o + k < g[axis] + g[15 + axis]) count++;
        return count;
    }

    /* Winograd's F(2 x 2, 3 x 3): square by square, 16 products in place of 36. 0 where nbs does not go this way. */
    static int convolve_squares(float *y, const float *x, const float *w, const float *bias, const int *g, int filters,
                                int groups)
    {
        int a, b, c, f, i, j, n, along = (g[5] + 1) / 2, channels = g[18];
        if (groups != 1 || channels % 16 || filters % 16 || g[6] != 1 || g[7] != 3 || g[8] != 3) return 0;
        if (g[9] != 1 || g[10] != 1 || g[11] != 1 || g[13] != 1 || g[14] != 1) return 0;
        if (g[15] || g[16] > 2 || g[17] > 2 || g[0] != g[3]) return 0;
        if (5 * connections(g, 1) * connections(g, 2) < 7 * 16 * ((g[4] + 1) / 2) * along) return 0;
        for (a = 0; a < g[3]; a++) for (b = 0; b < g[4]; b += 2) for (c = 0; c < g[5]; c += 2)
            for (f = 0; f < filters; f++) {
                float m[4][4] = {{0.0f}};
                for (n = 0; n < channels; n++) {
                    float d[4][4], v[4][4], u[4][3];
                    const float *by = w + f * 9 * channels + n;
                    for (i = 0; i < 4; i++) for (j = 0; j < 4; j++) {
                        int e = b + i - g[16], h = c + j - g[17];
                        int inside = e >= 0 && e < g[1] && h >= 0 && h < g[2];
                        d[i][j] = inside ? x[((a * g[1] + e) * g[2] + h) * channels + n] : 0.0f;
                    }
                    for (j = 0; j < 4; j++) {
                        v[0][j] = d[0][j] - d[2][j];
                        v[1][j] = d[1][j] + d[2][j];
                        v[2][j] = d[2][j] - d[1][j];
                        v[3][j] = d[1][j] - d[3][j];
                    }
                    for (j = 0; j < 3; j++) {
                        float ends = by[j * channels] + by[(6 + j) * channels], mid = by[(3 + j) * channels];
                        u[0][j] = by[j * channels];
                        u[1][j] = (ends + mid) * 0.5f;
                        u[2][j] = (ends - mid) * 0.5f;
                        u[3][j] = by[(6 + j) * channels];
                    }
                    for (i = 0; i < 4; i++) {
                        float ends = u[i][0] + u[i][2];
                        m[i][0] = fmaf(v[i][0] - v[i][2], u[i][0], m[i][0]);
                        m[i][1] = fmaf(v[i][1] + v[i][2], (ends + u[i][1]) * 0.5f, m[i][1]);
                        m[i][2] = fmaf(v[i][2] - v[i][1], (ends - u[i][1]) * 0.5f, m[i][2]);
                        m[i][3] = fmaf(v[i][1] - v[i][3], u[i][2], m[i][3]);
                    }
                }
                for (i = 0; i < 2 && b + i < g[4]; i++) {
                    float s[4], *to = y + ((a * g[4] + b + i) * g[5] + c) * filters + f;
                    for (j = 0; j < 4; j++)
                        s[j] = i == 0 ? m[0][j] + m[1][j] + m[2][j] : m[1][j] - m[2][j] - m[3][j];
                    for (j = 0; j < 2 && c + j < g[5]; j++) {
                        float sum = j == 0 ? s[0] + s[1] + s[2] : s[1] - s[2] - s[3];
                        to[j * filters] = bias ? sum + bias[f] : sum;
                    }
                }
            }
        return 1;
    }

    /* g: input, output, size, stride, dilation and zeros before, three axes each; channels */
    static void convolve(float *y, const float *x, const float *w, const float *bias, const int *g, int filters,
                         int groups)
    {
        int a, b, c, i, j, k, f, n, own = g[18] / groups, per = filters / groups;
        if (convolve_squares(y, x, w, bias, g, filters, groups)) return;
        for (a = 0; a < g[3]; a++) for (b = 0; b < g[4]; b++) for (c = 0; c < g[5]; c++)
            for (f = 0; f < filters; f++) {
                float sum = bias ? bias[f] : 0.0f;
                for (i = 0; i < g[6]; i++) for (j = 0; j < g[7]; j++) for (k = 0; k < g[8]; k++) {
                    int d = a * g[9] + i * g[12] - g[15], e = b * g[10] + j * g[13] - g[16];
                    int h = c * g[11] + k * g[14] - g[17];
                    const float *from, *by = w + (((f * g[6] + i) * g[7] + j) * g[8] + k) * own;
                    if (d < 0 || d >= g[0] || e < 0 || e >= g[1] || h < 0 || h >= g[2]) continue;
                    from = x + ((d * g[1] + e) * g[2] + h) * g[18] + f / per * own;
                    for (n = 0; n < own; n++) sum = fmaf(by[n], from[n], sum);
                }
                y[((a * g[4] + b) * g[5] + c) * filters + f] = sum;
            }
    }
    """
}
