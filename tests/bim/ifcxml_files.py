"""ifcXML written from a model in the two notations, and models compared whatever their numbers are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import ifcopenshell
from ifcopenshell import ifcopenshell_wrapper

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
EX = 'xmlns:ex="urn:iso.org:standard:10303:part(28):version(2):xmlschema:common"'
SPACES = {
    "IFC2X3": "http://www.iai-tech.org/ifcXML/IFC2x3/FINAL",
    "IFC4": "http://www.buildingsmart-tech.org/ifcXML/IFC4/Add2",
    "IFC4X3": "https://standards.buildingsmart.org/IFC/RELEASE/IFC4_3/HTML/listings/IFC4X3_ADD2",
}
ODD_TEXT = "墙 <&> \"a\" 'b' C:\\x é 🏠 a\nb"


def part28(model: ifcopenshell.file, schema="IFC2X3", encoding="utf-8", head="") -> bytes:
    """ISO 10303-28 as IFC2X3 uses it: every attribute an element, instances side by side, `ref` to the others."""
    lines = [
        f'<?xml version="1.0" encoding="{encoding}"?>', head,
        f'<ex:iso_10303_28 version="2.0" {XSI} {EX}>',
        "<ex:iso_10303_28_header><ex:name>n</ex:name><ex:author>王</ex:author></ex:iso_10303_28_header>",
        f'<uos id="uos_1" configuration="i-x" xmlns="{SPACES[schema]}">',
    ]  # fmt: skip
    for entity in model:
        lines.append(f'<{entity.is_a()} id="i{entity.id()}">')
        for index, name in _attributes(entity):
            if entity[index] is not None:
                lines.append(_part28_value(name, entity[index], entity, index))
        lines.append(f"</{entity.is_a()}>")
    lines += ["</uos>", "</ex:iso_10303_28>"]
    return "\n".join(lines).encode(encoding)


def _part28_value(name, value, entity, index):
    if isinstance(value, tuple):
        nested = value and isinstance(value[0], tuple)
        flat = [((i, j), v) for i, row in enumerate(value) for j, v in enumerate(row)] if nested else [
            ((i,), v) for i, v in enumerate(value)
        ]  # fmt: skip
        size = f' ex:arraySize="{len(value)} {len(value[0])}"' if nested else ""
        items = "".join(_part28_item(v, " ".join(map(str, place))) for place, v in flat)
        return f'<{name} ex:cType="list"{size}>{items}</{name}>'
    if isinstance(value, ifcopenshell.entity_instance):
        return f"<{name}>{_part28_item(value, None)}</{name}>"
    return f"<{name}>{_text(value, _kind(entity, index))}</{name}>"


def _part28_item(value, pos):
    place = "" if pos is None else f' pos="{pos}"'
    if isinstance(value, ifcopenshell.entity_instance):
        if value.id():
            return f'<{value.is_a()} ref="i{value.id()}" xsi:nil="true"{place}/>'
        inner = value.wrappedValue
        text = "".join(f'<ex:long-wrapper pos="{i}">{v}</ex:long-wrapper>' for i, v in enumerate(inner)) if isinstance(
            inner, tuple) else _text(inner, _kind(value, 0))  # fmt: skip
        return f"<{value.is_a()}{place}>{text}</{value.is_a()}>"
    return f"<ex:string-wrapper{place}>{_text(value, '')}</ex:string-wrapper>"


class Nested:
    """buildingSMART's notation: simple attributes in the tag, instances inline, relations as inverse attributes."""

    def __init__(self, model: ifcopenshell.file, schema: str) -> None:
        self._model, self._schema = model, schema
        self._done: set[int] = set()
        self._inverses = 0

    def document(self, encoding="utf-8", head="") -> bytes:
        space = SPACES[self._schema]
        parts = [f'<?xml version="1.0" encoding="{encoding}"?>', head]
        parts.append(f'<ifc:ifcXML {XSI} xmlns:ifc="{space}" xmlns="{space}">')
        parts.append("<header><name>n</name><author>王</author></header>")
        parts += [self._entity(e, e.is_a()) for e in self._model.by_type("IfcProject")]
        parts += [self._entity(e, e.is_a()) for e in self._model if e.id() not in self._done]
        parts.append("</ifc:ifcXML>")
        return "\n".join(parts).encode(encoding)

    def _entity(self, entity, tag, *, typed=False, without=()):
        if entity.id() in self._done:
            return f'<{tag} xsi:nil="true" href="i{entity.id()}"/>'
        self._done.add(entity.id())
        simple, children = [f'id="i{entity.id()}"'], []
        if typed:
            simple.append(f'xsi:type="{entity.is_a()}"')
        for index, name in _attributes(entity):
            value = entity[index]
            if value is None or name in without:
                continue
            kind = _kind(entity, index)
            if isinstance(value, tuple):
                if _plain_numbers(value):
                    simple.append(f'{name}="{" ".join(map(_bare, _flat(value)))}"')
                else:
                    children.append(f"<{name}>{''.join(self._item(v, kind) for v in value)}</{name}>")
            elif isinstance(value, ifcopenshell.entity_instance):
                if kind == "entity":
                    children.append(self._entity(value, name, typed=True))
                else:
                    children.append(f"<{name}>{self._item(value, kind)}</{name}>")
            elif kind == "binary":
                children.append(f"<{name}>{_text(value, kind)}</{name}>")
            else:
                simple.append(f"{name}={quoteattr(_unescaped(value, kind), {chr(10): '&#10;'})}")
        children += self._inverse(entity)
        return f"<{tag} {' '.join(simple)}>{''.join(children)}</{tag}>"

    def _inverse(self, entity):
        """Relations that name this instance, each inside it and without the attribute that points back."""
        for inverse in _declaration(entity).all_inverse_attributes():
            name, back = inverse.name(), inverse.attribute_reference().name()
            relation = inverse.entity_reference().name()
            if not relation.startswith("IfcRel"):
                continue
            for other in getattr(entity, name) or ():
                self._inverses += 1
                if self._inverses % 3:  # as a container, or as the relation itself
                    yield f"<{name}>{self._entity(other, other.is_a(), without=self._all_back(other, back))}</{name}>"
                else:
                    yield self._entity(other, name, typed=True, without=self._all_back(other, back))

    def _all_back(self, relation, back):
        """The attribute may go where each instance in it holds the relation as an inverse."""
        del relation
        return (back,)

    def _item(self, value, kind):
        if isinstance(value, tuple):
            if value and isinstance(value[0], ifcopenshell.entity_instance):
                return f"<Seq-{value[0].is_a()}>{''.join(self._item(v, kind) for v in value)}</Seq-{value[0].is_a()}>"
            return f"<Seq-IfcReal-wrapper>{' '.join(map(_bare, value))}</Seq-IfcReal-wrapper>"
        if isinstance(value, ifcopenshell.entity_instance):
            if value.id():
                return self._entity(value, value.is_a())
            inner = value.wrappedValue
            text = " ".join(map(_bare, inner)) if isinstance(inner, tuple) else _text(inner, _kind(value, 0))
            return f"<{value.is_a()}-wrapper>{text}</{value.is_a()}-wrapper>"
        return f"<IfcLabel-wrapper>{_text(value, '')}</IfcLabel-wrapper>"


