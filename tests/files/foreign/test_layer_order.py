from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.files.errors import Damage
from visualnn.files.foreign.layer_order import Size, ordered


def sizes(**layers: tuple[int, int]) -> dict[str, Size]:
    return {name.replace("__", "."): Size(*size) for name, size in layers.items()}


def test_numbers_in_names_count() -> None:
    columns = [3, *range(20, 8, -1), 1]
    layers = {f"net.{place}.linear": Size(*pair) for place, pair in enumerate(pairwise(columns))}
    backwards = dict(sorted(layers.items(), reverse=True))
    assert ordered(backwards) == list(layers)


def test_a_name_without_a_number_comes_before_those_with_one() -> None:
    assert ordered(sizes(dense_1=(4, 4), dense_2=(4, 4), dense=(4, 4))) == ["dense", "dense_1", "dense_2"]


def test_sizes_tell_where_the_names_do_not() -> None:
    assert ordered(sizes(head=(8, 1), body=(4, 8), stem=(2, 4))) == ["stem", "body", "head"]
    layers = sizes(head=(8, 2), layers__0=(8, 8), layers__1=(8, 8), before=(3, 8))
    assert ordered(layers) == ["before", "layers.0", "layers.1", "head"]


@pytest.mark.parametrize(("first", "last"), [("encoder", "decoder"), ("fcIn", "fcOut"), ("z_input", "a_output")])
def test_words_tell_where_the_sizes_do_not(first: str, last: str) -> None:
    assert ordered({last: Size(4, 4), first: Size(4, 4)}) == [first, last]
    assert ordered({first: Size(4, 4), "middle": Size(4, 4), last: Size(4, 4)}) == [first, "middle", last]


def test_the_order_of_the_file_counts_unless_it_is_that_of_the_alphabet() -> None:
    assert ordered(sizes(beta=(4, 4), alpha=(4, 4))) == ["beta", "alpha"]
    with pytest.raises(Damage) as caught:
        ordered(sizes(alpha=(4, 4), beta=(4, 4)))
    said = "in which order its layers “alpha”, “beta” follow is not clear; number them in their names"
    assert str(caught.value) == said


def test_layers_that_do_not_fit_are_named() -> None:
    for names in (("fc1", "fc2"), ("one", "other")):
        with pytest.raises(Damage) as caught:
            ordered({names[0]: Size(2, 3), names[1]: Size(4, 1_000)})
        assert str(caught.value) == f"its layer “{names[1]}” (4→1,000) does not fit after “{names[0]}” (2→3)"


def test_a_puzzle_without_numbers_ends_in_a_sentence() -> None:
    names = [f"{one}{other}" for one in "abcdefghij" for other in "abcdefghij"]
    for layers in ({name: Size(4, 4) for name in names}, {name: Size(4, 4) for name in names} | sizes(q=(5, 4))):
        with pytest.raises(Damage, match=r"^in which order its layers “aa”, “ab”, “ac” … follow is not clear"):
            ordered(layers)


def test_more_layers_than_can_be_puzzled_over_are_told() -> None:
    layers = {
        chr(0x3B1 + place // 26 % 8) * (place // 208 + 1) + chr(97 + place % 26): Size(1, 1) for place in range(400)
    }
    with pytest.raises(Damage, match="is not clear"):
        ordered(layers)


@given(st.lists(st.integers(1, 9), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_numbered_layers_are_found_however_they_are_mixed(columns: list[int], rng: object) -> None:
    layers = {f"block{place}.fc": Size(*pair) for place, pair in enumerate(pairwise(columns))}
    names = list(layers)
    rng.shuffle(names)  # type: ignore[attr-defined]
    assert ordered({name: layers[name] for name in names}) == list(layers)
