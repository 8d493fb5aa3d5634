"""The training loop of a program in plain Python: update after update over the rows that the window would take."""

from __future__ import annotations

from collections.abc import Iterator

from visualnn.exchange import turn
from visualnn.exchange.start import Start, epoch_length
from visualnn.nn.order import HALF, HAS_HALF, HIGH_STEP, HIGH_WORD, LOW_STEP, LOW_WORD, Order
from visualnn.project import Project
from visualnn.scene.code.listing import INDENT, Listing, texts

SHUFFLED = '''\
# The order of the rows: NumPy's generator PCG64, begun as numpy.random.default_rng({seed})
state = {state}
step = {step}
halves = {halves}
rest = {rest}  # of an epoch that has begun


def random_bits():
    """32 of them: first the lower half of a number, then the upper one."""
    global state
    if not halves:
        state = (state * 0x2360ED051FC65DA44385DF649FCCF645 + step) % 2**128
        word, turn = (state >> 64 ^ state) % 2**64, state >> 122
        word = (word >> turn | word << (64 - turn)) % 2**64
        halves[:] = word >> 32, word % 2**32
    return halves.pop()


def permutation(count):
    """All numbers below count, like numpy.random.Generator.permutation."""
    line = list(range(count))
    for i in range(count - 1, 0, -1):
        j = count
        while j > i:
            j = random_bits() & (2 ** i.bit_length() - 1)
        line[i], line[j] = line[j], line[i]
    return line


def batches():
    """The rows of each update; every epoch goes through all of them, in an order of its own."""
    line = rest
    while True:
        for first in range(0, len(line), batch_size):
            yield [rows[i] for i in line[first : first + batch_size]]
        line = permutation(len(rows))'''
DROPPED = '''\
def mixed(x):
    """A hash of 32 bits: who sits out is random, and yet the same as in VisualNN."""
    x = (x ^ x >> 16) * 0x7FEB352D % 2**32
    x = (x ^ x >> 15) * 0x846CA68B % 2**32
    return x ^ x >> 16


def dropped(t, row):
    """What the activations of each column are multiplied with in update t: 0 for the neurons that sit out."""
    word = ({seed} * 0x9E3779B97F4A7C15 + (t - 1) * 0xD1B54A32D192ED03) % 2**64
    key = mixed((word ^ word >> 32) % 2**32) + row * 0x85EBCA6B
    found, first = [None], {inputs}
    for units in {hidden}:
        numbers = [mixed((n * 0x9E3779B9 + key) % 2**32) for n in range(first, first + units)]
        found.append([1.0 / (1.0 - dropout) if n >= int(dropout * 2**32) else 0.0 for n in numbers])
        first += units
    return found'''


# -- before the loop ---------------------------------------------------------------------------------------------------


def functions(project: Project, start: Start) -> list[str]:
    """What only the loop calls: the order of the rows, who sits out, and how the rate changes."""
    options, made = project.options, []
    if turn.is_shuffled(project):
        made.append(_shuffled(project, start))
    if turn.drops(project):
        network = project.network
        made.append(DROPPED.format(seed=options.seed, inputs=network.inputs, hidden=network.sizes[1:-1]))
    return made + turn.functions(options)


def _shuffled(project: Project, start: Start) -> str:
    """The generator where the start is, and the rows that are left of its epoch."""
    seed, epoch, part = project.options.seed, *divmod(start.update, epoch_length(project))
    batch = turn.batch_size(project)
    order = Order(project.data.rows, batch, seed)
    order.go_to(epoch if part else epoch - 1)
    words = order.words.tolist()
    return SHUFFLED.format(
        seed=10_000 + seed,
        state=words[HIGH_WORD] << 64 | words[LOW_WORD],
        step=words[HIGH_STEP] << 64 | words[LOW_STEP],
        halves=[words[HALF]] if words[HAS_HALF] else [],
        rest=order.line[part * batch :].tolist() if part else [],
    )


# -- the loop ----------------------------------------------------------------------------------------------------------


def loop(project: Project, made: Listing, start: Start) -> list[str]:
    """All updates; `made` has the lines of one."""
    options, shuffled = project.options, turn.is_shuffled(project)
    length = "-(-len(rows) // batch_size)" if shuffled else "1"
    lines = [f"per_epoch = {length}  # updates", "updates = epochs * per_epoch", "curve = []  # the loss before each"]
    lines += ["order = batches()"] if shuffled else []
    lines += [*turn.before(options, start), f"for t in range({start.update + 1}, updates + 1):"]
    body = [*_learned(project), *turn.ends(options), *turn.rate(options)]
    body += [
        *texts((made.means,)),
        *texts(made.update),
        *turn.after(options),
        *turn.patience(project, "loss_of(tests)"),
    ]
    return [*lines, *(INDENT + line for line in body)]


def _learned(project: Project) -> Iterator[str]:
    """Losses and slopes of the rows of an update."""
    rows = "next(order)" if turn.is_shuffled(project) else "rows"
    if turn.drops(project):
        yield f"chosen = {rows}"
        yield "losses, slopes = zip(*[learn(*row, dropped(t, i)) for i, row in enumerate(chosen)])"
    else:
        yield f"losses, slopes = zip(*[learn(*row) for row in {rows}])"
    yield "loss = mean(losses)"
    yield from turn.REPORT.split("\n")
