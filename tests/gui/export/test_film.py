"""Films: the chosen steps, long enough to be read, and the very pictures of the stage; read back from their files."""

from __future__ import annotations

import av
import numpy as np
import pytest
from PIL import Image

from visualnn.gui import theme
from visualnn.gui.export import movie
from visualnn.gui.export.film import Cut, cut_of
from visualnn.gui.export.gif import pixels_of, write_gif
from visualnn.gui.export.movie import write_mp4
from visualnn.gui.export.palette import palette_of
from visualnn.gui.export.paper import picture
from visualnn.gui.export.target import Cancelled
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Network
from visualnn.scene.timeline import Timeline

TIMELINE = Timeline(Network.parse("2-3-1"), "mse")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("all", 1, 55), ("Forward", 1, 20), ("loss", 21, 22), ("backward", 23, 42), ("7", 7, 7), ("3–20", 3, 20)],
)
def test_steps_are_named_by_words_and_numbers(text, first, last):
    assert cut_of(text, TIMELINE) == Cut(first, last)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("56", "There is no step 56; this network has 55."),
        ("0-3", "There is no step 0; this network has 55."),
        ("5-3", "The steps 5-3 are none: the first comes after the last."),
        ("b", "There are no steps “b”; there are all, forward, loss, backward, update, or numbers such as 3-20."),
    ],
)
def test_steps_that_are_none_are_told(text, said):
    with pytest.raises(VisualNNError) as error:
        cut_of(text, TIMELINE)
    assert str(error.value) == said


def test_a_coarser_grain_has_fewer_steps():
    assert [cut_of("all", TIMELINE, grain).count(TIMELINE) for grain in ("operation", "pass")] == [55, 4]


def test_a_film_ends_with_what_the_last_step_has_made(film):
    made = film("1-3")
    assert [moment.t for moment in made.moments if moment.t == int(moment.t)] == [0, 1, 2, 3]
    assert made.moments[-1].ticks > made.moments[0].ticks


def test_things_move_only_forward(film):
    for grain in ("operation", "neuron", "layer", "pass"):
        times = [moment.t for moment in film("all", grain=grain).moments]
        assert times == sorted(times)
        assert times[-1] == 55


def test_a_film_that_nobody_would_watch_is_not_made(film, adder):
    adder.window.open_document("2-1000-1000-1")
    with pytest.raises(VisualNNError, match=r"would last .* hours: choose fewer steps, or step by layer"):
        _ = film("all").moments


def test_a_gif_has_every_moment_for_its_time(film, tmp_path):
    made = film("1-3")
    told: list[tuple[int, int]] = []
    write_gif(made, tmp_path / "a.gif", lambda done, whole: told.append((done, whole)))
    with Image.open(tmp_path / "a.gif") as gif:
        durations = []
        for number in range(gif.n_frames):
            gif.seek(number)
            durations.append(gif.info["duration"])
        assert (gif.size, gif.info["loop"]) == ((480, 300), 0)
    assert durations == [moment.ticks * 100 for moment in made.moments]
    assert told[-1] == (len(durations), len(durations))


def test_the_pictures_of_a_gif_are_those_of_the_stage(film, tmp_path):
    made = film("9-10")
    write_gif(made, tmp_path / "a.gif")
    with Image.open(tmp_path / "a.gif") as gif:
        for number in (0, 3, len(made.moments) - 1):
            gif.seek(number)
            shown = np.array(gif.convert("RGB")).astype(int)
            wanted = pixels_of(picture(made.shot(made.moments[number]), made.ratio), made.size)
            assert np.abs(shown[:, :, 1] - (wanted >> 8 & 255).astype(int)).mean() < 1.0
            assert tuple(shown[2, 2]) == theme.color("canvas").getRgb()[:3]  # exactly


def test_few_colours_are_kept_exactly():
    pixels = np.array([[0x10141F, 0x101420], [0xFFFFFF, 0x10141F]], dtype=np.uint32)
    palette = palette_of([pixels])
    assert (palette.colors[palette.places(pixels)] == pixels).all()
    strange = np.array([[0x111420]], dtype=np.uint32)
    assert palette.colors[palette.places(strange)][0, 0] == 0x101420


def test_an_mp4_has_all_its_frames(film, tmp_path):
    made = film("1-3", fps=20.0)
    write_mp4(made, tmp_path / "a.mp4")
    with av.open(str(tmp_path / "a.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 480, 300)
        assert stream.average_rate == 20
        assert container.metadata["title"] == "Add two numbers, steps 1–3"
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == made.ticks
    wanted = pixels_of(picture(made.shot(made.moments[-1]), made.ratio), made.size)
    assert np.abs(frames[-1][:, :, 1].astype(int) - (wanted >> 8 & 255).astype(int)).mean() < 3.0


def test_an_mp4_of_an_odd_size_loses_a_pixel(film, tmp_path):
    write_mp4(film("1", size=(481, 301)), tmp_path / "a.mp4")
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (480, 300)


def test_without_av_one_sentence_says_what_to_install(film, tmp_path, monkeypatch):
    monkeypatch.setattr(movie, "find_spec", lambda name: None)
    with pytest.raises(VisualNNError, match=r"MP4 needs the package av: pip install visualnn\[film\]\."):
        write_mp4(film("1"), tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("write", [write_gif, write_mp4])
def test_a_film_that_is_stopped_leaves_no_file_and_spares_the_old_one(film, tmp_path, write):
    path = tmp_path / "a.film"
    path.write_text("old", encoding="utf-8")

    def stop(done: int, _whole: int) -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        write(film("1-3"), path, stop)
    assert [each.name for each in tmp_path.iterdir()] == ["a.film"]
    assert path.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("write", [write_gif, write_mp4])
def test_a_film_that_has_nowhere_to_go_is_told(film, tmp_path, write):
    with pytest.raises(VisualNNError, match="there is no folder"):
        write(film("1"), tmp_path / "none" / "a.film")


def test_the_sentence_of_a_layer_stands_while_it_flows(film):
    made = film("forward", grain="layer")
    flowing = next(moment for moment in made.moments if moment.flowing)
    assert "".join(text for text, _role, _weight in made.shot(flowing).words).startswith("Hidden layer: 3 sums")


def test_a_film_fills_the_size_that_was_chosen(film):
    made = film("1", size=(1920, 1080))
    shot = made.shot(made.moments[0])
    assert (round(shot.width * made.ratio), round(shot.height * made.ratio)) == (1920, 1080)
