"""JSON Patch (RFC 6902) for entities: add, replace, remove, test."""

from __future__ import annotations

import copy
from typing import Any

from server.sta.errors import wrong

MEDIA_TYPE = "application/json-patch+json"
MAX_STEPS = 100


def patched(body: dict[str, Any], steps: object) -> dict[str, Any]:
    """A copy of an object with the steps done. Raises Invalid naming the step that cannot be."""
    if not isinstance(steps, list) or len(steps) > MAX_STEPS:
        raise wrong(f"A JSON patch is a list of at most {MAX_STEPS} steps")
    found = copy.deepcopy(body)
    for step in steps:
        if not isinstance(step, dict) or not isinstance(step.get("path"), str) or not step["path"].startswith("/"):
            raise wrong(f"{step!r:.80} is no step of a JSON patch: expected op, path and value")
        keys = [key.replace("~1", "/").replace("~0", "~") for key in step["path"][1:].split("/")]
        place: Any = found
        for key in keys[:-1]:
            place = place[_key(place, key, step)]
        _do(place, keys[-1], step)
    return found


def _do(place: Any, last: str, step: dict[str, Any]) -> None:
    match step.get("op"):
        case "add" if isinstance(place, list) and last == "-":
            place.append(step.get("value"))
        case "add" if isinstance(place, list):
            place.insert(int(_key([*place, None], last, step)), step.get("value"))
        case "add" if isinstance(place, dict):
            place[last] = step.get("value")
        case "replace":
            place[_key(place, last, step)] = step.get("value")
        case "remove":
            del place[_key(place, last, step)]
        case "test":
            if place[_key(place, last, step)] != step.get("value"):
                raise wrong(f"The test of {step['path']!r:.80} failed: the entity has another value")
        case other:
            raise wrong(f"{other!r:.40} at {step['path']!r:.80} cannot be done: expected add, replace, remove or test")


def _key(place: Any, key: str, step: dict[str, Any]) -> Any:
    if isinstance(place, dict) and key in place:
        return key
    if isinstance(place, list) and key.isdecimal() and int(key) < len(place):
        return int(key)
    raise wrong(f"{step['path']!r:.80} of the JSON patch leads nowhere")
