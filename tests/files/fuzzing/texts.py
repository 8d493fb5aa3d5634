"""Changes of texts with a simple shape: tables, cell by cell, and links, property by property."""

from __future__ import annotations

from random import Random

from tests.files.fuzzing import raw

CELLS = (
    *(b"", b" ", b"NaN", b"inf", b"-1", b"1e308", b"1e999", b"0,5", b"1.234.567", b'"', b'""', b'"a\nb"', b"=1+1"),
    *(b"\xff", "é".encode(), b"\0", b"1" * 400, b"x" * 3000, b"\r", b"\t", b";", b"#", b"2024-01-01", b"true"),
)
SHORT = 2000  # bytes of a line that comes hundreds of times
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "latin-1", "cp037", "shift_jis")
VALUES = (
    *(
        "",
        "0",
        "-1",
        "1e999",
        "NaN",
        "99999999999999999999",
        "true",
        "%00",
        "%",
        "%zz",
        "😀",
        ",",
        "4,2",
        "0,0",
        "tanh",
    ),
    *("9," * 2000, "x" * 5000, "1.5", "reg-plane", "spiral", "undefined", "[]", "&&", "=", "#"),
)
PROPERTIES = (
    *("activation", "batchSize", "dataset", "regDataset", "learningRate", "regularizationRate", "noise", "seed"),
    *("networkShape", "percTrainData", "x", "sinX", "problem", "initZero", "", "__proto__"),
)


def table(rng: Random, content: bytes) -> bytes:
    """A table with other cells, rows or bytes."""
    if rng.random() < 0.25:
        return raw.mutated(rng, content)
    lines = content.split(b"\n")
    for _ in range(rng.choice((1, 1, 2, 5))):
        place = rng.randrange(len(lines))
        _change_line(rng, lines, place)
    found = b"\n".join(lines)[: raw.MOST]
    return _encoded(rng, found) if rng.random() < 0.1 else found


def link(rng: Random, content: bytes) -> bytes:
    """A link with other properties."""
    if rng.random() < 0.2:
        return raw.mutated(rng, content)
    head, _, tail = content.decode("utf-8", "replace").partition("#")
    pairs = tail.split("&")
    for _ in range(rng.choice((1, 1, 2, 5))):
        place = rng.randrange(len(pairs))
        key, _, value = pairs[place].partition("=")
        pairs[place] = rng.choice(
            (f"{key}={rng.choice(VALUES)}", f"{rng.choice(PROPERTIES)}={value}", key, f"{value}={key}")
        )
        if rng.random() < 0.2:
            pairs.insert(place, f"{rng.choice(PROPERTIES)}={rng.choice(VALUES)}")
    return f"{head}#{'&'.join(pairs)}".encode("utf-8", "surrogatepass")


def _change_line(rng: Random, lines: list[bytes], place: int) -> None:
    delimiter = rng.choice((b",", b";", b"\t", b" ", b"|"))
    cells = lines[place].split(delimiter if delimiter in lines[place] else b",")
    many = len(lines[place]) < SHORT
    match rng.randrange(6):
        case 0 | 1:
            cells[rng.randrange(len(cells))] = rng.choice(CELLS)
        case 2:
            cells *= rng.choice((2, 300)) if many else 2
        case 3:
            del cells[rng.randrange(len(cells))]
        case 4:
            lines.insert(place, lines[rng.randrange(len(lines))])
        case _:
            lines[place:place] = [lines[place]] * (rng.choice((2, 500)) if many else 2)
    lines[place] = delimiter.join(cells)


def _encoded(rng: Random, content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode(rng.choice(ENCODINGS), "replace")
