"""All steps of small networks, one after the other: nothing covers anything, and every way to a moment is the same."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.samples import traced
from visualnn.files import documents
from visualnn.project import Project
from visualnn.scene.arrangement import layout
from visualnn.scene.clearance import around, outlines
from visualnn.scene.formula import unlike
from visualnn.scene.frame import Arrow, Box, Frame, Line, Text
from visualnn.scene.harbour import berths
from visualnn.scene.layout import Layout
from visualnn.scene.look import load
from visualnn.scene.network import Style, frame
from visualnn.scene.playback import DRIFT, picture
from visualnn.scene.timeline import Timeline

SIZES = ((704.0, 520.0, 1.0), (920.0, 616.0, 1.0), (1250.0, 760.0, 1.23))
NETWORKS = ("adder", "backprop", "2-4-2-1", "3-5-5-2")
LOOK = load("dark")
WORKED_WITH = Style(controls=True)
PRESENTED = Style(editable=False, biases=False, presented=True)
GRAZE = 0.5  # px by which outlines, which are a little too large, may touch


@cache
def project_of(name: str) -> Project:
    return documents.open_document(name)


@cache
def timeline_of(name: str) -> Timeline:
    return Timeline(project_of(name).network, project_of(name).options.loss)


@cache
def trace_of(name: str):
    return traced(project_of(name))


def drawn(name: str, stage: Layout, t: float, style: Style = WORKED_WITH) -> Frame:
    return frame(stage, picture(trace_of(name), timeline_of(name), t), project_of(name).names, LOOK, style)


def own_text(text: Text, box: tuple[float, ...]) -> bool:
    return box[0] <= text.x <= box[2] and box[1] <= text.y <= box[3]


def overlaps(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > GRAZE and down > GRAZE


def labels(made: Frame, stage: Layout) -> list[tuple[str, tuple[float, ...]]]:
    """Pills and tags with their words, and words that stand alone; not what stands in neurons and blocks."""
    items = [item for item in (*made.items, *made.around, *made.moving) if isinstance(item, Box | Text)]
    within = [box for _name, box in solids(stage)]
    boxes = [item for item in items if isinstance(item, Box) and not any(inside(item, solid) for solid in within)]
    frames = [around(box.x, box.y, box.width, box.height) for box in boxes]
    found = []
    for rectangle in dict.fromkeys(frames):
        words = " ".join(i.text for i in items if isinstance(i, Text) and own_text(i, rectangle))
        found.append((words, rectangle))
    alone = (i for i in items if isinstance(i, Text) and not any(own_text(i, box) for box in (*frames, *within)))
    return [*found, *((item.text, outlines([item])[0]) for item in alone)]


def inside(box: Box, solid: tuple[float, ...]) -> bool:
    return solid[0] <= box.x <= solid[2] and solid[1] <= box.y <= solid[3]


def solids(stage: Layout) -> list[tuple[str, tuple[float, ...]]]:
    """Neurons and activation blocks."""
    found = []
    for column in stage.columns:
        for n in column.visible:
            y = column.y_of(n)
            found.append((f"neuron {column.index}.{n}", around(column.x, y, 2 * column.radius, 2 * column.radius)))
            if column.gate_x is not None:
                found.append((f"block {column.index}.{n}", around(column.gate_x, y, *[column.gate_size] * 2)))
    return found


def faults(made: Frame, stage: Layout) -> list[str]:
    """What covers something else or leaves the stage."""
    said, bodies = labels(made, stage), solids(stage)
    found = [
        f"“{a}” covers “{b}”" for i, (a, one) in enumerate(said) for b, other in said[i + 1 :] if overlaps(one, other)
    ]
    found += [f"“{a}” covers {b}" for a, one in said for b, other in bodies if overlaps(one, other)]
    out = (-1e6, -1e6, 0.0, 1e6), (stage.width, -1e6, 1e6, 1e6), (-1e6, -1e6, 1e6, 0.0), (-1e6, stage.height, 1e6, 1e6)
    return found + [f"“{a}” leaves the stage" for a, one in said if any(overlaps(one, edge) for edge in out)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]:.0f}")
@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_covers_anything_on_any_step(name: str, size: tuple[float, float, float]) -> None:
    stage = layout(project_of(name).network, *size)
    for t in range(len(timeline_of(name)) + 1):
        assert not faults(drawn(name, stage, float(t)), stage), f"step {t}"


@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_covers_anything_in_a_presentation(name: str) -> None:
    stage = layout(project_of(name).network, 1280.0, 584.0, 1.28)
    for t in range(len(timeline_of(name)) + 1):
        assert not faults(drawn(name, stage, float(t), PRESENTED), stage), f"step {t}"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]:.0f}")
@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_said_of_a_bias_stands_at_its_neuron(name: str, size: tuple[float, float, float]) -> None:
    stage, timeline = layout(project_of(name).network, *size), timeline_of(name)
    for step in map(timeline.step, range(1, len(timeline) + 1)):
        column = stage.column(step.layer + 1)
        if step.kind == "update_bias" and column is not None:
            moved = picture(trace_of(name), timeline, float(step.number)).moved
            assert moved is not None
            before, after = moved.ends
            change = f"{unlike(before, after)} → {unlike(after, before)}"
            said = labels(drawn(name, stage, float(step.number)), stage)
            x, y, r, k = column.x, column.y_of(step.neuron), column.radius, stage.scale
            body = around(x, y, 2 * r + 64 * k, 2 * r + 64 * k)
            near = [text for text, at in said if overlaps(at, body)]  # beside it on connections where there is no room
            tags = [text for text, _at in said if text.endswith(change)]
            assert all(tag in near for tag in tags), f"step {step.number}"
            assert tags, f"step {step.number}"


WORKING = [("spirals", SIZES[0]), *(("3-5-5-2", size) for size in SIZES)]


def marked(made: Frame) -> list[str]:
    """The words of tags at work."""
    boxes = [item for item in made.items if isinstance(item, Box) and item.edge == LOOK["accent"]]
    frames = [around(box.x, box.y, box.width + 2 * GRAZE, box.height) for box in boxes]
    texts = [item for item in made.items if isinstance(item, Text)]
    return [" ".join(text.text for text in texts if own_text(text, frame)) for frame in frames]


@pytest.mark.parametrize(("name", "size"), WORKING, ids=lambda value: value if isinstance(value, str) else "")
def test_every_step_back_and_every_update_shows_its_number(name: str, size: tuple[float, float, float]) -> None:
    stage, timeline = layout(project_of(name).network, *size), timeline_of(name)
    for step in map(timeline.step, range(1, len(timeline) + 1)):
        sign = {"Backward": "∂", "Update": "→"}.get(step.phase)
        if sign is not None:
            made = drawn(name, stage, float(step.number))
            assert any(sign in words for words in marked(made)), f"step {step.number}"


def same(one: object, other: object) -> bool:
    """Whether two shapes, or lists of them, are equal to the last bit."""
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
    if isinstance(one, tuple):
        return isinstance(other, tuple) and len(one) == len(other) and all(map(same, one, other))
    if is_dataclass(one):
        return type(one) is type(other) and all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return one == other


@cache
def first_seen(t: float) -> Frame:
    """The frame of a moment on a stage that has shown nothing else."""
    berths.cache_clear()
    return drawn("backprop", layout(project_of("backprop").network, *SIZES[1]), t)


@given(st.lists(st.integers(0, 4 * 55), min_size=1, max_size=12))
def test_a_moment_looks_the_same_whichever_way_it_was_reached(quarters: list[int]) -> None:
    stage = layout(project_of("backprop").network, *SIZES[1])
    for quarter in quarters:
        assert same(drawn("backprop", stage, quarter / 4), first_seen(quarter / 4)), quarter / 4


def texts_of(name: str, t: float) -> list[str]:
    return drawn(name, layout(project_of(name).network, *SIZES[1]), t).texts()


def test_target_and_loss_appear_with_their_steps_and_stay() -> None:
    assert "target" not in texts_of("backprop", 20)
    assert {"target", "3.00"} <= set(texts_of("backprop", 21))
    assert "loss" not in texts_of("backprop", 21)
    for t in (22, 35, 50):
        assert {"target", "3.00", "loss", "0.25"} <= set(texts_of("backprop", t))
    assert "0.25 → 0.038" in texts_of("backprop", 55)


def test_slopes_stand_at_neurons_and_blocks_until_the_update() -> None:
    def slopes(t: float) -> list[str]:
        return sorted(text for text in texts_of("backprop", t) if text.startswith("∂"))

    assert slopes(22) == []
    assert slopes(23) == ["∂ −1.00"]
    assert slopes(30) == ["∂ −0.50", "∂ −0.60", "∂ −0.80", "∂ −1.00"]
    assert slopes(35) == sorted(["∂ −1.00", "∂ −0.60", "∂ −0.80", "∂ −0.50", "∂ −0.60", "∂ 0", "∂ −0.50", "∂ −1.20"])
    assert slopes(43) == []


def test_a_number_is_said_before_and_after_its_update() -> None:
    texts = texts_of("backprop", 44)
    assert {"1.000", "→", "1.024"} <= set(texts)
    assert "1.02" in texts


def test_the_dashes_lead_from_the_output_to_the_weight_and_run_towards_the_inputs() -> None:
    stage = layout(project_of("backprop").network, *SIZES[1])
    lines = [item for item in drawn("backprop", stage, 35).trails if isinstance(item, Line)]
    ends = {(line.points[0], line.points[-1]) for line in lines}
    for link in ((0, 1, 0), (1, 0, 0)):
        x0, y0, x1, y1 = stage.link(*link)
        assert any(np.allclose(pair, ((x1, y1), (x0, y0))) for pair in ends)
    assert len(lines) == 3  # and the wire from the block to the sum
    assert all(line.color == LOOK["accent"] and line.drift == 0 for line in lines)
    later = [item for item in drawn("backprop", stage, 34.5).trails if isinstance(item, Line)]
    assert {line.drift for line in later} == {DRIFT / 2}
    assert all(item.dx < 0 for item in drawn("backprop", stage, 35).trails if isinstance(item, Arrow))


def test_dashes_stop_at_a_closed_neuron() -> None:
    stage = layout(project_of("backprop").network, *SIZES[1])
    block = stage.columns[1].gate_x
    assert block is not None
    trails = drawn("backprop", stage, 36).trails
    assert min(x for item in trails if isinstance(item, Line) for x, _y in item.points) > block


@pytest.mark.parametrize("size", [1e200, 1e308])
def test_numbers_beyond_all_bounds_are_drawn_too(size: float) -> None:
    project = project_of("backprop").with_sample(np.array([size, -size]))
    made, stage = traced(project), layout(project.network, *SIZES[0])
    for t in np.arange(0.0, 55.1, 0.5):
        shown = frame(stage, picture(made, timeline_of("backprop"), float(t)), project.names, LOOK, Style())
        assert shown.texts()
