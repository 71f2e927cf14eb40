/// Convolutions in C99, with the bits of the kernels: chains over a window, or squares where those go by squares.
enum CConvolution {
  static let text = """
    /* How many pairs of an output and an input place a convolution's window connects along an axis. */
    static int connections(const int *g, int axis)
    {
        int o, k, count = 0;
        for (o = 0; o < g[3 + axis]; o++)
            for (k = 0; k < g[6 + axis]; k++)
                if (o + k >= g[15 + axis] && o + k < g[axis] + g[15 + axis]) count++;
        return count;
    }

    /* Along an axis two results come from products of transformed inputs and weights. Four for three places of a window,
       F(2, 3), and three more for two more places, F(2, 2). They make four sums. */
    static const int input_pairs[7][2] = {{0, 2}, {1, 2}, {2, 1}, {1, 3}, {3, 4}, {4, 4}, {4, 5}};

    static float input_of_product(int product, float a, float b)
    {
        return product == 1 ? a + b : product == 5 ? a : a - b;
    }

    static float weight_of_product(int product, const float *w, int step)
    {
        if (product == 0) return w[0];
        if (product == 1) return (w[0] + w[2 * step] + w[step]) * 0.5f;
        if (product == 2) return (w[0] + w[2 * step] - w[step]) * 0.5f;
        if (product == 5) return w[3 * step] + w[4 * step];
        return w[(product == 3 ? 2 : product == 4 ? 3 : 4) * step];
    }

    /* The sum that a product falls into. */
    static int sum_of_product(int product) { return product == 6 ? 3 : product % 4; }

    /* What an input image is multiplied as, for the square whose first input is in row y and column x. */
    static float transformed_input(const float *image, const int *g, int y, int x, int p, int q)
    {
        float columns[2];
        int i, j;
        for (j = 0; j < 2; j++) {
            float ends[2];
            for (i = 0; i < 2; i++) {
                int row = y + input_pairs[p][i], column = x + input_pairs[q][j];
                int inside = row >= 0 && row < g[1] && column >= 0 && column < g[2];
                ends[i] = inside ? image[(row * g[2] + column) * g[18]] : 0.0f;
            }
            columns[j] = input_of_product(p, ends[0], ends[1]);
        }
        return input_of_product(q, columns[0], columns[1]);
    }

    static float transformed_weight(const float *w, int channels, int side, int p, int q)
    {
        float columns[5];
        int j;
        for (j = 0; j < side; j++) columns[j] = weight_of_product(p, w + j * channels, side * channels);
        return weight_of_product(q, columns, 1);
    }

    /* Winograd's minimal filtering, square by square of 2 x 2 results: 16 products in place of 36 for windows of 3 x 3
       places, 49 in place of 100 for 5 x 5. 0 where nbs does not go this way. */
    static int convolve_squares(float *y, const float *x, const float *w, const float *bias, const int *g, int filters,
                                int groups)
    {
        int a, b, c, f, i, j, n, p, q, channels = g[18], side = g[7], products = side == 3 ? 4 : 7;
        if (groups != 1 || channels % 16 || filters % 16 || g[6] != 1 || side != g[8] || (side != 3 && side != 5)) return 0;
        if (g[9] != 1 || g[10] != 1 || g[11] != 1 || g[13] != 1 || g[14] != 1) return 0;
        if (g[15] || g[16] >= side || g[17] >= side || g[0] != g[3]) return 0;
        n = products * products * ((g[4] + 1) / 2) * ((g[5] + 1) / 2);
        if (5 * connections(g, 1) * connections(g, 2) < 7 * n) return 0;
        for (a = 0; a < g[3]; a++) for (b = 0; b < g[4]; b += 2) for (c = 0; c < g[5]; c += 2)
            for (f = 0; f < filters; f++) {
                const float *image = x + a * g[1] * g[2] * channels, *filter = w + f * side * side * channels;
                float m[4][4] = {{0.0f}};
                for (p = 0; p < products; p++) for (q = 0; q < products; q++) {
                    float *sum = &m[sum_of_product(p)][sum_of_product(q)];
                    for (n = 0; n < channels; n++)
                        *sum = fmaf(transformed_input(image + n, g, b - g[16], c - g[17], p, q),
                                    transformed_weight(filter + n, channels, side, p, q), *sum);
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
