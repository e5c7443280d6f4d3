"""Templates put at places: each shape is stored once, whatever it is made for."""

from __future__ import annotations

import numpy as np

from gis.city.looks import Painter
from gis.city.model import CityModel
from gis.city.place import Place
from gis.city.polygons import F64, I64, offsets
from gis.city.shells import Measured, build, measure, store
from twin.geometry.spool import MeshSpool


def put_instances(model: CityModel, where: Place, spool: MeshSpool, measured: Measured) -> tuple[I64, I64, F64]:
    """Store the templates, measure their instances; returns rows, shapes and (k, 4, 4) placements into the park frame."""
    bodies, instances = model.templates, model.instances
    count = int(max(bodies.row.max(initial=-1), instances.template.max(initial=-1))) + 1
    kinds = ["" for _ in range(count)]
    for template, row in zip(instances.template.tolist()[::-1], instances.row.tolist()[::-1], strict=True):
        kinds[template] = model.objects.kind[row]
    body = np.repeat(np.arange(len(bodies)), np.diff(bodies.first))
    own, painter = Measured(count), Painter(spool, kinds)
    shells = build(bodies.polygons, bodies.polygons.points, body, bodies.solid, bodies.shell)
    have, shapes = store(shells, bodies, 0, len(bodies), spool, painter)
    measure(shells, bodies, 0, len(bodies), painter, own)
    matrix = where.rigid(instances.anchor) @ instances.matrix
    usable = np.isfinite(matrix).all(axis=(1, 2)) & own.shown[instances.template]
    template, row, matrix = instances.template[usable], instances.row[usable], matrix[usable]
    _measure(own, template, row, matrix, measured)
    by_template = np.argsort(bodies.row[have], kind="stable")
    first = offsets(np.bincount(bodies.row[have], minlength=count))
    number = np.diff(first)[template]
    member = (
        np.arange(int(number.sum())) - np.repeat(offsets(number)[:-1], number) + np.repeat(first[:-1][template], number)
    )
    return np.repeat(row, number), shapes[by_template][member], np.repeat(matrix, number, axis=0)


def _measure(own: Measured, template: I64, row: I64, matrix: F64, measured: Measured) -> None:
    scale = np.abs(np.linalg.det(matrix[:, :3, :3]))
    volume = own.volume[template] * scale
    solid = np.isfinite(volume)
    measured.total(measured.volume, row[solid], volume[solid])
    corner = np.array([[(n >> axis) & 1 for axis in range(3)] for n in range(8)], bool)
    box = np.where(corner[None], own.high[template][:, None], own.low[template][:, None])
    placed = np.einsum("nij,nkj->nki", matrix[:, :3, :3], box) + matrix[:, None, :3, 3]
    measured.around(row, placed.min(axis=1).T, placed.max(axis=1).T)
    for name in ("broken", "crossing", "off_plane", "inverted", "open_"):
        wrong = getattr(own, name)
        getattr(measured, name).update(row[np.isin(template, list(wrong))].tolist() if wrong else ())
    measured.worst_m = max(measured.worst_m, own.worst_m)
