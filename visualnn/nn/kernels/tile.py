"""Training of wide networks: matrix products in registers, for batches cut into panels.

A *panel* is one or two vectors of rows. Within a panel, columns of neurons lie in `a` and `d` as lines of so many rows,
one line per neuron, as in `lane`. The weights of a layer are lines too, (inputs, outputs) as in the network, padded to
whole vectors. With that every product of training is one of tiles (see `microtile`):

* forward: z of 8 neurons × a panel; factors are columns of weights, vectors are lines of `a`
* backward: da of 8 neurons × a panel; factors are rows of weights, vectors are lines of `d`
* gradient: dw of 8 inputs × two vectors of outputs; factors are lines of `a`, vectors are rows of dz turned round

The optimizer moves weights while their gradient is still in the first-level cache, plain SGD even from the registers.
`update` puts these phases together.
"""

from __future__ import annotations

from visualnn.nn.kernels.across import total, transpose
from visualnn.nn.kernels.formulas import SGD, moved
from visualnn.nn.kernels.judgement import give_back, judge, settle
from visualnn.nn.kernels.microtile import adding_half_tile, adding_tile, half_tile, tile
from visualnn.nn.kernels.numbers import DECAY, DROPOUT, HAS_SHORTCUTS, IS_GATED, KEPT_SHARE, LOSS, OPTIMIZER, STEP
from visualnn.nn.kernels.pace import is_heard
from visualnn.nn.kernels.room import HEIGHT
from visualnn.nn.kernels.vector import compiled, inlined, lanes_of, like, load, spread, store


@inlined
def product(wide, a, a_at, a_row, a_step, a_panel, b, b_at, b_step, b_panel, count, panels, out, at, row):
    """A tile of one or two vectors a row."""
    none = a[0]
    if wide:
        tile(a, a_at, a_row, a_step, a_panel, b, b_at, b_step, b_panel, count, panels, out, at, row, none)
    else:
        half_tile(a, a_at, a_row, a_step, a_panel, b, b_at, b_step, b_panel, count, panels, out, at, row, none)


@compiled
def gather(source, n, line, first, count, places, mine, out, start, width):
    """Puts rows of `n` numbers into one panel; what is left of it is filled with the first row, which counts once."""
    lanes = lanes_of(source)
    for i in range(width):
        places[mine + i] = line[first + (i if i < count else 0)] * n
    for j in range(0, width, lanes):
        for k in range(0, n, lanes):
            transpose(source, places, mine + j, k, out, start + k * width + j, width)


@compiled
def open_gates(plan, key, lines, units, gates, panel, base, width):
    """What is switched off, and the dropout of an update, for one panel."""
    scale = 1.0 / plan.exact[KEPT_SHARE]
    for column in range(1, plan.sizes.size - 1):
        for unit in range(plan.sizes[column]):
            line = plan.lines[column] + unit
            at = base + (lines[column] + unit) * width
            for i in range(width):
                heard = is_heard(key, line, panel * width + i, plan.whole[DROPOUT])
                gates[at + i] = units[line] * (scale if heard else 0.0)


@compiled
def forward(plan, lines, layer, w, a, d, gates, base, width, low, high):
    """z and a of the neurons from tile `low` to tile `high` of a layer, in one panel; of the outputs z alone."""
    lanes, n_in, n_out = lanes_of(w), plan.sizes[layer], plan.sizes[layer + 1]
    start, step = plan.starts[layer], plan.steps[layer]
    bias = start + n_in * step
    source, out = base + lines[layer] * width, base + lines[layer + 1] * width
    shortcut, is_last = plan.shortcuts[layer + 1], layer == plan.starts.size - 1
    code, gated = plan.activations[layer + 1], plan.whole[IS_GATED]
    skip = base + lines[shortcut] * width - out if shortcut >= 0 else 0
    wide = width > lanes
    for n in range(low * HEIGHT, high * HEIGHT, HEIGHT):
        product(wide, w, start + n, 1, step, 0, a, source, width, 0, n_in, 1, a, out + n * width, width)
        for r in range(n, min(n + HEIGHT, n_out)):
            b = spread(w, bias + r)
            for at in range(out + r * width, out + (r + 1) * width, lanes):
                z = load(a, at) + b
                if is_last:
                    store(a, at, z)
                else:
                    from_skip = at + skip if shortcut >= 0 else -1
                    settle(code, z, a, d, gates, gated, at, from_skip)


@compiled
def judge_panel(plan, a, d, y, valid, costs, out, y_at, panel, width, scale):
    """The losses of a panel, and dz of the outputs."""
    lanes = lanes_of(a)
    share = like(load(a, out), 1.0 / scale)
    for j in range(0, width, lanes):
        rows = load(valid, panel * width + j)
        code, outputs = plan.activations[-1], plan.sizes[-1]
        cost = judge(plan.whole[LOSS], code, a, d, y, out + j, y_at + j, width, outputs, rows, share)
        store(costs, panel * width + j, cost)


