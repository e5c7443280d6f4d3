"""The variables of a server, as candidates to bind."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from asyncua import Client, ua

from twin.connectors.candidates import MAX_CANDIDATES

MAX_NODES = 20_000
AT_ONCE = 50
SERVER_OBJECT = ua.NodeId(ua.ObjectIds.Server)


class Found(NamedTuple):
    """A variable. path: the names from the Objects folder on, by slashes."""

    node: ua.NodeId
    path: str


async def browse_variables(client: Client, known: Collection[ua.NodeId] = ()) -> list[Found]:
    """Variables below the Objects folder that are not known, breadth first; the first 1000 of at most 20,000 nodes.

    The server's own diagnostics are left out. Raises ua.UaError or OSError where the server does not answer.
    """
    found: list[Found] = []
    seen = {SERVER_OBJECT}
    level = [Found(ua.NodeId(ua.ObjectIds.ObjectsFolder), "")]
    while level and len(found) < MAX_CANDIDATES and len(seen) < MAX_NODES:
        deeper: list[Found] = []
        for part in _parts(level):
            for parent, reference in await _children(client, part):
                node = _local(reference.NodeId)
                if node is None or node in seen or len(seen) >= MAX_NODES:
                    continue
                seen.add(node)
                child = Found(node, f"{parent.path}/{reference.BrowseName.Name}".lstrip("/"))
                if reference.NodeClass is ua.NodeClass.Variable and node not in known and len(found) < MAX_CANDIDATES:
                    found.append(child)
                deeper.append(child)
        level = deeper
    return found


async def _children(client: Client, parents: Sequence[Found]) -> list[tuple[Found, ua.ReferenceDescription]]:
    request = ua.BrowseParameters()
    request.View = ua.ViewDescription()
    request.RequestedMaxReferencesPerNode = 1000
    request.NodesToBrowse = [_description(parent.node) for parent in parents]
    answers = await client.uaclient.browse(request)
    children: list[tuple[Found, ua.ReferenceDescription]] = []
    for parent, answer in zip(parents, answers, strict=False):
        children += [(parent, reference) for reference in answer.References or ()]
        point = answer.ContinuationPoint
        while point:
            more = await client.uaclient.browse_next(ua.BrowseNextParameters(False, [point]))
            children += [(parent, reference) for reference in more[0].References or ()]
            point = more[0].ContinuationPoint if len(children) < MAX_NODES else None
    return children


def _description(node: ua.NodeId) -> ua.BrowseDescription:
    return ua.BrowseDescription(
        NodeId=node,
        BrowseDirection=ua.BrowseDirection.Forward,
        ReferenceTypeId=ua.NodeId(ua.ObjectIds.HierarchicalReferences),
        IncludeSubtypes=True,
        NodeClassMask=int(ua.NodeClass.Object | ua.NodeClass.Variable),
        ResultMask=ua.BrowseResultMask.All,
    )


def _local(node: ua.NodeId) -> ua.NodeId | None:
    """A plain node id; None for a node of another server."""
    if getattr(node, "ServerIndex", 0):
        return None
    return ua.NodeId(node.Identifier, node.NamespaceIndex)


def _parts(level: Sequence[Found]) -> Iterator[list[Found]]:
    rest = iter(level)
    while part := list(islice(rest, AT_ONCE)):
        yield part
