"""Every text can be read on every surface, and a new theme reaches the whole application."""

import itertools

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from visualnn.gui import theme
from visualnn.gui.theme.style import style_sheet

SURFACES = ("canvas", "panel", "raised", "accentbg")
TEXTS = ("text", "text2", "text3", "accent", "pos", "neg", "zero", "act", "good", "warn", "bad")
ON_FILLS = (("text", "posfill"), ("text", "negfill"), ("text", "zerofill"), ("onaccent", "accent"), ("text", "hover"))
THEMES = ("dark", "light")


@pytest.fixture
def appearance(qapp):
    chosen = theme.appearance()
    chosen.set_mode("dark")
    yield chosen
    chosen.set_mode("dark")
    chosen.set_reduced_motion(None)


def luminance(color: QColor) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.getRgbF()[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: QColor, b: QColor) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("text", "surface"), [*itertools.product(TEXTS, SURFACES), *ON_FILLS])
def test_text_is_legible(name, text, surface):
    tokens = theme.load(name)
    assert contrast(tokens.color(text), tokens.color(surface)) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_outline_of_waiting_neurons_is_visible(name):
    tokens = theme.load(name)
    assert all(contrast(tokens.color("line3"), tokens.color(surface)) >= 2.95 for surface in SURFACES)


def test_both_themes_know_the_same_roles():
    assert set(theme.load("dark")) == set(theme.load("light"))


def test_theme_is_a_table():
    dark = theme.load("dark")
    assert dark["edge_lo"] == 0.38
    assert len(dark) == len(list(dark))
    assert dark.is_dark
    assert dark.color(QColor("red")) == QColor("red")


def test_a_colour_that_is_handed_out_can_be_changed():
    dark = theme.load("dark")
    dark.color("text").setAlphaF(0.1)
    assert dark.color("text").alphaF() == 1


def test_mix_goes_from_one_to_the_other(appearance):
    assert theme.mix("canvas", "text", 0).name() == theme.color("canvas").name()
    assert theme.mix("canvas", "text", 1).name() == theme.color("text").name()
    assert theme.mix(QColor("#000000"), QColor("#ffffff"), 0.5).red() in (127, 128)


def test_pressed_is_darker(appearance):
    assert theme.pressed("accent").lightnessF() == pytest.approx(theme.color("accent").lightnessF() - 0.04, abs=0.01)


WEIGHTS = {400: 400, 450: 400, 500: 500, 550: 600, 600: 600, 650: 600, 700: 700}


@pytest.mark.parametrize(("weight", "cut"), WEIGHTS.items())
def test_weights_have_cuts(qapp, weight, cut):
    assert theme.font(13, weight).weight() == cut


def test_figures_are_all_as_wide(qapp):
    assert len({theme.text_width(str(figure) * 4, 13, 500) for figure in range(10)}) == 1


def test_code_has_no_ligatures(qapp):
    assert theme.text_width(">=", 13, mono=True) == pytest.approx(2 * theme.text_width(">", 13, mono=True))
    assert theme.font(12.5, mono=True).family() == "JetBrains Mono"


def test_half_pixel_sizes_are_rounded_up(qapp):
    assert theme.font(12.5, mono=True).pixelSize() == 13


def test_text_is_centred_on_its_capitals(qapp):
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    with QPainter(image) as painter:
        theme.draw_text(painter, 50, 50, "H", 40, 700, QColor("white"), "c")
    rows = [y for y in range(100) if any(image.pixelColor(x, y).lightness() > 128 for x in range(100))]
    columns = [x for x in range(100) if any(image.pixelColor(x, y).lightness() > 128 for y in range(100))]
    assert (rows[0] + rows[-1] + 1) / 2 == pytest.approx(50, abs=1)
    assert (columns[0] + columns[-1] + 1) / 2 == pytest.approx(50, abs=1)


def test_runs_are_as_wide_as_their_parts(qapp):
    runs = ["ReLU clips ", ("−1.83", "neg", 650), (" to 0", None)]
    parts = (
        theme.text_width("ReLU clips ", 20, 500)
        + theme.text_width("−1.83", 20, 650)
        + theme.text_width(" to 0", 20, 500)
    )
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        assert theme.draw_runs(painter, 0, 5, runs, 20, 500, align="r") == pytest.approx(parts)
    assert theme.runs_width(runs, 20, 500) == pytest.approx(parts)


def test_elided_text_fits(qapp):
    assert theme.elided("short", 200, 13) == "short"
    cut = theme.elided("a very long sentence indeed", 60, 13)
    assert cut.endswith("…")
    assert theme.text_width(cut, 13) <= 60


