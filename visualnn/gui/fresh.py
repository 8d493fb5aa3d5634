"""New networks by name: what the Find sheet offers for a data set, and for a shape that is typed."""

from __future__ import annotations

from visualnn.files import fresh
from visualnn.files.documents import SHAPE
from visualnn.gui.actions import Window
from visualnn.gui.widgets.search import Entry
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Network
from visualnn.nn.recipes import SOURCES
from visualnn.nn.room import check_room
from visualnn.project import Project

ICON = "plus"
PLACEHOLDER = "Type a shape such as 2-16-16-1, or choose data"


def entries() -> list[Entry]:
    """A good first network for each data set."""
    made = []
    for name, source in SOURCES.items():
        sizes = "-".join(map(str, fresh.first_sizes(name)))
        made.append(Entry(f"new:{name}", f"New network for {source.title}", "", ICON, True, sizes, "New"))
    return made


def title(recipe: str) -> str:
    """What a data set is called."""
    return SOURCES[recipe].title if recipe in SOURCES else recipe.capitalize()


def suggest(window: Window, typed: str) -> list[Entry]:
    """What a typed shape may mean: another shape of this network, or a new network; or why it is none."""
    if not SHAPE.fullmatch(typed):
        return []
    try:
        network = Network.parse(typed)
        check_room(network)
    except VisualNNError as error:
        return [Entry("", typed.strip(), "", "triangle-alert", False, str(error))]
    shape = fresh.shape_name(network)
    made = []
    project = window.workspace.project
    if project is not None and window.showing_document and _same_ends(project, network):
        made.append(
            Entry(f"shape:{typed}", f"Reshape this network to {shape}", "", "pencil", True, "keeps its weights")
        )
    recipes = fresh.fitting(network)
    made += [Entry(f"new:{name}:{typed}", f"New network {shape}", "", ICON, True, title(name)) for name in recipes]
    if not recipes:
        made.append(Entry(f"new::{typed}", f"New network {shape}", "", ICON, True, "random rows"))
    return made


def _same_ends(project: Project, network: Network) -> bool:
    sizes, present = network.sizes, project.network.sizes
    return (sizes[0], sizes[-1]) == (present[0], present[-1]) and len(sizes) > 2


def project_of(name: str) -> Project:
    """The new network of an entry: "xor" or "xor:2-16-16-1". Raises `VisualNNError`."""
    recipe, _, shape = name.partition(":")
    if shape:
        return fresh.from_shape(shape, recipe or None)
    made = fresh.from_data(recipe)
    return made.renamed(title(recipe))
