"""Which differences between two runs of a cell count, and which do not."""

import base64
import datetime
import io

import pytest
from PIL import Image, ImageDraw

from gradtape.regression.outputs import (
    Machine,
    compare_outputs,
    compare_texts,
    settings,
)

# By the clock of today a time of day that is close to it would belong to the machine.
LONG_AGO = datetime.datetime(2001, 1, 1)

AGREE = [
    ("dy/dx = 108.0", "dy/dx = 108.00001"),
    ("tf.Tensor(108.0, shape=(), dtype=float32)", "tf.Tensor(107.99999, shape=(), dtype=float32)"),
    ("[ 1.  2. 10.]", "[1.0000001 2.        9.999999 ]"),
    ("[[1. 2.]\n [3. 4.]]", "[[1. 2.00000001] [3. 4.]]"),
    ("[1. 1.2246468e-16]", "[1. 0.]"),
    ("tf.Tensor([ 1. -4.371139e-08], shape=(2,), dtype=float32)", "tf.Tensor([1. 0.], shape=(2,), dtype=float32)"),
    ("{'b', 'a', 3}", "{3, 'a', 'b'}"),
    ("  0%|   | 0/3 [00:00<?, ?it/s]\r100%|███| 3/3 [00:00<00:00, 9.1it/s]", "\r100%|███| 3/3 [00:01<00:00, 7it/s]"),
    ("1/1 ━━━━ 0s 34ms/step - loss: 0.5000", "1/1 ━━━━ 2s 1s/step - loss: 0.5000"),
    ("24.4 μs ± 895 ns per loop (mean ± std. dev. of 2 runs, 10 loops each)", "1.2 ms ± 5 ns per loop (mean ± std. dev. of 2 runs, 10 loops each)"),
    ("CPU times: user 1 ms, sys: 0 ns, total: 1 ms\nWall time: 2 ms", "CPU times: user 3 ms, sys: 1 ns, total: 1 ms\nWall time: 2.5 ms"),
    ("-0.", "0.0"),
    ("nan and inf and -inf", "nan and inf and -inf"),
    ("loss 0.1234", "loss 0.1235"),
    ("The slope is 108. It rises.", "The slope is 107.99999. It rises."),
    ("x = −1.5", "x = -1.5"),
    ("斜率是3.0000，误差很小", "斜率是3.0001，误差很小"),
    ("3.0000001e-05 s", "3e-05 s"),
    ("(1.0+2.0j)", "(1.0000001+2.0j)"),
    ("{{x_device_/job:localhost/replica:0/task:0/device:CPU:0}}", "{{x_device_/job:localhost/replica:0/task:0/device:GPU:0}}"),
    ("a     1.00\nb    10.00", "a  1.0000001\nb 10.00"),
    ("[1.+2.j 3.-4.j]", "[1.0000001+2.j 3.-4.0000002j]"),
    ("(1+1e-17j)", "(1-2e-17j)"),
    ("(1e8+3j)", "(1e8+2.9j)"),
    ("(nan+infj)", "(nan+infj)"),
    ("1.5e+03 and 2e-05", "1500.00001 and 0.00002"),
    ("值-0.0", "值0.0"),
    ("斜率108.0米，nan的", "斜率107.99999米，nan的"),
    ("12.5%", "12.500001%"),
    ("It ends at 108.", "It ends at 107.99999."),
    ("value 3. (2) Next", "value 2.9999999. (2) Next"),
    ("1.2", "1.201"),  # of four digits, as in %.4g
    ("v2.21.0", "v2.21.0"),
    ("<function f at 0x7f0012345678>", "<function f at 0x7f00deadbeef>"),
    ("__wrapped____MklMatMul_device_", "__wrapped__MatMul_device_"),
]  # fmt: skip

