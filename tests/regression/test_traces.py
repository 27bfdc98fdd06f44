"""Traces of a machine in outputs, and pieces of one stream."""

import sys
import tempfile
from pathlib import Path

import pytest
from nbformat.v4 import new_output

from gradtape.regression.outputs.traces import merge_streams, traces_in, without_widgets


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def shown(text, kind="text/plain"):
    return new_output("display_data", data={kind: text})


def raised(message, line="1 / 0"):
    frames = [f"\x1b[32mCell In[3]\x1b[39m, line 1\n{line}", message]
    return new_output("error", ename="E", evalue=message, traceback=frames)


ADDRESS = "<function f at 0x7f07ff5a7270>"
PLACES = [
    "/home/ada/lesson.py",
    "/Users/ada/lesson.py",
    "/tmp/ipykernel_1/3.py:1: UserWarning",
    "/usr/lib/python3/site-packages",
    r"C:\Users\ada",
    str(Path(tempfile.gettempdir(), "x", "y")),
    str(Path(sys.prefix, "lib")),
    "/srv/checkout/notebooks",
]


@pytest.mark.parametrize("output", [printed, shown, raised])
@pytest.mark.parametrize("text", [ADDRESS, *PLACES])
def test_what_is_different_elsewhere_is_found(output, text):
    (sentence,) = set(traces_in([output(f"see {text} here")], Path("/srv/checkout")))
    kind = "a memory address" if text == ADDRESS else "a path of this machine: "
    assert kind in sentence


def test_paths_in_html_are_found():
    assert list(traces_in([shown("<b>/home/ada</b>", "text/html")], Path("/srv/x")))


def test_a_line_of_the_traceback_is_searched_too():
    assert list(traces_in([raised("no", line="\x1b[1mopen('/home/ada')")], Path("/r")))


@pytest.mark.parametrize(
    "text",
    [
        "dy/dx = 108.0",
        "a/home/b, dL/tmp/3",
        "https://example.org/home/x",
        "0x1F, 0x1.8p+1",
        "shape=(3,), dtype=float32",
        "ratio 1/usr",
        r"\frac{a}{b}: C:\alpha",
    ],
)
def test_mathematics_is_no_trace(text):
    assert list(traces_in([printed(text), shown(text)], Path("/srv/checkout"))) == []


def test_the_bytes_of_a_picture_are_not_read():
    picture = shown("/home/ada 0x7f07ff5a7270", "image/png")
    assert list(traces_in([picture], Path("/srv/checkout"))) == []


def test_standard_error_is_told_with_its_first_line():
    sentences = traces_in([printed("\nmind the gap\nmore", "stderr")], Path("/srv/x"))
    assert list(sentences) == ["the cell writes to standard error: mind the gap"]


def test_a_widget_leaves_its_figure_and_not_its_name():
    output = shown("f(x) = 4")
    output.data["application/vnd.jupyter.widget-view+json"] = {"model_id": "5c71d0"}
    (kept,) = without_widgets([output])
    assert kept.data == {"text/plain": "f(x) = 4"}


def test_pieces_of_one_stream_become_one():
    outputs = [
        printed("a"),
        printed("b\n"),
        shown("figure"),
        printed("c"),
        printed("d"),
        printed("e", "stderr"),
    ]
    merged = merge_streams(outputs)
    assert [output.get("text", "figure") for output in merged] == [
        "ab\n",
        "figure",
        "cd",
        "e",
    ]
