"""Training of wide networks: matrix products in registers, for batches cut into panels.

A *panel* is one or two vectors of rows. Within a panel, columns of neurons lie in `a` and `d` as lines of so many rows,
one line per neuron, as in `lane`. The weights of a layer are lines too, (inputs, outputs) as in the network, padded to
whole vectors. With that every product of training is one of tiles (see `microtile`):

* forward: z of 8 neurons × a panel; factors are columns of weights, vectors are lines of `a`
* backward: da of 8 neurons × a panel; factors are rows of weights, vectors are lines of `d`
* gradient: dw of 8 inputs × two vectors of outputs; factors are lines of `a`, vectors are rows of dz turned round

The optimizer moves weights while their gradient is still in the first-level cache, plain SGD even from the registers.
Several threads may call `train` together, see `team`.
"""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

from numba import njit

from visualnn.nn.kernels.arguments import (
    DIVERGED,
    DONE,
    GOAL,
    GOAL_LOSS,
    RATE,
    STOP,
    STOPPED,
    UPDATE,
    WANTED,
    Integers,
)
from visualnn.nn.kernels.flags import add_to_flag, load_flag, store_flag
from visualnn.nn.kernels.formulas import CROSS_ENTROPY, DECAY, SGD, STEP, moved
from visualnn.nn.kernels.judgement import give_back, judge, settle
from visualnn.nn.kernels.microtile import ROWS as HEIGHT
from visualnn.nn.kernels.microtile import adding_half_tile, adding_tile, half_tile, tile
from visualnn.nn.kernels.numbers import (
    BATCH,
    DROPOUT,
    HAS_SHORTCUTS,
    IS_CLIPPED,
    IS_GATED,
    IS_MASKED,
    IS_PENALIZED,
    KEPT_SHARE,
    LOSS,
    OPTIMIZER,
    ROWS,
    SEED,
    Floats,
)
from visualnn.nn.kernels.pace import is_heard, note_loss, prepare_update, publish, update_key
from visualnn.nn.kernels.shuffle import go_to
from visualnn.nn.kernels.sweep import apply, finish
from visualnn.nn.kernels.team import (
    AWAY,
    COUNT,
    FIRST,
    HOME,
    KEY,
    LATE,
    LEAVING,
    OVER,
    PRESENT,
    TURN,
    VERDICT,
    await_call,
    call,
    meet,
    portion,
)
from visualnn.nn.kernels.vector import (
    compiled,
    inlined,
    lanes_of,
    like,
    load,
    spread,
    store,
    total,
    transpose,
)


class Work(NamedTuple):
    """Room for one update, and what the parameters are. Panels lie one after another."""

    a: Floats  # activations, line by line
    d: Floats  # slopes, line by line
    y: Floats  # targets, line by line
    carried: Floats  # da that shortcuts bring back, line by line; zero between two updates
    gates: Floats  # what multiplies activations, line by line
    turned: Floats  # dz of two layers with a line per row
    valid: Floats  # 1 for the places of each panel that are rows
    costs: Floats  # the losses of each vector of rows, lane by lane
    scratch: Floats  # one tile for each thread
    g: Floats  # the gradient, where it is needed as a whole
    units: Floats  # 0 for neurons that are switched off
    weights: Floats  # 1 for weights, 0 for biases
    keep: Floats  # 0 for parameters that are cut
    squares: Floats  # of each thread's part of the gradient
    places: Integers  # where rows lie in memory, for each thread
    lines: Integers  # where the lines of a panel begin: 0, width, 2·width, …


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


