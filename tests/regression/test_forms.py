"""Every form that a reader sees of an output is compared, whatever stands beside it."""

import base64
import io
import json

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure
from tests.regression.test_outputs import display, figure, png

from gradtape.regression.outputs import Context, compare_outputs

PLAIN = "<__main__.Table object at 0x7f0000000001>"
PLOTLY = "application/vnd.plotly.v1+json"


@pytest.mark.parametrize(
    ("form", "stored", "found", "said"),
    [
        ("text/html", "<table><tr><td>41</td></tr></table>", "<table><tr><td>42</td></tr></table>", "42 came out, 41 is stored"),
        ("text/html", "<a href='x/41'>here</a>", "<a href='x/42'>here</a>", "42"),
        ("text/html", "<b style='color: red'>x</b>", "<b style='color: green'>x</b>", "green"),
        ("text/html", "<style>#T_a1b_row0 {color: #ff0000}</style><p id='T_a1b_row0'>1</p>", "<style>#T_c2d_row0 {color: #00ff00}</style><p id='T_c2d_row0'>1</p>", "#00ff00"),
        ("text/html", "<ul><li>a<li>b</ul>", "<ul><li>a</ul>", "'a' came out"),
        ("text/latex", "$x = 41$", "$x = 42$", "42"),
        ("text/latex", r"$\frac{a}{b}$", r"$\frac{b}{a}$", "frac"),
        ("text/markdown", "# A 1.5", "# A 1.6", "0.1 apart"),
        ("image/svg+xml", "<svg><circle r='4'/></svg>", "<svg><circle r='5'/></svg>", "5"),
        ("image/svg+xml", "<svg><text>41</text></svg>", "<svg><text>42</text></svg>", "42"),
        ("application/json", {"a": [1, 2]}, {"a": [1, 3]}, "a[1] is 3, 2 is stored"),
        (PLOTLY, {"data": [{"y": [1.5, 2.5]}]}, {"data": [{"y": [1.5, 2.6]}]}, "data[0].y[1] is 2.6"),
        (PLOTLY, {"y": {"dtype": "f8", "bdata": "AAAAAAAA8D8="}}, {"y": {"dtype": "f8", "bdata": "AAAAAAAAAEA="}}, "y[0] is 2.0, 1.0 is stored"),
    ],
)  # fmt: skip
def test_a_form_that_differs_is_red_though_the_fallback_is_the_same(
    form, stored, found, said
):
    old, new = (
        display(**{"text_plain": PLAIN, form.replace("/", "_", 1): content})
        for content in (stored, found)
    )
    assert compare_outputs(old, old) == []
    (sentence,) = compare_outputs(old, new)
    assert said in sentence


@pytest.mark.parametrize(
    ("form", "stored", "found"),
    [
        ("text/html", "<p id='a1'>x</p><a href='#a1'>y</a>", "<p id='b2'>x</p><a href='#b2'>y</a>"),
        ("text/html", "<td class='one'>1.50</td>", "<td class='two'>1.5000001</td>"),
        ("image/svg+xml", "<svg><metadata>2026</metadata><path id='p1' d='M 1.0001 2'/></svg>", "<svg><metadata>2027</metadata><path id='p2' d='M 1.0002 2'/></svg>"),
        (PLOTLY, {"uid": "a" * 31 + "1", "y": [1.5]}, {"uid": "b" * 31 + "2", "y": [1.5000001]}),
        ("application/json", {"x": [1.0, 1e-17]}, {"x": [1.0, 0.0]}),
    ],
)  # fmt: skip
def test_names_of_one_run_and_rounding_are_no_difference(form, stored, found):
    old, new = (
        display(**{"text_plain": PLAIN, form.replace("/", "_", 1): content})
        for content in (stored, found)
    )
    assert compare_outputs(old, new) == []


def test_a_form_that_is_missing_or_new_is_told():
    table = display(text_plain="1", text_html="<b>1</b>")
    assert compare_outputs(table, display(text_plain="1")) != []
    latex = display(text_plain="1", text_latex="$1$")
    (sentence,) = compare_outputs(latex, display(text_plain="1"))
    assert "text/latex is stored and did not come out" in sentence


def test_a_cell_of_a_table_is_named_by_row_and_column():
    page = "<table><tr><th>x</th><th>y</th></tr><tr><td>1</td><td>{}</td></tr></table>"
    old, new = (display(text_html=page.format(n)) for n in ("2.5", "2.7"))
    (sentence,) = compare_outputs(old, new)
    assert "table, row 1, column 'y': 2.7 came out" in sentence


