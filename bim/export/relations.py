"""What comes along with a selected element: the relations and resources of IFC that bring something in.

Attribute names are those of the schemas (IFC2X3 TC1, IFC4 ADD2 TC1, IFC4X3 ADD2); a class or attribute that a
schema lacks is passed over. Subclasses follow the rule of their nearest listed superclass.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Bring(Enum):
    """Why something comes along, and in which direction."""

    DEFINITION = "definition"  # whatever is kept brings what defines it: types, property sets, groups, tasks
    ANCESTOR = "ancestor"  # whatever is kept brings what holds it, as context
    PART = "part"  # a selected element brings what is a part of its shape or its doors
    HOST = "host"  # only what has no other holder: the wall of a door
    PORT = "port"  # a selected element brings those of its nested parts that are ports
    NOTED = "noted"  # whatever is kept brings those assigned to it that are no products: its tasks


@dataclass(frozen=True)
class Rule:
    """An object that stands in `member` of the relation brings those in `brought`."""

    relation: str
    bring: Bring
    member: str
    brought: str


RULES = (
    Rule("IfcRelDefinesByProperties", Bring.DEFINITION, "RelatedObjects", "RelatingPropertyDefinition"),
    Rule("IfcRelDefinesByType", Bring.DEFINITION, "RelatedObjects", "RelatingType"),
    Rule("IfcRelDefinesByTemplate", Bring.DEFINITION, "RelatedPropertySets", "RelatingTemplate"),
    Rule("IfcRelAssignsToActor", Bring.DEFINITION, "RelatedObjects", "RelatingActor"),
    Rule("IfcRelAssignsToControl", Bring.DEFINITION, "RelatedObjects", "RelatingControl"),
    Rule("IfcRelAssignsToGroup", Bring.DEFINITION, "RelatedObjects", "RelatingGroup"),
    Rule("IfcRelAssignsToProcess", Bring.DEFINITION, "RelatedObjects", "RelatingProcess"),
    Rule("IfcRelAssignsToResource", Bring.DEFINITION, "RelatedObjects", "RelatingResource"),
    Rule("IfcRelAssignsToProduct", Bring.NOTED, "RelatingProduct", "RelatedObjects"),
    Rule("IfcRelAggregates", Bring.ANCESTOR, "RelatedObjects", "RelatingObject"),
    Rule("IfcRelNests", Bring.ANCESTOR, "RelatedObjects", "RelatingObject"),
    Rule("IfcRelContainedInSpatialStructure", Bring.ANCESTOR, "RelatedElements", "RelatingStructure"),
    Rule("IfcRelProjectsElement", Bring.ANCESTOR, "RelatedFeatureElement", "RelatingElement"),
    Rule("IfcRelConnectsPortToElement", Bring.ANCESTOR, "RelatingPort", "RelatedElement"),
    Rule("IfcRelAdheresToElement", Bring.ANCESTOR, "RelatedSurfaceFeatures", "RelatingElement"),
    Rule("IfcRelVoidsElement", Bring.ANCESTOR, "RelatedOpeningElement", "RelatingBuildingElement"),
    Rule("IfcRelConnectsStructuralMember", Bring.ANCESTOR, "RelatedStructuralConnection", "RelatingStructuralMember"),
    Rule("IfcRelFillsElement", Bring.HOST, "RelatedBuildingElement", "RelatingOpeningElement"),
    Rule("IfcRelVoidsElement", Bring.PART, "RelatingBuildingElement", "RelatedOpeningElement"),
    Rule("IfcRelFillsElement", Bring.PART, "RelatingOpeningElement", "RelatedBuildingElement"),
    Rule("IfcRelProjectsElement", Bring.PART, "RelatingElement", "RelatedFeatureElement"),
    Rule("IfcRelAdheresToElement", Bring.PART, "RelatingElement", "RelatedSurfaceFeatures"),
    Rule("IfcRelConnectsPortToElement", Bring.PART, "RelatedElement", "RelatingPort"),
    Rule("IfcRelNests", Bring.PORT, "RelatingObject", "RelatedObjects"),
)

ANNEXES = (
    ("IfcStyledItem", "Item"),
    ("IfcIndexedColourMap", "MappedTo"),
    ("IfcTextureCoordinate", "MappedTo"),
    ("IfcMaterialDefinitionRepresentation", "RepresentedMaterial"),
    ("IfcMaterialProperties", "Material"),
    ("IfcProfileProperties", "ProfileDefinition"),
    ("IfcMaterialClassificationRelationship", "ClassifiedMaterial"),
    ("IfcMaterialRelationship", "RelatingMaterial"),
    ("IfcCompositeCurve", "Segments"),
    ("IfcShapeAspect", "PartOfProductDefinitionShape"),
    ("IfcCoordinateOperation", "SourceCRS"),
    ("IfcGeometricRepresentationSubContext", "ParentContext"),
    ("IfcGrid", "UAxes"),
    ("IfcGrid", "VAxes"),
    ("IfcGrid", "WAxes"),
    ("IfcDocumentInformationRelationship", "RelatingDocument"),
    ("IfcPropertyDependencyRelationship", "DependantProperty"),
    ("IfcApprovalActorRelationship", "Approval"),
    ("IfcAppliedValueRelationship", "ComponentOfTotal"),
    ("IfcConstraintRelationship", "RelatingConstraint"),
    ("IfcConstraintAggregationRelationship", "RelatingConstraint"),
    ("IfcConstraintClassificationRelationship", "ClassifiedConstraint"),
    ("IfcClassificationItemRelationship", "RelatingItem"),
    ("IfcTimeSeriesReferenceRelationship", "ReferencedTimeSeries"),
)
"""Resources that point at what they belong to: (class, attribute); kept where that is kept."""

LISTS = (
    ("IfcPresentationLayerAssignment", "AssignedItems"),
    ("IfcExternalReferenceRelationship", "RelatedResourceObjects"),
    ("IfcResourceApprovalRelationship", "RelatedResourceObjects"),
    ("IfcResourceConstraintRelationship", "RelatedResourceObjects"),
    ("IfcReferencesValueDocument", "ReferencingValues"),
)
"""The same with a list that is cut down to what is kept: (class, attribute)."""
