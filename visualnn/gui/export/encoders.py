"""What writes which film: the end of its file's name, its usual frames a second, and its writer."""

from visualnn.gui.export.film import FPS_GIF, FPS_MP4
from visualnn.gui.export.gif import write_gif
from visualnn.gui.export.movie import write_mp4

FILMS = {"GIF": (".gif", FPS_GIF, write_gif), "MP4": (".mp4", FPS_MP4, write_mp4)}
