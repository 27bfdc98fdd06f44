"""Data as JSON holds them: Plotly, Vega, Bokeh, GeoJSON, the state of widgets."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from .machine import Machine
from .numbers import ATOL, RTOL
from .texts import compare_texts

_MOST_TOLD = 3
_ROUNDING = 1e-9  # beside the largest number of a list
_HASH = re.compile(
    r"(?:data-)?[0-9a-f]{32}|p?\d{4,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_TYPES = {"f8": "<f8", "f4": "<f4", "i4": "<i4", "i2": "<i2", "i1": "<i1", "u4": "<u4",
          "u2": "<u2", "u1": "<u1", "float64": "<f8", "float32": "<f4", "int32": "<i4",
          "int64": "<i8", "uint8": "<u1"}  # fmt: skip


def compare_data(
    expected: Any,
    actual: Any,
    *,
    rtol: float = RTOL,
    atol: float = ATOL,
    machine: Machine | None = None,
) -> list[str]:
    """Say in which ways data differ from those stored.

    Parameters
    ----------
    expected, actual : object
        Data as JSON holds them, stored and found. Arrays that Plotly and Bokeh store in
        base 64 are read.
    rtol, atol : float
        How far two numbers may be apart; whole numbers must be the same.
    machine : Machine, optional
        What is known of the machine and the cell.

    Returns
    -------
    list of str
        Sentences, each with the place in the data.

    Examples
    --------
    >>> compare_data({"data": [{"y": [1, 2.5]}]}, {"data": [{"y": [1, 2.6]}]})
    ['data[0].y[1] is 2.6, 2.5 is stored']
    """
    comparison = _Comparison(rtol, atol, machine or Machine())
    told = list(comparison.differences(expected, actual, ""))
    rest = len(told) - _MOST_TOLD
    if rest > 0:
        told[_MOST_TOLD:] = [f"and {rest} more"]
    return told


class _Comparison:
    def __init__(self, rtol: float, atol: float, machine: Machine) -> None:
        self.rtol, self.atol, self.machine = rtol, atol, machine
        self.names: dict[str, str] = {}

    def differences(
        self, old: Any, new: Any, place: str, scale: float = 0.0
    ) -> Iterator[str]:
        if isinstance(old, dict) and isinstance(new, dict):
            arrays = _array(old), _array(new)
            if all(array is not None for array in arrays):
                yield from self._arrays(*arrays, place)
                return
            yield from self._mappings(old, new, place)
        elif isinstance(old, list) and isinstance(new, list):
            yield from self._lists(old, new, place)
        elif _is_number(old) and _is_number(new):
            if not self._agree(old, new, scale):
                yield f"{place or 'it'} is {new!r}, {old!r} is stored"
        elif isinstance(old, str) and isinstance(new, str):
            yield from self._strings(old, new, place)
        elif old != new or type(old) is not type(new):
            yield f"{place or 'it'} is {_short(new)}, {_short(old)} is stored"

    def _mappings(self, old: dict, new: dict, place: str) -> Iterator[str]:
        if old.keys() != new.keys() and len(old) == len(new):
            # Vega calls data by a hash of what they hold.
            pairs = zip(old, new, strict=True)
            if all(a == b or _is_name(a) and _is_name(b) for a, b in pairs):
                new = dict(zip(old, new.values(), strict=True))
        for key in [*old, *(key for key in new if key not in old)]:
            where = f"{place}.{key}" if place else str(key)
            if key not in new:
                yield f"{where} is stored and did not come out"
            elif key not in old:
                yield f"{where} came out and is not stored"
            else:
                yield from self.differences(old[key], new[key], where)

    def _lists(self, old: list, new: list, place: str) -> Iterator[str]:
        if len(old) != len(new):
            yield f"{place or 'it'} has {len(new)} elements, {len(old)} are stored"
            return
        sizes = [
            abs(x) for x in [*old, *new] if isinstance(x, float) and math.isfinite(x)
        ]
        scale = max(sizes, default=0.0)
        for number, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from self.differences(before, after, f"{place}[{number}]", scale)

    def _strings(self, old: str, new: str, place: str) -> Iterator[str]:
        if old == new:
            return
        both_names = _is_name(old) and _is_name(new)
        if both_names and self.names.setdefault(old, new) == new:
            return
        for sentence in compare_texts(
            old, new, rtol=self.rtol, atol=self.atol, machine=self.machine
        ):
            yield f"{place}: {sentence}" if place else sentence

    def _arrays(self, old: np.ndarray, new: np.ndarray, place: str) -> Iterator[str]:
        if old.shape != new.shape:
            yield f"{place} has the shape {new.shape}, {old.shape} is stored"
            return
        if old.dtype.kind != "f" and new.dtype.kind != "f":
            apart = old != new
        else:
            finite = np.abs(np.concatenate([old, new], axis=None, dtype=float))
            scale = np.max(finite, initial=0.0, where=np.isfinite(finite))
            apart = ~np.isclose(
                new,
                old,
                rtol=self.rtol,
                atol=self.atol + _ROUNDING * scale,
                equal_nan=True,
            )
        count = int(apart.sum())
        if count:
            first = tuple(int(n) for n in np.argwhere(apart)[0])
            index = ", ".join(map(str, first))
            more = f"; {count} of {old.size} numbers differ" if count > 1 else ""
            yield f"{place}[{index}] is {new[first]}, {old[first]} is stored{more}"

    def _agree(self, old: float, new: float, scale: float) -> bool:
        if isinstance(old, int) and isinstance(new, int):
            return old == new
        if not (math.isfinite(old) and math.isfinite(new)):
            return old == new or (math.isnan(old) and math.isnan(new))
        allowed = self.atol + self.rtol * max(abs(old), abs(new))
        return abs(old - new) <= max(allowed, _ROUNDING * scale)


def _array(data: dict) -> np.ndarray | None:
    """Read an array that is stored in base 64; None for anything else."""
    content, kind = data.get("bdata"), data.get("dtype")
    if content is None and data.get("type") == "ndarray":  # Bokeh
        content = data.get("array", {})
        content = content.get("data") if isinstance(content, dict) else None
    if not (isinstance(content, str) and kind in _TYPES):
        return None
    try:
        array = np.frombuffer(base64.b64decode(content), _TYPES[kind])
        shape = data.get("shape", array.shape)
        if isinstance(shape, str):
            shape = json.loads(f"[{shape}]")
        return array.reshape(shape)
    except ValueError:
        return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_name(text: Any) -> bool:
    return isinstance(text, str) and _HASH.fullmatch(text) is not None


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