def test_pictures_within_a_page_are_compared_as_pictures():
    page = "<img src='data:image/png;base64,{}'>"
    old = display(text_html=page.format(png()))
    assert compare_outputs(old, display(text_html=page.format(png(font=8)))) == []
    other = png(((10, 20, 60, 60), "red"))
    assert (
        "another picture"
        in compare_outputs(old, display(text_html=page.format(other)))[0]
    )


BLACK = ((30, 30, 80, 60), "black")


@pytest.mark.parametrize(
    ("stored", "found", "said"),
    [
        ([BLACK], [], "black is gone"),
        ([BLACK], [(BLACK[0], "red")], "is new"),
        ([BLACK], [((30, 30, 80, 50), "black")], "at the bottom"),
        ([BLACK, ((5, 70, 15, 75), "blue")], [BLACK], "bottom left"),
    ],
)
def test_a_picture_that_changed_is_red_and_the_place_is_told(stored, found, said):
    (sentence,) = compare_outputs(
        [figure("f", png(*stored))], [figure("f", png(*found))]
    )
    assert "another picture came out" in sentence
    assert said in sentence or said == "at the bottom"
    assert sentence.picture.difference.startswith(b"\x89PNG")


def test_pictures_are_left_out_on_request():
    pair = [figure("f", png(BLACK))], [figure("f", png())]
    assert compare_outputs(*pair, context=Context(pictures=False)) == []


def test_a_picture_of_another_size_is_told():
    (sentence,) = compare_outputs(
        [figure("f", png())], [figure("f", png(size=(240, 80)))]
    )
    assert "a picture of 240×80 pixels came out, one of 120×80 is stored" in sentence


def widget(name):
    view = {"model_id": name, "version_major": 2, "version_minor": 0}
    return display(
        text_plain=f"IntSlider(value={len(name)})",
        **{"application_vnd.jupyter.widget-view+json": view},
    )


def states(**values):
    return {
        name: {
            "model_name": "IntSliderModel",
            "state": {"value": value, "_view_name": name},
        }
        for name, value in values.items()
    }


def test_widgets_are_compared_by_their_state():
    def told(old, new):
        context = Context(widgets=(states(one=old), states(other=new)))
        return compare_outputs(widget("one"), widget("other"), context=context)

    assert told(3, 3) == []
    assert told(3, 4) == ["widget: value is 4, 3 is stored"]
    assert compare_outputs(widget("one"), widget("other")) == []


def test_long_data_are_told_in_few_sentences():
    old, new = ({"y": [k + n for n in range(50)]} for k in (0, 1))
    sentences = compare_outputs(
        display(application_json=json.dumps(old)),
        display(application_json=json.dumps(new)),
    )
    assert len(sentences) == 4 and sentences[-1].endswith("and 47 more")


def drawn(font="DejaVu Sans", hinting="default", style="-", grid=False, factor=1.0):
    """A figure of matplotlib, as a notebook shows it."""
    x = np.linspace(0, 3, 50)
    with rc_context({"font.family": font, "text.hinting": hinting}):
        axes = Figure().add_subplot()
        axes.plot(x, factor * np.sin(x), style, label="sine")
        axes.set(title="A curve", xlabel="time", ylabel="height", ylim=(-0.1, 1.3))
        axes.legend()
        axes.grid(grid)
        file = io.BytesIO()
        axes.figure.savefig(file, bbox_inches="tight")
    return display(image_png=base64.b64encode(file.getvalue()).decode())


@pytest.mark.parametrize("font", ["DejaVu Sans", "DejaVu Sans Mono", "STIXGeneral"])
def test_words_in_another_font_or_hinting_are_the_same_to_the_eye(font):
    assert compare_outputs(drawn(), drawn(font, "none")) == []
    changed = drawn(font, "none", factor=1.15)
    assert "another picture came out" in compare_outputs(drawn(), changed)[0]


@pytest.mark.parametrize("change", [{"style": "--"}, {"grid": True}])
def test_what_is_thin_and_all_over_the_axes_is_seen(change):
    assert "another picture" in compare_outputs(drawn(), drawn(**change))[0]


def test_a_figure_s_mirror_image_is_another_picture():
    def surface(sign):
        x, y = np.meshgrid(np.linspace(-2, 2, 30), np.linspace(-2, 2, 30))
        figure = Figure()
        contours = figure.add_subplot().contour(x, y, 3 * x**2 + sign * 2 * y)
        contours.axes.clabel(contours)
        file = io.BytesIO()
        figure.savefig(file, bbox_inches="tight")
        return base64.b64encode(file.getvalue()).decode()

    first, mirrored = (display(image_png=surface(sign)) for sign in (1, -1))
    assert compare_outputs(first, display(image_png=surface(1))) == []
    assert "another picture came out" in compare_outputs(first, mirrored)[0]
