"""The state of widgets: what the kernel sends of it, and what a notebook stores."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import nbformat

from .machine import Machine
from .pictures import compare_pictures
from .structured import compare_data

STATE = "application/vnd.jupyter.widget-state+json"
_MODEL = "IPY_MODEL_"
_TARGETS = ("jupyter.widget", "jupyter.widget.version")


class WidgetStates:
    """The states of a kernel's widgets, as its messages tell them.

    Attributes
    ----------
    models : dict
        By the name of the model, as a notebook stores them.
    """

    def __init__(self) -> None:
        self.models: dict[str, dict] = {}
        self._capturing: dict[str, str] = {}

    def take(self, message: Mapping[str, Any]) -> None:
        """Follow a message of the kernel about widgets."""
        content = message["content"]
        name = content.get("comm_id")
        data = content.get("data") or {}
        if message["msg_type"] == "comm_open":
            if content.get("target_name") not in _TARGETS:
                return
            state = data.get("state", {})
            self.models[name] = {
                "model_module": state.get("_model_module"),
                "model_module_version": state.get("_model_module_version"),
                "model_name": state.get("_model_name"),
                "state": {},
            }
        elif message["msg_type"] == "comm_close":
            return  # what was closed may still be shown
        if name in self.models and data.get("method", "update") in (
            "update",
            "echo_update",
        ):
            self._update(name, data, message.get("buffers") or [])

    def _update(self, name: str, data: Mapping[str, Any], buffers: list) -> None:
        model = self.models[name]
        model["state"].update(data.get("state", {}))
        for path, buffer in zip(data.get("buffer_paths", []), buffers, strict=False):
            kept = [b for b in model.get("buffers", []) if b["path"] != list(path)]
            content = base64.b64encode(bytes(buffer)).decode()
            kept.append({"data": content, "encoding": "base64", "path": list(path)})
            model["buffers"] = kept
        if model["model_name"] == "OutputModel" and "msg_id" in data.get("state", {}):
            self._capturing = {m: n for m, n in self._capturing.items() if n != name}
            if request := data["state"]["msg_id"]:
                self._capturing[request] = name

    def captures(self, message: Mapping[str, Any], output: Mapping[str, Any]) -> bool:
        """Put an output into the Output widget that catches it; tell if one does."""
        name = self._capturing.get(message["parent_header"].get("msg_id"))
        if name is None:
            return False
        outputs = self.models[name]["state"].setdefault("outputs", [])
        outputs = list(outputs)
        last = outputs[-1] if outputs else {}
        if output["output_type"] == "stream" == last.get("output_type") and (
            output["name"] == last["name"]
        ):
            outputs[-1] = {**last, "text": last["text"] + output["text"]}
        else:
            outputs.append(dict(output))
        self.models[name]["state"]["outputs"] = outputs
        return True

    def clears(self, message: Mapping[str, Any]) -> bool:
        """Clear the Output widget that catches what a request writes, if one does."""
        name = self._capturing.get(message["parent_header"].get("msg_id"))
        if name is not None:
            self.models[name]["state"]["outputs"] = []
        return name is not None


def stored_states(notebook: nbformat.NotebookNode) -> dict[str, dict]:
    """Return the states of widgets that a notebook stores, by the names of the models."""
    return notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})


def compare_widgets(
    expected: tuple[str, Mapping[str, dict]],
    actual: tuple[str, Mapping[str, dict]],
    *,
    machine: Machine,
    **tolerances: float,
) -> list[str]:
    """Say how a widget differs from the one stored, as far as its state is stored.

    Parameters
    ----------
    expected, actual : tuple of (str, dict)
        The name of the model that is shown, and all models: stored and found.
    machine : Machine
        What is known of the machine and the cell.
    **tolerances
        ``rtol`` and ``atol``.
    """
    (old_name, old_models), (new_name, new_models) = expected, actual
    if old_name not in old_models or new_name not in new_models:
        return []
    old = _tree(old_name, old_models, ())
    new = _tree(new_name, new_models, ())
    old, new = _in_common(old, new)
    told = []
    for place, before, after in _pictures(old, new, ""):
        told += [f"{place}: {each}" for each in compare_pictures(before, after).told]
    return told + compare_data(old, new, machine=machine, **tolerances)


def _tree(name: str, models: Mapping[str, dict], above: tuple[str, ...]) -> Any:
    """Return a model's state with those of the models that it holds in place."""
    model = models.get(name)
    if model is None or name in above:
        return None
    state = dict(model["state"])
    for buffer in model.get("buffers", []):
        place: Any = state
        *steps, last = buffer["path"]
        for step in steps:
            place = place[step]
        place[last] = {"buffer": buffer["data"]}

    def resolved(value: Any) -> Any:
        if isinstance(value, str) and value.startswith(_MODEL):
            return _tree(value.removeprefix(_MODEL), models, (*above, name))
        if isinstance(value, list | tuple):
            return [resolved(each) for each in value]
        if isinstance(value, dict):
            return {key: resolved(each) for key, each in value.items()}
        return value

    kind = {"model": model.get("model_name")}
    return kind | {
        key: resolved(value)
        for key, value in state.items()
        if not key.startswith(("_view_", "_model_"))
        and key not in ("msg_id", "comm_id")
    }


def _in_common(old: Any, new: Any) -> tuple[Any, Any]:
    """Keep of two states what both have: what is at its default is often not stored."""
    if isinstance(old, dict) and isinstance(new, dict):
        pairs = {key: _in_common(old[key], new[key]) for key in old if key in new}
        return (
            {k: a for k, (a, _) in pairs.items()},
            {k: b for k, (_, b) in pairs.items()},
        )
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        both = [_in_common(a, b) for a, b in zip(old, new, strict=True)]
        return [a for a, _ in both], [b for _, b in both]
    return old, new


def _pictures(old: Any, new: Any, place: str) -> list[tuple[str, str, str]]:
    """Take pictures out of two states, to be compared as such."""
    found = []
    if isinstance(old, dict) and isinstance(new, dict):
        for key in list(old):
            before, after = old.get(key), new.get(key)
            where = f"{place}.{key}" if place else key
            both = isinstance(before, dict) and isinstance(after, dict)
            if both and before.get("buffer", "").startswith(("iVBOR", "/9j/")):
                found.append((where, before["buffer"], after.get("buffer", "")))
                del old[key], new[key]
            else:
                found += _pictures(before, after, where)
    elif isinstance(old, list) and isinstance(new, list):
        for number, (before, after) in enumerate(zip(old, new, strict=False)):
            found += _pictures(before, after, f"{place}[{number}]")
    return found
