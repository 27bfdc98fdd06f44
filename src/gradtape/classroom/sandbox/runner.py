"""What runs in the sandbox: the cells of a notebook, and calls of what they define.

It is started as a program. A line of JSON on standard input is a request, a line on
standard output its answer; what a learner's code prints goes elsewhere. Everything here
runs in the learner's process, so nothing of it guards anything.
"""

from __future__ import annotations

import base64
import contextlib
import inspect
import json
import os
import resource
import shutil
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

_MOST_TEXT = 4_000
_MOST_OUTPUTS = 40
_MOST_NAMES = 200
_LARGEST_FILE = 20 * 2**20
_SECONDS_TO_SPARE = 120


def main() -> None:
    """Answer requests until there are no more."""
    requests, answers = _take_over_streams()
    learner, own = None, os.getpid()
    for line in requests:
        request = json.loads(line)
        if learner is None:
            learner = _Learner()
        answer = learner.do(request)
        if os.getpid() != own:
            os._exit(0)  # a cell has forked, and this is what it left over
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _take_over_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for requests; give the learner's code streams that lead nowhere."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return requests, answers


class _Learner:
    """A notebook's shell with what its cells have defined."""

    def __init__(self):
        _take_files(Path(os.environ.get("GRADTAPE_HANDED_IN", "/handed-in")))
        import gradtape
        import gradtape.exercises

        for name in ("check", "hint", "predict", "progress"):
            for module in (gradtape, gradtape.exercises):
                setattr(module, name, _say_nothing)
        import matplotlib.pyplot as plt
        from IPython.core.interactiveshell import InteractiveShell

        self._plt = plt
        self._shell = InteractiveShell.instance(colors="NoColor")
        self._shell.history_manager.enabled = False
        self._shell.showtraceback = self._shell.showsyntaxerror = _say_nothing
        sys.path.insert(0, "")
        self._functions: list[Callable] = []

    def do(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked for."""
        return getattr(self, f"_{request['do']}")(request)

    def _start(self, request: dict[str, Any]) -> dict[str, Any]:
        """Set limits of which the system keeps count; nothing here can raise them."""
        for kind, limit in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_CPU, int(request["all_seconds"]) + _SECONDS_TO_SPARE),
            (resource.RLIMIT_DATA, request["memory"]),
            (resource.RLIMIT_FSIZE, request["disk"]),
            (resource.RLIMIT_NOFILE, 1024),
        ):
            _, most = resource.getrlimit(kind)
            limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
            resource.setrlimit(kind, (limit, limit))
        return {}

    def _run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run a cell; return what it shows as text, and its error."""
        from IPython.utils.capture import capture_output

        from gradtape.exercises.guard import guarded

        error = None
        with capture_output() as captured:
            try:
                with guarded(request["seconds"]) as printed:
                    result = self._shell.run_cell(request["code"], store_history=True)
                error = result.error_before_exec or result.error_in_exec
            except BaseException as raised:  # noqa: BLE001 - the next cell is run
                error = raised
        self._plt.close("all")
        shown = [printed.beginning()] if printed else []
        for output in captured.outputs[:_MOST_OUTPUTS]:
            shown.append(str(output.data.get("text/plain", ""))[:_MOST_TEXT])
        return {"shown": shown, "error": _error(error)}

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what expressions stand for, as values."""
        from gradtape.classroom.sandbox.values import encode
        from gradtape.exercises.guard import guarded

        try:
            with guarded(request["seconds"]):
                found = [
                    eval(code, self._shell.user_ns) for code in request["expressions"]
                ]
                return {"values": [encode(value, self._described) for value in found]}
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
            return {"error": _error(error)}

    def _described(self, function: Callable) -> dict[str, Any]:
        """Keep a function, and return what a judge has to know of it."""
        from gradtape.exercises.answers import names_used
        from gradtape.exercises.checking import is_not_begun

        self._functions.append(function)
        try:
            parameters = [
                [each.name, int(each.kind), each.default is not inspect.Parameter.empty]
                for each in inspect.signature(function).parameters.values()
            ]
        except (TypeError, ValueError):
            parameters = None
        return {
            "handle": len(self._functions) - 1,
            "name": str(getattr(function, "__name__", ""))[:100],
            "kind": type(function).__name__[:100],
            "parameters": parameters,
            "is_not_begun": is_not_begun(function),
            "names_used": [name[:100] for name in names_used(function)[:_MOST_NAMES]],
        }

    def _call(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call a function, or a product of its Jacobian, and return what comes back."""
        import tensorflow as tf

        from gradtape.classroom.sandbox import told
        from gradtape.classroom.sandbox.values import encode
        from gradtape.exercises import answers, none_returned, sentences
        from gradtape.exercises.errors import own_line, raised
        from gradtape.exercises.exercise import Wrong
        from gradtape.exercises.guard import TimeUp, guarded

        made: list[tf.Variable] = []

        def note(create: Callable, **options: Any) -> tf.Variable:
            made.append(create(**options))
            return made[-1]

        result: dict[str, Any] = {}
        printed = None
        try:
            function = answers.function(
                self._functions[request["handle"]],
                *request["names"],
                name=request["name"],
                may_change_variables=request["may_change_variables"],
            )
            again = _product(function, request["arguments"], request["upstream"])
            with guarded(request["seconds"]) as printed:
                if request["explain"]:
                    result["answered_none"] = none_returned.is_answered_none(again)
                    reasons = none_returned.causes(again)
                    result["reasons"] = told.reasons_written(reasons)
                with tf.variable_creator_scope(note):
                    value = again()
                result["value"] = encode(value, self._described)
        except Wrong as wrong:
            result["wrong"] = told.written(wrong)
        except TimeUp:
            result["is_late"] = True
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
            if isinstance(error, Exception) and own_line(error):
                wrong = raised(error, sentences.YOUR_ANSWER)
                result["wrong"] = told.written(wrong)
            result["error"] = _error(error)
        result["makes_variables"] = bool(made)
        result["printed"] = printed.first_lines()[0] if printed else ""
        return result


def _product(
    function: Callable, arguments: list, upstream: list[list]
) -> Callable[[], Any]:
    """Return a function of nothing that calls one, or takes its Jacobian's product."""
    import tensorflow as tf

    from gradtape.classroom.sandbox.values import decode

    values = [decode(each, _given_function) for each in arguments]
    if not upstream:
        return lambda: function(*values)
    above = [[decode(each) for each in part] for part in upstream]

    def at(order: int, leaves: list) -> Any:
        if order == 0:
            return function(*tf.nest.pack_sequence_as(values, leaves))
        own = leaves[: len(leaves) - len(above[order - 1])]
        with tf.GradientTape() as tape:
            tape.watch(_float_tensors(own))
            targets = _float_tensors(tf.nest.flatten(at(order - 1, own)))
        return tape.gradient(
            targets, _float_tensors(own), output_gradients=leaves[len(own) :]
        )

    leaves = tf.nest.flatten(values) + [each for part in above for each in part]
    return lambda: at(len(above), leaves)


def _float_tensors(leaves: list) -> list:
    import tensorflow as tf

    return [x for x in leaves if isinstance(x, tf.Tensor) and x.dtype.is_floating]


def _given_function(data: str) -> Callable:
    """Return a function that the judge gives; what the judge sends can be trusted."""
    import cloudpickle

    return cloudpickle.loads(base64.b64decode(data))


def _take_files(folder: Path) -> None:
    """Copy the files that were handed in beside the notebook into the own folder."""
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        with contextlib.suppress(OSError):
            if path.is_symlink() or not path.is_file():
                continue
            if path.stat().st_size <= _LARGEST_FILE:
                place = Path.cwd() / path.relative_to(folder)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)


def _say_nothing(*arguments: Any, **options: Any) -> None:
    """Stand in for what shows something: errors and verdicts go another way."""


def _error(error: BaseException | None) -> dict[str, str] | None:
    """Return an error as data: its name, what it says, the learner's own line."""
    if error is None:
        return None
    from gradtape.exercises.errors import own_line
    from gradtape.exercises.guard import TimeUp

    line = ""
    with contextlib.suppress(Exception):
        line = own_line(error)
    try:
        says = str(error)
    except BaseException:  # noqa: BLE001 - it is a learner's own class of errors
        says = ""
    name = "TimeUp" if isinstance(error, TimeUp) else type(error).__name__
    return {"name": name[:100], "says": says[:500], "line": line[:200]}


def run_as_program() -> None:
    """Answer requests as the program that this process is."""
    # A module of its own name, so that what cells define is "__main__" and not this.
    sys.modules["__main__"] = types.ModuleType("__main__")
    main()


if __name__ == "__main__":
    run_as_program()
