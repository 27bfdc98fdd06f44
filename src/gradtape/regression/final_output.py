"""What stands under a cell at its end, where the cell wrote over what it had shown."""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import Any

import nbformat

_OUTPUTS = ("display_data", "execute_result", "stream", "error")


class Screen:
    """Follow the messages that change earlier outputs, which nbval passes over.

    A loop that shows its progress clears what it has shown before, or updates it; a
    notebook stores what stood there at the end.
    """

    def __init__(self) -> None:
        self._clear_at_next = False
        self._places: dict[str, int] = {}

    def takes(self, message: dict[str, Any], outputs: MutableSequence) -> bool:
        """Change a cell's outputs as a message asks.

        Parameters
        ----------
        message : dict
            A message of the kernel, as Jupyter defines them.
        outputs : list
            What the cell has shown so far, changed in place.

        Returns
        -------
        bool
            False if the message is one that nbval deals with.
        """
        kind, content = message["msg_type"], message["content"]
        if kind == "clear_output":
            if content.get("wait"):
                self._clear_at_next = True
            else:
                self._clear(outputs)
            return True
        if kind == "update_display_data":
            place = self._places.get(_display_id(content))
            if place is not None:
                outputs[place].data = nbformat.from_dict(content["data"])
            return True
        if kind in _OUTPUTS and self._clear_at_next:
            self._clear(outputs)
        if kind == "display_data" and (name := _display_id(content)):
            self._places[name] = len(outputs)
        return False

    def _clear(self, outputs: MutableSequence) -> None:
        outputs.clear()
        self._places.clear()
        self._clear_at_next = False


def _display_id(content: dict[str, Any]) -> str | None:
    return (content.get("transient") or {}).get("display_id")
