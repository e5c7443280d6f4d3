"""What moved and what changed its shape, of matched objects; motions that many share are told once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.diff.moments import F64, I64
from scenes.diff.shape import Flags, Seen, congruent, same_form, same_size, slack, stand_in
from scenes.diff.side import Side

PLACE_M = 1e-3
"""Metres: what moved by less stands where it stood."""
TURN_RAD = 1e-5
"""Radians: placements turned by less are the same; a file's directions carry some six digits."""
REACH = 1e-5
"""Metres per metre: how far apart a shared motion may put objects, as its rotation is known to some digits only."""
SHARE, LEAST, TRIES = 0.8, 3, 24
"""A motion is the whole model's where this share of its bodies, and no fewer, follow it; so many are tried."""


@dataclass
class Motion:
    """By matched pair. matrix (n, 3, 4): old → new place, NaN where unknown; shift (n, 3) metres; angle (n,) radians.

    carrier (n,): pair of the container that moved alike and took it along, -1 where none did;
    whole: the motion that the model as a whole made, (3, 4), None where it made none; its own
    motion is left out of `moved`, and who does not follow it is in.
    """

    moved: Flags
    reshaped: Flags
    matrix: F64
    shift: F64
    angle: F64
    carrier: I64
    whole: F64 | None = None
    followers: int = 0


def motion(old: Side, new: Side, i: I64, j: I64, parent: I64) -> Motion:
    """Compare pairs (i[k], j[k]). parent (n,): the pair of the container where both sides name it, else -1."""
    found = _each(old, new, i, j)
    _carry(found, old, new, i, j, parent)
    led = found.carrier[found.carrier >= 0]
    if np.count_nonzero(old.kind[i[led]] != "IfcSite") * 2 <= np.count_nonzero(found.moved):
        _whole(found, old, new, i, j)
        _carry(found, old, new, i, j, parent)
    return found


def _each(old: Side, new: Side, i: I64, j: I64) -> Motion:
    """Every pair on its own."""
    count = len(i)
    a, b, by = Seen.of(old, i), Seen.of(new, j), slack(old, i, new, j)
    meshed = old.meshed[i] & new.meshed[j]
    before, after = old.placement[i], new.placement[j]
    placed = np.isfinite(before).all(axis=(1, 2)) & np.isfinite(after).all(axis=(1, 2))
    back, forth = inverse(before), after
    own_a, own_b = a.through(back), b.through(inverse(after))
    size = same_size(a, b, by)
    apart = np.linalg.norm(b.centre - a.centre, axis=1)
    still = meshed & size & (apart <= np.maximum(PLACE_M, by)) & same_form(a, b, by)
    inside = np.linalg.norm(own_b.centre - own_a.centre, axis=1) <= np.maximum(PLACE_M, by)
    carried = meshed & ~still & placed & size & inside & same_form(own_a, own_b, by)
    slid = meshed & ~still & ~carried & size & same_form(a, b, by)
    turned = np.zeros(count, np.bool_)
    rest = np.flatnonzero(meshed & ~still & ~carried & ~slid)
    turned[rest] = congruent(Seen.of(old, i[rest]), Seen.of(new, j[rest]), by[rest])
    boxed = stand_in(old, i, new, j)
    reshaped = ((meshed & ~still & ~carried & ~slid & ~turned) | (old.meshed[i] != new.meshed[j])) & ~boxed
    matrix = np.full((count, 3, 4), np.nan)
    matrix[still] = np.eye(4)[:3]
    matrix[slid] = np.eye(4)[:3]
    matrix[slid, :, 3] = (b.centre - a.centre)[slid]
    by_placement = carried | (placed & (~meshed | reshaped))
    matrix[by_placement] = product(forth, back)[by_placement]
    shift = np.where(meshed[:, None], b.centre - a.centre, after[:, :, 3] - before[:, :, 3])
    angle = turned_by(matrix)
    turn = np.nan_to_num(angle) > TURN_RAD
    bare = placed & (~meshed | reshaped) & ((np.linalg.norm(after[:, :, 3] - before[:, :, 3], axis=1) > PLACE_M) | turn)
    # A reshaped body moved only where its placement did and it stands elsewhere: a wall drawn from its other end did not.
    bare &= ~meshed | (apart > np.maximum(PLACE_M, by))
    return Motion(carried | slid | turned | bare, reshaped, matrix, shift, angle, np.full(count, -1, np.int64))


