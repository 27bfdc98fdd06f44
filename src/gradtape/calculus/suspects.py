"""What in a function may not be on the tape: NumPy, Python numbers, operations without a rule.

Found by reading the code, which costs some microseconds, and no more than a suspicion:
NumPy on constants is harmless. Whether a derivative is wrong for it is tried by
:mod:`gradtape.calculus.difference_quotient`.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from gradtape.learner_code.lines import Line, is_own
from gradtape.learner_code.reads import Reads, cells_of, reads_of, value_read

# Beyond this many things looking is left.
_MOST_PARTS = 500

# Packages whose functions stay on the tape, or have nothing to do with numbers.
_ON_THE_TAPE = {
    *("tensorflow", "keras", "tf_keras", "tensorflow_probability", "gradtape"),
    *("builtins", "functools", "_functools", "itertools", "operator", "_operator"),
    *("collections", "contextlib", "dataclasses", "typing", "types", "abc", "enum"),
    *("time", "warnings", "logging", "re", "inspect", "random", "copy"),
}
# TensorFlow's functions that pass no gradient on, or not to each of their inputs, though
# their result changes smoothly.
_WITHOUT_RULE = {
    *("as_string", "betainc", "bitcast", "decode_raw", "edit_distance", "polygamma"),
    *("eager_py_func", "numpy_function", "py_func", "py_func_common", "py_function"),
    *("extract_glimpse", "hsv_to_rgb", "range", "string_to_number", "to_number"),
    *("draw_bounding_boxes", "random_crop", "zeta", "one_hot"),
}
_PYTHON_FUNCTIONS = {"eager_py_func", "numpy_function", "py_func", "py_function"}
_NUMBERS = (float, int, complex)
_LEAVING = {"numpy", "item", "tolist", "__array__", "__float__"}
# A counter that is added to is no cut, and f would be called again to see that.
_STORING = {"assign", "from_tensor_slices", "from_tensors"}
_MEANT = {"stop_gradient", "custom_gradient", "grad_pass_through", "recompute_grad"}


class Suspect(NamedTuple):
    """Something in f's code that may not be on the tape.

    Attributes
    ----------
    name : str
        As it stands in the code, such as ``"np.square"`` or ``".numpy"``.
    line : Line
        Where.
    kind : str
        ``"value"`` where a value leaves TensorFlow, ``"rule"`` where an operation has no
        rule, ``"store"`` where something is stored, ``"python"`` for ``tf.py_function``.
    """

    name: str
    line: Line
    kind: str


class _Meant(Exception):
    """The code cuts the tape on purpose, or gives a gradient of its own."""


def suspects(f: Callable) -> list[Suspect]:
    """Return what in f may not be on the tape, in the order of the code.

    Where f cuts the tape on purpose (``tf.stop_gradient``) or gives a gradient of its
    own, nothing is suspect.
    """
    try:
        found = list(dict.fromkeys(_Reader().of(f, None)))
    except _Meant:
        return []
    return sorted(found, key=lambda suspect: suspect.kind == "store")


def cuts_on_purpose(f: Callable) -> bool:
    """Tell whether f reads something like ``tf.stop_gradient``."""
    try:
        list(_Reader().of(f, None))
    except _Meant:
        return True
    return False


class _Reader:
    """Walks through what a function reads, looking at each thing once."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def of(self, value: Any, read: tuple[str, Line] | None) -> Iterator[Suspect]:
        if id(value) in self._seen or len(self._seen) > _MOST_PARTS:
            return
        self._seen.add(id(value))
        kind = type(value)
        if kind in (tuple, list):
            for part in value:
                yield from self.of(part, read)
        elif kind is dict:
            yield from self.of(list(value.values()), read)
        elif kind is functools.partial:
            yield from self.of((value.func, value.args, value.keywords), read)
        elif kind is types.MethodType:
            yield from self._of_function(value.__func__, read, owner=value.__self__)
        elif kind is types.FunctionType:
            yield from self._of_function(value, read)
        elif isinstance(value, tf.types.experimental.PolymorphicFunction):
            yield from self.of(getattr(value, "python_function", None), read)
        elif callable(value):
            yield from self._of_callable(value, read)

    def _of_function(
        self, f: types.FunctionType, read: tuple[str, Line] | None, owner: Any = None
    ) -> Iterator[Suspect]:
        module = f.__module__ or ""
        if f.__name__ in _MEANT or module.endswith("custom_gradient"):
            raise _Meant
        if f.__name__ in _WITHOUT_RULE and module.startswith("tensorflow."):
            python = f.__name__ in _PYTHON_FUNCTIONS
            yield _suspect(f, read, "python" if python else "rule")
            return
        if module.partition(".")[0] in _ON_THE_TAPE:
            return
        if not is_own(f.__code__):
            yield _suspect(f, read, "value")
            return
        yield from self._of_code(f, reads_of(f.__code__), owner)

    def _of_code(
        self, f: types.FunctionType, found: Reads, owner: Any
    ) -> Iterator[Suspect]:
        file = f.__code__.co_filename
        for name in sorted(found.attributes & (_LEAVING | _STORING)):
            kind = "value" if name in _LEAVING else "store"
            yield Suspect(f".{name}", Line(file, found.lines[name]), kind)
        for name in sorted(found.imports):
            if name.partition(".")[0] not in _ON_THE_TAPE:
                yield Suspect(name, Line(file, found.lines[name]), "value")
        cells = cells_of(f)
        used = set(found.reads) - found.compared
        for each in sorted(used, key=found.lines.__getitem__):
            try:
                value = value_read(each, f.__globals__, cells)
            except ValueError:
                continue
            name = ".".join((each.name, *each.path))
            yield from self.of(value, (name, Line(file, found.lines[each])))
        if owner is not None and is_users_class(type(owner)):
            for name in sorted(found.attributes):
                part = _static(owner, name)
                if type(part) is types.FunctionType:
                    yield from self._of_function(part, None, owner)
                else:
                    yield from self.of(part, (name, Line(file, found.lines[name])))

    def _of_callable(
        self, value: Any, read: tuple[str, Line] | None
    ) -> Iterator[Suspect]:
        cls = value if isinstance(value, type) else type(value)
        if cls.__module__.endswith("custom_gradient"):
            raise _Meant
        if cls is np.ufunc or any(value is number for number in _NUMBERS):
            yield _suspect(value, read, "value")
        elif is_users_class(cls):
            names = vars(cls) if value is cls else ("__call__", "call")
            for method in [_static(value, name) for name in names]:
                if type(method) is types.FunctionType and is_own(method.__code__):
                    yield from self._of_function(method, read, owner=value)
        elif issubclass(cls, tf.Variable):
            yield _suspect(value, read, "store")
        elif _package(value) not in _ON_THE_TAPE:
            yield _suspect(value, read, "value")


def _package(value: Any) -> str:
    module = getattr(value, "__module__", None) or type(value).__module__ or ""
    return module.partition(".")[0]


def is_users_class(cls: type) -> bool:
    """Tell a class of the learner's, or of no library known to stay on the tape."""
    return any(
        type(method) is types.FunctionType and is_own(method.__code__)
        for method in vars(cls).values()
    )


def _static(owner: Any, name: str) -> Any:
    """Return an attribute without running any code of the owner's."""
    found = getattr(owner, "__dict__", {}).get(name)
    for cls in (owner if isinstance(owner, type) else type(owner)).__mro__:
        if found is None:
            found = vars(cls).get(name)
    return found


def _suspect(value: Any, read: tuple[str, Line] | None, kind: str) -> Suspect:
    name, line = read or (getattr(value, "__name__", repr(value)), Line("", 0))
    return Suspect(name, line, kind)
