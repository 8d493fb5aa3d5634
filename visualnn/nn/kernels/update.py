"""Updates of a wide network, made by a team of threads: each does its part of every phase of `tile`."""

from __future__ import annotations

from math import isfinite

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
)
from visualnn.nn.kernels.flags import add_to_flag, load_flag, store_flag
from visualnn.nn.kernels.formulas import CROSS_ENTROPY
from visualnn.nn.kernels.meeting import await_call, call, meet, portion
from visualnn.nn.kernels.numbers import (
    BATCH,
    DROPOUT,
    IS_CLIPPED,
    IS_MASKED,
    IS_PENALIZED,
    LOSS,
    ROWS,
    SEED,
)
from visualnn.nn.kernels.pace import note_loss, prepare_update, publish, update_key
from visualnn.nn.kernels.room import HEIGHT
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
)
from visualnn.nn.kernels.tile import (
    backward,
    bias_gradient,
    forward,
    gather,
    gradient,
    judge_panel,
    mark_rows,
    mean_cost,
    open_gates,
    turn,
)
from visualnn.nn.kernels.vector import compiled, lanes_of


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
    vectors, sections = slot // lanes, work.squares.size  # as many sums of squares, whoever is there
    meetings = meet(team, size, meetings)
    low, high = portion(sections, rank, size)
    for section in range(low, high):
        first, end = portion(vectors, section, sections)
        work.squares[section] = finish(
            plan.whole, plan.exact, c, w, work.g, work.weights, work.keep, first * lanes, end * lanes
        )
    meetings = meet(team, size, meetings)
    squares = 0.0
    for section in range(sections):
        squares += work.squares[section]
    first, end = portion(vectors, rank, size)
    apply(plan.whole, plan.exact, c, w, work.g, memory, slot, work.keep, squares, first * lanes, end * lanes)
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
