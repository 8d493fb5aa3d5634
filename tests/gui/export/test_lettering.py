from __future__ import annotations

import re

from visualnn.gui.export.lettering import lettered

TEXT = (
    '<g stroke="none" transform="matrix(1,0,0,1,0,0)"\n>\n'
    '<text fill="{fill}" xml:space="preserve" x="{x}" y="{y}" font-weight="{weight}" \n >{letters}</text>\n</g>\n\n'
)


def svg(*texts: tuple[float, float, str, str, int]) -> str:
    groups = (TEXT.format(x=x, y=y, letters=letters, fill=fill, weight=weight) for x, y, letters, fill, weight in texts)
    return f"<svg>\n<defs>\n</defs>\n{''.join(groups)}</svg>"


def test_texts_that_follow_each_other_move_along_in_a_wider_font():
    made = lettered(svg((10, 50, "the loss is ", "#fff", 500), (60.3, 50, "−1.20", "#f90", 600)), [50.0, 30.0])
    assert made.count("<text ") == 1
    assert 'textLength="80.30"' in made
    assert re.findall(r"<tspan fill=\"(.*?)\" font-weight=\"(.*?)\">(.*?)</tspan>", made) == [
        ("#fff", "500", "the loss is "),
        ("#f90", "600", "−1.20"),
    ]


def test_texts_apart_from_each_other_stay_where_they_are():
    apart = svg((10, 50, "2.50", "#fff", 500), (90, 50, "0.60", "#fff", 500), (120, 70, "c", "#fff", 500))
    made = lettered(apart, [30.0, 30.0, 8.0])
    assert "<tspan" not in made
    assert re.findall(r'textLength="(.*?)".*? x="(.*?)"', made) == [("30.00", "10"), ("30.00", "90"), ("8.00", "120")]


def test_widths_that_are_not_those_of_the_texts_are_not_believed():
    assert "textLength" not in lettered(svg((10, 50, "c", "#fff", 500)), [])
