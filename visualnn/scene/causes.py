"""Why a run is in trouble, in the numbers of this run."""

from __future__ import annotations

from visualnn.nn.diagnosis import Crawling, DeadUnits, GradientTrouble, Overfitting, Plateau, layer_name
from visualnn.nn.divergence import Divergence
from visualnn.project import Project
from visualnn.scene.course import Course, Jump, counted, in_words
from visualnn.scene.curves import TITLES
from visualnn.scene.formula import Part, Sentence, precise, short, telling, words
from visualnn.scene.mends import rate_text

FULL = 3  # names that are written out


def bold(text: str) -> Part:
    """A number that a sentence is about."""
    return Part(text, "text")


def loss_text(loss: float) -> str:
    """A loss with the digits it takes."""
    return telling(loss, 1 if 10 <= abs(loss) < 1e5 else 2) if abs(loss) >= 1 else precise(loss)


def all_neurons(project: Project, layer: int) -> str:
    """All three hidden neurons, all 16 neurons of hidden layer 2."""
    units = project.network.sizes[layer + 1]
    hidden = len(project.network.sizes) - 2
    count = in_words(units)
    if layer == hidden:
        return "the output neuron" if units == 1 else f"all {count} output neurons"
    if units == 1:
        return "the hidden neuron" if hidden == 1 else f"the neuron of hidden layer {layer + 1}"
    return f"all {count} hidden neurons" if hidden == 1 else f"all {count} neurons of hidden layer {layer + 1}"


def diverged(course: Course, found: Divergence | None) -> Sentence:
    """Which update moved which weight by how much."""
    rate = course.rate_at(course.snapshot.update)
    if found is None:
        return words(
            f"After update {{}} the {course.loss_name} is no longer a number. Rate {{}} is too large here.",
            bold(f"{course.snapshot.update:,}"),
            bold(rate_text(rate)),
        )
    single = found.update == found.since + 1
    which = f"{found.update:,}" if single else f"{found.since + 1:,} to {found.update:,}"
    return words(
        f"The loss is no longer a number. Update{'' if single else 's'} {{}} moved {_parameter(course.project, found)} "
        "by {}. Rate {} is too large here.",
        bold(which),
        bold(precise(found.change)),
        bold(rate_text(course.rate_at(found.since))),
    )


def _parameter(project: Project, found: Divergence) -> str:
    name = project.names[found.layer + 1][found.neuron]
    if found.source is None:
        return f"the bias of {name}"
    return f"weight {project.names[found.layer][found.source]}→{name}"


def grows(course: Course) -> Sentence:
    """From where to where, in how many updates."""
    losses = course.losses
    return words(
        f"In {{}} updates at rate {{}} the {course.loss_name} rose from {{}} to {{}}: "
        "each of them shoots past the valley.",
        bold(f"{course.snapshot.update:,}"),
        bold(rate_text(course.rate_at(course.snapshot.update))),
        bold(loss_text(float(losses[0]))),
        bold(loss_text(float(losses[-1]))),
    )


def blocked(course: Course, layer: int, born: bool) -> Sentence:
    """What made all sums of a layer fall below zero."""
    where = layer_name(layer, course.project.names)
    activation = TITLES[course.project.network.activations[layer]][0]
    rest = f"so {activation} passes no slope back to {where}."
    if born:
        return words(
            f"With these first weights all sums of {where} are below zero for every row, "
            f"so {activation} passes no slope back."
        )
    now = f"All sums are now below zero, {rest}"
    jump, update = course.jump, course.snapshot.update
    if jump is None:
        return words(
            f"At rate {{}} the last neuron that was alive fell silent. {now}", bold(rate_text(course.rate_at(update)))
        )
    return words(
        f"{_jumped(course, jump)} The {course.loss_name} jumped from {{}} to {{}}. {now}", *_numbers(course, jump)
    )


def _jumped(course: Course, jump: Jump) -> str:
    """Two steps at rate 0.1 were too large."""
    count = jump.last - jump.first
    steps = counted(count, "step")
    were = "was" if count == 1 else "were"
    return f"{steps[0].upper()}{steps[1:]} at rate {{}} {were} too large."


def _numbers(course: Course, jump: Jump) -> tuple[Part, Part, Part]:
    return (
        bold(rate_text(course.rate_at(jump.first))),
        bold(loss_text(jump.before)),
        bold(loss_text(jump.after)),
    )


