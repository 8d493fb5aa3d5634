"""What came out, for a terminal of 100 columns: some lines for each section, and a verdict for each goal at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from visualnn.bench.gpu.outcome import CPU, OURS, Outcome, advice
from visualnn.bench.table import UNKNOWN, significant, times

WIDTH = 100
LABELS = {
    OURS: "VisualNN on the GPU",
    CPU: "VisualNN on the processor",
    "eager": "PyTorch",
    "graph": "PyTorch, CUDA graph",
    "graph of 16": "PyTorch, CUDA graph of 16 updates",
}
MARKS = {True: "met", False: "NOT MET", None: "not known"}
KEPT_S = {"import_s": "import", "block_s": "block", "grid_s": "grid", "all_s": "all kernels"}

Values = Mapping[str, Any]


def environment(found: Values) -> list[str]:
    """Versions, libraries, clocks."""
    device, driver = found["device"], found["driver_says"]
    told = [
        ("numba.cuda", found["implementation"]),
        ("Python", f"{found['python']}, NumPy {found['numpy']}"),
        *found["packages"].items(),
        *found["libraries"].items(),
        *device.items(),
        *(("driver", f"{key} {value}") for key, value in driver.items()),
    ]
    return ["environment", *(_pair(label, UNKNOWN if value is None else str(value)) for label, value in told)]


def compiling(cold: Values, cached: Values) -> list[str]:
    """Seconds until the kernels can be used."""
    rows = [("with an empty cache", cold), ("from the cache", cached)]
    return ["compile", *(_pair(label, _seconds(found)) for label, found in rows)]


def correctness(found: Sequence[Values]) -> list[str]:
    """The error of each check."""
    met = sum(bool(each["met"]) for each in found)
    head = f"correctness: {met} of {len(found)} near enough to the float64 reference"
    return [head, *(_check(each) for each in found)]


def case(outcome: Outcome, values: Values) -> list[str]:
    """Everybody's time for an update, the fastest first, and the goals, which `values` judges."""
    known = [(us, name) for name in outcome.samples if (us := outcome.us(name)) is not None]
    ours = outcome.us(OURS)
    return [
        f"{outcome.case.name}: {outcome.case.describe()}",
        *(_rival(us, name, ours, outcome) for us, name in sorted(known)),
        *(["  nobody could do this"] if not known else []),
        *_extras(values),
        *goals(values["goals"]),
        *(f"  {sentence}" for sentence in [advice(outcome)] if sentence),
    ]


def product(found: Sequence[Values]) -> list[str]:
    """Ours next to cuBLAS."""
    shown = []
    for each in found:
        kind = "TF32" if each["tf32"] else "float32"
        speed = f"{each['measured']['tflops']:.3g} TFLOP/s"
        ratio = each["measured"].get("cublas")
        beside = f", {ratio:.2f} of cuBLAS" if ratio is not None else ""
        off = f", off by {each['deviation']:.1e}" if each["deviation"] is not None else ""
        shown += [_pair(kind, f"{significant(each['us'][OURS])} µs, {speed}{beside}{off}"), *goals(each["goals"])]
    return [f"product of matrices of {found[0]['size']}² numbers", *shown]


def launches(found: Values) -> list[str]:
    """What a launch costs."""
    graph = found.get("graph_us")
    said = found.get("graph_error", UNKNOWN) if graph is None else f"{graph:.2f} µs for each of {found['in_graph']}"
    return [
        "launches",
        _pair("without arguments", f"{found['no_arguments_us']:.2f} µs"),
        _pair(f"with {found['arrays']} arrays", f"{found['arrays_us']:.2f} µs"),
        _pair("in a CUDA graph", said),
        *goals(found["goals"]),
    ]


def transfers(found: Values) -> list[str]:
    """Gigabytes per second."""
    rates = [(key.removesuffix("_gb_per_s"), f"{value:.2f} GB/s") for key, value in found.items() if "gb_per" in key]
    waits = [(key.removesuffix("_us"), f"{value:.1f} µs") for key, value in found.items() if key.endswith("_us")]
    return ["transfers", *(_pair(label.replace("_", " "), value) for label, value in [*rates, *waits])]


def frames(found: Mapping[str, Values]) -> list[str]:
    """How long launches are."""
    return ["launches in a run", *(_frame(name, each) for name, each in found.items())]


