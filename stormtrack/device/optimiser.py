"""The variable metric method for linear constraints by which features are refined, for many features at a time.

It is the algorithm of the other engines step by step, with the same constants, so that it stops at the same places and
not only near the same maxima. Constraints are the four limits of a rectangle: their normals are unit vectors, so the
matrix of the active ones is always the identity, and which are active are four flags. Many features take one turn of
the same loop at a time, whatever each is about to do, and a turn looks at the surface once; a feature that arrives
makes place for one that waits.

References
----------
Specification 03, section 13; Goldfarb (1969), SIAM J. Appl. Math. 17, 739. Parity: to rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from .packages import DeviceArray, jax, jnp, lax

T = TypeVar("T")
TOLDIF, TOLINT, TOLC, TOLF = 1.0e-5, 1.0e-5, 1.0e-8, 1.0e-6
TOLGAM, KMAG1, KMAG2 = 1.0e-4, 1.0e-6, 0.5
SMALL, MAXLAM, MAXITER = 1.0e-20, 1.0e8, 20
CONVERGED, NO_ASCENT, DROPPED, TOO_LONG = 0, 2, 3, 4
START, BRACKET, CUBIC, FINAL, DONE = range(5)
"""What the value at the trial point is for."""
N_LIMITS = 4


class Pair(NamedTuple):
    """A point or a direction, each component by itself: a turn is arithmetic of numbers, which XLA fuses."""

    x: DeviceArray
    y: DeviceArray

    def dot(self, other: Pair) -> DeviceArray:
        """Scalar product."""
        return self.x * other.x + self.y * other.y

    def moved(self, step: DeviceArray, direction: Pair) -> Pair:
        """The point a step further."""
        return Pair(self.x + step * direction.x, self.y + step * direction.y)

    def less(self, other: Pair) -> Pair:
        """Difference."""
        return Pair(self.x - other.x, self.y - other.y)

    def towards_limits(self) -> tuple[DeviceArray, ...]:
        """Products with the normals of the limits: lower x, lower y, upper x, upper y."""
        return self.x, self.y, -self.x, -self.y


class Metric(NamedTuple):
    """A matrix of two rows."""

    xx: DeviceArray
    xy: DeviceArray
    yx: DeviceArray
    yy: DeviceArray

    def times(self, v: Pair) -> Pair:
        """The transposed matrix times a vector."""
        return Pair(self.xx * v.x + self.yx * v.y, self.xy * v.x + self.yy * v.y)

    def without(self, w: Pair) -> Metric:
        """The metric without a direction."""
        hn = self.times(w)
        nt = Pair(self.xx * w.x + self.xy * w.y, self.yx * w.x + self.yy * w.y)
        bottom = jnp.maximum(w.dot(hn), SMALL)
        return self.less(nt, hn, bottom)

    def less(self, a: Pair, b: Pair, bottom: DeviceArray) -> Metric:
        """The matrix less a product of two vectors over a number."""
        return Metric(
            self.xx - a.x * b.x / bottom,
            self.xy - a.x * b.y / bottom,
            self.yx - a.y * b.x / bottom,
            self.yy - a.y * b.y / bottom,
        )


Limits = tuple[DeviceArray, DeviceArray, DeviceArray, DeviceArray]
"""Something of each limit: lower x, lower y, upper x, upper y."""
Surface = Callable[[Pair, DeviceArray], tuple[DeviceArray, Pair]]
"""Values and gradients at points, from them and the numbers of their features."""
_Here = Callable[[Pair], tuple[DeviceArray, Pair]]


class Climb(NamedTuple):
    """Where a feature is, and what has been learnt.

    Attributes
    ----------
    point : Pair
    value, gradient : float64, Pair
        There.
    metric : Metric
    active : Limits
        Whether they hold the point.
    before : float64
        Value of the point before.
    iteration, flag : int64
    """

    point: Pair
    value: DeviceArray
    gradient: Pair
    metric: Metric
    active: Limits
    before: DeviceArray
    iteration: DeviceArray
    flag: DeviceArray


class Line(NamedTuple):
    """A search along a direction.

    Attributes
    ----------
    direction : Pair
    longest : float64
        Step at which a limit is met.
    hit : int64
        That limit.
    origin : Pair
        Where the interval that is looked at begins.
    length : float64
        Of the interval.
    low, low_slope, high, high_slope : float64
        Values and slopes at both ends.
    trial : Pair
        Where the surface is looked at next.
    rest : float64
        Step from the origin to it.
    """

    direction: Pair
    longest: DeviceArray
    hit: DeviceArray
    origin: Pair
    length: DeviceArray
    low: DeviceArray
    low_slope: DeviceArray
    high: DeviceArray
    high_slope: DeviceArray
    trial: Pair
    rest: DeviceArray


class State(NamedTuple):
    """Between two looks at the surface."""

    climb: Climb
    line: Line
    phase: DeviceArray


class _Pool(NamedTuple):
    """Features under way, one in each lane; those that have arrived make place for those that wait.

    Attributes
    ----------
    lanes : State
        Of shape (lanes,).
    which : int32, shape (lanes,)
        Feature of each lane; the number of features in lanes without one.
    waiting : int32
        Place in the queue of the first one that waits.
    arrived : (Pair, float64, int64)
        Point, value and flag of every feature that has arrived.
    """

    lanes: State
    which: DeviceArray
    waiting: DeviceArray
    arrived: tuple[Pair, DeviceArray, DeviceArray]


def maxima_near(
    surface: Surface, start: Pair, known: DeviceArray, sides: Limits, is_wanted: DeviceArray, lanes: int
) -> tuple[Pair, DeviceArray, DeviceArray]:
    """Climb from points to maxima within limits.

    Parameters
    ----------
    surface : callable
        Gets points, and which of the features they are of.
    start : Pair of float64, each of shape (n,)
        Within the limits.
    known : float64, shape (n,)
        Value there as the grid has it; it scales the first step.
    sides : Limits
        Lower x, lower y, and the negative upper ones.
    is_wanted : bool, shape (n,)
        False: a slot without a feature, which must not keep others waiting.
    lanes : int
        How many climb at a time: results do not depend on it.

    Returns
    -------
    point : Pair
    value : float64, shape (n,)
    flag : int64, shape (n,)
        0 where a maximum was found; nothing that counts where it was not wanted.
    """
    n = len(known)
    queue = jnp.nonzero(is_wanted, size=n + lanes, fill_value=n)[0].astype(jnp.int32)

    def entering(which: DeviceArray) -> State:
        """The beginning of the climbs of some features."""
        here = Pair(*(a.at[which].get(mode="clip") for a in start))
        state = _set_out(here, known.at[which].get(mode="clip"), sides)
        return state._replace(phase=jnp.where(which < n, START, DONE))

    def turn(pool: _Pool) -> _Pool:
        here = jnp.minimum(pool.which, n - 1)
        state = _turn(lambda point: surface(point, here), sides, pool.lanes)
        is_done = state.phase == DONE
        climb, place = state.climb, jnp.where(is_done, pool.which, n)
        arrived = jax.tree.map(
            lambda all_, own: all_.at[place].set(own, mode="drop"),
            pool.arrived,
            (climb.point, climb.value, climb.flag),
        )
        next_ = jnp.minimum(pool.waiting + jnp.cumsum(is_done, dtype=jnp.int32) - 1, len(queue) - 1)
        which = jnp.where(is_done, queue[next_], pool.which)
        waiting = pool.waiting + is_done.sum(dtype=jnp.int32)
        return _Pool(_where(is_done, entering(which), state), which, waiting, arrived)

    first = queue[:lanes]
    nothing = (start, known, jnp.zeros(n, jnp.int64))
    pool = _Pool(entering(first), first, jnp.int32(lanes), nothing)
    last: _Pool = lax.while_loop(lambda pool: jnp.any(pool.which < n), turn, pool)
    return last.arrived


def _set_out(start: Pair, known: DeviceArray, sides: Limits) -> State:
    """Everything before the first look at the surface."""
    active = tuple(along - side < TOLC for along, side in zip(start.towards_limits(), sides, strict=True))
    zero, nothing = jnp.zeros(known.shape, jnp.int64), jnp.zeros_like(known)
    none = Pair(nothing, nothing)
    free = [jnp.where(active[k] | active[k + 2], 0.0, 1.0) for k in (0, 1)]
    climb = Climb(start, known, none, Metric(free[0], nothing, nothing, free[1]), active, known, zero, zero)
    line = Line(none, nothing, zero, start, nothing, nothing, nothing, nothing, nothing, start, nothing)
    return State(climb, line, zero + START)


def _where(condition: DeviceArray, yes: T, no: T) -> T:
    """One of two, element by element."""
    chosen: T = jax.tree.map(lambda a, b: jnp.where(condition, a, b), yes, no)
    return chosen


def _turn(surface: _Here, sides: Limits, state: State) -> State:
    """Look at the surface, and decide where to look next."""
    climb, line, phase = state
    value, gradient = surface(line.trial)
    slope = gradient.dot(line.direction)
    bracketed, is_open, is_end = _bracketed(climb, line, value, slope)
    closes = (phase == BRACKET) & ~is_open & ~is_end
    searching = (phase == CUBIC) | closes
    is_short = closes & (bracketed.length <= TOLINT)  # its end is the place, where the surface is looked at once more
    narrowed = _cubic(_where(phase == CUBIC, _narrowed(line, value, slope), bracketed))
    next_line = _where(searching & ~is_short, narrowed, bracketed)
    next_phase = jnp.where(searching, jnp.where(is_short | (narrowed.rest < TOLINT), FINAL, CUBIC), BRACKET)
    arrives = (phase == START) | (phase == FINAL) | ((phase == BRACKET) & is_end)
    arrived = _arrived(climb, line, value, gradient, is_start=phase == START)
    moved = _where(arrives, _departed(arrived, sides), State(climb, next_line, next_phase))
    return _where(phase == DONE, state, moved)


def _bracketed(
    climb: Climb, line: Line, value: DeviceArray, slope: DeviceArray
) -> tuple[Line, DeviceArray, DeviceArray]:
    """The interval up to the trial point, twice as long while it rises; is it so, and is its end the place."""
    rises = slope > 0.0
    is_open = rises & (value >= climb.value) & (line.longest - line.length >= TOLINT)
    is_end = rises & (value > climb.value) & ~is_open
    length = jnp.where(is_open, jnp.minimum(2.0 * line.length, line.longest), line.length)
    trial = _where(is_open, climb.point.moved(length, line.direction), line.trial)
    return line._replace(length=length, high=value, high_slope=slope, trial=trial, rest=length), is_open, is_end


def _narrowed(line: Line, value: DeviceArray, slope: DeviceArray) -> Line:
    """The part of the interval that has the maximum, from the value and slope at the trial point."""
    highest = jnp.maximum(line.low, line.high)
    grows = jnp.where(value <= highest, line.low < line.high, True)
    low = line._replace(origin=line.trial, length=line.length - line.rest, low=value, low_slope=slope)
    high = line._replace(length=line.rest, high=value, high_slope=slope)
    return _where(grows & ((slope > 0.0) | (value <= highest)), low, high)


def _cubic(line: Line) -> Line:
    """The trial point where Davidon's cubic has its maximum."""
    z = (line.low - line.high) * 3.0 / jnp.maximum(line.length, SMALL) + line.low_slope + line.high_slope
    w = jnp.sqrt(jnp.maximum(z * z - line.low_slope * line.high_slope, SMALL))
    bottom = jnp.maximum(line.low_slope - line.high_slope + 2.0 * w, SMALL)
    rest = line.length * (1.0 - jnp.maximum((w - line.high_slope + z) / bottom, 0.0))
    return line._replace(trial=line.origin.moved(rest, line.direction), rest=rest)