@pytest.mark.parametrize("ratio", [1, 1.5, 2])
def test_icons_have_the_colour_of_their_role_and_the_pixels_of_the_screen(appearance, ratio):
    pixmap = theme.icon_pixmap("play", "accent", 18, ratio)
    image = pixmap.toImage()
    assert image.width() == round(18 * ratio)
    middle = image.pixelColor(image.width() // 2, image.height() // 2)
    assert middle.name() == theme.color("accent").name()  # play is filled
    assert image.pixelColor(0, 0).alpha() == 0


def test_an_icon_lies_on_whole_pixels(appearance):
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    with QPainter(image) as painter:
        theme.draw_icon(painter, "minus", 20.3, 20.4, 24, QColor("white"))
    assert sorted({image.pixelColor(20, y).lightness() for y in range(40)}) == [0, 255]


def test_disabled_icons_are_pale(appearance):
    icon = theme.icon("plus", "text", 16)
    modes = (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    shown = [icon.pixmap(16, mode).toImage().pixelColor(8, 8).lightness() for mode in modes]
    assert shown == pytest.approx([theme.color("text").lightness(), theme.color("line2").lightness()], abs=2)


def test_a_new_mode_repaints_what_is_open(appearance, qtbot):
    class Patch(QWidget):
        def paintEvent(self, _event):
            with QPainter(self) as painter:
                painter.fillRect(self.rect(), theme.color("canvas"))

    patch = Patch()
    qtbot.addWidget(patch)
    patch.resize(20, 20)
    patch.show()
    with qtbot.waitSignal(appearance.changed) as heard:
        appearance.set_mode("light")
    assert heard.args[0].name == "light"
    assert patch.grab().toImage().pixelColor(5, 5).name() == theme.load("light")["canvas"]
    assert QApplication.palette().color(QPalette.ColorRole.Window).name() == theme.load("light")["canvas"]


def test_the_same_mode_again_changes_nothing(appearance, qtbot):
    with qtbot.assertNotEmitted(appearance.changed):
        appearance.set_mode("dark")


def test_system_mode_follows_the_system(appearance, monkeypatch):
    monkeypatch.setattr(appearance, "_system_theme", lambda: "light")
    appearance.set_mode("system")
    assert theme.current().name == "light"
    monkeypatch.setattr(appearance, "_system_theme", lambda: "dark")
    QApplication.styleHints().colorSchemeChanged.emit(QApplication.styleHints().colorScheme())
    assert theme.current().name == "dark"


def test_unknown_modes_are_refused(appearance):
    with pytest.raises(ValueError, match="sepia"):
        appearance.set_mode("sepia")


def test_there_is_one_appearance(appearance):
    assert theme.appearance() is appearance


def test_reduced_motion_is_the_systems_until_it_is_forced(appearance, qtbot, monkeypatch):
    monkeypatch.setattr("visualnn.gui.theme.application.system_reduces_motion", lambda: True)
    assert appearance.reduced_motion
    with qtbot.waitSignal(appearance.motion_changed) as heard:
        appearance.set_reduced_motion(False)
    assert heard.args == [False]
    assert not appearance.reduced_motion


@pytest.mark.parametrize("name", THEMES)
def test_the_style_sheet_leaves_no_role_open(name):
    assert "@" not in style_sheet(theme.load(name))


@pytest.mark.parametrize("name", THEMES)
def test_buttons_of_dialogs_look_like_ours(appearance, qtbot, name):
    appearance.set_mode(name)
    box = QMessageBox()
    qtbot.addWidget(box)
    kinds = QMessageBox.StandardButton
    box.setText("Save the changes?")
    box.setStandardButtons(kinds.Save | kinds.Discard | kinds.Cancel)
    box.setDefaultButton(kinds.Save)
    box.show()
    box.activateWindow()
    qtbot.waitUntil(box.isActiveWindow)
    assert "QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }" in style_sheet(theme.current())
    for button in box.buttons():
        assert button.icon().isNull()
        assert button.height() == 32
        button.setFocus(Qt.FocusReason.TabFocusReason)
        assert button.sizeHint().height() == 32
    box.button(kinds.Save).setFocus(Qt.FocusReason.TabFocusReason)
    chosen, plain = (box.button(kind).grab().toImage() for kind in (kinds.Save, kinds.Cancel))
    assert chosen.pixelColor(6, 16) == theme.color("accent")
    assert plain.pixelColor(6, 16) == theme.color("raised")
    assert plain.pixelColor(plain.width() // 2, 0) == theme.color("line2")


def test_points_are_floats(qapp):
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        assert theme.draw_text(painter, QPointF(1, 1).x(), 5, "") == 0


def test_without_a_preference_it_is_dark(appearance):
    appearance.set_mode("system")
    assert appearance.mode == "system"
    assert appearance.theme is theme.current()
    assert theme.current().name in ("dark", "light")
