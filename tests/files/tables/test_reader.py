"""Tables of every dialect: what stands in them is what is read."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.files.tables.nasty import FILES, Nasty
from visualnn.files import tables
from visualnn.files.errors import FileError
from visualnn.files.tables import Column, Dialect, Table, layout, reader
from visualnn.nn.room import Memory


def written(folder: Path, content: bytes | str, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(folder: Path, content: bytes | str, **options: object) -> Table:
    return tables.read(written(folder, content), **options)


def sentence(folder: Path, content: bytes | str, **options: object) -> str:
    """What the learner is told about such a file."""
    with pytest.raises(FileError) as caught:
        read(folder, content, **options)
    return str(caught.value)


def cells(column: Column) -> list[object]:
    """A number, a text, or None for each row."""
    if column.kind == "text":
        return [None if code == -1 else column.categories[code] for code in column.codes]
    return [None if np.isnan(value) else float(value) for value in column.values]


def columns(table: Table) -> dict[str, list[object]]:
    return {column.name: cells(column) for column in table.columns}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_table_is_read_as_it_is_meant(file: Nasty, tmp_path: Path):
    table = read(tmp_path, file.content)
    assert columns(table) == file.columns
    if len(file.columns) > 1:
        assert (table.dialect.delimiter, table.dialect.decimal, table.dialect.header) == file.shape


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_dialect_that_was_found_reads_the_same_when_it_is_given(file: Nasty, tmp_path: Path):
    table = read(tmp_path, file.content)
    again = read(tmp_path, file.content, dialect=table.dialect)
    assert again.dialect == table.dialect
    assert columns(again) == columns(table)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_a_cell_shows_is_what_was_learned_from_it(file: Nasty, tmp_path: Path):
    table = read(tmp_path, file.content)
    for place, column in enumerate(table.columns):
        shown = [table.cell(row, place).strip() for row in range(table.rows)]
        if column.kind == "text":
            assert shown == [known or text for text, known in zip(shown, cells(column), strict=True)]
        else:
            digits = [any(sign.isdigit() for sign in text) for text in shown]
            assert digits == [known is not None for known in cells(column)]


WORDS = st.text("abcdefgäöüßñé .:/_()", min_size=1, max_size=8).map(str.strip).filter(lambda word: len(word) > 2)
NASTY_WORDS = WORDS.map(lambda word: word + ' "x",;|\n|,; z')
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]
NUMBERS = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
ROW = st.tuples(NUMBERS, WORDS, NUMBERS)


@st.composite
def written_tables(draw: st.DrawFn) -> tuple[str, Dialect, list[str], list[list[object]]]:
    """A text by Python's writer in some dialect; beside it the names and the columns."""
    dialect = draw(st.builds(Dialect, st.sampled_from(",;\t|"), st.sampled_from(".,"), st.sampled_from(ENCODINGS)))
    kinds = draw(st.lists(st.sampled_from([NASTY_WORDS, WORDS, NUMBERS]), min_size=2, max_size=5))
    rows = draw(st.integers(3, 8))
    found = [draw(st.lists(kind, min_size=rows, max_size=rows)) for kind in kinds]
    names = [f"name {place}" for place in range(len(kinds))]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=dialect.delimiter, lineterminator=draw(st.sampled_from(["\n", "\r\n"])))
    writer.writerow(names)
    for row in zip(*found, strict=True):
        writer.writerow([cell if isinstance(cell, str) else f"{cell:f}".replace(".", dialect.decimal) for cell in row])
    return text.getvalue(), dialect, names, found


@given(written_tables())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_python_writes_in_a_dialect_comes_back(tmp_path: Path, written: tuple):
    text, dialect, names, found = written
    table = read(tmp_path, text.encode(dialect.encoding), dialect=dialect)
    assert columns(table) == dict(zip(names, found, strict=True))


