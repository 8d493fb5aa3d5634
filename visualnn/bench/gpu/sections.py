"""What is measured, section by section: each puts into the report what it found, and says it in some lines."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from functools import partial
from statistics import median
from typing import Any

from visualnn.bench.competitor import script_command
from visualnn.bench.gpu import background, checks, lines, rounds, surroundings
from visualnn.bench.gpu.cases import CASES, Case
from visualnn.bench.gpu.crew import GPU, TORCH
from visualnn.bench.gpu.goals import Goal, verdicts
from visualnn.bench.gpu.outcome import OURS, Outcome
from visualnn.bench.gpu.session import Section, Session
from visualnn.bench.process import WorkerError

PRODUCT_GOALS = (Goal("cublas", 0.65, 0.85),)
LAUNCH_GOALS = (Goal("launch_us", 5.0, at_most=True),)
LOOKED_AT = ("tiny", "mnist", "wide")  # cases whose launches and snapshots are looked at
SIZE, REPEATS = 4096, 5  # of a product
NO_TF32 = "not measured: this GPU has no tensor cores for TF32"
FAILURES = 3  # of the checks of a family, after which no more are tried: each costs a new process
LOAD = """\
import json, sys, time
begun = time.perf_counter()
from visualnn.bench.gpu import simulation
simulated = simulation.is_wanted()
if simulated: simulation.pretend()
from visualnn.nn.kernels.gpu import loops
imported = time.perf_counter()
found, errors = {"import_s": imported - begun}, {}
for family in loops.FAMILIES[: 1 if simulated else None]:
    before = time.perf_counter()
    try:
        loops.warm(family)
    except Exception as error:
        errors[family] = f"{type(error).__name__}: {error}"
    found[family + "_s"] = time.perf_counter() - before
found["all_s"] = time.perf_counter() - imported
print(json.dumps({**found, "errors": errors}))
"""


def environment(session: Session) -> list[str]:
    """Versions, libraries, clocks. What compiles must be NVIDIA's."""
    session.report["environment"] = found = session.ask(GPU, "surroundings")
    if found["implementation"] != ("simulator" if session.simulated else "NVIDIA"):
        session.note(f"environment: numba.cuda is not NVIDIA's but “{found['implementation']}”.")
    if "error" in found["device"]:
        session.note(f"environment: {found['device']['error']}")
    return lines.environment(found)


def compiling(session: Session) -> list[str]:
    """Seconds in children: with an empty cache, and with what the first one left there."""
    session.report["compile"] = found = {"cold": _loaded(session), "cached": _loaded(session)}
    for family, error in found["cold"]["errors"].items():
        session.note(f"compile, {family}: {error}")
    return lines.compiling(found["cold"], found["cached"])


def _loaded(session: Session) -> dict[str, Any]:
    command = script_command(session.crew.command(GPU)[0], LOAD)
    environment, patience = session.crew.environment_of(GPU), session.left_s()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=patience, check=False)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or [f"code {done.returncode}"])[-1])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def correctness(session: Session) -> list[str]:
    """The error of every check, unless a family has failed too often."""
    session.report["correctness"] = found = []
    failures: Counter[str] = Counter()
    for index, check in enumerate(checks.of(session.crew.device)):
        if check.tf32 and not session.rules.tf32:
            continue
        if failures[check.family] >= FAILURES:
            session.note(f"correctness: {check.family} was given up after {FAILURES} checks that failed.")
            continue
        session.show(f"correctness: {check.name}")
        answer: dict[str, Any] = {"name": check.name, "limit": check.limit}
        try:
            answer |= session.ask(GPU, "check", index=index, device=session.crew.device)
        except WorkerError as error:
            answer |= {"deviation": None, "met": False, "same_bits": None, "problem": str(error)}
            failures[check.family] += 1
        found.append(answer)
    return lines.correctness(found)


def trained(session: Session, *, case: Case) -> list[str]:
    """Everybody's time for an update."""
    if case.tf32 and not session.rules.tf32:
        return [f"{case.name}: {NO_TF32}"]
    background.wait(session.left_s() / 2)
    outcome = Outcome(case.tiny() if session.simulated else case)
    try:
        rounds.play(session, outcome)
        if case.large:  # now the clocks are those of work
            outcome.prepared["driver"] = surroundings.driver_says()
    finally:
        values = outcome.values(session.report["cases"])
        session.report["cases"].append(values)
        for name in (GPU, TORCH):  # what they hold on the GPU is of no use to the next case
            if case.large:
                session.crew.end(name)
    for name, error in outcome.errors.items():
        session.note(f"{case.name}, {name}: {error}")
    return lines.case(outcome, values)


