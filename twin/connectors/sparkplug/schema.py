"""The payload's protobuf schema, built in code: field numbers of Sparkplug 3.0, section 6.4.1.

Fields that no value comes from (data sets, templates, metadata, bytes) are left out: protobuf keeps and skips them.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

F = descriptor_pb2.FieldDescriptorProto
PACKAGE = "parktwin.sparkplug"
_ONCE, _MANY = F.LABEL_OPTIONAL, F.LABEL_REPEATED
VALUES: tuple[tuple[str, int, int], ...] = (
    ("int_value", 10, F.TYPE_UINT32),
    ("long_value", 11, F.TYPE_UINT64),
    ("float_value", 12, F.TYPE_FLOAT),
    ("double_value", 13, F.TYPE_DOUBLE),
    ("boolean_value", 14, F.TYPE_BOOL),
    ("string_value", 15, F.TYPE_STRING),
)
PROPERTY_SHIFT = 7
"""The values of a property have numbers that much smaller: int_value is 3."""


def _message(file: Any, name: str, fields: list[tuple[str, int, int, int, str]], values: int | None = None) -> None:
    message = file.message_type.add(name=name)
    for field, number, kind, label, of in fields:
        message.field.add(name=field, number=number, type=kind, label=label, type_name=of or None)
    if values is not None:
        message.oneof_decl.add(name="value")
        for field, number, kind in VALUES:
            message.field.add(name=field, number=number - values, type=kind, label=_ONCE, oneof_index=0)


def _build() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="parktwin/sparkplug_b.proto", package=PACKAGE, syntax="proto2")
    _message(
        file,
        "Property",
        [("type", 1, F.TYPE_UINT32, _ONCE, ""), ("is_null", 2, F.TYPE_BOOL, _ONCE, "")],
        PROPERTY_SHIFT,
    )
    _message(
        file,
        "PropertySet",
        [
            ("keys", 1, F.TYPE_STRING, _MANY, ""),
            ("values", 2, F.TYPE_MESSAGE, _MANY, f".{PACKAGE}.Property"),
        ],
    )
    _message(
        file,
        "Metric",
        [
            ("name", 1, F.TYPE_STRING, _ONCE, ""),
            ("alias", 2, F.TYPE_UINT64, _ONCE, ""),
            ("timestamp", 3, F.TYPE_UINT64, _ONCE, ""),
            ("datatype", 4, F.TYPE_UINT32, _ONCE, ""),
            ("is_historical", 5, F.TYPE_BOOL, _ONCE, ""),
            ("is_transient", 6, F.TYPE_BOOL, _ONCE, ""),
            ("is_null", 7, F.TYPE_BOOL, _ONCE, ""),
            ("properties", 9, F.TYPE_MESSAGE, _ONCE, f".{PACKAGE}.PropertySet"),
        ],
        0,
    )
    _message(
        file,
        "Payload",
        [
            ("timestamp", 1, F.TYPE_UINT64, _ONCE, ""),
            ("metrics", 2, F.TYPE_MESSAGE, _MANY, f".{PACKAGE}.Metric"),
            ("seq", 3, F.TYPE_UINT64, _ONCE, ""),
            ("uuid", 4, F.TYPE_STRING, _ONCE, ""),
        ],
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.Payload"))


Payload: Any = _build()
"""The message class of a payload."""