@given(st.sampled_from(",;\t|"), st.sampled_from(ENCODINGS[:3]), st.lists(ROW, min_size=3))
@example(",", "utf-8", [(1.0, "abc", 2.0), (1.0, "abc", 2.0), (1.0, "abc", 2.0)])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_also_found_out_which_dialect_it_was(tmp_path: Path, delimiter: str, encoding: str, rows: list):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([("first", "second", "third"), *rows])
    table = read(tmp_path, text.getvalue().encode(encoding))
    assert table.dialect.delimiter == delimiter
    assert columns(table) == dict(zip(("first", "second", "third"), map(list, zip(*rows, strict=True)), strict=True))


@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b'"')
@example(b"#\n#")
@example(b"sep=;")
@example(b"\xef\xbb\xbf\n")
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_table_or_one_sentence(tmp_path: Path, content: bytes):
    try:
        table, said = read(tmp_path, content), ""
    except FileError as error:
        table, said = None, str(error)
    if table is None:
        assert re.fullmatch(r"“mine\.csv” cannot be opened: .*\.", said)
    else:
        assert table.rows >= 1
        assert all(len(table.cells(row)) == len(table.columns) for row in range(table.rows))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b" \r\n\r\n", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        (b"a,b\n", "it names columns, but has no rows"),
        (b"PK\x03\x04and more", "it is a workbook or an archive, not a table of text; save it as CSV first"),
        (b"\x1f\x8bxyz", "it is packed; unpack it first"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0", "it is not a table of text: it holds bytes that no text has"),
        (b"a,b\n1,\0\n", "it is not a table of text: it holds bytes that no text has"),
        (b'a,b\n1,2\n3,"4\n5,6\n7,8\n', "the quote that opens in line 3 never closes"),
        (b"a,b\n" + b"1,2\n" * 500 + b'3,"4\n5,6\n7,8\n', "the quote that opens in line 502 never closes"),
        (b"a,b\n1,2\n3," + b"x" * 200_000, "line 3 begins a cell of more than 131,072 signs; is a quote missing?"),
        (b"1," * 10_000 + b"1", "it has 10,001 columns; there can be 10,000"),
    ],
)
def test_a_file_that_is_no_table_is_told_in_one_sentence(content: bytes, words: str, tmp_path: Path):
    assert sentence(tmp_path, content) == f"“mine.csv” cannot be opened: {words}."


def test_a_folder_and_a_missing_file_are_told(tmp_path: Path):
    with pytest.raises(FileError, match="cannot be opened: it is not a file"):
        tables.read(tmp_path)
    with pytest.raises(FileError, match=r"“gone\.csv” cannot be opened: there is no such file"):
        tables.read(tmp_path / "gone.csv")


def test_an_encoding_that_nobody_knows_is_told(tmp_path: Path):
    for name in ("klingon", "rot13", "zlib"):
        assert f"“{name}” is no encoding that this program knows" in sentence(
            tmp_path, "a\n1\n", dialect=Dialect(encoding=name)
        )


def test_what_is_too_large_is_refused_before_its_rows_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = written(tmp_path, "a,b\n" + "1,2\n" * 10)
    monkeypatch.setattr(reader, "MAX_CELLS", 20)
    with pytest.raises(FileError, match="it has 22 cells; at most 20 can be read"):
        tables.read(path)
    monkeypatch.setattr(reader, "MAX_BYTES", 20)
    with pytest.raises(FileError, match=r"at most 0\.0 GB can be read"):
        tables.read(path)


def test_what_does_not_fit_into_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reader, "known_memory", lambda: Memory(100, "{} are free"))
    assert "GB of memory; 0.0 GB are free" in sentence(tmp_path, "a,b\n" + "1,2\n" * 10)


