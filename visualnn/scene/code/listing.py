"""The lines of a pass by phase, and where each stands on the timeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Literal

from visualnn.nn.network import Network
from visualnn.nn.trace import Trace
from visualnn.scene.code import layered, named, slopes
from visualnn.scene.code.dialect import ARRAYS, LISTS, Dialect
from visualnn.scene.code.line import CodeLine, Names, Spot, Token, spell
from visualnn.scene.code.plan import Plan, plan_of
from visualnn.scene.timeline import Phase, Step, Timeline

Form = Literal["python", "numpy"]
FORMS: tuple[Form, ...] = ("python", "numpy")
Lines = tuple[CodeLine, ...]

INDENT = "    "
FORWARD_KINDS = ("multiply", "sum", "bias", "activate", "shortcut")


@dataclass(frozen=True, eq=False)
class Listing:
    """The program of a plan in one form."""

    plan: Plan
    form: Form
    _placed: dict[Phase, Placed] = field(default_factory=dict, init=False, repr=False)

    @property
    def by_name(self) -> bool:
        """Whether every number has a name of its own."""
        return self.form == "python" and self.plan.named

    @cached_property
    def forward(self) -> Lines:
        """What `run` does before it returns."""
        return tuple(named.forward(self.plan) if self.by_name else layered.forward(self.plan, self._dialect))

    @cached_property
    def loss(self) -> Lines:
        """How far off the answer is."""
        if self.plan.loss is None:
            return ()
        return tuple(named.loss(self.plan) if self.by_name else layered.loss(self.plan, self._dialect))

    @cached_property
    def backward(self) -> Lines:
        """The slopes."""
        if self.plan.loss is None:
            return ()
        return tuple(slopes.backward(self.plan) if self.by_name else layered.backward(self.plan, self._dialect))

    @cached_property
    def update(self) -> Lines:
        """The optimizer's work."""
        if self.plan.rule is None:
            return ()
        return tuple(named.update(self.plan) if self.by_name else layered.update(self.plan, self._dialect))

    @property
    def _dialect(self) -> Dialect:
        return LISTS if self.form == "python" else ARRAYS

    # -- what is shown -------------------------------------------------------------------------------------------

    @cached_property
    def run(self) -> Lines:
        """The function that gives the network's answer."""
        last = f"x{self.plan.last + 1}"
        if self.by_name:
            arguments, result = named.inputs(self.plan), ", ".join(self.plan.names[-1])
        else:
            arguments, result = "*x0", f"{last}[0]" if self.plan.network.outputs == 1 else last
        head = [CodeLine((Token("def ", "keyword"), Token("run", "function"), Token(f"({arguments}):")))]
        if self.form == "numpy":
            head.append(CodeLine(spell(INDENT, "x0 = np.array(x0)")))
        end = CodeLine((Token(f"{INDENT}return ", "keyword"), Token(result)))
        return (*head, *(indented(line) for line in self.forward), end)

    def lines(self, phase: Phase) -> Lines:
        """What runs in a phase."""
        match phase:
            case "Forward":
                return self.run
            case "Loss":
                return (*self.loss, *((self.mean,) if self.plan.batched else ()))
            case "Backward":
                return self.backward
        last = self.plan.last
        after = CodeLine(spell(self.again), result=Spot("after", last), after=Spot("update_bias", last))
        return (*((self.means,) if self.plan.batched else ()), *self.update, after)

    @property
    def mean(self) -> CodeLine:
        """The line that gives the mean loss of a batch."""
        last = self.plan.last
        return CodeLine(spell("mean_loss = mean(losses)"), steps=(Spot("mean", last, 0),), result=Spot("mean", last))

    @property
    def again(self) -> str:
        """The line that gives the loss after the update."""
        if self.plan.batched:
            return "loss_after = mean([learn(*row)[0] for row in rows])"
        return "loss_after = learn(*row)[0]"

    @cached_property
    def means(self) -> CodeLine:
        """The line that gives the mean slopes of a batch."""
        one_by_one = self.by_name or self.form == "numpy"
        made = f" = [{'mean(each)' if one_by_one else 'averaged(*each)'} for each in zip(*slopes)]"
        parameters = named.parameters(self.plan) if self.by_name else layered.parameters(self.plan)
        names = [f"d{name}" for name, _spot in parameters]
        return CodeLine(spell(named.listed(names, named.LISTED) + made), typed=named.listed(names) + made)

    def at(self, phase: Phase, timeline: Timeline) -> Placed:
        """The lines of a phase with their places on the timeline of this network and loss."""
        if phase not in self._placed:
            self._placed[phase] = Placed(self.lines(phase), Places(timeline))
        return self._placed[phase]


def indented(line: CodeLine) -> CodeLine:
    """The line inside a function."""
    first, *others = line.tokens
    return replace(line, tokens=(replace(first, text=INDENT + first.text), *others))


class Places:
    """Where the steps of lines stand on a timeline."""

    def __init__(self, timeline: Timeline):
        self._sizes = timeline.network.sizes
        self._starts = {
            (stretch.kind, stretch.layer): (stretch, start)
            for stretch, start in zip(timeline.stretches, timeline.starts, strict=False)
        }

    def number(self, spot: Spot) -> int:
        """The number of a step; of those of a whole layer the last."""
        forward = spot.what in FORWARD_KINDS
        found = self._starts.get(("forward" if forward else spot.what, spot.layer))
        if found is None:
            return 0
        stretch, start = found
        neuron = stretch.neurons - 1 if spot.neuron is None else spot.neuron
        return start + neuron * stretch.group + self._part(spot, stretch.group) + 1

    def _part(self, spot: Spot, group: int) -> int:
        inputs = self._sizes[spot.layer]
        match spot.what:
            case "sum" | "bias" | "activate":
                return inputs + FORWARD_KINDS.index(spot.what) - 1
            case "shortcut":
                return group - 1
            case "multiply" if spot.neuron is None:
                return inputs - 1
        return group - 1 if spot.neuron is None else spot.source or 0


class Placed:
    """The lines of a phase, from which step on the number of each is there, and which is lit in a step."""

    def __init__(self, lines: Lines, places: Places):
        self.lines = lines
        self.due = [places.number(spot) if spot else 0 for spot in map(_last, lines)]
        self._lit = {spot: index for index, line in enumerate(lines) for spot in line.steps}

    def lit(self, step: Step) -> int | None:
        """The line that a step is in."""
        found = self._lit.get(Spot(step.kind, step.layer, step.neuron, step.source))
        return self._lit.get(Spot(step.kind, step.layer)) if found is None else found


def _last(line: CodeLine) -> Spot | None:
    return line.steps[-1] if line.steps else line.after


def listing(trace: Trace, names: Names, form: Form = "python") -> Listing:
    """The program that does what a trace has followed."""
    return _listing(plan_of(trace, names), form)


@lru_cache(maxsize=4)
def _listing(plan: Plan, form: Form) -> Listing:
    return Listing(plan, form)


def run_lines(network: Network, names: Names) -> Lines:
    """The function `run` of a network that is not taught, line by line."""
    plan = Plan(network, names)
    return Listing(plan, "python").run


def texts(lines: Lines) -> Iterator[str]:
    """The lines as they are typed."""
    return (line.text if line.typed is None else line.typed for line in lines)
