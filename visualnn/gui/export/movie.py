"""Writes a film as an MP4 with H.264, which every player, slide and web page shows."""

from __future__ import annotations

from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtGui import QImage

from visualnn import __version__
from visualnn.gui.export.reel import Reel
from visualnn.gui.export.target import Report, beside, quietly
from visualnn.nn.errors import VisualNNError

MISSING = "MP4 needs the package av: pip install visualnn[film]."
ENCODERS = {  # the first that is there, with its settings: small text has to stay sharp
    "libx264": {"crf": "18", "preset": "veryfast", "tune": "animation"},
    "libopenh264": {"rc_mode": "quality", "allow_skip_frames": "0"},
}
BITS_A_SECOND = 4_000_000  # where the encoder has no measure of quality
KEYFRAME_S = 2.0  # so that a player can jump


def missing() -> str:
    """Why no MP4 can be written here; "" if it can."""
    return "" if find_spec("av") is not None else MISSING


def write_mp4(film: Reel, path: Path, report: Report = quietly) -> None:
    """The whole film, its pictures all equally long. Raises `VisualNNError` where no encoder is installed."""
    if missing():
        raise VisualNNError(MISSING)
    import av

    whole, done = film.ticks, 0
    with beside(path) as file:
        file.touch()
        try:
            with av.open(str(file), "w", format="mp4", options={"movflags": "+faststart"}) as movie:
                movie.metadata.update(title=film.title, comment=f"VisualNN {__version__}")
                stream = _stream(movie, film)
                for moment in film.moments:
                    frame = av.VideoFrame.from_ndarray(_even(film.image(moment), film), "bgra")
                    for _ in range(moment.ticks):
                        frame.pts = done
                        movie.mux(stream.encode(frame))
                        done += 1
                        report(done, whole)
                movie.mux(stream.encode(None))
        except av.FFmpegError as error:
            raise OSError(error.errno, str(error)) from error


def _stream(movie: Any, film: Reel) -> Any:
    """The one track of the file."""
    name = _encoder()
    rate = Fraction(film.fps).limit_denominator(1001)
    stream = movie.add_stream(name, rate=rate, options=ENCODERS[name])
    stream.width, stream.height = (length - length % 2 for length in film.size)
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = 1 / rate
    stream.codec_context.gop_size = round(KEYFRAME_S * film.fps)
    if name != "libx264":
        stream.bit_rate = BITS_A_SECOND
    return stream


def _encoder() -> str:
    """Raises `VisualNNError` if this build of FFmpeg has none."""
    import av

    found = next((name for name in ENCODERS if name in av.codecs_available), None)
    if found is None:
        raise VisualNNError("MP4 needs an encoder for H.264, which the installed package av does not have.")
    return found


def _even(image: QImage, film: Reel) -> Any:
    """Blue, green, red, nothing, in memory of their own; H.264 has no odd sizes."""
    width, height = (length - length % 2 for length in film.size)
    flat = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return flat[:height, :width].copy()  # the picture's own is gone with it
