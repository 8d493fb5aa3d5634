from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.samples import adder_trace
from visualnn.nn.passes import LayerPass
from visualnn.scene.formula import (
    MAX_ROWS,
    Part,
    full,
    number,
    plain,
    precise,
    product_decimals,
    product_parts,
    short,
    signed,
    sum_table,
    value,
    words,
)

ordinary = st.floats(-300, 300).map(lambda v: v if abs(v) > 1e-9 else 0.0)
anything = st.floats(allow_nan=True, allow_infinity=True)


def decimal(text: str) -> Decimal:
    """A number as the learner reads it."""
    return Decimal(0) if text == "≈ 0" else Decimal(text.replace("−", "-").replace(",", ""))


@pytest.mark.parametrize(
    ("v", "decimals", "text"),
    [
        (0.0, 2, "0.00"),
        (-0.0, 2, "0.00"),
        (3.985, 2, "3.98"),
        (-1.8301, 2, "−1.83"),
        (0.004, 2, "≈ 0"),
        (-0.0049, 2, "≈ 0"),
        (0.004, 4, "0.0040"),
        (1234.5, 1, "1,234.5"),
        (123456.0, 2, "1.23e5"),
        (-2.5e-300, 2, "≈ 0"),
        (math.inf, 2, "∞"),
        (-math.inf, 2, "−∞"),
        (math.nan, 2, "not a number"),
    ],
)
def test_number(v: float, decimals: int, text: str) -> None:
    assert number(v, decimals) == text


@given(anything, st.integers(0, 9))
def test_a_number_never_hides_that_it_is_not_zero(v: float, decimals: int) -> None:
    text = number(v, decimals)
    assert "-" not in text.replace("e-", "")
    if math.isfinite(v) and v != 0 and text != "≈ 0":
        assert decimal(text) != 0
        assert (v < 0) == text.startswith("−")
    if v == 0:
        assert decimal(text) == 0
        assert not text.startswith("−")


def test_short_leaves_whole_numbers_whole() -> None:
    assert [short(v) for v in (2.0, -3.0, 0.0, 2.5, 1e6)] == ["2", "−3", "0", "2.5", "1.00e6"]


@pytest.mark.parametrize(
    ("v", "text"),
    [(0.0, "0.00"), (1.024, "1.02"), (0.0123456, "0.0123"), (-0.00009612, "−0.0000961"), (-2.5e-9, "−2.50e−9")],
)
def test_precise(v: float, text: str) -> None:
    assert precise(v) == text


@given(st.floats(0.9, 1, exclude_max=True))
def test_precise_never_makes_almost_1_certain(v: float) -> None:
    assert float(precise(v)) < 1 or v > 1 - 1e-9


def test_precise_adds_decimals_until_it_is_true() -> None:
    assert [precise(v) for v in (0.9997, -0.99996, 0.9994, 0.09999)] == ["0.9997", "−0.99996", "0.999", "0.1000"]


@given(st.floats(-1, 1).filter(lambda v: abs(v) > 1e-300))
def test_precise_is_right_to_three_digits(v: float) -> None:
    shown = float(precise(v).replace("−", "-"))
    assert shown == pytest.approx(v, rel=5.1e-3)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_full_gives_the_same_float_back(v: float) -> None:
    assert float(full(v).replace("−", "-")) == v
    assert "-" not in full(v)


def test_signed_puts_brackets_around_what_has_a_minus() -> None:
    assert signed("−2") == "(−2)"
    assert signed("2") == "2"


def test_words_fill_the_braces_in_order() -> None:
    sentence = words("{} times {} it is.", value(2.0, "2"), value(-0.5))
    assert sentence == (Part("2", "pos"), Part(" times "), Part("−0.50", "neg"), Part(" it is."))
    assert plain(sentence) == "2 times −0.50 it is."


def check_product(a: str, w: str, p: str) -> None:
    by_hand = decimal(a) * decimal(w)
    places = Decimal(1).scaleb(-len(p.partition(".")[2]) if "." in p else 0)
    if p == "≈ 0":
        assert abs(by_hand) < Decimal("0.5")
    else:
        assert by_hand.quantize(places, ROUND_HALF_EVEN) == decimal(p)


@given(ordinary, ordinary)
def test_a_product_can_be_checked_by_hand(a: float, w: float) -> None:
    parts = product_parts(a, w)
    if product_decimals(a, w, 2) is not None:
        check_product(*(part.text for part in parts))


def test_two_decimals_would_be_wrong_here() -> None:
    """2 × −0.90 is not −1.79."""
    assert [part.text for part in product_parts(2.0, -0.8950311)] == ["2", "−0.895", "−1.79"]


@st.composite
def layers(draw: st.DrawFn, most: int = 6) -> LayerPass:
    size = draw(st.integers(1, most))
    x = np.array(draw(st.lists(ordinary, min_size=size, max_size=size)))
    w = np.array(draw(st.lists(ordinary, min_size=size, max_size=size)))[:, None]
    b = np.array([draw(ordinary)])
    total = np.add.accumulate(x[:, None] * w, axis=0)[-1]
    return LayerPass(x, w, b, total, total + b, total + b)


@given(layers(), st.sampled_from((2, 4)))
def test_every_equals_sign_of_a_sum_is_true(layer: LayerPass, decimals: int) -> None:
    table = sum_table(layer, 0, tuple("abcdefgh"), decimals)
    assert len(table.rows) == layer.x.size + 1
    for row in table.rows[:-1]:
        assert row.factors is not None
        if row.equal == "=":
            check_product(row.factors[0].text, row.factors[1].text, row.result.text)
    if table.equal == "=":
        assert sum((decimal(row.result.text) for row in table.rows), Decimal(0)) == decimal(table.total.text)


@given(layers())
def test_most_sums_find_decimals_that_are_true(layer: LayerPass) -> None:
    table = sum_table(layer, 0, tuple("abcdefgh"))
    assert table.equal in ("=", "≈")
    if all(float(v).is_integer() for v in (*layer.x, *layer.w[:, 0], *layer.b)) and abs(layer.z[0]) < 1e5:
        assert table.equal == "="


def test_the_articles_neuron_d() -> None:
    table = sum_table(adder_trace().layers[0], 1, ("a", "b"))
    assert [row.label for row in table.rows] == ["a × weight", "b × weight", "bias"]
    assert [row.result.text for row in table.rows] == ["0.0284", "−1.7901", "−0.0685"]
    assert [row.result.role for row in table.rows] == ["pos", "neg", "neg"]
    assert (table.total.text, table.equal) == ("−1.8302", "=")


def test_a_long_sum_shows_its_strongest_terms_and_one_rest() -> None:
    x = np.ones(40)
    w = np.linspace(-1, 1.5, 40)[:, None]
    total = np.add.accumulate(w, axis=0)[-1]
    layer = LayerPass(x, w, np.array([0.25]), total, total + 0.25, total + 0.25)
    table = sum_table(layer, 0, tuple(f"x{i}" for i in range(40)))
    assert len(table.rows) == MAX_ROWS + 2
    assert table.rows[-2].label == "30 other inputs"
    assert table.rows[-2].factors is None
    assert [row.label.split()[0] for row in table.rows[:10]] == ["x0", *(f"x{i}" for i in range(31, 40))]
    assert table.equal == "="
