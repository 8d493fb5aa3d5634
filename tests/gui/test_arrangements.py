"""Every example in every window: nothing written touches another text or a control, and nothing leaves the stage."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtWidgets import QWidget

from tests.gui.conftest import Learner
from visualnn.files import examples
from visualnn.gui import theme
from visualnn.gui.views.network.minimap import Minimap
from visualnn.gui.widgets.add_button import AddButton
from visualnn.gui.widgets.head_button import HeadButton
from visualnn.gui.widgets.hit_area import HitArea
from visualnn.gui.widgets.stepper import Stepper
from visualnn.scene.frame import Box, Dots, Frame, Pixels, Text

WINDOWS = ((1024, 700), (1280, 800), (1600, 1000), (2560, 1600))
CONTROLS = (HeadButton, Stepper, AddButton, Minimap)
CAPITALS = 0.76  # of a size: how high letters stand
SLACK = 0.5  # px
SHAPES = ((1,), (5,), (6,), (12,), (5, 5), (6,) * 6, (2,) * 8)

Named = tuple[str, QRectF]


def texts(made: Frame) -> list[Named]:
    """Each text with the room that its letters take."""
    found = []
    for text in (*made.items, *made.around, *made.moving):
        if isinstance(text, Text):
            wide, high = theme.text_width(text.text, text.size, text.weight), text.size * CAPITALS
            left = text.x - {"left": 0.0, "center": wide / 2, "right": wide}[text.align]
            found.append((f"“{text.text}”", QRectF(left, text.y - high / 2, wide, high)))
    return found


def controls(stage: QWidget) -> list[Named]:
    """Each control with the room that it is painted in."""
    found = [each for kind in CONTROLS for each in stage.findChildren(kind) if each.isVisible()]
    return [(each.accessibleName(), painted(each)) for each in found]


def painted(control: QWidget) -> QRectF:
    if isinstance(control, HitArea):
        return control.body().translated(control.pos())
    return QRectF(control.geometry())


def shapes(made: Frame) -> list[Named]:
    """Neurons, blocks, cards, maps."""
    found: list[Named] = []
    for item in (*made.items, *made.around, *made.moving):
        if isinstance(item, Box | Pixels):
            left, top = item.x - item.width / 2, item.y - item.height / 2
            found.append((type(item).__name__, QRectF(left, top, item.width, item.height)))
        elif isinstance(item, Dots):
            r = item.radius
            found.append(("Dots", QRectF(item.x - r, min(item.ys) - r, 2 * r, max(item.ys) - min(item.ys) + 2 * r)))
    return found


def touching(some: list[Named], others: list[Named] | None = None) -> Iterator[str]:
    """Pairs that share more than half a pixel."""
    pairs = combinations(some, 2) if others is None else ((a, b) for a in some for b in others)
    for (one, here), (other, there) in pairs:
        shared = here.intersected(there)
        if shared.width() > SLACK and shared.height() > SLACK:
            yield f"{one} and {other} share {shared.width():.0f} by {shared.height():.0f} px at {place(shared)}"


def beside(some: list[Named], stage: QRectF) -> Iterator[str]:
    """What is not wholly on the stage."""
    outer = stage.adjusted(-SLACK, -SLACK, SLACK, SLACK)
    return (f"{name} leaves the stage at {place(box)}" for name, box in some if not outer.contains(box))


def place(box: QRectF) -> str:
    return f"{box.center().x():.0f}, {box.center().y():.0f}"


def faults(learner: Learner) -> list[str]:
    """Everything that touches what it should not, at this moment."""
    learner.page.finish()
    QCoreApplication.processEvents()
    stage, made = learner.stage, learner.stage.frame()
    written, stood, drawn = texts(made), controls(stage), shapes(made)
    heads = [("Head", QRectF(each.geometry())) for each in stage.findChildren(HeadButton) if each.isVisible()]
    found = [*touching(written), *touching(written, stood), *touching(drawn, stood), *touching(stood), *touching(heads)]
    return [*found, *beside([*written, *stood, *drawn], QRectF(stage.rect()))]


def moments(learner: Learner, shares: tuple[float, ...]) -> Iterator[str]:
    """Step after so much of the pass; Train before and after an update."""
    length = learner.player.length
    for share in shares:
        learner.player.seek(round(share * length))
        yield f"step {learner.player.t:.0f} of {length}"
    learner.page.set_mode(1)
    yield "before training"
    learner.page.step(0)
    learner.learn()
    yield "after an update"


def faulty(learner: Learner, *shares: float) -> dict[str, list[str]]:
    """The moments at which something touches, and what does."""
    found = {moment: faults(learner) for moment in moments(learner, shares)}
    return {moment: fault for moment, fault in found.items() if fault}


@pytest.fixture(params=WINDOWS, ids=lambda size: f"{size[0]}x{size[1]}")
def sized(learner, request):
    """Somebody at a window of this size."""
    learner.window.resize(*request.param)
    QCoreApplication.processEvents()
    assert (learner.window.width(), learner.window.height()) == request.param
    return learner


@pytest.mark.parametrize("name", examples.IDS)
def test_nothing_touches_and_nothing_leaves_the_stage(sized, name):
    assert sized.window.open_document(name)
    assert faulty(sized, 0.0, 0.1, 0.37, 1.0) == {}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "-".join(map(str, shape)))
def test_nothing_touches_whatever_becomes_of_the_adder(sized, shape):
    sized.window.open_document("adder")
    sized.page.reshape(shape)
    assert faulty(sized, 1.0) == {}


@pytest.mark.parametrize("shape", [(3, 3), (8, 8, 8), (4, 4, 4, 4)], ids=lambda shape: "-".join(map(str, shape)))
def test_nothing_touches_whatever_becomes_of_the_digits(sized, shape):
    sized.window.open_document("digits")
    sized.page.reshape(shape)
    assert faulty(sized, 1.0) == {}
