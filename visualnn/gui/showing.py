"""Shows a moment of a landscape and its race in all views of Landscape mode."""

from __future__ import annotations

import numpy as np

from visualnn.gui.bets import Bets
from visualnn.gui.parts import Parts
from visualnn.gui.scout import Scout
from visualnn.gui.tuner import Tuner
from visualnn.gui.views.contest import ContestContent
from visualnn.gui.views.contest.content import Score
from visualnn.gui.views.portrait import FormulaContent, PortraitContent
from visualnn.gui.widgets.lines_chart import ChartLine
from visualnn.nn.landscape.ground import Ground
from visualnn.nn.landscape.models import MODELS
from visualnn.nn.landscape.surfaces import CLASSICS, Classic
from visualnn.nn.landscape.track import Track
from visualnn.nn.network import Vector
from visualnn.project import Project
from visualnn.scene.formula import Part, Sentence
from visualnn.scene.landscape import captions, presence, wishes
from visualnn.scene.landscape.examples import EXAMPLES, GROUPS, Example
from visualnn.scene.landscape.marks import Marks, Minimum, Slope
from visualnn.scene.landscape.pins import slope_words
from visualnn.scene.landscape.presence import Runner
from visualnn.scene.landscape.prospect import Prospect
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.landscape.scenery import Scenery
from visualnn.scene.landscape.standing import Race, lane_at, scoreboard, stamp, standings
from visualnn.scene.landscape.telling import valleys
from visualnn.scene.landscape.terrain import Terrain
from visualnn.scene.landscape.verdict import BEFORE, verdict
from visualnn.scene.names import OPTIMIZERS
from visualnn.scene.racing import Lane, Mark, marks, names

LABELS = {name: label for name, (label, _spelling) in OPTIMIZERS.items()}
SURFACES = (
    ("models", "Two-weight models"),
    ("weights", "Two chosen weights"),
    ("slice", "Two weights, as training goes"),
    ("path", "Main directions of the path"),
    ("random", "Random slice"),
)
SPARKS = 400  # points of the curve on the transport
AT_ONCE = 300_000  # rows × parameters of which a slope takes no time that is felt
AHEAD = ("path", "weights")  # where the surface shows all of the paths
SURVEYING = "The surface is computed …"


