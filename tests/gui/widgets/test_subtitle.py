import pytest

from visualnn.gui import theme
from visualnn.gui.widgets import subtitle as module
from visualnn.gui.widgets.subtitle import MARGIN, WEIGHT, Subtitle, plain, set_sentence

CLIP = ["ReLU clips ", ("−1.83", "neg", 650), " to ", ("0", "text", 650), ": neuron d passes nothing on."]
LONG = [
    "Epoch 236: loss ",
    ("0.149", None, 650),
    " and falling. ",
    ("131 of 140", None, 650),
    " training points are right, and the rest are not.",
]


@pytest.fixture
def subtitle(place):
    return place(Subtitle(), width=700)


def test_plain_text():
    assert plain(CLIP) == "ReLU clips −1.83 to 0: neuron d passes nothing on."


def test_one_line_where_there_is_room(qapp):
    setting = set_sentence(CLIP, 800, 20)
    assert len(setting.lines) == 1
    assert setting.size == 20


@pytest.mark.parametrize("width", range(250, 800, 50))
def test_nothing_is_left_out_and_nothing_sticks_out(qapp, width):
    setting = set_sentence(LONG, width, 20)
    said = " ".join(plain(line) for line in setting.lines)
    assert said == plain(LONG)
    assert setting.size > module.LAST_SIZE
    assert all(theme.runs_width(line, setting.size, WEIGHT) <= width for line in setting.lines)


def test_letters_shrink_before_a_second_line_is_made(qapp):
    full = theme.runs_width(CLIP, 20, WEIGHT)
    small = set_sentence(CLIP, full * 0.9, 20)
    assert len(small.lines) == 1
    assert 15 <= small.size < 20
    assert len(set_sentence(CLIP, full * 0.6, 20).lines) == 2


def test_the_break_keeps_the_colours(qapp):
    lines = set_sentence(CLIP, 240, 20).lines
    assert ("−1.83", "neg", 650) in [part for line in lines for part in line]


def test_one_long_word_has_no_break(qapp):
    assert len(set_sentence(["w" * 80], 100, 20).lines) == 1


def test_the_text_is_told(subtitle):
    subtitle.set_parts(CLIP)
    assert subtitle.text() == subtitle.accessibleName() == plain(CLIP)
    subtitle.set_parts(LONG, live=True)
    assert subtitle.accessibleName() == plain(LONG)


def colors_of(subtitle) -> set[str]:
    image = subtitle.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(20, 40)}


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_numbers_have_their_colours(subtitle, appearance, mode):
    appearance.set_mode(mode)
    subtitle.set_parts(CLIP)
    assert theme.color("neg").name() in colors_of(subtitle)
    assert theme.color("text").name() in colors_of(subtitle)


def test_it_fades_to_the_next(subtitle, appearance, qtbot):
    appearance.set_reduced_motion(False)
    subtitle.set_parts(CLIP)
    assert subtitle._glide.value < 1
    assert not subtitle.grab().isNull()
    qtbot.waitUntil(lambda: subtitle._glide.value == 1)


def test_a_sentence_that_comes_during_a_fade_is_there_at_once(subtitle, appearance):
    appearance.set_reduced_motion(False)
    subtitle.set_parts(CLIP)
    subtitle.set_parts(LONG)
    assert subtitle._glide.value == 1


def test_the_same_again_does_nothing(subtitle, appearance):
    subtitle.set_parts(CLIP)
    appearance.set_reduced_motion(False)
    subtitle.set_parts(list(CLIP))
    assert subtitle._glide.value == 1


def test_larger_letters(subtitle):
    subtitle.set_parts(["Short."])
    subtitle.set_size(32)
    assert subtitle.setting().size == 32
    assert subtitle.sizeHint().height() > 80
    assert theme.runs_width(subtitle.setting().lines[0], 32, WEIGHT) <= subtitle.width() - 2 * MARGIN