@compiled
def begin(plan, work, lines, x, y, line, team, rank, size, width, x_step, y_step, a_panel, y_panel):
    """The rows of an update, and its gates, for this thread's panels."""
    count = team[COUNT]
    low, high = portion(-(-count // width), rank, size)
    mine = rank * width
    for panel in range(low, high):
        first, left = team[FIRST] + panel * width, count - panel * width
        base = panel * a_panel
        gather(x, x_step, line, first, left, work.places, mine, work.a, base, width)
        gather(y, y_step, line, first, left, work.places, mine, work.y, panel * y_panel, width)
        if plan.whole[DROPOUT]:
            open_gates(plan, team[KEY], lines, work.units, work.gates, panel, base, width)


@compiled
def go_forward(plan, work, lines, w, team, rank, size, meetings, width, a_panel, y_panel, scale):
    """The forward pass and the losses, this thread's part; how often the team has met."""
    layers, panels = plan.starts.size, -(-team[COUNT] // width)
    for layer in range(layers):
        low, high = portion(-(-plan.sizes[layer + 1] // HEIGHT), rank, size)
        for panel in range(panels):
            forward(plan, lines, layer, w, work.a, work.d, work.gates, panel * a_panel, width, low, high)
        meetings = meet(team, size, meetings)
    low, high = portion(panels, rank, size)
    out = lines[layers] * width
    for panel in range(low, high):
        at, y_at = panel * a_panel + out, panel * y_panel
        judge_panel(plan, work.a, work.d, work.y, work.valid, work.costs, at, y_at, panel, width, scale)
    return meet(team, size, meetings)


@compiled
def go_back(plan, work, lines, c, w, memory, team, rank, size, meetings, width, a_panel, whole_gradient):
    """The backward pass and the update, this thread's part; how often the team has met."""
    lanes, slot, rows = lanes_of(w), memory.size // 2, team[COUNT]
    panels = -(-rows // width)
    mine = rank * HEIGHT * 2 * lanes
    for layer in range(plan.starts.size - 1, -1, -1):
        n_in, n_out, step = plan.sizes[layer], plan.sizes[layer + 1], plan.steps[layer]
        t_at = layer % 2 * (work.turned.size // 2)
        vectors = portion(-(-n_out // lanes), rank, size)
        tiles = portion(-(-n_in // HEIGHT), rank, size)
        for panel in range(panels):
            base = panel * a_panel
            after, first = base + lines[layer + 1] * width, t_at + panel * width * step
            turn(work.d, work.lines, after, width, work.turned, first, step, vectors[0], vectors[1])
            if layer:
                backward(
                    plan, lines, layer, w, work.d, work.carried, work.gates, work.scratch, mine, base, width,
                    tiles[0], tiles[1],
                )  # fmt: skip
        meetings = meet(team, size, meetings)
        source, count = lines[layer] * width, rows if panels == 1 else width
        gradient(
            plan, c, layer, w, memory, slot, work.g, whole_gradient, work.a, source, a_panel, work.turned, t_at,
            count, panels, width, work.scratch, mine, tiles[0], tiles[1],
        )  # fmt: skip
        bias_gradient(
            plan, c, layer, w, memory, slot, work.g, whole_gradient, work.turned, t_at, rows, vectors[0], vectors[1]
        )
    return meetings


@compiled
def use_gradient(plan, work, c, w, memory, team, rank, size, meetings):
    """Penalties, masks, clipping and the update for a gradient kept as a whole, this thread's part."""
    lanes, slot = lanes_of(w), memory.size // 2
    low, high = portion(memory.size // 2 // lanes, rank, size)
    meetings = meet(team, size, meetings)
    work.squares[rank] = finish(
        plan.whole, plan.exact, c, w, work.g, work.weights, work.keep, low * lanes, high * lanes
    )
    meetings = meet(team, size, meetings)
    squares = 0.0
    for k in range(size):
        squares += work.squares[k]
    apply(plan.whole, plan.exact, c, w, work.g, memory, slot, squares, low * lanes, high * lanes)
    return meetings


@njit(nogil=True, _nrt=False, cache=True, error_model="numpy")
def train(
    plan, work, lines, c, x, y, line, words, epoch, w, memory, scalars, flags, dials, losses, stride, updates, team,
    rank, helpers, patience, window,
):  # fmt: skip
    """Does at most `updates` updates, see `arguments.Loop`, or helps with them: `rank` 0 leads."""
    whole, lanes = plan.whole, lanes_of(w)
    rows, batch, n_out = whole[ROWS], whole[BATCH], plan.sizes[-1]
    length, width = -(-rows // batch), work.places.size // (1 + helpers)
    x_step, y_step = x.size // rows, y.size // rows
    lines_in_all = lines[-1]
    a_panel, y_panel = lines_in_all * width, y_step * width
    whole_gradient = whole[IS_PENALIZED] + whole[IS_CLIPPED] + whole[IS_MASKED]
    begun, last_turn = flags[UPDATE], load_flag(team, TURN)
    counted, size, meetings, is_watched, together = -1, 1, 0, 0, 0
    if rank:
        add_to_flag(team, PRESENT, 1)
    for u in range(updates):
        t = begun + u
        if rank == 0:
            if load_flag(flags, STOP):
                store_flag(team, OVER, 1)
                return STOPPED
            part = t % length
            if length > 1:
                go_to(epoch, line, words, t // length)
            team[FIRST] = part * batch
            team[COUNT] = min(batch, rows - part * batch)
            if team[COUNT] != counted:
                mark_rows(work.valid, team[COUNT])
                counted = team[COUNT]
            if whole[DROPOUT]:
                team[KEY] = update_key(whole[SEED], t)
            size = call(team, helpers)
        else:
            if not await_call(team, last_turn):
                return HOME if load_flag(team, OVER) else AWAY
            last_turn, size = last_turn + 1, 1 + helpers
        scale = team[COUNT] if whole[LOSS] == CROSS_ENTROPY else team[COUNT] * n_out
        begin(plan, work, lines, x, y, line, team, rank, size, width, x_step, y_step, a_panel, y_panel)
        meetings = meet(team, size, 0)
        meetings = go_forward(plan, work, lines, w, team, rank, size, meetings, width, a_panel, y_panel, scale)
        if rank == 0:
            loss = mean_cost(work.costs, -(-team[COUNT] // lanes), scale)
            if t % stride == 0:
                losses[t // stride] = loss
            is_watched = load_flag(flags, WANTED)
            if is_watched:
                publish(flags, loss, plan, w)
            verdict = 0
            if not isfinite(loss):
                verdict = DIVERGED
            elif loss < dials[GOAL_LOSS]:
                verdict = GOAL
            else:
                prepare_update(whole, plan.exact, scalars, dials[RATE], t, c)
                note_loss(whole, plan.exact, scalars, t, loss)
            team[VERDICT] = verdict
        meetings = meet(team, size, meetings)
        if team[VERDICT]:
            if rank:
                continue
            store_flag(team, OVER, 1)
            return team[VERDICT]
        meetings = go_back(plan, work, lines, c, w, memory, team, rank, size, meetings, width, a_panel, whole_gradient)
        if whole_gradient:
            meetings = use_gradient(plan, work, c, w, memory, team, rank, size, meetings)
        meetings = meet(team, size, meetings)
        if rank == 0:
            together += size - 1
            if team[LATE] > patience and not is_watched:
                store_flag(team, LEAVING, 1)
            if is_watched or together >= window or team[LATE] > patience:
                team[LATE] = together = 0
            store_flag(flags, UPDATE, t + 1)
    if rank == 0:
        store_flag(team, OVER, 1)
        return DONE
    add_to_flag(team, PRESENT, -1)
    return HOME