def _arrived(climb: Climb, line: Line, value: DeviceArray, gradient: Pair, is_start: DeviceArray) -> Climb:
    """At the trial point, and what is learnt from the step to it."""
    step, h = line.trial.less(climb.point), line.direction
    length = jnp.where(is_start, 0.0, step.dot(h) / h.dot(h))
    at_limit = (line.longest - length < TOLINT) & (gradient.dot(h) >= 0.0)
    metric = climb.metric
    for k in range(N_LIMITS):
        metric = _where(line.hit == k, climb.metric.without(_normal(k)), metric)
    metric = _where(at_limit, metric, _updated(climb.metric, gradient.less(climb.gradient), step))
    active = tuple(held | (at_limit & (line.hit == k)) for k, held in enumerate(climb.active))
    iteration = climb.iteration + 1
    falls = climb.value - value > TOLF
    flag = jnp.select([falls, iteration > MAXITER], [DROPPED, TOO_LONG], CONVERGED)
    stepped = Climb(line.trial, value, gradient, metric, active, climb.value, iteration, flag)
    return _where(is_start, climb._replace(value=value, gradient=gradient), stepped)


def _normal(limit: int) -> Pair:
    """Unit vector of x or y; its sign does not matter to a metric."""
    return Pair(1.0, 0.0) if limit % 2 == 0 else Pair(0.0, 1.0)