def alike(course: Course) -> Sentence:
    """What equal weights lead to."""
    options = course.project.options
    value = "0" if options.initializer == "zeros" else short(options.initializer_scale, 6)
    return words(
        "All weights began at {}. Neurons that begin alike get the same slopes and stay alike: "
        "together they do no more than one.",
        bold(value),
    )


def linear(course: Course, found: Plateau) -> Sentence:
    """What layers without a bend can do."""
    shape = "straight line" if course.project.network.inputs == 1 else "flat plane"
    layers = "Without a hidden layer" if len(course.project.network.layers) == 1 else "Without a bend in any layer"
    return words(
        f"{layers} the network can only lay a {shape} through the rows. {{}} is the loss of the best one, or near it.",
        bold(loss_text(found.loss)),
    )


def vanishing(course: Course, found: Plateau, gradient: GradientTrouble) -> Sentence:
    """How much of a slope is left in the first layer."""
    first = layer_name(0, course.project.names)
    if gradient.ratio == 0.0:
        left = words(f"The slope is 0 when it arrives at {first}.")
    else:
        left = words(f"On its way back to {first} the slope shrinks {{}} times.", bold(_times(1 / gradient.ratio)))
    return (*left, *words(" The loss stays at {}.", bold(loss_text(found.loss))))


def _times(value: float) -> str:
    """A large number with two digits."""
    return f"{float(f'{value:.2g}'):,.0f}" if value < 1e9 else f"{value:.0e}".replace("e+", "e")


def some_dead(course: Course, found: Plateau, dead: DeadUnits) -> Sentence:
    """Which neurons are silent, and where the loss stays."""
    names = [course.project.names[layer + 1][neuron] for layer, neuron in dead.units[:FULL]]
    more = ", …" if len(dead.units) > FULL else ""
    return words(
        "{} of {} ReLU neurons give 0 for every row and cannot learn: " + ", ".join(names) + more + ". "
        "The loss stays at {}.",
        bold(f"{len(dead.units):,}"),
        bold(f"{dead.of:,}"),
        bold(loss_text(found.loss)),
    )


def held(course: Course, found: Plateau) -> Sentence:
    """What a penalty does."""
    options = course.project.options
    name, size = ("L2", options.l2) if options.l2 >= options.l1 else ("L1", options.l1)
    return words(
        f"The slope of the loss and the penalty {name} {{}} pull against each other. The loss stays at {{}}.",
        bold(short(size, 9)),
        bold(loss_text(found.loss)),
    )


def wrong_rate(course: Course, found: Plateau, small: bool) -> Sentence:
    """A slope that is there, and no way made."""
    why = "moves the weights by less than a ten-thousandth" if small else "jumps to the other side of the valley"
    return words(
        f"The slope is not small, but each update at rate {{}} {why}. The loss has stayed at {{}} for {{}} updates.",
        bold(rate_text(course.rate_at(course.snapshot.update))),
        bold(loss_text(found.loss)),
        bold(f"{found.updates:,}"),
    )


def small(course: Course, found: Plateau) -> Sentence:
    """What is left when neither another rate nor other weights help."""
    return words(
        "For {} updates the loss has stayed at {}. {} hidden neurons seem too few: twice as many get lower.",
        bold(f"{found.updates:,}"),
        bold(loss_text(found.loss)),
        bold(f"{sum(course.project.network.sizes[1:-1]):,}"),
    )


def valley(course: Course, found: Plateau) -> Sentence:
    """A place where the slope is 0 and the loss is not."""
    same = " The network gives every row the same answer." if found.answers_constant else ""
    return words(
        f"For {{}} updates the loss has stayed at {{}}, and the slope is almost 0: no way leads down from here.{same}",
        bold(f"{found.updates:,}"),
        bold(loss_text(found.loss)),
    )


def crawls(course: Course, found: Crawling) -> Sentence:
    """At this pace."""
    return words(
        "At rate {} the loss needs {} more updates to halve from {}.",
        bold(rate_text(course.rate_at(course.snapshot.update))),
        bold(_times(found.updates)),
        bold(loss_text(found.loss)),
    )


def by_heart(found: Overfitting) -> Sentence:
    """Two curves that part."""
    return words(
        "Since update {} the test loss rose from {} to {}. The train loss fell from {} to {}.",
        bold(f"{found.best_update:,}"),
        bold(loss_text(found.best_test)),
        bold(loss_text(found.test)),
        bold(loss_text(found.best_train)),
        bold(loss_text(found.train)),
    )
