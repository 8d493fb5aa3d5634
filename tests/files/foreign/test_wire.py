"""The wire format, beside the library that ONNX itself uses."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visualnn.files.errors import Damage
from visualnn.files.foreign.onnx.wire import Budget, Message, part, real, scanned, text, whole

NUMBERS = st.integers(-(2**63), 2**63 - 1)


def message(content: bytes, fields: int = 1000) -> Message:
    return Message(content, Budget(fields))


@given(NUMBERS, st.floats(width=32, allow_nan=False), st.text(st.characters(codec="utf-8"), max_size=300))
@settings(max_examples=50)
def test_what_is_written_is_what_the_library_reads(number: int, value: float, words: str):
    content = b"".join([text(1, words), real(2, value), whole(3, number), whole(20, 2)])
    attribute = onnx.AttributeProto.FromString(content)
    assert (attribute.name, attribute.f, attribute.i) == (words, np.float32(value), number)


@given(NUMBERS, st.lists(NUMBERS, max_size=20), st.lists(st.text(st.characters(codec="utf-8")), max_size=5))
@settings(max_examples=50)
def test_what_the_library_writes_is_read(number: int, numbers: list[int], words: list[str]):
    attribute = onnx.AttributeProto(i=number, ints=numbers, strings=[word.encode() for word in words])
    found = message(attribute.SerializeToString())
    assert (found.whole(3), found.wholes(8), found.texts(9)) == (number, tuple(numbers), tuple(words))


def test_lists_of_numbers_may_be_packed_together_or_not():
    tensor = onnx.TensorProto(float_data=[1.5, -2.0], double_data=[0.1], int64_data=[-1, 300])
    found = message(tensor.SerializeToString())
    assert found.numbers(4, "<f4").tolist() == [1.5, -2.0]
    assert found.numbers(10, "<f8").tolist() == [0.1]
    assert found.wholes(7) == (-1, 300)
    alone = message(real(4, 1.5) + real(4, -2.0))
    assert alone.numbers(4, "<f4").tolist() == [1.5, -2.0]
    assert message(b"").numbers(4, "<f4").size == 0


def test_a_message_inside_is_found():
    found = message(b"".join(part(7, [text(2, "inner"), *part(1, [text(4, "Relu")])])))
    inner = found.message(7)
    assert inner is not None
    assert (inner.text(2), [node.text(4) for node in inner.messages(1)], inner.count(1)) == ("inner", ["Relu"], 1)
    assert (7 in found, 8 in found, found.message(8), found.content(8)) == (True, False, None, None)


@pytest.mark.parametrize(
    "content",
    [
        b"\x08",  # a tag and no value
        b"\x80" * 11,  # a number that does not end
        b"\x0a\x05abc",  # three bytes of five
        b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01a",  # 2⁶⁴ − 1 bytes
        b"\x0b\x0c",  # a kind that is out of use
        b"\x0d\x00\x00",  # two bytes of four
        b"\x0f",  # a kind that is none
    ],
)
def test_what_is_no_message_is_told(content: bytes):
    with pytest.raises(Damage, match="it is damaged or not an ONNX model"):
        scanned(content, 0, len(content), Budget())


@pytest.mark.parametrize(
    "ask",
    [
        lambda found: found.whole(1),
        lambda found: found.real(2),
        lambda found: found.text(3),
        lambda found: found.text(4),
        lambda found: found.message(3),
        lambda found: found.texts(3),
        lambda found: found.numbers(3, "<f4"),
        lambda found: found.numbers(1, "<f4"),
        lambda found: found.wholes(2),
    ],
)
def test_a_field_of_another_kind_is_told(ask):
    content = [text(1, "some words"), b"\x11" + bytes(8), whole(3, 5), *part(4, [b"\xff"])]
    with pytest.raises(Damage, match="it is damaged"):
        ask(message(b"".join(content)))


def test_a_field_that_is_there_twice_is_told():
    with pytest.raises(Damage, match="it is damaged"):
        message(whole(1, 1) + whole(1, 1)).whole(1)


@pytest.mark.parametrize("content", [whole(1, 1) * 11, b"".join(part(8, [b"\x01" * 11]))])
def test_there_may_be_so_many_fields_and_no_more(content: bytes):
    with pytest.raises(Damage, match=r"^it has more than 10 parts$"):
        message(content, 10).wholes(8)