def test_what_was_found_out_can_be_said_otherwise(tmp_path: Path):
    content = "a;b\n1,234;5\n2,345;6\n"
    found = read(tmp_path, content).dialect
    assert found == Dialect(";", ",", "utf-8", '"', True)
    assert columns(read(tmp_path, content, dialect=replace(found, decimal=".")))["a"] == [1234.0, 2345.0]
    bare = read(tmp_path, content, dialect=replace(found, header=False))
    assert (bare.rows, bare.cells(0)) == (3, ("a", "b"))
    assert [column.name for column in bare.columns] == ["column 1", "column 2"]


def test_a_few_broken_bytes_do_not_make_utf8_something_else(tmp_path: Path):
    text = ("name,n\n" + "äöü,1\n" * 40).encode() + b"\xff,2\n"
    table = read(tmp_path, text)
    assert table.dialect.encoding == "utf-8"
    assert cells(table.columns[0])[-1] == "\ufffd"


def test_signs_beyond_ascii_far_down_still_choose_the_encoding(tmp_path: Path):
    table = read(tmp_path, b"a,b\n" + b"1,x\n" * 50_000 + "2,Köln\n".encode("cp1252"))
    assert table.dialect.encoding == "cp1252"
    assert table.cells(50_000) == ("2", "Köln")


def test_a_column_is_one_of_numbers_if_nine_in_ten_of_its_cells_are(tmp_path: Path):
    nine, eight = read(tmp_path, "a,b\n" + "1,1\n" * 9 + "x,1\n"), read(tmp_path, "a,b\n" + "1,1\n" * 8 + "x,1\ny,1\n")
    assert (nine.columns[0].kind, nine.columns[0].wrong) == ("number", 1)
    assert (eight.columns[0].kind, eight.columns[0].categories) == ("text", ("1", "x", "y"))


def test_cells_in_which_nothing_is_known_do_not_count_for_what_a_column_is(tmp_path: Path):
    table = read(tmp_path, "a,b,c\n" + "NA,1,\n" * 20 + "7,1,\n")
    assert [(column.kind, column.missing) for column in table.columns] == [("number", 20), ("number", 0), ("empty", 21)]


def test_a_number_is_not_guessed(tmp_path: Path):
    """With a decimal point 1,5 is no number; nor are 1_000, infinity or what is too large."""
    wrong = ["1,5", "1_000", "inf", "1e999", "0x10", "1 2", "12%", "1.2.3"]
    table = read(tmp_path, "a;b\n" + "1.5;1\n" * 80 + "".join(f"{cell};1\n" for cell in wrong))
    assert table.columns[0].wrong == len(wrong)
    assert [problem.text for problem in table.problems.first] == wrong


def test_a_bad_cell_is_named_by_row_and_column(tmp_path: Path):
    rows = ["250000,90"] * 13 + ["n/a,80", "1,\n", "dear,60"] + ["1,2"] * 10
    table = read(tmp_path, "price,size\n" + "\n".join(rows))
    assert [problem.sentence() for problem in table.problems.first] == [
        'Row 14, column "price": "n/a" is not a number.',
        'Row 15, column "size" is empty.',
        'Row 16, column "price": "dear" is not a number.',
    ]
    assert [problem.line for problem in table.problems.first] == [15, 16, 18]
    assert (table.problems.count, table.problems.bad_rows) == (3, 3)
    assert np.flatnonzero(table.problems.rows).tolist() == [13, 14, 15]


def test_a_text_that_is_missing_and_a_row_that_is_too_long_are_named(tmp_path: Path):
    table = read(tmp_path, "colour,n\nred,1\n?,2\nblue,3,4\nblue,4,,\n")
    assert [problem.sentence() for problem in table.problems.first] == [
        'Row 2, column "colour": "?" says that it is missing.',
        "Row 3 has 3 cells instead of 2.",
    ]


def test_only_the_first_hundreds_of_problems_are_kept_and_all_are_counted(tmp_path: Path):
    table = read(tmp_path, "a,b\n" + "1,2\n" * 9000 + "x,3\n" * 900)
    assert (table.problems.count, table.problems.bad_rows, len(table.problems.first)) == (900, 900, 300)


