"""Errors in one sentence: what was given, what went wrong with it, what to do instead.

Most errors are said where they are found. What is left over is said here, at the
entrance of each public function: arguments that Python itself refuses, and what a
learner's function raises in the depth of TensorFlow. An error that the learner's own code
raises on purpose goes on as it is.
"""

from __future__ import annotations

import dis
import functools
import inspect
import re
import reprlib
import textwrap
import traceback
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, TypeVar

from gradtape.language import say
from gradtape.learner_code.lines import Line, is_own

_Function = TypeVar("_Function", bound=Callable)
_HERE = str(Path(__file__).parent)
_LONGEST_MESSAGE = 200
_RUN_ON_PURPOSE = ("__call__", "__init__", "__post_init__", "__enter__", "__exit__")
_LONGEST_LINE = 70
_MOST_DIGITS = 40
# What TensorFlow writes around the fact.
_AROUND = re.compile(r"\{\{[^}]*\}\} ?| \[Op:\w+\].*| name: .*|\[\[.*", re.DOTALL)

# What a message holds, and what to do then.
_ADVICE = (
    (
        re.compile("'IndexedSlices'"),
        lambda: say(
            en="the gradient of a table is a tf.IndexedSlices: make a tensor of it first, "
            "by tf.convert_to_tensor",
            zh="查表的梯度是 tf.IndexedSlices：请先用 tf.convert_to_tensor 变成张量",
        ),
    ),
    (
        re.compile(r"out of scope|symbolic tf\.Tensor"),
        lambda: say(
            en="a tensor that a compiled function (tf.function) has put aside exists in it "
            "alone: let that function return it",
            zh="编译函数（tf.function）里存下来的张量只存在于该函数之中：请让那个函数返回它",
        ),
    ),
    (
        re.compile("must accept keyword argument 'variables'"),
        lambda: say(
            en="the function uses a variable: let its inner function take variables=None "
            "too, and return the gradients of the inputs and a list of those of the "
            "variables",
            zh="这个函数用到了变量：请让里面的函数也接受 variables=None，"
            "并返回输入的梯度和变量梯度的列表",
        ),
    ),
    (
        re.compile("No gradient defined for operation ?'IdentityN"),
        lambda: say(
            en="a function that was saved has lost its custom gradient: save it with "
            "tf.saved_model.SaveOptions(experimental_custom_gradients=True)",
            zh="保存过的函数丢了自定义梯度：保存时请用 "
            "tf.saved_model.SaveOptions(experimental_custom_gradients=True)",
        ),
    ),
    (
        re.compile("Scalar tensor has no"),
        lambda: say(
            en="tf.constant takes numbers: join tensors by tf.stack or "
            "tf.convert_to_tensor; and len or for needs more than one number",
            zh="tf.constant 只接受数：张量请用 tf.stack 或 tf.convert_to_tensor 合并；"
            "len 和 for 则需要不止一个数",
        ),
    ),
    (
        re.compile(
            r"missing \d+ required|arguments? but|expected \d arguments|expected at most"
        ),
        lambda: say(
            en="give f one value for each of its arguments",
            zh="请给 f 的每个自变量一个值",
        ),
    ),
    (
        re.compile(r"BitwiseXor|\^"),
        lambda: say(
            en="in Python ^ does not raise to a power: write x**2 for x^2",
            zh="Python 的 ^ 不是乘方：x^2 要写成 x**2",
        ),
    ),
    (
        re.compile(r"truth value of an array|has no `len\(\)`|iterating over"),
        lambda: say(
            en="an if, len or for needs one number: use tf.where for many points, or "
            "tf.reduce_sum, or call it with one number at a time",
            zh="if、len、for 一次只能处理一个数：对许多点请用 tf.where 或 tf.reduce_sum，"
            "或者每次只给一个数",
        ),
    ),
    (
        re.compile(r"Python scalar|must be real number|float\(\) argument|__float__"),
        lambda: say(
            en="Python's functions take one number: use TensorFlow's, such as tf.sin for "
            "math.sin and tf.cast for float",
            zh="Python 的函数只接受一个数：请用 TensorFlow 的函数，例如用 tf.sin 代替 "
            "math.sin，用 tf.cast 代替 float",
        ),
    ),
    (
        re.compile(r"ndims must be|[Mm]atrix|MatMul|shape|rank|dimension|incompatible"),
        lambda: say(
            en="make f take numbers of the shape that it is called with, or reshape them "
            "first, such as tf.reshape(x, [1, -1])",
            zh="请让 f 接受这种形状的数，或先改变形状，例如 tf.reshape(x, [1, -1])",
        ),
    ),
    (
        re.compile(r"float64|float32|double|dtype|TensorSpec|[Cc]ast"),
        lambda: say(
            en="use one dtype throughout f, such as tf.cast(y, x.dtype)",
            zh="f 里请始终用同一种类型，例如 tf.cast(y, x.dtype)",
        ),
    ),
    (
        re.compile(r"unsupported operand|not supported between|can't multiply|convert"),
        lambda: say(
            en="give numbers, tensors or arrays, such as 2.0 or [1.0, 2.0]",
            zh="请给出数、张量或数组，例如 2.0 或 [1.0, 2.0]",
        ),
    ),
)