def snapshots(found: Mapping[str, Values]) -> list[str]:
    """What a look costs."""
    return ["snapshots, one a frame", *(_snapshot(name, each) for name, each in found.items())]


def tuning(found: Mapping[str, Mapping[str, float | str]]) -> list[str]:
    """What other choices than ours are worth."""
    shown = []
    for name, choices in found.items():
        shown.append(f"  {name}")
        for label, us in choices.items():
            shown.append(_pair(f"  {label}", us if isinstance(us, str) else f"{significant(us)} µs"))
    return ["tuning", *shown]


def goals(found: Sequence[Values]) -> list[str]:
    """What was wanted, and whether it was reached."""
    return [f"  {MARKS[each['met']]:<10}{each['goal']}{_value(each)}" for each in found]


def summary(report: Values) -> list[str]:
    """Every goal of every section in a line of its own, and what went wrong."""
    sections = [(case["name"], case["goals"]) for case in report["cases"]]
    sections += [("product", each["goals"]) for each in report.get("product", ())]
    sections += [("launches", report.get("launches", {}).get("goals", ()))]
    told = [f"  {name:<12}{line.strip()}" for name, wanted in sections for line in goals(wanted)]
    notes = [f"  {note}" for note in report["notes"]]
    return [*(["goals", *told] if told else []), *(["", "what went wrong", *notes] if notes else [])]


def _check(each: Values) -> str:
    error = UNKNOWN if each["deviation"] is None else f"{each['deviation']:.1e}"
    bits = "" if each["same_bits"] is not False else ", NOT THE SAME BITS TWICE"
    problem = f": {each['problem']}" if each.get("problem") else ""
    mark = "ok" if each["met"] else "WRONG"
    return f"  {mark:<7}{error:>9}  {each['name']}{bits}{problem}"


def _rival(us: float, name: str, ours: float | None, outcome: Outcome) -> str:
    ratio = times(us / ours) if ours else ""
    speed = f"{outcome.case.workload.flops / us * 1e-6:.3g} TFLOP/s" if outcome.case.large else ""
    return f"  {LABELS[name]:<36}{significant(us):>12} µs{ratio:>10}{1e6 / us:>18,.0f} /s{speed:>16}".rstrip()


def _extras(values: Values) -> Iterator[str]:
    measured, call_ms = values["measured"], values["call_ms"]
    if measured:
        yield _pair("in a frame of 16 ms", f"{measured['updates_per_frame']:,.0f} updates of all networks")
    if call_ms is not None:
        yield _pair("a call of the loop", f"{call_ms:.2f} ms beside its updates")
    for who, prepared in values["prepared"].items():
        if "first_s" in prepared:
            how = "" if prepared.get("compiled", True) else ", WITHOUT COMPILED KERNELS"
            yield _pair(f"first update, {who}", f"{prepared['first_s']:.2f} s{how}")


def _frame(name: str, each: Values) -> str:
    longest = UNKNOWN if each["longest_ms"] is None else f"{each['longest_ms']:.1f} ms"
    updates = UNKNOWN if each["updates_per_launch"] is None else f"{each['updates_per_launch']:,.0f}"
    stop = f"stops after {each['stop_ms']:.1f} ms, at most {each['longest_stop_ms']:.1f}"
    return _pair(name, f"{updates} updates, longest {longest} of {each['launches']}; {stop}")


def _snapshot(name: str, each: Values) -> str:
    cost = UNKNOWN if each["us_per_shot"] is None else f"{each['us_per_shot']:,.0f} µs"
    wait = UNKNOWN if each["wait_ms"] is None else f"{each['wait_ms']:.1f} ms"
    return _pair(name, f"{cost} each, there after {wait}; {each['shots']} of {each['parameters']:,} parameters")


def _value(each: Values) -> str:
    value = each["value"]
    fine = "; the better one, too" if each["stretch_met"] else ""
    return "" if value is None else f": {value:,.0f}{fine}" if value >= 1000 else f": {value:.3g}{fine}"


def _seconds(found: Values) -> str:
    return ", ".join(f"{KEPT_S[key]} {value:.2f} s" for key, value in found.items() if key in KEPT_S)


def _pair(label: str, value: str) -> str:
    return f"  {label:<26}{value}"
