"""Rounds of one case: everybody who can takes a turn in each, in reverse order every other round."""

from __future__ import annotations

from visualnn.bench import figures
from visualnn.bench.gpu.crew import CPU, GPU, TORCH
from visualnn.bench.gpu.outcome import EAGER, OURS, Outcome
from visualnn.bench.gpu.session import Session
from visualnn.bench.process import WorkerError

VARIANTS = (EAGER, "graph", "graph of 16")  # of PyTorch, as its module names them


def play(session: Session, outcome: Outcome) -> None:
    """Fills in the turns and what went wrong."""
    ready = _ready(session, outcome)
    for number in range(session.rules.rounds):
        session.show(f"{outcome.case.name}: round {number + 1} of {session.rules.rounds}")
        for i in figures.turn_order(len(ready), number):
            who, variant = ready[i]
            if variant in outcome.errors:
                continue
            try:
                sample = session.ask(who, "turn", variant=variant, seconds=session.rules.seconds)
                outcome.samples.setdefault(variant, []).append(sample)
            except WorkerError as error:
                outcome.errors[variant] = str(error)
                outcome.samples.pop(variant, None)


def _ready(session: Session, outcome: Outcome) -> list[tuple[str, str]]:
    """Who is warmed up, and for which variants of turns."""
    ready: list[tuple[str, str]] = []
    everybody = {GPU: (OURS,), TORCH: VARIANTS if session.rules.rivals else (), CPU: (CPU,)}
    for who, variants in everybody.items():
        if not variants or (outcome.case.networks > 1 and who == TORCH) or not session.crew.is_there(who):
            continue
        session.show(f"{outcome.case.name}: {who} warms up")
        try:
            prepared = session.ask(who, "prepare", case=outcome.case.values(), device=session.crew.device)
        except WorkerError as error:
            outcome.errors[who] = str(error)
            continue
        outcome.prepared[who] = prepared
        ready += [(who, variant) for variant in variants]
    return ready