DIFFER = [
    ("108.0", "107.8", "0.2 apart"),
    ("a = 7.3", "a = 7.2", "0.1 apart"),
    ("loss 0.1234", "loss 0.1237", "0.0003 apart"),
    ("shape=(3,)", "shape=(4,)", "whole number"),
    ("108", "109", "whole number"),
    ("dtype=float32", "dtype=float64", "float64"),
    ("x_1 = 2.0", "x_2 = 2.0", "x_2"),
    ("nan", "1.0", "not finite"),
    ("inf", "-inf", "not finite"),
    ("None", "0.0", "None"),
    ("maximum at 1.000", "minimum at 1.000", "minimum"),
    ("极大值 1.0", "极小值 1.0", "极小值"),
    ("1.0 2.0", "1.0", "'1.0' came out, '1.0 2.0' is stored"),
    ("1.0\n2.0", "1.0\n2.0\nmore", "line 3, 'more', came out and is not stored"),
    ("a\nb", "a", "line 2, 'b', is stored and did not come out; 'a' did"),
    ("a\nb\nc", "a\nc", r"line 2, 'b', is stored and did not come out; 'a\nc' did"),
    ("a\nb\nc", "a", r"'a' came out, 'a\nb\nc' is stored"),
    ("h = 0.1: 2.5", "h = 0.10001: 2.6", "after 'h = 0.10001:' 2.6 came out"),
    ("1.5 m", "1.5 km", "km"),
    ("(1.0+2.0j)", "(1.0-2.0j)", "j"),
    ("x - 3.5", "x + 3.5", "3.5"),
    ("-3.5", "3.5", "7 apart"),
    ("The slope is 108. It rises.", "The slope is 109.1. It rises.", "1.1 apart"),
    ("(1+2j)", "(1-2j)", "4 apart"),
    ("(nan+1j)", "(1+1j)", "not finite"),
    ("-inf", "-1e300", "not finite"),
    ("[1 2]", "[1. 2]", "a whole number and a decimal one"),
    ("108", "108.0", "a whole number and a decimal one"),
    ("There are 108.", "There are 109.", "whole number"),
    ("108.0", "108.1", "0.1 apart"),
    ("值-3.5", "值3.5", "7 apart"),
    ("v2.21.0", "v2.21.1", "v2.21.1"),
    ("TensorShape([3, 2])", "TensorShape([3, 4])", "whole numbers"),
    ("1.5e-05", "1.5e-06", "apart"),
    ("3.5 m", "3.5 cm", "cm"),
    ("h = 6.6e-34", "h = 9.9e-30", "apart"),
    ("charge -1.6e-19", "charge 1.6e-19", "3.2e-19 apart"),
    ("1.2246468e-16", "0.", "apart"),
    ("[1.e-10 2.e-10]", "[9.e-10 2.e-10]", "apart"),
    ("9223372036854775807", "9223372036854775808", "whole numbers"),
    ("007", "7", "codes"),
    ("1999.99 EUR", "1999.98 EUR", "prices"),
    ("$1999.99", "$1999.98", "prices"),
    ("Python 3.10", "Python 3.1", "versions"),
    ("a\n\nb", "a\nb", "2 lines came out, 3 are stored"),
    ("a\n  b", "a\nb", "line 2, the layout"),
    ("a  b", "a b", "line 1, the layout"),
    ("[[1. 2.]\n [3. 4.]]", "[[1. 2.] [3. 4.]]", "the layout"),
    ("\x1b[31mred\x1b[0m", "\x1b[32mred\x1b[0m", "colours"),
    ("{1, 2}", "{1, 3}", "whole numbers"),
    ("0xdeadbeef", "0xdeadbeee", "0xdeadbeee"),
    ("2018-05-12", "2018-05-13", "13"),
    ("12:30:05", "12:30:06", "06"),
    ("word " * 40 + "tape", "word " * 40 + "type", "word type' came out"),
]


@pytest.mark.parametrize(("stored", "found"), AGREE)
def test_drift_is_no_difference(stored, found):
    assert compare_texts(stored, found) == []
    assert compare_texts(found, stored) == []


@pytest.mark.parametrize(("stored", "found", "words"), DIFFER)
def test_a_difference_is_told(stored, found, words):
    (sentence,) = compare_texts(stored, found, machine=Machine(now=LONG_AGO))
    assert words in sentence


