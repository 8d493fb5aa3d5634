"""The optimizers' arithmetic as lines of code, in the order of `nn.optimizers`."""

from __future__ import annotations

from visualnn.nn.optimizers import MOMENTUM_DECAY, Optimizer
from visualnn.nn.penalties import NORM_EPS
from visualnn.nn.trace import Trace
from visualnn.scene.code.plan import Plan

SLOTS = {
    "momentum": "v", "nesterov": "v", "adagrad": "s", "rmsprop": "s",
    "adam": "mv", "adamw": "mv", "nadam": "mv", "lion": "m",
}  # fmt: skip
MOMENT = "{m} = beta1*{m} + (1 - beta1)*{g}"
SQUARES = "{v} = beta2*{v} + (1 - beta2)*{g}*{g}"
BEFORE = {  # what an optimizer remembers, before it moves the weight
    "momentum": ("{v} = momentum*{v} + {g}",),
    "nesterov": ("{v} = momentum*{v} + {g}",),
    "adagrad": ("{s} = {s} + {g}*{g}",),
    "rmsprop": ("{s} = rho*{s} + (1 - rho)*{g}*{g}",),
    "adam": (MOMENT, SQUARES),
    "adamw": (MOMENT, SQUARES),
    "nadam": (MOMENT, SQUARES),
}
CHANGE = {
    "sgd": "rate * {g}",
    "momentum": "rate * {v}",
    "nesterov": "rate * ({g} + momentum*{v})",
    "adagrad": "rate * {g} / (sqrt({s}) + eps)",
    "rmsprop": "rate * {g} / (sqrt({s}) + eps)",
    "adam": "rate * ({m}/fix1) / (sqrt({v}/fix2) + eps)",
    "adamw": "rate * ({m}/fix1) / (sqrt({v}/fix2) + eps)",
    "nadam": "rate * (ahead_g*{g} + ahead_m*{m}) / (sqrt({v}/fix2) + eps)",
    "lion": "rate * sign(beta1*{m} + (1 - beta1)*{g})",
}
AFTER = {"lion": ("{m} = beta2*{m} + (1 - beta2)*{g}",)}
CONSTANTS = {
    "momentum": ("momentum",), "nesterov": ("momentum",), "adagrad": ("eps",), "rmsprop": ("rho", "eps"),
    "adam": ("beta1", "beta2", "eps"), "adamw": ("beta1", "beta2", "eps"), "nadam": ("beta1", "beta2", "eps"),
    "lion": ("beta1", "beta2"),
}  # fmt: skip
FIX1, FIX2 = "fix1 = 1 - beta1**t", "fix2 = 1 - beta2**t"
NADAM = (
    "def look_ahead(t):",
    f"    return beta1 * (1.0 - 0.5 * 0.96**(t * {MOMENTUM_DECAY}))",
    "product = 1.0",
    "for k in range(1, t + 1):",
    "    product *= look_ahead(k)",
    "ahead_g = (1 - look_ahead(t)) / (1 - product)",
    "ahead_m = look_ahead(t + 1) / (1 - product*look_ahead(t + 1))",
    FIX2,
)
DERIVED = {"adam": (FIX1, FIX2), "adamw": (FIX1, FIX2), "nadam": NADAM}


def rule_lines(plan: Plan, w: str, g: str, slots: dict[str, str]) -> list[tuple[str, str]]:
    """The update of one number or array: what each line makes, a slot's letter or "w", and the line."""
    assert plan.rule is not None
    names = {"g": g, **slots}
    made = [(_slot(text), text.format(**names)) for text in BEFORE.get(plan.rule, ())]
    change = CHANGE[plan.rule].format(**names)
    made.append(("w", f"{w} = {w}*shrink - {change}" if plan.decays else f"{w} -= {change}"))
    return made + [(_slot(text), text.format(**names)) for text in AFTER.get(plan.rule, ())]


def _slot(text: str) -> str:
    return text[1]


def adjusted(plan: Plan, slope: str, weight: str | None) -> str:
    """A slope with the penalties on its weight, clipped; a bias (None) has no penalties."""
    l1 = f" + l1*sign({weight})" if plan.l1 and weight else ""
    l2 = f" + 2*l2*{weight}" if plan.l2 and weight else ""
    return f"clip({slope}{l1}{l2})" if plan.clips else f"{slope}{l1}{l2}"


SHARE = f"share = min(1.0, clip_norm / (norm + {NORM_EPS}))"


def constants(plan: Plan, trace: Trace) -> list[str]:
    """The numbers of the update, each on its line."""
    optimizer, options = trace.optimizer, trace.options
    assert optimizer is not None
    lines = [f"rate = {float(trace.rate)!r}", *_own_constants(optimizer)]
    if optimizer.name in DERIVED:
        lines += [f"t = {trace.update}  # which update this is", *DERIVED[optimizer.name]]
    if plan.decays:
        lines += [f"weight_decay = {optimizer.weight_decay!r}", "shrink = 1 - rate*weight_decay"]
    chosen = {"l1": plan.l1, "l2": plan.l2, "clip_value": plan.clips, "clip_norm": plan.clips_norm}
    return lines + [f"{name} = {float(getattr(options, name))!r}" for name, used in chosen.items() if used]


def _own_constants(optimizer: Optimizer) -> list[str]:
    return [f"{name} = {getattr(optimizer, name)!r}" for name in CONSTANTS.get(optimizer.name, ())]