def nested(model, schema="IFC4", **options) -> bytes:
    return Nested(model, schema).document(**options)


def canonical(model: ifcopenshell.file) -> Counter[str]:
    """How often each instance occurs, references written out: equal for equal models, whatever their numbers."""
    known: dict[int, str] = {}

    def text(value):
        if isinstance(value, tuple):
            return f"({','.join(map(text, value))})"
        if not isinstance(value, ifcopenshell.entity_instance):
            return repr(value)
        if not value.id():
            return f"{value.is_a()}({text(value.wrappedValue)})"
        if value.id() not in known:
            known[value.id()] = str(hash((value.is_a(), *[_ordered(value, i, text) for i in range(len(value))])))
        return known[value.id()]

    return Counter(f"{entity.is_a()} {text(entity)}" for entity in model)


def _ordered(entity, index, text):
    value = entity[index]
    if isinstance(value, tuple) and "<set" in str(_declaration(entity).all_attributes()[index].type_of_attribute()):
        return f"({','.join(sorted(map(text, value)))})"
    return text(value)


def _declaration(entity):
    name = {"IFC4X3": "IFC4X3_ADD2"}.get(entity.file.schema, entity.file.schema)
    return ifcopenshell_wrapper.schema_by_name(name).declaration_by_name(entity.is_a())


def _attributes(entity):
    declaration = _declaration(entity)
    derived = declaration.derived()
    for index, attribute in enumerate(declaration.all_attributes()):
        if not derived[index]:
            yield index, attribute.name()


def _kind(entity, index):
    """entity, select, enumeration, or the simple type's name; of what an aggregate holds."""
    if not entity.id():
        parameter = ifcopenshell_wrapper.schema_by_name("IFC4").declaration_by_name(entity.is_a())
        parameter = parameter.as_type_declaration().declared_type()
    else:
        parameter = _declaration(entity).all_attributes()[index].type_of_attribute()
    while True:
        if parameter.as_aggregation_type() is not None:
            parameter = parameter.as_aggregation_type().type_of_element()
        elif parameter.as_simple_type() is not None:
            return parameter.as_simple_type().declared_type()
        else:
            named = parameter.as_named_type().declared_type()
            if named.as_entity() is not None:
                return "entity"
            if named.as_select_type() is not None:
                return "select"
            if named.as_enumeration_type() is not None:
                return "enumeration"
            parameter = named.as_type_declaration().declared_type()


def _unescaped(value, kind):
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind == "enumeration":
        return value.lower()
    if kind == "logical" and value == "UNKNOWN":
        return "unknown"
    if kind == "binary":
        return f"{int(value, 2):0{-(-len(value) // 4)}x}"
    return value if isinstance(value, str) else repr(value)


def _text(value, kind):
    return escape(_unescaped(value, kind))


def _bare(value):
    return repr(value)


def _flat(value):
    for item in value:
        yield from _flat(item) if isinstance(item, tuple) else (item,)


def _plain_numbers(value):
    """Whether a list fits one XML attribute: numbers, and in a list of lists rows of one fixed size."""
    rows = [row for row in value if isinstance(row, tuple)]
    flat = list(_flat(value))
    return bool(flat) and all(isinstance(v, int | float) for v in flat) and len({len(row) for row in rows}) <= 1


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