def _departed(climb: Climb, sides: Limits) -> State:
    """Stop, or let limits go and set out in a new direction."""
    climb = _released(_released(climb))
    h = climb.metric.times(climb.gradient)
    slope = h.dot(climb.gradient)
    pulls = zip(climb.active, climb.gradient.towards_limits(), strict=True)
    ends = (jnp.abs(h.x) < TOLDIF) & (jnp.abs(h.y) < TOLDIF)
    for held, pull in pulls:
        ends &= ~(held & (pull > 0.0))
    flag = jnp.where((climb.flag == CONVERGED) & ~ends & ~(slope > 0.0), NO_ASCENT, climb.flag)
    longest, hit = _room(climb, h, sides)
    length = _first_step(climb, slope, longest)
    line = Line(
        *(h, longest, hit, climb.point, length),
        *(climb.value, slope, climb.value, slope, climb.point.moved(length, h), length),
    )
    return State(climb._replace(flag=flag), line, jnp.where(ends | (flag != CONVERGED), DONE, BRACKET))


def _room(climb: Climb, h: Pair, sides: Limits) -> tuple[DeviceArray, DeviceArray]:
    """The step at which the first limit is met, and which."""
    longest, hit = jnp.full_like(climb.value, MAXLAM), jnp.zeros_like(climb.iteration)
    places = climb.point.towards_limits()
    for k, (side, place, along) in enumerate(zip(sides, places, h.towards_limits(), strict=True)):
        step = (side - place) / along
        is_nearer = ~climb.active[k] & (step > 0.0) & (step < longest)
        longest, hit = jnp.where(is_nearer, step, longest), jnp.where(is_nearer, k, hit)
    return longest, hit


