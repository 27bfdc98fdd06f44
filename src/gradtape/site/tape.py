"""A tape as a drawing that is gone through, and asked, in a browser."""

from __future__ import annotations

import html
from collections.abc import Sequence

from gradtape.language import say
from gradtape.site.live import Live
from gradtape.site.svg import PIXELS_PER_INCH, element, line_path, text
from gradtape.tape.drawing.boxes import ROW, SPACE, Box
from gradtape.tape.drawing.description import describe_graph
from gradtape.tape.drawing.drawing import Drawn
from gradtape.tape.drawing.picture import APART, Route, curve
from gradtape.tape.record.graph import Graph, Node
from gradtape.tape.record.labels import value_label
from gradtape.widgets.step_sentences import Describer, ShownStep, describe_steps, names
from gradtape.widgets.steps_table import as_html

_POINTS = PIXELS_PER_INCH / 72.0
_NAME_APART = 8.0  # pixels
_MARGIN = 22.0  # pixels, for the names above and beside the boxes
_NAME_SIZE = 8.5 * _POINTS
_ARROW = "M0 0L-9 3.6V-3.6Z"


def live_tape(drawn: Drawn, *, from_the_end: bool) -> Live:
    """Return the drawing of a tape with its steps.

    Parameters
    ----------
    drawn : Drawn
        What was drawn: graph, folds and picture.
    from_the_end : bool
        Whether all of it is seen at first, as in ``draw_tape``; else the first step.
    """
    graph, picture = drawn.graph, drawn.picture
    sizes = {node: len(members) for node, members in drawn.folds.items()}
    steps, called = describe_steps(graph, sizes), names(graph)
    describer = Describer(graph, sizes)
    height = picture.height * PIXELS_PER_INCH
    width = picture.width * PIXELS_PER_INCH + 2 * _MARGIN

    def down(y: float) -> float:
        return height - y * PIXELS_PER_INCH + _MARGIN

    def across(x: float) -> float:
        return x * PIXELS_PER_INCH + _MARGIN

    keys = {part: i for i, part in enumerate([*picture.routes, *picture.boxes])}
    routes = [
        _route(w, keys[w], picture.rightwards, across, down) for w in picture.routes
    ]
    boxes = [
        _box(b, keys[b], called.get(b.node, ""), picture.rightwards, across, down)
        for b in picture.boxes
    ]
    words = describe_graph(graph, drawn.folds)
    drawing = element(
        "svg",
        element("title", html.escape(say(en="The tape", zh="梯度带"))),
        element("desc", html.escape(words)),
        *routes,
        *boxes,
        viewBox=f"0 0 {width:.0f} {height + 2 * _MARGIN:.0f}",
        style=f"min-width:{0.75 * width:.0f}px;max-width:{1.25 * width:.0f}px",
        class_="drawn",
        role="group",
        aria_label=words,
    )
    data = {
        "kind": "tape",
        "start": len(steps) - 1 if from_the_end else 0,
        "steps": _steps(steps, picture.boxes, picture.routes, keys),
        "parts": {
            **{keys[b]: _asked_box(b, graph, called, describer) for b in picture.boxes},
            **{keys[w]: _asked_route(w, describer) for w in picture.routes},
        },
        "words": {
            "step": say(en="step", zh="步"),
            "play": say(en="Play", zh="播放"),
            "pause": say(en="Pause", zh="暂停"),
            "back": say(en="Step back", zh="上一步"),
            "on": say(en="Next step", zh="下一步"),
            "ask": say(
                en="Choose a box for its value, an arrow for what goes back along it.",
                zh="点方框看它的值，点箭头看沿它传回什么。",
            ),
        },
    }
    return Live(drawing, data, words, as_html(steps, styled=False))


def _steps(
    steps: Sequence[ShownStep],
    boxes: Sequence[Box],
    routes: Sequence[Route],
    keys: dict,
) -> list[dict]:
    of_node = {box.node: keys[box] for box in boxes}
    of_edge = {edge: keys[route] for route in routes for edge in route.edges}
    listed = []
    for step in steps:
        starts = () if step.is_back else [edge.start for edge in step.edges]
        places = [of_node.get(node) for node in (*step.nodes, *starts)]
        places += [of_edge.get(edge) for edge in step.edges]
        active = [of_node.get(node) for node in step.nodes]
        active += [of_edge.get(edge) for edge in step.edges]
        is_end = any(node.kind == "departure" for node in step.nodes)
        listed.append(
            {
                "says": step.sentence,
                "back": step.is_back,
                "shows": [p for p in dict.fromkeys(places) if p is not None],
                "marks": [p for p in dict.fromkeys(active) if p is not None],
                "ends": is_end,
            }
        )
    return listed


def _asked_box(
    box: Box, graph: Graph, called: dict[Node, str], describer: Describer
) -> list[str]:
    """Say what a box holds: how it was computed, its value, the gradient there."""
    node = box.node
    name = called.get(node, "")
    said = []
    if node.kind in ("operation", "fold"):
        said.append(describer.computed(node, tuple(graph.inputs(node))))
    elif node.kind != "departure":
        said.append(f"{name} = {value_label(node.value)}")
    value = node.value
    shape = tuple(value.shape)
    said.append(
        say(
            en=f"dtype {value.dtype.name}, shape {shape}.",
            zh=f"dtype {value.dtype.name}，形状 {shape}。",
        )
    )
    if node.gradient is not None:
        said.append(f"∂f/∂{name} = {value_label(node.gradient)}")
    elif node.is_source:
        said.append(f"∂f/∂{name} = None")
    if node.tangent is not None:
        said.append(f"d{name}/dt = {value_label(node.tangent)}")
    if node.line is not None and node.line.text:
        said.append(node.line.text)
    return said