def shown(value: Any) -> str:
    """Return a value as it is quoted in a sentence: short, and on one line."""
    try:
        return _shown(value)
    except Exception:  # noqa: BLE001 - its class may raise anything, at anything
        return f"<{type(value).__name__}>"


def _shown(value: Any) -> str:
    if isinstance(value, int) and abs(value) >= 10**_MOST_DIGITS:
        return say(
            en=f"a number of more than {_MOST_DIGITS} digits",
            zh=f"一个超过 {_MOST_DIGITS} 位的数",
        )
    if (isinstance(value, type) or callable(value)) and hasattr(value, "__name__"):
        return str(value.__name__).replace("<lambda>", say(en="a lambda", zh="lambda"))
    text = " ".join(reprlib.repr(value).split())
    # An address says nothing, and is another one each time.
    return f"<{type(value).__name__}>" if "0x" in repr(value) else text


def clear_errors(example: str) -> Callable[[_Function], _Function]:
    """Let a public function raise errors that are one sentence each.

    Parameters
    ----------
    example : str
        A call that works, such as ``"hessian(lambda p: p[0] ** 2, [1.0, 2.0])"``.

    Examples
    --------
    >>> @clear_errors("half(3.0)")
    ... def half(x):
    ...     return x / 2
    >>> half()
    Traceback (most recent call last):
      ...
    TypeError: half() needs x; write half(3.0)
    """

    def decorate(function: _Function) -> _Function:
        @functools.wraps(function)
        def with_clear_errors(*args: Any, **keywords: Any) -> Any:
            try:
                return function(*args, **keywords)
            except Exception as error:
                clear = _clear(error, function, example, args, keywords)
                if clear is error:
                    raise
                for note in getattr(error, "__notes__", ()):
                    clear.add_note(note)
                raise clear from error

        return with_clear_errors

    return decorate


def _clear(
    error: Exception, function: Callable, example: str, args: tuple, keywords: dict
) -> Exception:
    """Return the error, or one that says in a sentence what it means."""
    frames = list(traceback.walk_tb(error.__traceback__))
    if len(frames) == 1:  # it did not get in
        return TypeError(_say_call(function, example, args, keywords))
    innermost = error.__traceback__
    while innermost.tb_next is not None:
        innermost = innermost.tb_next
    file = innermost.tb_frame.f_code.co_filename
    if _is_asked_of_a_value(innermost.tb_frame.f_code):
        return TypeError(_say_odd(innermost.tb_frame, error, example))
    raised = _raises(innermost.tb_frame, innermost.tb_lasti)
    if raised and (file.startswith(_HERE) or is_own(innermost.tb_frame.f_code)):
        return error
    own = [
        Line(frame.f_code.co_filename, number)
        for frame, number in frames
        if is_own(frame.f_code)
    ]
    message = _plain_message(error)
    return _of_kind(error, _say_failure(own, error, message, example, args))


def _is_asked_of_a_value(code: CodeType) -> bool:
    """Tell the methods of a learner's class that Python calls to look at an object."""
    is_special = code.co_name.startswith("__") and code.co_name.endswith("__")
    return is_special and code.co_name not in _RUN_ON_PURPOSE and is_own(code)


def _raises(frame: FrameType, place: int) -> bool:
    """Tell whether a frame stands at a raise or an assert of its own."""
    return dis.opname[frame.f_code.co_code[place]] in ("RAISE_VARARGS", "RERAISE")


