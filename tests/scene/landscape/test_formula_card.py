"""A classic surface as a formula: what is written is what is computed, and a hand gets the numbers shown."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visualnn.nn.landscape.formulas import SINE_X, TANH_X
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.scene.landscape.formula_card import Row, Run, card, plain, runs, written
from visualnn.scene.landscape.formula_terms import FORMULAS

PLACES = st.floats(-5, 5, allow_subnormal=False)
KNOWN = {name: getattr(np, name) for name in ("cos", "sin", "tanh", "sqrt")} | {"π": np.pi, "e": np.e}


def arithmetic(text: str, known: dict[str, object]) -> float:
    """What a line says, as a calculator reads it."""
    where = text.split(" where ")[0]
    python = where.replace("·", "*").replace("−", "-").replace("^", "**").replace("√", "sqrt")
    return float(eval(python, {"__builtins__": {}}, known))


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "").replace("≈ 0", "0"))


def lines(row: Row) -> str:
    return " ".join(plain(line) for line in row.lines)


def by_hand(row: Row, known: dict[str, object]) -> float:
    """A term from what is written alone."""
    text = lines(row)
    if not text.startswith("mean of "):
        return arithmetic(text.split(" = ")[-1], known)
    formula, places = text.removeprefix("mean of ").split(" for ")
    t = {"41 places t from −2 to 2": TANH_X, "31 places t from −3 to 3": SINE_X}[places]
    return float(np.mean([arithmetic(formula, known | {"t": each}) for each in t]))


def test_all_classics_have_a_formula():
    assert FORMULAS.keys() == CLASSICS.keys()


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=30)
@given(x=PLACES, y=PLACES)
def test_what_is_written_is_the_surface(name, x, y):
    shown, known = card(name, x, y), KNOWN | {"x": x, "y": y}
    for aid in shown.aids:
        known[lines(aid).split(" = ")[0]] = by_hand(aid, known)
    found = sum(by_hand(row, known) for row in shown.terms if row.value)
    assert found == pytest.approx(float(CLASSICS[name].heights(x, y)), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=30)
@given(x=PLACES, y=PLACES)
def test_a_hand_that_takes_the_numbers_shown_gets_the_numbers_shown(name, x, y):
    shown = card(name, x, y)
    decimals = len(shown.loss.partition(".")[2])
    true = float(CLASSICS[name].heights(x, y))
    assert number(shown.loss) == pytest.approx(true, rel=5e-3 if true >= 1e5 else 1e-12, abs=0.51 * 10**-decimals)
    if shown.sign == "=":
        known = KNOWN | {"x": number(shown.x), "y": number(shown.y)}
        known |= {lines(aid).split(" = ")[0]: number(aid.value) for aid in shown.aids}
        values = [row for row in shown.terms if row.value]
        for row in values:
            assert f"{by_hand(row, known):.{decimals}f}".lstrip("-") == f"{abs(number(row.value)):.{decimals}f}"
        total = sum(Decimal(f"{number(row.value):.{decimals}f}") for row in values)
        assert total == Decimal(f"{number(shown.loss):.{decimals}f}")


@pytest.mark.parametrize("name", FORMULAS)
def test_at_the_start_every_formula_can_be_checked(name):
    shown = card(name, *CLASSICS[name].start)
    assert shown.sign == "="


def test_rosenbrock_at_its_start():
    shown = card("rosenbrock", -1.2, 1.0)
    assert (shown.x, shown.y) == ("−1.2000", "1.0000")
    assert [(lines(row), row.value) for row in shown.terms] == [
        ("(1 − x)^2", "4.8400"),
        ("100·(y − x^2)^2", "19.3600"),
    ]
    assert (shown.sign, shown.loss) == ("=", "24.2000")
    assert "1960" in shown.source
    assert shown.spoken.startswith("loss = (1 − x)^2 + 100·(y − x^2)^2. At x = −1.2000 and y = 1.0000 the loss is 24")


def test_of_two_pieces_the_one_that_holds_has_a_number():
    assert [row.value for row in card("valley", 0.5, 0.5).terms] == ["11.2500", ""]
    assert [row.value for row in card("valley", -0.5, 0.5).terms] == ["", "20.0000"]


def test_a_small_loss_has_digits_and_an_endless_one_is_said():
    assert card("ravine", 1e-3, 1e-3).loss == "0.00000105"
    assert card("rosenbrock", 1e200, 0.0).loss == "∞"
    far = card("rosenbrock", 300.0, 0.0)
    assert (far.sign, far.loss) == ("≈", "8.10e11")


def test_exponents_are_raised():
    assert runs("20·e^{−0.2·r} + x^2") == (Run("20·e"), Run("−0.2·r", True), Run(" + x"), Run("2", True))
    assert [plain(line) for line in written("valley")] == ["loss = 20·(x·y − 1)^2 where x > 0", "loss = 20 where x ≤ 0"]
    assert [plain(line) for line in written("bowl")] == ["loss = 6·(x − 1)^2", "+ 8·(x − 1)·(y − 1)", "+ 6·(y − 1)^2"]
    assert plain(written("plateau")[1]) == "s = 1/(1 + e^(−(x + y)))"