def test_a_disturbance_of_1e_6_is_green_and_of_1e_3_red():
    numbers = [0.00123456, 0.5, 3.14159265, 16.135, 81.0, 12345.678, 6.02e23]
    stored = " ".join(f"{n:.9g}" if n % 1 else f"{n:.1f}" for n in numbers)
    for factor, agrees in ((1 + 1e-6, True), (1 + 1e-3, False), (1 - 1e-3, False)):
        found = " ".join(f"{n * factor:.9g}" for n in numbers)
        assert (compare_texts(stored, found) == []) is agrees


def test_the_tolerance_can_be_chosen():
    assert compare_texts("1.0", "1.01") != []
    assert compare_texts("1.0", "1.01", rtol=0.1) == []


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def png(*boxes, size=(120, 80), font=0):
    """A white picture with black boxes, in base 64."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.text((5, 5), "title")
    for box, colour in boxes:
        draw.rectangle(box, fill=colour)
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1 + font)
    return base64.b64encode(file.getvalue()).decode()


def figure(words, picture=None):
    data = {"image/png": picture or png(), "text/plain": words}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def test_pieces_of_a_stream_are_one():
    assert compare_outputs([stream("a\nb\n")], [stream("a\n"), stream("b\n")]) == []
    assert compare_outputs([stream(["a\n", "b\n"])], [stream("a\nb\n")]) == []


def test_figures_are_compared_by_their_words():
    stored = [figure("f(x) on [-3, 3], minimum at 1.0000")]
    other = [dict(figure("f(x) on [-3, 3], minimum at 1.0000"))]
    other[0]["data"] = {**other[0]["data"], "image/png": png(font=8)}
    assert compare_outputs(stored, other) == []
    (sentence,) = compare_outputs(stored, [figure("f(x) on [-3, 3], minimum at 1.2")])
    assert sentence == (
        "figure: after 'f(x) on [-3, 3], minimum at' 1.2 came out, 1.0000 is stored: "
        "0.2 apart, allowed 0.00012"
    )


def test_a_widget_is_the_figure_that_stands_for_it():
    live = figure("f(x) on [-3, 3]")
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "5c71d0"}}
    live["data"] = live["data"] | view
    assert compare_outputs([figure("f(x) on [-3, 3]")], [live]) == []
    assert compare_outputs([figure("f(x) on [-2, 2]")], [live]) != []


def test_a_figure_is_not_a_value():
    value = {"output_type": "display_data", "data": {"text/plain": "f"}, "metadata": {}}
    (sentence,) = compare_outputs([figure("f")], [value])
    assert sentence == "value 'f' came out, figure 'f' is stored"


@pytest.mark.parametrize(
    ("stored", "found", "said"),
    [
        ([stream("a")], [], "nothing came out, text 'a' is stored"),
        ([], [stream("a")], "text 'a' came out, nothing is stored"),
        (
            [stream("a")],
            [stream("a"), figure("f")],
            "figure 'f' came out and is not stored",
        ),
        (
            [stream("a"), figure("f")],
            [stream("a")],
            "figure 'f' is stored and did not come out",
        ),
        ([stream("a")], [figure("f")], "figure 'f' came out, text 'a' is stored"),
    ],
)
def test_outputs_missing_or_too_many_are_told(stored, found, said):
    assert compare_outputs(stored, found) == [said]


def test_an_error_is_compared_by_its_name_and_message_not_its_traceback():
    def error(name, message, traceback):
        return [
            {
                "output_type": "error",
                "ename": name,
                "evalue": message,
                "traceback": [traceback],
            }
        ]

    stored = error("RuntimeError", "used once", "line 3")
    assert compare_outputs(stored, error("RuntimeError", "used once", "line 9")) == []
    assert compare_outputs(stored, error("ValueError", "used once", "line 3"))
    assert compare_outputs(stored, error("RuntimeError", "used twice", "line 3"))


def test_standard_error_is_not_standard_output():
    assert compare_outputs([stream("a")], [stream("a", "stderr")])


def test_html_is_compared_by_its_text():
    def page(text):
        return [{"output_type": "display_data", "data": {"text/html": text}}]

    assert compare_outputs(page("<p>1.0 &lt; 2</p>"), page("<p>1.0  &lt; 2</p>")) == []
    (sentence,) = compare_outputs(page("<p>1.0</p>"), page("<b>1.0</b>"))
    assert "its form: 'b' came out, 'p' is stored" in sentence
    assert compare_outputs(page("<p>1.0</p>"), page("<p>1.5</p>"))


def test_many_numbers_are_told_in_few_sentences():
    stored = " ".join(f"{n}.5" for n in range(100))
    sentences = compare_texts(stored, stored.replace(".5", ".6"))
    assert len(sentences) == 4
    assert sentences[-1] == "and 97 more of 100 numbers"


def test_the_place_of_a_number_is_its_line_or_its_sentence():
    (sentence,) = compare_texts("a 1.5\nb 2.5", "a 1.5\nb 2.6")
    assert sentence.startswith("line 2, after 'b' 2.6 came out")
    long = (
        "Curve of f(x) for x from 0 to 4, between 0 and 256, all of it. Maxima at x = "
    )
    (sentence,) = compare_texts(f"{long}1.5.", f"{long}1.7.")
    assert sentence.startswith("after 'Maxima at x =' 1.7 came out")


def display(**data):
    data = {name.replace("_", "/"): text for name, text in data.items()}
    return [{"output_type": "display_data", "data": data, "metadata": {}}]


@pytest.mark.parametrize("form", ["text_html", "text_markdown", "text_latex"])
def test_an_object_without_fallback_is_compared_by_its_own_words(form):
    plain = "<IPython.core.display.Something object>"

    def shown(text):
        return display(text_plain=plain, **{form: text})

    assert compare_outputs(shown("slope **2.5**"), shown("slope **2.5000001**")) == []
    assert compare_outputs(shown("slope **2.5**"), shown("slope **2.6**"))


def test_style_and_script_are_no_words():
    page = "<style>#T_{0} td {{color: red}}</style><td id='T_{0}'>1.5</td><!-- {0} -->"
    old, new = (display(text_html=page.format(name)) for name in ("a1b2", "c3d4"))
    assert compare_outputs(old, new) == []


def test_a_table_s_numbers_are_compared_by_its_text():
    def frame(number):
        return display(
            text_plain=f"   x       y\n0  1  {number}",
            text_html="<table><tr><th>x</th><th>y</th></tr>"
            f"<tr><td>1</td><td>{number}</td></tr></table>",
        )

    assert compare_outputs(frame("0.50"), frame("0.5000001")) == []
    (sentence,) = compare_outputs(frame("0.50"), frame("0.52"))
    assert sentence.startswith("page: table, row 1, column 'y': 0.52 came out")


def test_a_figure_and_its_words_for_a_screen_reader_are_told_once():
    both = [figure("minimum at 1.0000"), *display(text_html="<p>minimum at 1.0000</p>")]
    other = [figure("minimum at 1.2"), *display(text_html="<p>minimum at 1.2</p>")]
    assert len(compare_outputs(both, other)) == 1


def test_the_nearest_setting_counts():
    notebook, cell = {"rtol": 1e-3, "timeout": 60, "language": "en"}, {"rtol": 1e-2}
    names = ["rtol", "timeout"]
    assert settings(names, [], notebook) == {"rtol": 1e-3, "timeout": 60}
    assert settings(names, [], notebook, cell) == {"rtol": 1e-2, "timeout": 60}
    assert settings(names, ["rtol=0.5", "easy"], notebook, cell)["rtol"] == 0.5


@pytest.mark.parametrize("value", ["wide", "-1", "nan", "", None, [1]])
def test_a_setting_that_is_no_number_is_told(value):
    with pytest.raises(ValueError, match="write a number that is not negative"):
        settings(["rtol"], [], {"rtol": value})