def _asked_route(route: Route, describer: Describer) -> list[str]:
    """Say what goes back along an edge: what arrives times the local derivative."""
    depends = [edge for edge in route.edges if edge.start.depends_on_source]
    if not depends:
        return [
            say(
                en="A constant goes in here; nothing is asked of it on the way back.",
                zh="这里输入的是常量；反向时不需要它的梯度。",
            )
        ]
    return [describer.handed_on(edge) for edge in depends]


def _route(route: Route, key: int, rightwards: bool, across, down) -> str:
    depends = any(edge.start.depends_on_source for edge in route.edges)
    shift = -APART if route.gradients else 0.0
    points = [(across(x), down(y)) for x, y in curve(route.points, rightwards, shift)]
    hit = [(across(x), down(y)) for x, y in curve(route.points, rightwards)]
    forward = _arrow(points, "on depends" if depends else "on")
    back = []
    look = "sound" if route.gradients and route.is_finite else "broken"
    if route.gradients:
        points = [
            (across(x), down(y)) for x, y in curve(route.points, rightwards, APART)
        ]
        back.append(_arrow(points[::-1], f"{look} {'zero' if route.is_zero else ''}"))
    if route.label:
        x, y = route.label_at
        back.append(
            text(
                route.label,
                across(x),
                down(y),
                text_anchor="middle" if rightwards else "start",
                class_=look,
                font_size=_NAME_SIZE,
            )
        )
    if route.is_cut or route.is_zero:
        x, y = (across(route.mark_at[0]), down(route.mark_at[1]))
        back.append(
            element(
                "path", d=f"M{x - 5:.1f} {y - 5:.1f}l10 10m0 -10l-10 10", class_="cut"
            )
            if route.is_cut
            else element("circle", cx=x, cy=y, r=4.0, class_=f"ring {look}")
        )
    return element(
        "g",
        element("path", d=_bezier(hit), class_="hit"),
        element("g", forward, class_="forward"),
        element("g", *back, class_="back"),
        class_="part way",
        data_part=key,
        tabindex=0,
        role="button",
    )


def _arrow(points: Sequence[tuple[float, float]], look: str) -> str:
    (x0, y0), (x1, y1) = points[-2:]
    if (x0, y0) == (x1, y1):
        x0, y0 = points[0]
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 or 1.0
    turn = f"matrix({(x1 - x0) / length:.3f} {(y1 - y0) / length:.3f} "
    turn += f"{-(y1 - y0) / length:.3f} {(x1 - x0) / length:.3f} {x1:.1f} {y1:.1f})"
    return element("path", d=_bezier(points), class_=f"line {look}") + element(
        "path", d=_ARROW, transform=turn, class_=f"head {look}"
    )


def _bezier(points: Sequence[tuple[float, float]]) -> str:
    path = line_path([points[0][0]], [points[0][1]])
    for three in (points[i : i + 3] for i in range(1, len(points), 3)):
        path += "C" + " ".join(f"{x:.1f} {y:.1f}" for x, y in three)
    return path


def _box(box: Box, key: int, name: str, rightwards: bool, across, down) -> str:
    node = box.node
    width, height = box.width * PIXELS_PER_INCH, box.height * PIXELS_PER_INCH
    x, y = across(box.x), down(box.y)
    forward, back = [], []
    if box.has_frame:
        forward.append(
            element(
                "rect",
                x=x - width / 2,
                y=y - height / 2,
                width=width,
                height=height,
                rx=11 if node.kind in ("argument", "variable") else 5,
                class_=" ".join(
                    ["frame"]
                    + ["bold"] * box.is_bold
                    + ["target"] * node.is_target
                    + ["departure"] * (node.kind == "departure")
                ),
            )
        )
    left = x - box.text_width / 2 * PIXELS_PER_INCH
    for place, row in enumerate(box.rows):
        at = (x, y - ROW * ((len(box.rows) - 1) / 2 - place) * PIXELS_PER_INCH)
        if box.is_one_line:
            row_width = row.width * PIXELS_PER_INCH
            at = (left + row_width / 2, y)
            left += row_width + SPACE * PIXELS_PER_INCH
        is_back = row.kind in ("gradient", "missing")
        look = f"{row.kind} {'inverse' if node.is_target else ''}"
        drawn = text(row.text, *at, class_=look, font_size=row.size * _POINTS)
        (back if is_back else forward).append(drawn)
    if node.kind in ("operation", "fold") and name:
        beside = (
            {
                "x": x - width / 2,
                "y": y - height / 2 - _NAME_APART,
                "text_anchor": "start",
            }
            if rightwards
            else {"x": x - width / 2 - _NAME_APART, "y": y, "text_anchor": "end"}
        )
        forward.append(text(name, class_="name", font_size=_NAME_SIZE, **beside))
    return element(
        "g",
        element("g", *forward, class_="forward"),
        element("g", *back, class_="back"),
        class_="part box",
        data_part=key,
        tabindex=0,
        role="button",
    )
