"""Films of a landscape: every frame is the picture of its moment, read back from the file."""

from __future__ import annotations

from dataclasses import replace

import av
import numpy as np
import pytest
from PIL import Image

from visualnn.gui.export.flight import WIDTH, LandscapeFilm
from visualnn.gui.export.gif import pixels_of, write_gif
from visualnn.gui.export.landscape import LandscapeShot
from visualnn.gui.export.movie import write_mp4
from visualnn.gui.export.shades import Shades, shades_of
from visualnn.gui.export.target import Cancelled
from visualnn.nn.landscape.grid import losses
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.window import Window
from visualnn.scene import look
from visualnn.scene.landscape.flight import Scene
from visualnn.scene.landscape.marks import Marks, trail
from visualnn.scene.landscape.relief import relief

SIZE = 320, 200
UPDATES = 6


def scene(update: int) -> Scene:
    """A path that grows by a point with every update; what is said becomes longer."""
    points = np.column_stack([np.linspace(-1, 1, UPDATES + 1), np.linspace(2.5, 1, UPDATES + 1)])[: update + 1]
    heights = CLASSICS["bowl"].heights(points[:, 0], points[:, 1])
    return Marks((trail(points, heights, 0xFFFFFF, "SGD"),)), f"After {update} updates" + " it goes on" * 5 * update


@pytest.fixture
def film(qapp, quick) -> LandscapeFilm:
    bowl = CLASSICS["bowl"]
    made = relief(losses(bowl, Window(*bowl.window), 25).heights, bowl.window)
    return LandscapeFilm(LandscapeShot(made, look.load("dark"), title="Bowl"), scene, UPDATES, SIZE, 5.0)


def wanted(film: LandscapeFilm, number: int) -> np.ndarray:
    return pixels_of(film.image(film.moments[number]), film.size)


def green(pixels: np.ndarray) -> np.ndarray:
    return (pixels >> 8 & 255).astype(int)


def test_every_update_is_shown_and_the_last_one_stands(film):
    assert sorted({moment.update for moment in film.moments}) == list(range(UPDATES + 1))
    assert film.moments[-1].update == UPDATES
    assert film.moments[-1].ticks > 5
    assert film.ticks == round(film.flight.seconds * film.fps)


def test_a_film_fills_its_size_with_letters_as_large_as_it_is(film):
    small, large = film, replace(film, size=(1920, 1200))
    for made in (small, large):
        image = made.image(made.moments[0])
        assert (image.width(), image.height()) == made.size
        assert made.ratio == made.size[0] / WIDTH


def test_nothing_moves_because_more_is_said(film):
    shots = [film._shot(update, film.flight.home, film.foot) for update in range(UPDATES + 1)]
    assert len({shot.area for shot in shots}) == 1
    assert len({shot.needed for shot in shots}) > 1
    assert film.foot == max(shot.needed for shot in shots)


def test_a_gif_shows_every_moment_for_its_time(film, tmp_path):
    told: list[tuple[int, int]] = []
    write_gif(film, tmp_path / "a.gif", lambda done, whole: told.append((done, whole)))
    with Image.open(tmp_path / "a.gif") as gif:
        durations, frames = [], []
        for number in range(gif.n_frames):
            gif.seek(number)
            durations.append(gif.info["duration"])
            frames.append(np.array(gif.convert("RGB")).astype(int))
        assert (gif.size, gif.info["loop"]) == (SIZE, 0)
    assert durations == [moment.ticks * 200 for moment in film.moments]
    assert told[0] == (0, len(durations))
    assert told[-1] == (len(durations), len(durations))
    for number in (0, len(frames) // 2, len(frames) - 1):
        expected = green(wanted(film, number))
        assert np.abs(frames[number][:, :, 1] - expected).mean() < 4
        blocks = [each[:200, :320].reshape(50, 4, 80, 4).mean((1, 3)) for each in (frames[number][:, :, 1], expected)]
        assert np.abs(blocks[0] - blocks[1]).mean() < 2  # the dots' mean is the colour


def test_an_mp4_has_all_its_frames(film, tmp_path):
    write_mp4(film, tmp_path / "a.mp4")
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert container.streams.video[0].average_rate == 5
        assert container.metadata["title"] == "Bowl"
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == film.ticks
    for frame, number in ((0, 0), (-1, len(film.moments) - 1)):
        assert np.abs(frames[frame][:, :, 1].astype(int) - green(wanted(film, number))).mean() < 3


def test_a_map_stands_still_while_the_race_plays(film):
    flat = replace(film, shot=replace(film.shot, shown="map"))
    assert [moment.update for moment in flat.moments] == list(range(UPDATES + 1))
    assert len({moment.camera for moment in flat.moments}) == 1
    first, last = (green(wanted(flat, number)) for number in (0, -1))
    assert 0 < (first != last).mean() < 0.2


@pytest.mark.parametrize("write", [write_gif, write_mp4])
@pytest.mark.parametrize("at", [0, 3])
def test_a_film_that_is_stopped_leaves_no_file(film, tmp_path, write, at):
    def stop(done: int, _whole: int) -> None:
        if done >= at:
            raise Cancelled

    with pytest.raises(Cancelled):
        write(film, tmp_path / "a.film", stop)
    assert list(tmp_path.iterdir()) == []


# Few colours


def test_colours_between_two_are_mixed_of_dots() -> None:
    palette = Shades(np.array([0x404040, 0x484848], dtype=np.uint32))
    flat = np.full((16, 16), 0x434343, dtype=np.uint32)
    shown = palette.colors[palette.places(flat)] & 255
    assert set(np.unique(shown)) == {0x40, 0x48}
    assert shown.mean() == pytest.approx(0x43, abs=1.5)
    np.testing.assert_array_equal(shown[:8, :8], shown[8:, 8:])


def test_the_commonest_colours_stay_as_they_are() -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 1 << 24, (64, 64), dtype=np.uint32)
    picture[:40] = 0x10141F
    palette = shades_of([picture])
    assert len(palette.colors) <= 255
    shown = palette.colors[palette.places(picture)]
    assert (shown[:40] == 0x10141F).all()


def test_a_picture_of_few_colours_needs_no_more() -> None:
    picture = np.array([[0x10141F, 0xFFFFFF], [0xFF0000, 0x10141F]], dtype=np.uint32)
    palette = shades_of([picture])
    np.testing.assert_array_equal(palette.colors[palette.places(picture)], picture)