def product(session: Session) -> list[str]:
    """A product of large matrices: ours and cuBLAS's."""
    found: list[dict[str, Any]] = []
    session.report["product"] = found
    found.append(_product(session, tf32=False))
    if session.rules.tf32:
        found.append(_product(session, tf32=True))
    return lines.product(found)


def _product(session: Session, *, tf32: bool) -> dict[str, Any]:
    size, repeats, count = (16, 1, 1) if session.simulated else (SIZE, REPEATS, session.rules.rounds)
    given = {"size": size, "tf32": tf32, "device": session.crew.device, "repeats": repeats}
    with_rival = session.rules.rivals and session.crew.is_there(TORCH)
    answers: dict[str, list[dict[str, Any]]] = {OURS: [], TORCH: []}
    for _ in range(count):
        answers[OURS].append(session.ask(GPU, "product", **given))
        if with_rival:
            answers[TORCH].append(session.ask(TORCH, "product", **given))
    us = {name: median(answer["us"] for answer in each) for name, each in answers.items() if each}
    measured = {"us": us[OURS], "tflops": 2 * size**3 / us[OURS] * 1e-6}
    if with_rival:
        measured["cublas"] = us[TORCH] / us[OURS]
    goals = () if tf32 or session.simulated else PRODUCT_GOALS
    found = {"size": size, "tf32": tf32, "us": us, "measured": measured, "goals": verdicts(goals, measured)}
    return {**found, "deviation": answers[OURS][-1]["deviation"]}


def launches(session: Session) -> list[str]:
    """What a launch costs."""
    found = session.ask(GPU, "launches", device=session.crew.device, count=20 if session.simulated else 1000)
    us = found.get("launch_us")
    found["goals"] = verdicts(LAUNCH_GOALS, {} if us is None else {"launch_us": us})
    session.report["launches"] = found
    return lines.launches(found)


def transfers(session: Session) -> list[str]:
    """How fast numbers come and go."""
    megabytes = 0.01 if session.simulated else 64.0
    found = session.ask(GPU, "transfers", device=session.crew.device, megabytes=megabytes)
    session.report["transfers"] = found
    return lines.transfers(found)


def looked_at(session: Session, *, call: str) -> list[str]:
    """Launches or snapshots of some cases."""
    session.report[call] = found = {}
    for case in [case for case in CASES if case.name in LOOKED_AT][: 1 if session.simulated else None]:
        shown, seconds = (case.tiny(), 0.05) if session.simulated else (case, 1.0)
        try:
            found[case.name] = session.ask(GPU, call, case=shown.values(), seconds=seconds)
        except WorkerError as error:
            session.note(f"{call}, {case.name}: {error}")
    return lines.frames(found) if call == "frames" else lines.snapshots(found)


def tuning(session: Session) -> list[str]:
    """What other choices than ours are worth, for cases of one network."""
    session.report["tuning"] = found = {}
    cases = [case for case in CASES if case.networks == 1 and case.tf32 <= session.rules.tf32]
    for case in cases[: 1 if session.simulated else None]:
        session.show(f"tuning: {case.name}")
        shown, seconds = (case.tiny(), 0.0) if session.simulated else (case, session.rules.seconds)
        try:
            found[case.name] = session.ask(GPU, "tuning", case=shown.values(), seconds=seconds)["us"]
        except WorkerError as error:
            session.note(f"tuning, {case.name}: {error}")
    return lines.tuning(found)


SECTIONS: dict[str, Section] = {
    "environment": environment,
    "compile": compiling,
    "correctness": correctness,
    "launches": launches,
    **{case.name: partial(trained, case=case) for case in CASES},
    "product": product,
    "frames": partial(looked_at, call="frames"),
    "snapshots": partial(looked_at, call="snapshots"),
    "transfers": transfers,
    "tuning": tuning,
}
USUAL = [name for name in SECTIONS if name != "tuning"]
