"""Materials, classifications, documents, approvals, constraints: what things are associated with."""

from __future__ import annotations

from typing import Any

from bim.graph.classifications import Classifications
from bim.graph.concepts import Concepts
from bim.graph.materials import Materials
from bim.graph.relations import Relations
from bim.graph.resources import Resources
from bim.properties.collect import PropertyCollector
from bim.properties.nested_rows import detail_rows
from bim.properties.property_rows import ROOT_ATTRIBUTES
from bim.source.attribute import attribute, entities_of, instances, step_of, steps_of
from bim.text import clean
from bim.units.unit_table import UnitTable

VALUES = (  # associations that say something of the thing itself: (class, index of what is associated)
    ("IfcRelAssociatesAppliedValue", 5),
    ("IfcRelAssociatesProfileProperties", 5),
    ("IfcRelAssociatesProfileDef", 5),
)
RESOURCES = (  # (class, index of what is associated, kind of the concept, relation, whether the concept is its source)
    ("IfcRelAssociatesDocument", 5, "document", "documents", True),
    ("IfcRelAssociatesLibrary", 5, "library_entry", "documents", True),
    ("IfcRelAssociatesApproval", 5, "approval", "approved_by", False),
    ("IfcRelAssociatesConstraint", 6, "constraint", "constrained_by", False),
)
OF_RESOURCES = (  # the same between entities without GlobalId: (class, concept's attribute, others', kind, relation)
    ("IfcResourceApprovalRelationship", "RelatingApproval", "RelatedResourceObjects", "approval", "approved_by"),
    ("IfcResourceConstraintRelationship", "RelatingConstraint", "RelatedResourceObjects", "constraint", "constrained_by"),
)  # fmt: skip


class Associations:
    """Reads IfcRelAssociates and its kin of the resource level."""

    def __init__(
        self,
        model: Any,
        schema: str,
        units: UnitTable,
        concepts: Concepts,
        relations: Relations,
        collector: PropertyCollector,
    ) -> None:
        self._model = model
        self._schema = schema
        self._units = units
        self._concepts = concepts
        self._relations = relations
        self._collector = collector
        self._materials = Materials(concepts, units, schema, relations.put, collector.add_set)
        self._classifications = Classifications(schema, units, concepts, relations, collector.add_set)
        self._resources = Resources(concepts, units, schema, collector.add_set)

    def read(self) -> None:
        """All of them."""
        self._of_materials()
        for relation in self._model.by_type("IfcRelAssociatesClassification"):
            self._classify(steps_of(relation.get_argument(4)), relation.get_argument(5))
        for name, index, kind, verb, source in RESOURCES:
            for relation in instances(self._model, name):
                local = self._resource(relation.get_argument(index), kind)
                if local is not None:
                    self._associate(local, verb, steps_of(relation.get_argument(4)), concept_first=source)
        self._between_resources()
        self._players()
        self._values()

    def _of_materials(self) -> None:
        for material in self._model.by_type("IfcMaterial"):
            self._materials.concept(material)
        for relation in self._model.by_type("IfcRelAssociatesMaterial"):
            definition = relation.get_argument(5)
            local = self._materials.concept(definition)
            steps = steps_of(relation.get_argument(4))
            if local is not None:
                self._relations.link_all(steps, "made_of", local)
                usage = self._materials.usage(definition)
                if usage:
                    self._collector.add_shared_set(steps, str(definition.is_a()).removeprefix("Ifc"), usage)
        for relation in instances(self._model, "IfcMaterialRelationship"):
            for part in entities_of(relation.RelatedMaterials):
                self._relations.link(step_of(relation.RelatingMaterial), "aggregates", step_of(part))

    def _classify(self, steps: list[int], reference: Any) -> None:
        local = self._classifications.concept(reference)
        if local is not None:
            self._relations.link_all(steps, "classified_as", local)

    def _associate(self, local: str, verb: str, steps: list[int], *, concept_first: bool) -> None:
        if not concept_first:
            self._relations.link_all(steps, verb, local)
            return
        for other in map(self._concepts.book.get_step, steps):
            if other is not None:
                self._relations.put(local, verb, other)

    def _resource(self, entity: Any, kind: str) -> str | None:
        """The concept of an entity, and of what it belongs to: a reference's document, an objective's metrics."""
        local = self._resources.concept(entity, kind)
        if local is None:
            return None
        for name in ("ReferencedDocument", "ReferencedLibrary"):
            whole = self._resources.concept(attribute(entity, name), kind)
            if whole is not None and whole != local:
                self._relations.put(local, "member_of", whole)
        benchmarks = attribute(entity, "BenchmarkValues")
        for part in benchmarks if isinstance(benchmarks, tuple) else (benchmarks,):
            metric = self._resources.concept(part, kind)
            if metric is not None and metric != local:
                self._relations.put(local, "aggregates", metric)
        return local

    def _between_resources(self) -> None:
        for relation in instances(self._model, "IfcExternalReferenceRelationship"):
            reference, steps = relation.RelatingReference, steps_of(relation.RelatedResourceObjects)
            if not step_of(reference):
                continue
            if reference.is_a("IfcClassificationReference"):
                self._classify(steps, reference)
            else:
                kind = "document" if reference.is_a("IfcDocumentReference") else "library_entry"
                local = self._resource(reference, kind)
                if local is not None:
                    self._associate(local, "documents", steps, concept_first=True)
        for relation in instances(self._model, "IfcMaterialClassificationRelationship"):
            for reference in entities_of(relation.MaterialClassifications):
                self._classify([step_of(relation.ClassifiedMaterial)], reference)
        for name, one, many, kind, verb in OF_RESOURCES:
            for relation in instances(self._model, name):
                local = self._resource(attribute(relation, one), kind)
                if local is not None:
                    self._relations.link_all(steps_of(attribute(relation, many)), verb, local)

    def _players(self) -> None:
        """The persons and organisations that play the model's actors."""
        for actor in self._model.by_type("IfcActor"):
            played = actor.get_argument(5)
            ends = [attribute(played, "ThePerson"), attribute(played, "TheOrganization")]
            ends = [end for end in ends if end is not None] or [played]
            locals_ = [
                self._resources.concept(end, "person" if end.is_a("IfcPerson") else "organization")
                for end in ends
                if step_of(end)
            ]
            own = self._concepts.book.get(actor)
            for local in locals_:
                if own is not None and local is not None:
                    self._relations.put(own, "played_by", local)
            if len(locals_) == 2 and locals_[0] and locals_[1]:
                self._relations.put(locals_[0], "member_of", locals_[1])

    def _values(self) -> None:
        for name, index in VALUES:
            for relation in instances(self._model, name):
                told = relation.get_argument(index)
                if step_of(told):
                    rows = detail_rows(told, self._schema, self._units, skip=ROOT_ATTRIBUTES)
                    title = clean(attribute(told, "Name")) or str(told.is_a()).removeprefix("Ifc")
                    self._collector.add_shared_set(steps_of(relation.get_argument(4)), title, rows)