def _follows(old: Side, new: Side, i: I64, j: I64, matrix: F64) -> Flags:
    """(n,) pairs that a motion (3, 4) or (n, 3, 4) explains: it takes the old place and form to the new ones."""
    a, b = Seen.of(old, i).through(matrix), Seen.of(new, j)
    by = np.maximum(slack(old, i, new, j), PLACE_M)
    each = np.broadcast_to(matrix, (len(i), 3, 4))
    reach = REACH * (np.linalg.norm(Seen.of(old, i).centre, axis=1) + np.linalg.norm(each[:, :, 3], axis=1))
    body = (np.linalg.norm(b.centre - a.centre, axis=1) <= by + reach) & same_form(a, b, by + REACH * old.radius[i])
    moved = product(each, old.placement[i])
    far = REACH * (np.linalg.norm(old.placement[i][:, :, 3], axis=1) + np.linalg.norm(each[:, :, 3], axis=1))
    gap = np.linalg.norm(moved[:, :, 3] - new.placement[j][:, :, 3], axis=1)
    turn = turned_by(product(new.placement[j], inverse(moved)))
    bare = (gap <= PLACE_M + far) & (turn <= 2 * TURN_RAD)
    return np.asarray(np.where(old.meshed[i] & new.meshed[j], body, bare), np.bool_)


def _whole(found: Motion, old: Side, new: Side, i: I64, j: I64) -> None:
    """Find the motion that nearly all bodies share; take it out of what each of them is said to have done."""
    bodies = np.flatnonzero(old.meshed[i] & new.meshed[j])
    movers = bodies[found.moved[bodies] & np.isfinite(found.matrix[bodies]).all(axis=(1, 2))]
    if len(bodies) < LEAST or len(movers) < SHARE * len(bodies):
        return
    tries = movers[np.unique(np.linspace(0, len(movers) - 1, TRIES).astype(np.int64))]
    sites = np.flatnonzero((old.kind[i] == "IfcSite") & found.moved & np.isfinite(found.matrix).all(axis=(1, 2)))
    best, most = None, 0
    for pair in [*sites.tolist(), *tries.tolist()]:
        count = int(_follows(old, new, i[bodies], j[bodies], found.matrix[pair]).sum())
        if count > most:
            best, most = pair, count
        if most == len(bodies):
            break
    if best is None or most < max(SHARE * len(bodies), LEAST):
        return
    whole = found.matrix[best].copy()
    follows = _follows(old, new, i, j, whole)
    found.whole, found.followers = whole, int(follows.sum())
    # Frames without a body may stay behind (a project origin): they are no deviation, as nothing of them can be seen.
    stays = ~old.meshed[i] & ~found.moved
    found.moved = ~follows & ~stays & (found.moved | ~found.reshaped)
    expected = np.einsum("ij,nj->ni", whole[:, :3], old.place[i]) + whole[:, 3]
    found.shift = np.where(found.moved[:, None], new.place[j] - expected, found.shift)
    relative = product(found.matrix, np.broadcast_to(inverse(whole[None])[0], found.matrix.shape))
    found.angle = np.where(found.moved, turned_by(relative), found.angle)


def _carry(found: Motion, old: Side, new: Side, i: I64, j: I64, parent: I64) -> None:
    """Objects that moved exactly as their container did were taken along by it."""
    found.carrier[:] = -1
    above = np.where(parent >= 0, parent, 0)
    lead = found.matrix[above]
    rows = np.flatnonzero(found.moved & (parent >= 0) & found.moved[above] & np.isfinite(lead).all(axis=(1, 2)))
    rows = rows[_follows(old, new, i[rows], j[rows], lead[rows])]
    found.carrier[rows] = parent[rows]
    for _ in range(64):  # up to the container that began it
        further = np.where(found.carrier >= 0, found.carrier[np.maximum(found.carrier, 0)], -1)
        if not (further >= 0).any():
            break
        found.carrier = np.where(further >= 0, further, found.carrier)


def inverse(matrix: F64) -> F64:
    """Inverses of rigid placements (n, 3, 4)."""
    out = np.empty_like(matrix)
    out[:, :, :3] = matrix[:, :, :3].transpose(0, 2, 1)
    out[:, :, 3] = -np.einsum("nij,nj->ni", out[:, :, :3], matrix[:, :, 3])
    return out


def product(first: F64, second: F64) -> F64:
    """Placements (n, 3, 4): first after second."""
    out = first[:, :, :3] @ second
    out[:, :, 3] += first[:, :, 3]
    return np.asarray(out)


def turned_by(matrix: F64) -> F64:
    """(n,) radians by which motions turn; from the skew part, as the trace loses small angles."""
    r = matrix[:, :, :3]
    skew = np.stack((r[:, 2, 1] - r[:, 1, 2], r[:, 0, 2] - r[:, 2, 0], r[:, 1, 0] - r[:, 0, 1]), axis=1)
    return np.asarray(np.arctan2(np.linalg.norm(skew, axis=1), np.trace(r, axis1=1, axis2=2) - 1))