@compiled
def backward(plan, lines, layer, w, d, carried, gates, scratch, mine, base, width, low, high):
    """dz of the neurons from tile `low` to tile `high` that a layer's inputs come from, in one panel."""
    lanes, n_in, n_out = lanes_of(w), plan.sizes[layer], plan.sizes[layer + 1]
    start, step = plan.starts[layer], plan.steps[layer]
    out, after = base + lines[layer] * width, base + lines[layer + 1] * width
    shortcut = plan.shortcuts[layer]
    skip = base + lines[shortcut] * width - out if shortcut >= 0 else 0
    gated, shortcuts = plan.whole[IS_GATED], plan.whole[HAS_SHORTCUTS]
    wide = width > lanes
    for k in range(low * HEIGHT, high * HEIGHT, HEIGHT):
        product(wide, w, start + k * step, step, 1, 0, d, after, width, 0, n_out, 1, scratch, mine, width)
        for r in range(min(HEIGHT, n_in - k)):
            for j in range(0, width, lanes):
                at = out + (k + r) * width + j
                from_skip = at + skip if shortcut >= 0 else -1
                give_back(load(scratch, mine + r * width + j), d, carried, gates, gated, shortcuts, at, from_skip)


@compiled
def turn(d, lines, start, width, turned, first, step, low, high):
    """Turns lines of a panel round, those of the vectors from `low` to `high`: a line per row, `step` apart."""
    lanes = lanes_of(d)
    for n in range(low * lanes, high * lanes, lanes):
        for j in range(0, width, lanes):
            transpose(d, lines, n, start + j, turned, first + j * step + n, step)


@compiled
def gradient(
    plan, c, layer, w, memory, slot, g, whole_gradient, a, source, a_panel, turned, t_at, count, panels, width,
    scratch, mine, low, high,
):  # fmt: skip
    """The gradient of the weights of a layer from tile `low` to tile `high` of inputs: moves them, or keeps it."""
    lanes, n_in, n_out = lanes_of(w), plan.sizes[layer], plan.sizes[layer + 1]
    start, step, code = plan.starts[layer], plan.steps[layer], plan.whole[OPTIMIZER]
    across = -(-n_out // (2 * lanes))
    is_plain = code == SGD and whole_gradient == 0 and c[DECAY] == 1.0
    for item in range((high - low) * across):
        if panels < 4:  # along the lines of weights
            k, n = (low + item // across) * HEIGHT, item % across * 2 * lanes
        else:  # the turned slopes of many panels stay in the cache
            k, n = (low + item % (high - low)) * HEIGHT, item // (high - low) * 2 * lanes
        wide = n_out - n > lanes
        at, rows = start + k * step + n, min(HEIGHT, n_in - k)
        from_a, from_t, t_panel = source + k * width, t_at + n, width * step
        if is_plain and rows == HEIGHT:
            move = -c[STEP]
            if wide:
                adding_tile(
                    a, from_a, width, 1, a_panel, turned, from_t, step, t_panel, count, panels, w, at, step, move
                )
            else:
                adding_half_tile(
                    a, from_a, width, 1, a_panel, turned, from_t, step, t_panel, count, panels, w, at, step, move
                )
            continue
        row = 2 * lanes
        product(wide, a, from_a, width, 1, a_panel, turned, from_t, step, t_panel, count, panels, scratch, mine, row)
        for r in range(rows):
            for v in range(0, row if wide else lanes, lanes):
                place, slope = at + r * step + v, load(scratch, mine + r * row + v)
                if whole_gradient:
                    store(g, place, slope)
                else:
                    store(w, place, moved(code, c, load(w, place), slope, memory, place, slot + place))


@compiled
def bias_gradient(plan, c, layer, w, memory, slot, g, whole_gradient, turned, t_at, rows, low, high):
    """The same for the biases of a layer, from vector `low` to vector `high` of outputs."""
    lanes, step = lanes_of(w), plan.steps[layer]
    bias = plan.starts[layer] + plan.sizes[layer] * step
    for n in range(low * lanes, high * lanes, lanes):
        even = load(turned, t_at + n)
        odd = like(even, 0.0)
        for i in range(1, rows - 1, 2):
            odd = odd + load(turned, t_at + i * step + n)
            even = even + load(turned, t_at + (i + 1) * step + n)
        if rows % 2 == 0:
            odd = odd + load(turned, t_at + (rows - 1) * step + n)
        slope, place = even + odd, bias + n
        if whole_gradient:
            store(g, place, slope)
        else:
            store(w, place, moved(plan.whole[OPTIMIZER], c, load(w, place), slope, memory, place, slot + place))


@compiled
def mark_rows(valid, count):
    """Which places are rows."""
    for i in range(valid.size):
        valid[i] = 1.0 if i < count else 0.0


@compiled
def mean_cost(costs, vectors, scale):
    """The loss of an update, from those of its vectors of rows."""
    lanes = lanes_of(costs)
    cost = load(costs, 0)
    for at in range(lanes, vectors * lanes, lanes):
        cost = cost + load(costs, at)
    return float(total(cost)) / scale
