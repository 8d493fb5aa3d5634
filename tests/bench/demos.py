"""Prints a table of all demonstrations of the lessons: what our engine makes of them, and where it differs.

    PYTHONPATH=. python tests/bench/demos.py [shares]

`shares` adds, for hundreds of seeds, how many get there: half a minute. Not a test; `tests/test_demos.py` is.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace

import numpy as np

from tests.demos import rows
from tests.demos.facts import facts
from tests.demos.results import DIFFERS, Result, State, result
from tests.demos.runs import cases, options_of
from visualnn.nn.kernels import choose
from visualnn.nn.network import Network
from visualnn.nn.training import Training

SEEDS = 400
LINE = "{:26} {:>4} {:>5} {:>8} {:>8} {:40} {:6} {}"


def main(words: list[str]) -> None:
    """All of it."""
    choose.load()
    np.seterr(all="ignore")
    print(
        "Early losses (updates 0 to 100): 'printed' is the worst relative difference from the six digits of the file,"
    )
    print("5.0e-06 at most by rounding; 'exact' the worst from a second trainer with all digits (wanted: 1.0e-06).\n")
    print(
        LINE.format("demonstration", "runs", "facts", "printed", "exact", "ends, ours (the demonstration's)", "", "why")
    )
    verdicts = Counter(row(demo) for demo in rows.demos())
    print(f"\n{verdicts['pass']} pass, {verdicts['differ']} differ in some run")
    if "shares" in words:
        print()
        shares()


def row(demo: str) -> str:
    """One line, and its verdict."""
    found = [result(case) for case in cases(demo)]
    told = facts(demo, [(each.case, each.played) for each in found])
    why = [reason(demo, each) for each in found if each.differences] + [str(each) for each in told if not each.holds]
    verdict = "differ" if why else "pass"
    worst = [f"{max(values):.1e}" if found else "" for values in ([r.printed for r in found], [r.exact for r in found])]
    ways = sorted({each.played.by for each in found} - {"engine"})
    print(LINE.format(demo, len(found) or "", len(told) or "", *worst, ends(found), verdict, "; ".join([*why, *ways])))
    return verdict


def reason(demo: str, found: Result) -> str:
    """What differs, and the cause where it is known."""
    number = found.case.number
    return f"run {number}: {', '.join(found.differences)}: {DIFFERS.get((demo, number), 'unknown')}"


def ends(found: list[Result]) -> str:
    """How many runs end in which way."""
    ours, theirs = (counted(states) for states in ([r.ours for r in found], [r.theirs for r in found]))
    return ours if ours == theirs else f"{ours} ({theirs})"


def counted(states: list[State]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(Counter(state.kind for state in states).items()))


def shares() -> None:
    """The share of seeds that learn, beside what the demonstrations say."""
    pairs, positive = rows.grid(range(-4, 5)), rows.grid(range(1, 6))
    for told, optimizer, rate, updates in (
        (0.995, "adam", 0.1, 2000),
        (0.998, "adam", 0.3, 2000),
        (0.73, "sgd", 0.05, 2000),
        (0.89, "momentum", 0.02, 2000),
    ):
        tell(f"-4…4, {optimizer} {rate}", learned(pairs, optimizer, rate, updates), told)
    demo = rows.demos()["adder-lr-sweep"]["phase"]
    [phase] = demo.values()
    for rate, (told, _dead) in phase.items():
        tell(f"1…5, SGD {rate}", learned(positive, "sgd", float(rate), 3000), told)
    told = rows.demos()["dead-relu-trap"]["stats"]["adam_0_1_400_seeds"]["ok"]
    tell("1…5, Adam 0.1", learned(positive, "adam", 0.1, 3000), told)


def tell(what: str, ours: float, theirs: float) -> None:
    print(f"{what:22} {ours:7.2%} of {SEEDS} seeds get below 1e-6; the demonstration says {theirs:.1%}")


def learned(data, optimizer: str, rate: float, updates: int) -> float:
    """The share of seeds that get below 1e-6."""
    done = 0
    for seed in range(SEEDS):
        options = options_of({"optimizer": optimizer, "lr": rate, "seed": seed})
        training = Training(Network.of(2, 3, 1), data, replace(options, goal=1e-6))
        training.run(updates)
        done += training.loss < 1e-6
    return done / SEEDS


if __name__ == "__main__":
    main(sys.argv[1:])
