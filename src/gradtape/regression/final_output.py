"""What stands under a cell at its end, where the cell wrote over what it had shown."""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import Any

import nbformat

from .outputs.shown import WIDGET
from .outputs.widgets import WidgetStates

_OUTPUTS = ("display_data", "execute_result", "stream", "error")


class FinalOutput:
    """Follow the messages that change outputs, which nbval passes over.

    A loop that shows its progress clears what it has shown before, or updates it, in
    the same cell or from a later one; an Output widget catches what is shown. A
    notebook stores what stood there at the end.

    Attributes
    ----------
    widgets : WidgetStates
        The states of all widgets.
    """

    def __init__(self) -> None:
        self.widgets = WidgetStates()
        self._clear_at_next = False
        self._named: dict[str, list] = {}
        self._to_name = ""

    def begin_cell(self) -> None:
        """Note that another cell begins, with no outputs yet."""
        self._clear_at_next = False
        self._to_name = ""

    def takes(self, message: dict[str, Any], outputs: MutableSequence) -> bool:
        """Change outputs as a message asks.

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
        if self._to_name and outputs:
            self._named.setdefault(self._to_name, []).append(outputs[-1])
            self._to_name = ""
        if kind.startswith("comm_"):
            self.widgets.take(message)
            return False
        if kind == "clear_output":
            if self.widgets.clears(message):
                return True
            if content.get("wait"):
                self._clear_at_next = True
            else:
                self._clear(outputs)
            return True
        if kind == "update_display_data":
            for output in self._named.get(_display_id(content), []):
                output.data = nbformat.from_dict(content["data"])
                output.metadata = nbformat.from_dict(content["metadata"])
            return True
        if kind not in _OUTPUTS:
            return False
        if self.widgets.captures(message, nbformat.v4.output_from_msg(message)):
            return True  # an error too: the widget shows it, and the cell goes on
        if self._clear_at_next:
            self._clear(outputs)
        if kind == "display_data":
            self._to_name = _display_id(content) or ""
        return False

    def can_change(self, outputs: MutableSequence) -> bool:
        """Tell whether a later cell could change these outputs."""
        named = [id(output) for kept in self._named.values() for output in kept]
        return any(
            id(output) in named or WIDGET in output.get("data", {})
            for output in outputs
        )

    def _clear(self, outputs: MutableSequence) -> None:
        outputs.clear()
        self._clear_at_next = False


def _display_id(content: dict[str, Any]) -> str | None:
    return (content.get("transient") or {}).get("display_id")
