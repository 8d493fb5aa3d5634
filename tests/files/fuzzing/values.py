"""Changes of JSON values: other types, sizes and shapes where something else is expected."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.files.fuzzing import raw

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 3, 1.5, -0.0, 5e-324, 1e308, 2**31, 2**53 + 1, 2**63, 2**64, 10**30, 10**400),
    *(float("nan"), float("inf"), -float("inf"), "", "0", "relu", "softmax", "nothing", "\0", "\ud800", "\u2028"),
    *("😀" * 50, "x" * 5000, "../../x", [], {}, [[]], [None], [0], [[0.0]], {"": 0}, [1e999] * 3),
)
DEEP = 3000  # lists in lists
LONG = 3000  # values in a list


def mutated(rng: Random, text: bytes) -> bytes:
    """JSON text whose values changed; now and then, or where it is none, the text itself."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return raw.mutated(rng, text)
    if rng.random() < 0.1:
        return raw.mutated(rng, text)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        value = changed(rng, value)
    written = _written(value)
    return _textual(rng, written) if rng.random() < 0.1 else written


def changed(rng: Random, value: Any) -> Any:
    """The value with one place of it changed."""
    places = list(_places(value))
    if not places:
        return _odd(rng)
    holder, key = rng.choice(places)
    match rng.randrange(7):
        case 0 | 1:
            holder[key] = _odd(rng)
        case 2:
            del holder[key]
        case 3:
            other, place = rng.choice(places)
            holder[key] = _copied(other[place])
        case 4:
            holder[key] = _stretched(rng, holder[key])
        case 5:
            holder[key] = _nudged(rng, holder[key])
        case _:
            _grow(rng, holder, key)
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every holder and key inside a value, those of long lists thinned."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys if len(keys) < 30 else keys[:: len(keys) // 15]:
        yield value, key
        yield from _places(value[key])


def _stretched(rng: Random, value: Any) -> Any:
    """What is short becomes long, or deep."""
    if isinstance(value, list) and value:
        return [_copied(value[place % len(value)]) for place in range(rng.choice((len(value) + 1, LONG)))]
    if isinstance(value, str):
        return value[:LONG] * rng.choice((2, 500))
    if isinstance(value, int | float):
        return rng.choice((value * 10**6, -value, [value] * LONG))
    return "deep"  # see `_written`


def _nudged(rng: Random, value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int | float):
        return value + (rng.choice((-1, 1, 0.5)) if abs(value) < 1e300 else 1)
    if isinstance(value, str):
        return raw.mutated(rng, value.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")
    return value[:-1] if isinstance(value, list) else value


def _grow(rng: Random, holder: Any, key: Any) -> None:
    if isinstance(holder, list):
        holder.insert(key, _odd(rng))
    else:
        holder[rng.choice(("", "extra", str(key) + " ", "__metadata__"))] = _odd(rng)


def _odd(rng: Random) -> Any:
    return _copied(rng.choice(ODD))


def _copied(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _written(value: Any) -> bytes:
    deep = "[" * DEEP + "]" * DEEP
    return json.dumps(value).replace('"deep"', deep, 1).encode("utf-8", "surrogatepass")


def _textual(rng: Random, text: bytes) -> bytes:
    """What no value can be: a key twice, a text that is not UTF-8, something after the end."""
    match rng.randrange(4):
        case 0:
            return text.replace(b"{", b'{"name": 1, "name": 2, ', rng.randrange(1, 3))
        case 1:
            return b"\xef\xbb\xbf" + text
        case 2:
            return text + b" {}"
        case _:
            return text.replace(b'"', b"\xff", 1)