def _first_step(climb: Climb, slope: DeviceArray, longest: DeviceArray) -> DeviceArray:
    """Step of a line search, from what the last one gained."""
    gain = climb.value - climb.before
    step = jnp.where(gain > 0.0, 2.0 * gain / slope, KMAG2)
    step = jnp.where(jnp.abs(gain) < TOLGAM, KMAG1, step)
    return jnp.minimum(jnp.minimum(step, KMAG2), longest)


def _released(climb: Climb) -> Climb:
    """Without the limit that holds the point most, if it holds it more than the surface rises along the others."""
    h = climb.metric.times(climb.gradient)
    strongest, which = jnp.sqrt(h.dot(h)), jnp.full_like(climb.iteration, -1)
    for k, pull in enumerate(climb.gradient.towards_limits()):
        is_stronger = climb.active[k] & (pull > 0.0) & (0.5 * pull >= strongest)
        strongest, which = jnp.where(is_stronger, 0.5 * pull, strongest), jnp.where(is_stronger, k, which)
    active = tuple(held & (which != k) for k, held in enumerate(climb.active))
    frees_x, frees_y = (which == 0) | (which == 2), (which == 1) | (which == 3)
    metric = climb.metric._replace(
        xx=climb.metric.xx + jnp.where(frees_x, 1.0, 0.0), yy=climb.metric.yy + jnp.where(frees_y, 1.0, 0.0)
    )
    return climb._replace(active=active, metric=metric)


def _updated(metric: Metric, change: Pair, step: Pair) -> Metric:
    """The metric after a step in which the gradient changed."""
    product = step.dot(change)
    product = jnp.where(jnp.abs(product) < SMALL, jnp.where(product < 0.0, -SMALL, SMALL), product)
    return metric.without(change).less(step, step, product)
