"""The data of ICU is cut down to items that stay readable as ICU reads them."""

import struct
from types import ModuleType

import pytest

HEADER = struct.pack("<HBBHHBBBB4s", 32, 0xDA, 0x27, 20, 0, 0, 0, 2, 0, b"CmnD").ljust(32, b"\0")
ITEMS = {"icudt73l/coll/de.res": b"sort", "icudt73l/lang/de.res": b"names" * 9, "icudt73l/ucase.icu": b"case" * 5}


@pytest.fixture
def icu(script) -> ModuleType:
    return script("packaging/icu.py")


def test_what_is_written_is_read_again(icu):
    header, items = icu.read(icu.write(HEADER, ITEMS))
    assert header == HEADER
    assert {name: content.rstrip(b"\0") for name, content in items.items()} == ITEMS


def test_items_begin_at_multiples_of_16_and_are_in_the_order_of_their_names(icu):
    data = icu.write(HEADER, dict(reversed(ITEMS.items())))
    places = [struct.unpack_from("<II", data, 32 + 4 + 8 * i) for i in range(len(ITEMS))]
    assert all(start % 16 == 0 for _, start in places)
    assert [data[32 + name : data.index(0, 32 + name)].decode() for name, _ in places] == sorted(ITEMS)


def test_rules_of_sorting_and_case_stay_and_names_and_old_code_pages_go(icu):
    assert all(map(icu.is_kept, ("coll/de.res", "coll/ucadata.icu", "ucase.icu", "nfkc.nrm", "root.res")))
    assert not any(map(icu.is_kept, ("lang/de.res", "lang/root.res", "de.res", "ibm-964_P110-1999.cnv", "zone/de.res")))


def test_the_table_is_found_within_a_library_and_one_without_is_refused(icu):
    data = icu.write(HEADER, ITEMS)
    assert icu.table(b"\x7fELF" + bytes(60) + data, "libicudata.so.73") == data
    with pytest.raises(SystemExit, match=r"libicudata\.so\.73 has no table"):
        icu.table(b"\x7fELF" + bytes(60), "libicudata.so.73")