def _say_call(function: Callable, example: str, args: tuple, keywords: dict) -> str:
    name = function.__name__
    signature = inspect.signature(function)
    takes = signature.parameters.values()
    by_place = [p.name for p in takes if p.kind is p.POSITIONAL_OR_KEYWORD]
    known = [p.name for p in takes if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    unknown = [key for key in keywords if key not in known]
    missing = [
        p.name
        for place, p in enumerate(takes)
        if p.default is p.empty
        and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
        and p.name not in keywords
        and not (p.kind is not p.KEYWORD_ONLY and place < len(args))
    ]
    write = say(en=f"write {example}", zh=f"请写 {example}")
    if len(args) > len(by_place) and not any(p.kind is p.VAR_POSITIONAL for p in takes):
        given = ", ".join(map(shown, args[len(by_place) :]))
        listed = ", ".join(by_place) or say(en="nothing", zh="无")
        return say(
            en=f"{name}() takes {listed} by place, and the rest by name; it was also "
            f"given {given}; {write}",
            zh=f"{name}() 按位置只接受 {listed}，其余要写名字；这里还给了 "
            f"{given}；{write}",
        )
    if unknown:
        said = ", ".join(f"{key}={shown(keywords[key])}" for key in unknown)
        listed = ", ".join(known) or say(en="nothing", zh="无")
        return say(
            en=f"{name}() does not know {said}; it takes {listed}: {write}",
            zh=f"{name}() 没有参数 {said}；它接受 {listed}：{write}",
        )
    if missing:
        listed = say(en=" and ", zh="、").join(missing)
        return say(
            en=f"{name}() needs {listed}; {write}",
            zh=f"{name}() 缺少 {listed}；{write}",
        )
    twice = [key for key in keywords if key in by_place[: len(args)]]
    listed = ", ".join(twice)
    return say(
        en=f"{name}() was given {listed} twice; {write}",
        zh=f"{name}() 的 {listed} 给了两次；{write}",
    )


def _say_odd(frame: FrameType, error: Exception, example: str) -> str:
    code = frame.f_code
    own = frame.f_locals.get(code.co_varnames[0]) if code.co_argcount else None
    kind, method = type(own).__name__, code.co_name
    why = f"{type(error).__name__} ({_plain_message(error)})"
    return say(
        en=f"an object of class {kind} cannot be used here: its {method} stops with "
        f"{why}; give numbers, tensors or arrays, such as 2.0, as in {example}",
        zh=f"{kind} 类的对象在这里用不了：它的 {method} 出现 {why}；请给出数、张量或数组，"
        f"例如 2.0，写成 {example}",
    )


def _plain_message(error: Exception) -> str:
    """Return what an error says, without what TensorFlow writes around it."""
    try:
        text = str(getattr(error, "message", None) or error)
    except Exception:  # noqa: BLE001 - a learner's own class of errors
        return "?"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and lines[0].startswith("in user code"):
        lines = [line for line in lines if re.match(r"\w+(Error|Exception)\b", line)]
        lines = [lines[-1].partition(": ")[2]] if lines else ["?"]
    first = lines[0] if lines else type(error).__name__
    if "BitwiseXor" in text:
        first = say(en="^ is BitwiseXor, for whole numbers", zh="^ 是整数的按位异或")
    text = _AROUND.sub("", first).replace("positional ", "").strip(" .")
    return textwrap.shorten(text, _LONGEST_MESSAGE, placeholder=" ...")


def _say_failure(
    own: list[Line], error: Exception, message: str, example: str, args: tuple
) -> str:
    kind = type(error).__name__
    advice = next(
        (say_it() for pattern, say_it in _ADVICE if pattern.search(message)),
        say(
            en="try f alone with the same numbers, and mend it there",
            zh="请先单独用同样的数调用 f，把它改好",
        ),
    )
    given = ", ".join(map(shown, args[1:]))
    given_en = f" with {given}" if given else ""
    given_zh = f"（给的是 {given}）" if given else ""
    if own:
        text = textwrap.shorten(own[-1].text, _LONGEST_LINE, placeholder=" ...")
        where = f'"{text}"' if text else str(own[-1].number)
        return say(
            en=f"f cannot be run{given_en}: line {where} stops with {kind} ({message}); "
            f"{advice}, as in {example}",
            zh=f"f 运行不了{given_zh}：{where} 这一行出现 {kind}（{message}）；{advice}，"
            f"例如 {example}",
        )
    what = shown(args[0]) if args else "f"
    return say(
        en=f"{what} cannot be run{given_en}: it stops with {kind} ({message}); {advice}, "
        f"as in {example}",
        zh=f"{what} 运行不了{given_zh}：出现 {kind}（{message}）；{advice}，例如 {example}",
    )


def _of_kind(error: Exception, sentence: str) -> Exception:
    """Return an error of the same kind with another message."""
    is_tensorflows = hasattr(error, "node_def")
    arguments = (None, None, sentence) if is_tensorflows else (sentence,)
    try:
        clear = type(error)(*arguments)
        return clear if str(clear) == sentence else ValueError(sentence)
    except Exception:  # noqa: BLE001 - some want other arguments, or have no words
        return ValueError(sentence)