def test_a_long_cell_is_shortened_in_a_sentence(tmp_path: Path):
    table = read(tmp_path, "a,b\n" + "1,2\n" * 20 + f'"{"so long " * 30}\n",3\n')
    assert table.problems.first[0].sentence() == f'Row 21, column "a": "{"so long " * 4}so long…" is not a number.'


def test_rows_find_their_lines_past_blank_ones_and_cells_of_many_lines(tmp_path: Path):
    table = read(tmp_path, '# by us\r\na,b\r\n\r\n"one\r\ntwo",1\r\n\r\nthree,2\r\n')
    assert table.text.lines.tolist() == [4, 7]
    assert [table.cells(row) for row in (1, 0)] == [("three", "2"), ("one\r\ntwo", "1")]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 64])
def test_lines_are_found_whatever_the_pieces(size: int, monkeypatch: pytest.MonkeyPatch):
    content = b"a\r\nb\rc\n\n\r\r\nd"
    monkeypatch.setattr(reader, "PIECE", size)
    lines = io.StringIO(content.decode(), newline="").readlines()
    assert reader.line_starts(content).tolist() == [0, *np.cumsum([len(line) for line in lines])]


def test_progress_rises_to_one(tmp_path: Path):
    told: list[float] = []
    read(tmp_path, "a,b\n" + "1,2\n" * 60_000 + "x,y\n" * 20_000, progress=told.append)
    assert told == sorted(told)
    assert (told[0] > 0, told[-1]) == (True, 1.0)
    assert len(told) > 10


def test_reading_can_be_called_off(tmp_path: Path):
    asked: list[float] = []
    with pytest.raises(tables.Cancelled):
        read(tmp_path, "a,b\n" + "1,2\n" * 60_000, progress=asked.append, cancelled=lambda: len(asked) == 5)
    assert len(asked) == 5


def test_the_memory_that_is_stated_is_that_of_the_file_and_its_numbers(tmp_path: Path):
    content = "a,b\n" + "1.25,2\n" * 10_000
    table = read(tmp_path, content)
    assert table.memory_bytes == len(content) + 10_000 * (2 * 8 + 3 * 8)


def test_thousands_of_different_texts_are_counted_up_to_a_bound(tmp_path: Path):
    table = read(tmp_path, "a,b\n" + "".join(f"text {row},1\n" for row in range(10_050)))
    assert (len(table.columns[0].categories), table.columns[0].is_crowded) == (10_000, True)
    assert table.problems.count == 0
    assert table.cell(10_049, 0) == "text 10049"


def test_what_is_read_cannot_be_changed(tmp_path: Path):
    table = read(tmp_path, "a,b\n1,x\n2,y\n")
    for array in (table.columns[0].values, table.columns[1].codes, table.columns[1].values, table.problems.rows):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_first_line_without_end_is_still_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(layout, "LOOK", 8)
    assert columns(read(tmp_path, "alpha,beta,gamma\n1,2,3\n"))["alpha"] == [1.0]


def test_names_that_are_there_many_times_are_numbered(tmp_path: Path):
    content = ",".join(["a"] * 9_000 + ["a (2)"]) + "\n" + ",".join(map(str, range(9_001))) + "\n"
    names = [column.name for column in read(tmp_path, content).columns]
    assert names[:3] == ["a", "a (2)", "a (3)"]
    assert names[-2:] == ["a (9000)", "a (2) (2)"]


def test_a_line_without_end_beside_one_beyond_ascii_is_soon_judged(tmp_path: Path):
    assert "begins a cell of more than" in sentence(tmp_path, b"a" * 2_000_000 + b"\n\xe9\n")


def test_reading_tables_is_not_paid_for_by_who_reads_none():
    code = "import visualnn.files, visualnn.files.tables as t, sys; print('charset_normalizer' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.strip() == "False"
