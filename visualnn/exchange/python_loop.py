"""The training loop of a program in plain Python: update after update over the rows that the window would take."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from visualnn.exchange.start import Start, epoch_length
from visualnn.nn.options import Options
from visualnn.nn.order import HALF, HAS_HALF, HIGH_STEP, HIGH_WORD, LOW_STEP, LOW_WORD, Order
from visualnn.nn.schedule import BAD_EPOCHS, BEST, BETTER, EPOCH_LOSS, FACTOR, MU_PRODUCT, Schedule
from visualnn.project import Project
from visualnn.scene.code.listing import INDENT, Listing, texts
from visualnn.scene.code.rules import FIX1, FIX2, NADAM

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
    if is_shuffled(project):
        made.append(_shuffled(project, start))
    if drops(project):
        network = project.network
        made.append(DROPPED.format(seed=options.seed, inputs=network.inputs, hidden=network.sizes[1:-1]))
    made += [text for text in [factor(options.schedule)] if text]
    if options.optimizer.name == "nadam":
        made.append("\n".join(NADAM[:2]))
    return made


def batch_size(project: Project) -> int:
    """Rows of an update."""
    return min(project.options.batch_size or project.data.rows, project.data.rows)


def is_shuffled(project: Project) -> bool:
    """Whether an update uses some of the rows only."""
    return batch_size(project) < project.data.rows


def drops(project: Project) -> bool:
    """Whether neurons sit out."""
    return project.options.dropout > 0 and len(project.network.layers) > 1


def _shuffled(project: Project, start: Start) -> str:
    """The generator where the start is, and the rows that are left of its epoch."""
    seed, epoch, part = project.options.seed, *divmod(start.update, epoch_length(project))
    batch = batch_size(project)
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


def factor(schedule: Schedule) -> str:
    """The function that gives the share of the learning rate in update t; "" where it stays as it is, or waits."""
    gamma, period, floor = repr(schedule.gamma), schedule.period, repr(schedule.floor)
    rules = {
        "step": f"max({floor}, {gamma} ** ((t - 1) // {period}))",
        "exponential": f"max({floor}, {gamma} ** ((t - 1) / {period}))",
        "cosine": f"{floor} + (1 - {floor}) * 0.5 * (1 + math.cos(math.pi * min(t - 1, {period}) / {period}))",
    }
    warm = f"min(1.0, t / {schedule.warmup})" if schedule.warmup else ""
    rule = rules.get(schedule.name, "")
    if not (rule or warm):
        return ""
    both = f"{warm} * ({rule})" if rule and warm else rule or warm
    return f"def factor(t):  # of the learning rate in update t\n    return {both}"


def constants(project: Project) -> list[str]:
    """How long it trains, and when it ends before."""
    options = project.options
    made = [f"goal = {options.goal!r}  # the loss below which it ends"] if options.goal is not None else []
    made += [f"batch_size = {options.batch_size}"] if is_shuffled(project) else []
    made += [f"dropout = {options.dropout!r}"] if drops(project) else []
    return made


# -- the loop ----------------------------------------------------------------------------------------------------------


def loop(project: Project, made: Listing, start: Start) -> list[str]:
    """All updates; `made` has the lines of one."""
    options, shuffled = project.options, is_shuffled(project)
    length = "-(-len(rows) // batch_size)" if shuffled else "1"
    lines = [f"per_epoch = {length}  # updates", "updates = epochs * per_epoch", "curve = []  # the loss before each"]
    lines += ["order = batches()"] if shuffled else []
    lines += [*_before(options, start), f"for t in range({start.update + 1}, updates + 1):"]
    body = [*_learned(project), *_ends(options), *_rate(options)]
    body += [*texts((made.means,)), *texts(made.update), *_after(options)]
    patience = _patience(project)
    if patience:
        body += ["if t % per_epoch == 0:", *_indented(patience)]
    return [*lines, *_indented(body)]


def _indented(lines: list[str]) -> list[str]:
    return [INDENT + line for line in lines]


def _before(options: Options, start: Start) -> Iterator[str]:
    scalars = start.scalars.tolist()
    if options.optimizer.name == "nadam":
        yield f"product = {scalars[MU_PRODUCT]!r}"
    if options.schedule.name == "plateau":
        lowest = repr(scalars[BEST]) if isfinite(scalars[BEST]) else "math.inf"
        yield f"level, lowest, waited = {scalars[FACTOR]!r}, {lowest}, {int(scalars[BAD_EPOCHS])}  # of the rate"
        yield f"added = {scalars[EPOCH_LOSS]!r}"
    if options.patience is not None:
        yield "best, worse = math.inf, 0  # of the loss over the test rows"


def _learned(project: Project) -> Iterator[str]:
    """Losses and slopes of the rows of an update."""
    rows = "next(order)" if is_shuffled(project) else "rows"
    if drops(project):
        yield f"chosen = {rows}"
        yield "losses, slopes = zip(*[learn(*row, dropped(t, i)) for i, row in enumerate(chosen)])"
    else:
        yield f"losses, slopes = zip(*[learn(*row) for row in {rows}])"
    yield "loss = mean(losses)"
    yield "curve.append(loss)"
    yield "if (t - 1) % max(1, updates // 20) == 0:"
    yield '    print(f"update {t:,}: loss {loss:.6g}")'


def _ends(options: Options) -> Iterator[str]:
    yield "if not math.isfinite(loss):"
    yield '    print("The loss is no longer a finite number: try a smaller rate.")'
    yield "    break"
    if options.goal is not None:
        yield "if loss < goal:"
        yield '    print(f"The loss is below the goal before update {t:,}.")'
        yield "    break"


def _rate(options: Options) -> Iterator[str]:
    """The rate of this update, and what follows from it and from how many there were."""
    schedule, optimizer = options.schedule, options.optimizer
    shares = ["level"] if schedule.name == "plateau" else []
    shares += ["factor(t)"] if factor(schedule) else []
    if shares:
        yield f"rate = {' * '.join([repr(optimizer.rate), *shares])}"
    if optimizer.weight_decay:
        yield "shrink = 1 - rate*weight_decay"
    if optimizer.name in ("adam", "adamw"):
        yield from (FIX1, FIX2)
    if optimizer.name == "nadam":
        yield "product *= look_ahead(t)"
        yield from NADAM[5:]


def _after(options: Options) -> Iterator[str]:
    """The plateau rule, which looks at the mean loss of an epoch."""
    schedule = options.schedule
    if schedule.name != "plateau":
        return
    yield "added += loss"
    yield "if t % per_epoch == 0:"
    yield "    average, added = added / per_epoch, 0.0"
    yield f"    waited = 0 if average < lowest * {1.0 - BETTER!r} else waited + 1"
    yield "    lowest = average if waited == 0 else lowest"
    yield f"    if waited > {schedule.patience}:"
    yield f"        level, waited = max({schedule.floor!r}, level * {schedule.gamma!r}), 0"


def _patience(project: Project) -> list[str]:
    """The end of an epoch, where the test rows may end it all."""
    options = project.options
    if options.patience is None or not project.data.tests:
        return []
    return [
        "test = loss_of(tests)",
        "worse = 0 if test < best else worse + 1",
        "best = min(best, test)",
        f"if worse >= {options.patience}:",
        '    print(f"The test loss has not been better for {worse} epochs, after update {t:,}.")',
        "    break",
    ]
