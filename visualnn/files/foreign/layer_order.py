"""In which order layers follow that a file holds by name alone: what numbers say, and what the sizes allow.

Of names that first differ in a number, the smaller comes first: ``net.2`` before ``net.10``, ``dense`` before
``dense_1``. Each layer takes as many inputs as the one before has outputs. Where that leaves more than one order, words
like ``input`` and ``output`` in the names decide, then the order in the file unless it is that of the alphabet, in
which most programs write. Where they do not, nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from visualnn.files.errors import Damage

FIRST = {"input", "in", "embed", "embedding", "encoder", "enc", "first", "stem"}
LAST = {"output", "out", "decoder", "dec", "head", "classifier", "logits", "last", "final"}
WORDS = re.compile(r"[0-9]+|[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
MAX_DIGITS = 18  # of a number that counts
END = -1  # of a name, as if it went on with a number before all others
MAX_FREE = 300  # layers whose order no number tells
MAX_TRIES = 3000
QUOTED, LONGEST = 3, 60  # names in a sentence, and letters of one

Key = tuple[int | str, ...]
Before = Callable[[str, str], bool]


class Size(NamedTuple):
    """What a layer takes and gives."""

    inputs: int
    outputs: int

    def __str__(self) -> str:
        return f"{self.inputs:,}→{self.outputs:,}"


def ordered(sizes: Mapping[str, Size]) -> list[str]:
    """The names of the layers, given in the order of the file, in that of the network. Raises `Damage`."""
    keys = {name: _key(name) for name in sizes}
    natural = sorted(sizes, key=lambda name: [(0, w, "") if isinstance(w, int) else (1, 0, w) for w in keys[name]])
    if all(_numbered(keys[one], keys[other]) for one, other in pairwise(natural)):
        _check(natural, sizes)
        return natural
    if len(natural) > MAX_FREE:
        raise _unclear(natural)
    return _only(natural, sizes, lambda one, other: _numbered(keys[one], keys[other]))


def quoted(name: str) -> str:
    """A name from a file, for a sentence: on one line, and not too long for it."""
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)
    return f"“{plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + '…'}”"


def _key(name: str) -> Key:
    words = WORDS.findall(name)
    return (*(int(w) if w.isdecimal() and len(w) <= MAX_DIGITS else w.lower() for w in words), END)


def _numbered(one: Key, other: Key) -> bool:
    """Whether numbers say that the one comes before the other."""
    for ours, theirs in zip(one, other, strict=False):
        if ours != theirs:
            return isinstance(ours, int) and isinstance(theirs, int) and ours < theirs
    return False


def _check(names: Sequence[str], sizes: Mapping[str, Size]) -> None:
    for one, other in pairwise(names):
        if sizes[one].outputs != sizes[other].inputs:
            raise Damage(f"its layer {quoted(other)} ({sizes[other]}) does not fit after {quoted(one)} ({sizes[one]})")


def _only(natural: list[str], sizes: Mapping[str, Size], before: Before) -> list[str]:
    """The only order that numbers and sizes allow, or else words and sizes, or else the file."""
    found = list(islice(_orders(natural, sizes, before), 2))
    if not found:
        _check(natural, sizes)
        raise _unclear(natural)  # not reached: what fits as it stands is an order
    if len(found) > 1:
        found = list(islice(_orders(natural, sizes, lambda a, b: before(a, b) or _rank(a) < _rank(b)), 2))
    if len(found) == 1:
        return found[0]
    given = list(sizes)
    if given == sorted(given) or not _is_order(given, sizes, before):
        raise _unclear(natural)
    return given


def _rank(name: str) -> int:
    words = {word for word in _key(name) if isinstance(word, str)}
    return bool(words & LAST) - bool(words & FIRST)


def _is_order(names: list[str], sizes: Mapping[str, Size], before: Before) -> bool:
    fits = all(sizes[one].outputs == sizes[other].inputs for one, other in pairwise(names))
    return fits and not any(before(other, one) for place, one in enumerate(names) for other in names[place + 1 :])


def _orders(names: Sequence[str], sizes: Mapping[str, Size], before: Before) -> Iterator[list[str]]:
    """Every order that is allowed, one by one. Raises `Damage` after too many tries."""
    earlier = [sum(1 << place for place, other in enumerate(names) if before(other, name)) for name in names]
    tries = iter(range(MAX_TRIES))

    def extended(done: list[int], used: int) -> Iterator[list[str]]:
        if next(tries, None) is None:
            raise _unclear(names)
        if len(done) == len(names):
            yield [names[place] for place in done]
        width = sizes[names[done[-1]]].outputs if done else None
        for place, name in enumerate(names):
            free = not used >> place & 1 and not earlier[place] & ~used
            if free and width in (None, sizes[name].inputs):
                yield from extended([*done, place], used | 1 << place)

    return extended([], 0)


def _unclear(names: Sequence[str]) -> Damage:
    listed = ", ".join(quoted(name) for name in names[:QUOTED]) + (" …" if len(names) > QUOTED else "")
    return Damage(f"in which order its layers {listed} follow is not clear; number them in their names")
