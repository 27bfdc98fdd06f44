"""A hand-in in its sandbox: its cells are run, and its functions are called.

A process that ended, because a cell ended it or used too much, is started again without
that cell, so that the rest is graded as if the cell had stopped with an error.
"""

from __future__ import annotations

import base64
import functools
import inspect
import sys
import time
from pathlib import Path
from typing import Any

import cloudpickle

from gradtape.classroom.results import Ran
from gradtape.classroom.sandbox import told, values
from gradtape.classroom.sandbox.limits import Limits
from gradtape.classroom.sandbox.process import Ended, Sandboxed
from gradtape.exercises.elsewhere import Answered, FunctionElsewhere, Question
from gradtape.exercises.exercise import Wrong
from gradtape.exercises.guard import TimeUp
from gradtape.exercises.words import Words

MOST_STARTS = 5
# After the limit inside, which code can ignore, comes the one outside.
_PATIENCE = 1.5
_MORE_PATIENCE = 5.0
# What waits uses no processor time; a hand-in is given so many times as long.
_LONGEST_WAIT = 2.5
_SHOWN = 4_000
_MODULES_OF_LESSONS = "gradtape_lesson_"

ENDED = {
    "time": Words(
        "It ran for longer than {seconds} s and could not be stopped otherwise.",
        "它运行超过了 {seconds} 秒，只能强行结束。",
    ),
    "memory": Words(
        "It used more than {megabytes} MB of memory.",
        "它用了超过 {megabytes} MB 的内存。",
    ),
    "processes": Words("It started too many processes.", "它启动了太多进程。"),
    "talk": Words("What came back could not be understood.", "返回的内容无法理解。"),
    "exit": Words(
        "It ended the program in which the notebook runs.", "它结束了运行笔记本的程序。"
    ),
}
CALL_ENDED = Words("While {name} was called: {why}", "调用 {name} 时：{why}")
GAVE_UP = Words(
    "The notebook ended its program {count} times, or used up its {seconds} s; what came "
    "after that was not run.",
    "这个笔记本 {count} 次结束了运行它的程序，或用完了 {seconds} 秒；此后的内容没有运行。",
)


class GaveUp(Exception):
    """The notebook cannot be run any further."""