class Showing:
    """Puts together what the views are given. Remembers what stays the same from one frame to the next."""

    def __init__(self, parts: Parts, scout: Scout, tuner: Tuner):
        self._parts, self._scout, self._tuner = parts, scout, tuner
        self._views = parts.landscape
        self._subject: Project | None = None
        self._example: Example | None = None
        self._prospect = Prospect()
        self._names: tuple[str, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._race: Race | None = None
        self._raced: object = None  # what the race was put together from
        self._lines: tuple[ChartLine, ...] = ()
        self._slope: tuple[object, Slope | None] = (None, None)
        self._carried: tuple[float, float] | None = None  # where a ball is being dragged
        self._track: object = None  # what the transport's curve was made from
        self._minima: tuple[object, tuple[Minimum, ...]] = (None, ())
        self._said: tuple[object, str] = (None, "")
        self._weights = np.empty(0)  # that the small network shows
        self._pictured: object = None  # what it was shown with
        self.bets = Bets()
        self.decimals = 2
        self.is_picking = False
        groups = [(group, [each for each in EXAMPLES if each.group == group]) for group in GROUPS]
        self._views.view.show_examples([(g, [(e.id, e.title, e.sees) for e in found]) for g, found in groups])

    # -- what is looked at ---------------------------------------------------------------------------------------

    def look(self, subject: Project, example: Example | None, prospect: Prospect) -> None:
        """Who is shown from now on."""
        before, self._prospect = self._prospect, prospect
        raced = ("runners", "course", "goal")
        if subject is not self._subject or any(getattr(before, name) != getattr(prospect, name) for name in raced):
            self.bets.begin()
        self._subject, self._example = subject, example
        kinds = [runner.optimizer.name for runner in prospect.runners]
        self._names, self._marks = names(prospect.runners, LABELS), marks(kinds)
        self._race = None
        self._show_surfaces()

    def forget(self) -> None:
        """Another document was opened."""
        self.bets, self._carried, self.is_picking = Bets(), None, False

    def carry(self, point: tuple[float, float] | None) -> None:
        """A ball is being dragged: the network shows the weights under it."""
        self._carried = point
        self._show_portrait(self.lanes())

    def bet(self, answer: int | None) -> None:
        """Somebody is said to be first."""
        self.bets.give(answer)

    def _show_surfaces(self) -> None:
        project, given = self._subject, list(SURFACES)
        key = self._prospect.kind
        if self._example is not None:
            key = "example"
            given.insert(0, (key, self._example.title))
        few = project is not None and project.network.parameter_count < 2
        why = "A surface needs at least two weights." if few else ""
        own = {kind for kind, _ in SURFACES} - {"models"}
        self._views.view.show_surfaces([(k, text, why if k in own else "") for k, text in given], key)

    # -- the race at this moment ---------------------------------------------------------------------------------

    def race(self) -> Race | None:
        """Everything that is known of the race; None while nothing is."""
        scout, prospect = self._scout, self._prospect
        key = scout.tracks, prospect, scout.relief
        if len(scout.tracks) != len(prospect.runners):
            return None
        if self._race is None or key != self._raced:
            window = None if scout.relief is None or not prospect.is_of_two else scout.relief.window
            goal, updates, found = prospect.goal, prospect.updates, self._valleys()
            self._race = Race(scout.tracks, self._names, self._marks, goal, updates, found, window)
            self._raced = key
        return self._race

    def _valleys(self) -> tuple[Minimum, ...]:
        """Known minima of the surface that separate valleys have."""
        name = self._prospect.classic if self._prospect.kind == "formula" else ""
        if self._minima[0] != name:
            self._minima = name, valleys(CLASSICS[name]) if name else ()
        return self._minima[1]

    @property
    def is_settled(self) -> bool:
        """Whether everybody is there or out, so that nothing more happens however far the race goes."""
        race, t = self.race(), self._scout.t
        return race is not None and all(race.at(place, t)[1] is not None for place in range(len(race.tracks)))

    def lanes(self) -> tuple[Lane, ...]:
        """Where the runners are."""
        race = self.race()
        if race is not None:
            return standings(race, self._scout.t)
        given = zip(self._names, self._prospect.runners, self._marks, strict=True)
        return tuple(Lane(name, options, mark) for name, options, mark in given)

    def runners(self) -> list[Runner]:
        """Everybody on the surface, at this moment."""
        race, scout = self.race(), self._scout
        if race is None:
            return []
        moments = [lane_at(track, scout.t, race.goal)[0] for track in race.tracks]
        given = enumerate(zip(race.names, race.marks, race.tracks, moments, strict=True))
        return [Runner(name, mark, track, scout.path(k), moment) for k, (name, mark, track, moment) in given]

    def runner_of(self, index: int) -> int:
        """The place of the runner whose ball is the n-th that is drawn; the start: the one that is looked at."""
        placed = [place for place, each in enumerate(self.runners()) if each.is_placed]
        return placed[index] if 0 <= index < len(placed) else self._scout.selected

    def parameters(self, place: int | None = None) -> Vector:
        """Those of the network where a runner is; the one that is looked at, or the ball that is dragged."""
        subject, lanes = self._subject, self.lanes()
        assert subject is not None
        lane = lanes[min(self._scout.selected if place is None else place, len(lanes) - 1)]
        there = lane.parameters
        if there is None:
            return subject.parameters
        terrain = self._scout.terrain
        if self._carried is not None and place is None:
            if self._prospect.is_of_two:
                there = np.array(self._carried)
            elif terrain is not None and terrain.plane is not None:
                there = terrain.plane.point(*self._carried)
        return wishes.place_in(subject, self._prospect, there)

    def describe(self, position: int) -> str:
        """A moment in words, for who is dragging to it."""
        race = self.race()
        return "" if race is None else f"Update {position:,} · {verdict(race, position)}"

    # -- showing -------------------------------------------------------------------------------------------------

    def show(self, grain: int) -> None:
        """Everything, as it is now."""
        for part in ("stage", "output", "curves"):
            self.show_part(part, grain)

    def show_part(self, part: str, grain: int) -> None:
        """The surface, or what stands beside it, or the race."""
        if part == "stage":
            self._show_scenery(self.runners())
        elif part == "output":
            self._show_portrait(self.lanes())
            self._show_transport(grain)
        elif part == "curves":
            self._show_contest(self.lanes())
            self._say()

    def _show_scenery(self, runners: list[Runner]) -> None:
        scout, relief, terrain = self._scout, self._scout.relief, self._scout.terrain
        if relief is None or terrain is None:
            waiting = scout.trouble or self._waiting()
            self._views.view.show_scenery(Scenery(waiting=waiting, progress=scout.progress))
            return
        made = presence.marks(terrain, runners, scout.selected, self._slope_now(terrain, runners))
        if terrain.kind == "random":
            made = Marks()
        at = stamp(scout.seen_at) if self._prospect.kind == "slice" else ""
        may_start = terrain.kind != "random"
        self._views.view.show_scenery(Scenery(relief, made, may_start, "", scout.progress, at))

    def _waiting(self) -> str:
        """What there is to wait for."""
        scout, updates = self._scout, self._prospect.updates
        if self._prospect.kind not in AHEAD or scout.race_is_ready:
            return SURVEYING
        return f"The runners go ahead: update {scout.known:,} of {updates:,} …"

    def _slope_now(self, terrain: Terrain, runners: list[Runner]) -> Slope | None:
        """The gradient under the ball that is looked at, where it is soon computed."""
        subject, place = self._subject, self._scout.selected
        each = runners[place] if place < len(runners) else None
        if each is None or subject is None or subject.data.rows * subject.network.parameter_count > AT_ONCE:
            return None
        key = terrain, each.track, each.moment
        if self._slope[0] != key:
            self._slope = key, presence.slope_at(terrain, each)
        return self._slope[1]

    def _show_portrait(self, lanes: tuple[Lane, ...]) -> None:
        subject, scout, prospect = self._subject, self._scout, self._prospect
        if subject is None:
            return
        lane = lanes[min(scout.selected, len(lanes) - 1)]
        where = f"where {lane.name} is" if self._carried is None else "where the ball is held"
        classic = prospect.classic if prospect.kind == "formula" else ""
        if classic and classic not in MODELS:
            there = lane.parameters if lane.parameters is not None else prospect.start or CLASSICS[classic].start
            x, y = (float(value) for value in (there if self._carried is None else self._carried))
            self._pictured = None
            self._views.portrait.show_formula(FormulaContent(classic, x, y, subtitle=where, caption=self.caption))
            return
        pair = MODELS[classic].weights if classic else prospect.pair
        pair = pair if prospect.kind in ("weights", "slice", "formula") else None
        weights = self.parameters()
        shown = subject.network, subject.names, subject.mask, pair, where, self.caption, classic, self.decimals
        if shown == self._pictured and np.array_equal(weights, self._weights, equal_nan=True):
            return  # looking is cheaper than drawing
        self._pictured, self._weights = shown, weights
        self._views.portrait.show_portrait(
            PortraitContent(
                network=subject.network,
                parameters=weights,
                names=subject.names,
                pair=pair,
                subtitle=where,
                caption=self.caption,
                choosable=not classic,
                decimals=self.decimals,
                mask=subject.mask,
                formula=classic,
            )
        )

    @property
    def title(self) -> str:
        """What the landscape is called."""
        if self._example is not None:
            return self._example.title
        return "" if self._subject is None else self._subject.name

    @property
    def caption(self) -> str:
        """What has to be said about the surface; found once for each."""
        terrain, relief, subject = self._scout.terrain, self._scout.relief, self._subject
        if terrain is None or relief is None or subject is None:
            return ""
        if self._said[0] is not relief:
            self._said = relief, " ".join(self._sayings(terrain, relief, subject))
        return self._said[1]

    def _sayings(self, terrain: Terrain, relief: Relief, subject: Project) -> tuple[str, ...]:
        if isinstance(terrain.surface, Classic):
            return captions.captions(captions.Seen(relief, classic=terrain.surface))
        assert isinstance(terrain.surface, Ground)
        assert terrain.plane is not None
        if self._prospect.kind == "slice":
            return captions.of_plane(terrain.plane, update=self._scout.seen_at, marked=True)
        seen = captions.Seen(
            relief,
            plane=terrain.plane,
            task=terrain.surface.task,
            names=subject.names,
            rows=subject.data.rows,
            marked=terrain.kind == "weights",
        )
        return captions.captions(seen)

    def _show_contest(self, lanes: tuple[Lane, ...]) -> None:
        race, scout, prospect = self.race(), self._scout, self._prospect
        runners = self.runners()
        content = ContestContent(
            lanes=lanes,
            selected=min(scout.selected, max(0, len(lanes) - 1)),
            lines=self._chart_lines(race),
            update=scout.t,
            distance=prospect.updates,
            goal=prospect.goal,
            own_goal=None if self._example is None else self._example.goal,
            bet=self.bets.bet(race, scout.t),
            scores=() if race is None else _scores(race, scout.t),
            memory=self._memory(runners),
            search=self._tuner.search,
            caption="" if self._example is None else self._example.sees,
            keeps=self._example is None,
            is_picking=self.is_picking,
            base=prospect.runners[0],
        )
        self._views.contest.show_content(content)

    def _chart_lines(self, race: Race | None) -> tuple[ChartLine, ...]:
        """The losses as far as they are known; the same objects until there are others."""
        if race is None:
            self._lines = ()
        elif len(self._lines) != len(race.tracks) or any(
            line.values is not track.losses for line, track in zip(self._lines, race.tracks, strict=True)
        ):
            self._lines = tuple(
                ChartLine(name, track.updates, track.losses, mark.color, mark.letter, is_runner=True)
                for name, mark, track in zip(race.names, race.marks, race.tracks, strict=True)
            )
        return self._lines

    def _memory(self, runners: list[Runner]) -> tuple[str, ...]:
        if self._scout.selected >= len(runners) or self._scout.terrain is None:
            return ()
        each, terrain = runners[self._scout.selected], self._scout.terrain
        slope = self._slope_now(terrain, runners)
        words = None if slope is None else slope_words(slope)
        return (*presence.memory_words(each, terrain.names), *(() if words is None else (words,)))

    def _show_transport(self, grain: int) -> None:
        scout, bar, prospect = self._scout, self._parts.transport, self._prospect
        track = scout.tracks[scout.selected] if scout.selected < len(scout.tracks) else None
        key = track, prospect.updates
        if key != self._track:
            self._track = key
            losses = [] if track is None else even(track, prospect.updates)
            bar.show_race(losses, prospect.updates, scout.t)
        else:
            bar.scrubber.set_position(scout.t)
        bar.show_state(scout.playing, str(grain), scout.speed, scout.t == 0, "" if scout.playing else "Race")

    def entered(self) -> None:
        """Landscape mode came to the front: the transport is another's no more, and all may look otherwise."""
        self._track = self._pictured = None

    def _say(self) -> None:
        race = self.race()
        text = verdict(race, self._scout.t) if race is not None else self._scout.trouble or BEFORE
        self._parts.say(named(text, self._names), live=self._scout.playing)


def named(text: str, runners: tuple[str, ...]) -> Sentence:
    """A sentence in which the names of runners stand out."""
    parts: list[Part] = []
    rest = text
    while rest:
        found = [(rest.find(name), -len(name), name) for name in runners if name in rest]
        if not found:
            break
        at, _length, name = min(found)
        parts += [Part(rest[:at])] if at else []
        parts.append(Part(name, "text"))
        rest = rest[at + len(name) :]
    return (*parts, Part(rest)) if rest else tuple(parts)


def _scores(race: Race, t: int) -> tuple[Score, ...]:
    """The scoreboard, once somebody has arrived."""
    rows = scoreboard(race, t)
    if all(row.arrival is None for row in rows):
        return ()
    return tuple(
        Score(None if row.arrival is None else row.rank, row.mark, row.name, row.rate, row.arrival) for row in rows
    )


def even(track: Track, last: int) -> list[float]:
    """Losses over a whole distance, evenly spaced, as the transport shows them; no number where nobody has been."""
    at = np.linspace(0, last, min(last, SPARKS) + 1)
    with np.errstate(invalid="ignore"):
        values = np.where(at <= track.last, np.interp(at, track.updates, track.losses), np.nan)
    return [float(value) for value in values]
