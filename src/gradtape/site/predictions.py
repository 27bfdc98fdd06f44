"""Predictions on a page: chosen in the browser, held against what the cell computed."""

from __future__ import annotations

import html
import json
from typing import Any

from IPython.display import HTML

from gradtape.exercises.exercise import find
from gradtape.exercises.prediction import Prediction
from gradtape.language import say

_NOT_GIVEN = object()


def predict(number: str, choice: Any = ..., *, outcome: Any = _NOT_GIVEN) -> HTML:
    """Stand for ``gt.predict`` where a lesson runs for the site.

    Before the cell it gives what there is to choose from, after it what came out; the
    page's script holds one against the other. Nothing is sent anywhere.

    Parameters
    ----------
    number, choice, outcome
        As in :func:`gradtape.predict`.
    """
    question = find(number, Prediction)
    if outcome is _NOT_GIVEN:
        return HTML(_asked(question))
    return HTML(_came_out(question, question.outcome(outcome)))


def _asked(question: Prediction) -> str:
    legend = say(en="Your prediction", zh="你的预测")
    name = f"predict-{question.number}"
    if not question.choices:
        field = f'<label>{say(en="a number", zh="一个数")} <input type="text" inputmode="decimal" name="{name}"></label>'
    else:
        field = "".join(
            f'<label><input type="radio" name="{name}" value="{html.escape(key)}"> '
            f"{html.escape(str(words))}</label>"
            for key, words in question.choices.items()
        )
    return (
        f'<fieldset class="gt-predict" data-question="{question.number}">'
        f"<legend>{legend} {question.number}</legend>{field}</fieldset>"
    )


def _came_out(question: Prediction, outcome: Any) -> str:
    told = {
        "question": question.number,
        "outcome": outcome if question.choices else float(outcome),
        "tolerance": question.tolerance,
        "result": html.escape(str(question.say(outcome))),
        "expected": say(en="You expected", zh="你预测的是"),
        "right": say(en="It came out so.", zh="结果正是这样。"),
        "otherwise": say(
            en="It came out otherwise: read on, that is where there is something to learn.",
            zh="结果不同：接着读，这里正有东西可学。",
        ),
        "none": say(
            en="Choose above first, then look.", zh="先在上面选一个，再看结果。"
        ),
    }
    title = say(en="What came out", zh="结果")
    data = html.escape(json.dumps(told, ensure_ascii=False))
    return (
        f'<details class="gt-outcome" data-outcome="{data}"><summary>{title} '
        f"{question.number}</summary><p>{told['result']}</p>"
        '<p class="gt-verdict" aria-live="polite"></p></details>'
    )