class Session:
    """A notebook that is run in a sandbox, cell by cell.

    Parameters
    ----------
    engine : str
        What the sandbox is made by.
    limits : Limits
        What the notebook may use.
    start : tuple of str
        Code that is run first.
    files : Path, optional
        A folder with files handed in beside the notebook.
    hidden : tuple of Path
        What it must not see.
    server : str
        The socket of a fork server, where there is one.
    """

    def __init__(
        self,
        engine: str,
        limits: Limits,
        start: tuple[str, ...],
        files: Path | None,
        hidden: tuple[Path, ...],
        server: str = "",
    ):
        self._make = functools.partial(Sandboxed, engine, limits, files, hidden, server)
        self._limits = limits
        self._before = list(start)
        self._sandbox: Sandboxed | None = None
        self._starts = 0
        self._deadline = time.monotonic() + _LONGEST_WAIT * limits.all_seconds
        self._seconds_before = 0.0
        self._handles = 0

    @property
    def seconds(self) -> float:
        """Return the processor's time that was used."""
        now = self._sandbox.seconds_used if self._sandbox else 0.0
        return self._seconds_before + now

    def end(self) -> None:
        """End the sandbox."""
        if self._sandbox is not None:
            self._seconds_before += self._sandbox.seconds_used
            self._sandbox.end()
            self._sandbox = None

    def run(self, code: str) -> Ran:
        """Run a cell, and return what it shows.

        Raises
        ------
        GaveUp
            If the notebook cannot be run any further.
        """
        self._make_ready()
        try:
            answer = self._run(code)
        except Ended as ended:
            self.end()
            return Ran("code", code, (), str(why_ended(ended, self._limits)))
        self._before.append(code)
        return Ran("code", code, *_shown(answer))

    def _run(self, code: str) -> dict[str, Any]:
        seconds = self._limits.seconds
        request = {"do": "run", "code": code, "seconds": seconds}
        return self._sandbox.ask(request, _PATIENCE * seconds + _MORE_PATIENCE)

    def _make_ready(self) -> None:
        """Start the sandbox if there is none, and run again what had been run."""
        if self._sandbox is not None and self._sandbox.has_ended:
            self.end()
        while self._sandbox is None:
            if self._starts >= MOST_STARTS or self.seconds > self._limits.all_seconds:
                raise GaveUp
            self._starts += 1
            try:
                self._sandbox = self._make()
                for code in self._before:
                    self._run(code)
            except Ended:
                self.end()
        is_late = time.monotonic() > self._deadline
        if is_late or self.seconds > self._limits.all_seconds:
            raise GaveUp

    def answer(self, expressions: tuple[str, ...], seconds: float) -> list[Any]:
        """Return what expressions stand for; functions among it are called there.

        Raises
        ------
        GaveUp, Ended
            If the notebook cannot be run, or ends.
        KeyError
            If there is no such thing; it holds what was said.
        values.NotUnderstood
            If what came back is no value.
        """
        self._make_ready()
        request = {"do": "answer", "expressions": expressions, "seconds": seconds}
        try:
            answer = self._sandbox.ask(request, _PATIENCE * seconds + _MORE_PATIENCE)
        except Ended:
            self.end()
            raise
        found = answer.get("values")
        if not isinstance(found, list) or len(found) != len(expressions):
            raise KeyError(_said(answer.get("error")))
        function = functools.partial(self._function, seconds)
        return [values.decode(each, function) for each in found]

    def _function(self, seconds: float, data: dict[str, Any]) -> FunctionElsewhere:
        handle, name = data["handle"], data["name"]
        if type(handle) is not int or not isinstance(name, str):
            raise values.NotUnderstood("a function has a handle and a name")
        return FunctionElsewhere(
            functools.partial(self._call, handle, seconds, name[:100]),
            name[:100],
            _signature(data["parameters"]),
            data["is_not_begun"] is True,
            tuple(map(str, data["names_used"])),
            str(data["kind"])[:100],
        )

    def _call(
        self, handle: int, seconds: float, name: str, question: Question
    ) -> Answered:
        """Ask the sandbox for a call, and return what it says."""
        called = f"`{question.name or name}`"
        request = {
            "do": "call",
            "handle": handle,
            "arguments": [values.encode(x, _given) for x in question.arguments],
            "upstream": [list(map(values.encode, part)) for part in question.upstream],
            "names": question.names,
            "name": question.name,
            "may_change_variables": question.may_change_variables,
            "explain": question.explain,
            "seconds": seconds,
        }
        try:
            if self._sandbox is None or self._sandbox.has_ended:
                raise Ended("exit")
            answer = self._sandbox.ask(request, _PATIENCE * seconds + _MORE_PATIENCE)
            return self._answered(answer, seconds)
        except Ended as ended:
            self.end()
            why = why_ended(ended, self._limits)
            return Answered(wrong=Wrong(CALL_ENDED(name=called, why=why), "ends"))
        except (AttributeError, KeyError, TypeError, ValueError):
            why = ENDED["talk"]
            return Answered(wrong=Wrong(CALL_ENDED(name=called, why=why), "no value"))

    def _answered(self, answer: dict[str, Any], seconds: float) -> Answered:
        if answer.get("is_late") is True:
            raise TimeUp
        if "wrong" in answer:
            return Answered(wrong=told.read(answer["wrong"]))
        if "value" not in answer:
            raise _as_there(answer["error"])
        function = functools.partial(self._function, seconds)
        return Answered(
            values.decode(answer["value"], function),
            makes_variables=answer.get("makes_variables") is True,
            answered_none=answer.get("answered_none") is True,
            reasons=tuple(told.reasons_read(answer.get("reasons", []))),
        )


def why_ended(ended: Ended, limits: Limits) -> Words:
    """Return why a process was ended, as a sentence."""
    sentence = ENDED[ended.why]
    if ended.why == "time":
        return sentence(seconds=f"{limits.seconds:g}")
    if ended.why == "memory":
        return sentence(megabytes=limits.memory // 2**20)
    return sentence


def _given(function: Any) -> str:
    """Return a function of the judge's as data, with nothing else of the judge."""
    for name, module in list(sys.modules.items()):
        if name.startswith(_MODULES_OF_LESSONS):
            cloudpickle.register_pickle_by_value(module)
    return base64.b64encode(cloudpickle.dumps(function)).decode()


def _signature(parameters: Any) -> inspect.Signature | None:
    if parameters is None:
        return None
    made = []
    for name, kind, has_default in parameters[:50]:
        kind = list(inspect._ParameterKind)[kind]
        default = None if has_default is True else inspect.Parameter.empty
        made.append(inspect.Parameter(name, kind, default=default))
    return inspect.Signature(made)


def _shown(answer: dict[str, Any]) -> tuple[tuple[str, ...], str]:
    shown = answer.get("shown")
    texts = [each for each in shown if isinstance(each, str)] if shown else []
    return tuple(text[:_SHOWN] for text in texts[:50]), _said(answer.get("error"))


def _as_there(error: dict[str, str]) -> Exception:
    """Return an error by the name of the one that stopped a call in the sandbox."""
    return type(error["name"][:100], (Exception,), {})(error["says"][:500])


def _said(error: Any) -> str:
    """Return what an error of the learner's says, in one text."""
    if not isinstance(error, dict):
        return ""
    parts = [str(error.get(name, ""))[:500] for name in ("name", "says")]
    line = str(error.get("line", ""))[:200]
    said = ": ".join(filter(None, parts))
    return f"{said}  ({line})" if line else said
