"""What came out, for a terminal of 100 columns."""

from __future__ import annotations

from collections.abc import Sequence

from visualnn.bench.competitor import FAMILIES, OURS
from visualnn.bench.figures import Result, Standing, flops
from visualnn.bench.machine import QUIET

UNKNOWN = "–"
NOISY = "†"
NOISY_MEANS = f"{NOISY} others used more than {QUIET} CPUs meanwhile"
SUMMARY_MEANS = "× how many times longer a rival's best configuration takes; peak: share of what the cores can do"


def block(result: Result) -> list[str]:
    """One workload: everybody's time for an update, the fastest first."""
    timed = sorted((s for s in result.standings if s.samples), key=lambda s: s.us)
    lines = [f"{result.workload.name}: {result.workload.describe()}"]
    if not timed:
        return [*lines, "  nobody could do this"]
    ours = result.best(OURS)
    return [*lines, *(_line(result, standing, ours) for standing in timed)]


def summary(results: Sequence[Result]) -> list[str]:
    """All workloads: our time for an update, and how many times longer the others take."""
    head = ("workload", "VisualNN µs", "GF/s", "peak", *FAMILIES[1:])
    rows = [head, *map(_row, results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(_cells(row, widths)).rstrip() for row in rows]
    noisy = [NOISY_MEANS] if any(NOISY in row[1] for row in rows) else []
    return [lines[0], "─" * max(map(len, lines)), *lines[1:], "", SUMMARY_MEANS, *noisy]


def version_lines(versions: dict[str, str]) -> list[str]:
    """Who took part."""
    return [f"{family:<14}{version}" for family, version in versions.items()]


def engine_lines(times: dict[str, float | None]) -> list[str]:
    """The engine's own times."""
    rows = (
        ("import of NumPy", times["import_numpy_s"]),
        ("import of the engine, without Numba", times["import_engine_s"]),
        ("kernels compiled, empty cache", times["compile_cold_s"]),
        ("kernels loaded", times["load_warm_s"]),
    )
    told = [(label, UNKNOWN if s is None else f"{s * 1e3:,.0f} ms") for label, s in rows]
    return ["engine", *(f"  {label:<38}{value:>12}" for label, value in told)]


def significant(value: float) -> str:
    """Three digits that matter, and no fewer than those before the point: 0.0441, 1.76, 95.0, 3,446."""
    for limit, digits in ((0.1, 4), (1.0, 3), (10.0, 2), (100.0, 1)):
        if value < limit:
            return f"{value:.{digits}f}"
    return f"{value:,.0f}"


def times(ratio: float) -> str:
    """A ratio: 0.0012×, 0.83×, 4.2×, 53×, 2,270×."""
    limits = ((0.01, 4), (0.1, 3), (2.0, 2), (10.0, 1))
    digits = next((digits for limit, digits in limits if ratio < limit), 0)
    return f"{ratio:,.{digits}f}×"


def _line(result: Result, standing: Standing, ours: Standing | None) -> str:
    ratio = times(standing.us / ours.us) if ours else ""
    share = result.share(standing) if standing.competitor.family == OURS else None
    speed = f"{flops(result.workload, standing.us) / 1e9:,.0f} GF/s" if result.workload.large else ""
    peak = f"{share:.0%} of peak" if share is not None else ""
    cpus = f"{sum(sample.cpu for sample in standing.samples) / len(standing.samples):.1f} CPU"
    name = standing.competitor.name + _mark(standing)
    return f"  {name:<34}{significant(standing.us):>12} µs{ratio:>9}{cpus:>9}{speed:>12}{peak:>14}".rstrip()


def _row(result: Result) -> tuple[str, ...]:
    ours, ratios = result.best(OURS), result.ratios
    rivals = [times(ratios[family]) if family in ratios else UNKNOWN for family in FAMILIES[1:]]
    if ours is None:
        return (result.workload.name, UNKNOWN, "", "", *rivals)
    speed = f"{flops(result.workload, ours.us) / 1e9:,.0f}" if result.workload.large else ""
    share = result.share(ours)
    return (
        result.workload.name,
        significant(ours.us) + _mark(ours),
        speed,
        "" if share is None else f"{share:.0%}",
        *rivals,
    )


def _mark(standing: Standing) -> str:
    return NOISY if (standing.others or 0.0) > QUIET else ""


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
