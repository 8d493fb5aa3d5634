"""A flat slice through all parameters of a network, and what is lost of a path that is drawn on it.

The point (x, y) stands for ``(origin + x·u) + y·v``. Of two chosen weights x and y are the weights themselves: nothing
is lost. The main directions of a path are those of its principal components about the point where it ends (Lorch 2016;
Li et al. 2018): no other plane through the end keeps more of its movement. Random directions are as long, neuron by
neuron, as the weights into it, and leave the biases alone (Li et al. 2018, filter-wise normalisation).

`kept` is the share of a path's movement, Σ‖p − end‖², that lies in the plane. A walk at random keeps 90 % in its two
main directions (about its mean, as components are usually taken, 76 %: Antognini & Sohl-Dickstein 2018), so that 99 %
says less than it seems to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Matrix, Network, Vector

KINDS = ("weights", "path", "random")


@dataclass(frozen=True, eq=False)
class Plane:
    """Two directions through a point. Compared by identity; the arrays are read-only."""

    origin: Vector  # (parameters,)
    u: Vector  # what x counts
    v: Vector  # what y counts
    kind: str  # of `KINDS`
    names: tuple[str, str]  # of the axes
    kept: float | None = None  # of the path that is drawn; None where there is none
    weights: tuple[int, int] | None = None  # which parameters x and y are, where they are two of them

    def __post_init__(self) -> None:
        for array in (self.origin, self.u, self.v):
            array.setflags(write=False)

    @property
    def is_exact(self) -> bool:
        """Whether everything that moves, moves in the plane."""
        return self.kind == "weights"

    def point(self, x: float, y: float) -> Vector:
        """The parameters of a point."""
        return np.asarray((self.origin + x * self.u) + y * self.v)

    def of(self, parameters: Matrix) -> Plane:
        """The same with the share that it keeps of a path, (moments, parameters)."""
        return replace(self, kept=kept(self, parameters))


def two_weights(network: Network, parameters: Vector, i: int, j: int, names: tuple[str, str]) -> Plane:
    """The plane of two weights or biases, by their places in the flat vector; all others as they are."""
    for place in (i, j):
        if not 0 <= place < network.parameter_count:
            raise VisualNNError(f"{network} has {network.parameter_count} weights and biases, none at place {place}.")
    if i == j:
        raise VisualNNError(f"A surface needs two different weights, not {names[0]} twice.")
    network.views(parameters)
    origin, (u, v) = np.array(parameters, dtype=np.float64), np.zeros((2, parameters.size))
    origin[[i, j]] = 0.0
    u[i] = v[j] = 1.0
    return Plane(origin, u, v, "weights", names, weights=(i, j))


def of_path(parameters: Matrix) -> Plane:
    """The main directions of a path, (moments, parameters); its end is the point (0, 0), its start lies at x < 0.

    What is no longer finite is left out. Raises `VisualNNError` for a path that does not move.
    """
    path = _finite(np.asarray(parameters, dtype=np.float64))
    end, way = path[-1], path - path[-1]
    size = np.abs(way).max(initial=0.0)
    if not size > 0:
        raise VisualNNError("A path that does not move has no directions; train a few steps first.")
    if way.shape[1] < 2:
        raise VisualNNError("A surface needs at least two weights.")
    _left, spread, directions = np.linalg.svd(way / size, full_matrices=False)
    u, v = directions[:2] if len(directions) > 1 else (directions[0], _across(directions[0]))
    u = u if way[0] @ u <= 0 else -u
    v = v if v[np.abs(v).argmax()] > 0 else -v
    share = float((spread[:2] ** 2).sum() / (spread**2).sum())
    return Plane(end.copy(), u.copy(), v.copy(), "path", ("first main direction", "second main direction"), share)


def random(network: Network, parameters: Vector, rng: np.random.Generator) -> Plane:
    """Two random directions through these parameters, normalised neuron by neuron.

    The seed of the first weights would draw these again, which are no random direction of their run.
    """
    u, v = (_random_way(network, parameters, rng) for _ in range(2))
    if not (u.any() and v.any()):
        raise VisualNNError("All weights are 0; random directions as long as these lead nowhere.")
    origin = np.array(parameters, dtype=np.float64)
    return Plane(origin, u, v, "random", ("first random direction", "second random direction"))


def coordinates(plane: Plane, parameters: Matrix) -> Matrix:
    """Where parameters, (moments, parameters), lie in the plane: (moments, 2), the nearest points to them."""
    return shadows(plane, parameters - plane.origin)


def shadows(plane: Plane, ways: Matrix) -> Matrix:
    """What of movements, (moments, parameters), lies in the plane: (moments, 2)."""
    if plane.weights is not None:
        return np.asarray(ways[:, plane.weights])
    lengths = np.array([np.linalg.norm(plane.u), np.linalg.norm(plane.v)])
    u, v = plane.u / lengths[0], plane.v / lengths[1]
    product = float(u @ v)
    if 1.0 - abs(product) < 1e-12:
        raise VisualNNError("The two directions are the same; they span no plane.")
    along = np.stack([ways @ u, ways @ v], axis=1)
    crossed = along - product * along[:, ::-1]
    return np.asarray(crossed / (1.0 - product * product) / lengths)


def outside(plane: Plane, parameters: Matrix) -> Vector:
    """How far parameters, (moments, parameters), are from the plane."""
    ways = parameters - plane.origin
    return np.asarray(np.linalg.norm(_left_over(plane, ways), axis=1))


def kept(plane: Plane, parameters: Matrix) -> float:
    """The share of a path's movement about its end that lies in the plane; 1 for a path that does not move."""
    path = _finite(parameters)
    ways = path - path[-1]
    size = np.abs(ways).max(initial=0.0)
    if not size > 0:
        return 1.0
    ways = ways / size
    return float(1.0 - (_left_over(plane, ways) ** 2).sum() / (ways**2).sum())


def _left_over(plane: Plane, ways: Matrix) -> Matrix:
    return np.asarray(ways - shadows(plane, ways) @ np.stack([plane.u, plane.v]))


def _finite(path: Matrix) -> Matrix:
    """The moments at which all is finite."""
    known = path[np.isfinite(path).all(axis=1)]
    if not len(known):
        raise VisualNNError("No moment of this path is finite.")
    return np.asarray(known)


def _across(u: Vector) -> Vector:
    """A direction at right angles to another one."""
    v = np.zeros_like(u)
    v[np.abs(u).argmin()] = 1.0
    v -= (v @ u) * u
    return np.asarray(v / np.linalg.norm(v))


def _random_way(network: Network, parameters: Vector, rng: np.random.Generator) -> Vector:
    way = np.zeros(network.parameter_count)
    for (w, _b), (drawn, _none) in zip(network.views(parameters), network.views(way), strict=True):
        drawn[:] = rng.normal(0.0, 1.0, w.shape)
        drawn *= np.linalg.norm(w, axis=0) / np.linalg.norm(drawn, axis=0)
    return way
