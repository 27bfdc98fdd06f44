"""The layout of graphs: nothing overlaps, and nothing crosses that need not."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradtape.tape.drawing.layout import lay_out
from gradtape.tape.drawing.ordering import order

GAP, PITCH = 0.2, 0.1


@st.composite
def graphs(draw):
    """Draw sizes, edges without cycles, and the extents of some edges' labels."""
    count = draw(st.integers(1, 12))
    sizes = draw(st.lists(st.floats(0.1, 3.0), min_size=count, max_size=count))
    pairs = list(itertools.combinations(range(count), 2))
    edges = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    labels = {
        edge: (0.05, draw(st.floats(0.1, 2.0))) for edge in edges if draw(st.booleans())
    }
    return sizes, edges, labels


@settings(deadline=None, max_examples=60)
@given(graphs())
def test_nothing_overlaps_and_everything_leads_onwards(graph):
    sizes, edges, labels = graph
    layout = lay_out(sizes, edges, gap=GAP, pitch=PITCH, labels=labels)
    for start, end in edges:
        assert layout.layer_of[start] < layout.layer_of[end]
    spans = {}  # what lies in each layer, from where to where
    for node, size in enumerate(sizes):
        place = layout.across[node]
        spans.setdefault(layout.layer_of[node], []).append(
            (place - size / 2, place + size / 2)
        )
    for edge, stops in layout.stops.items():
        for layer, place in enumerate(stops[1:-1], start=layout.layer_of[edge[0]] + 1):
            is_labelled = layout.label_layers.get(edge) == layer
            low, high = labels[edge] if is_labelled else (0.0, 0.0)
            spans.setdefault(layer, []).append((place - low, place + high))
    for inside in spans.values():
        for (_, end), (start, _) in itertools.pairwise(sorted(inside)):
            assert start - end > 0.4 * GAP
        assert min(inside)[0] > -1e-6
        assert max(end for _, end in inside) < layout.breadth + 1e-6


@settings(deadline=None, max_examples=60)
@given(graphs())
def test_edges_leave_and_reach_nodes_within_their_rims(graph):
    sizes, edges, labels = graph
    layout = lay_out(sizes, edges, gap=GAP, pitch=PITCH, labels=labels)
    for edge, stops in layout.stops.items():
        for node, place in zip(edge, (stops[0], stops[-1]), strict=True):
            assert abs(place - layout.across[node]) < sizes[node] / 2


@settings(deadline=None, max_examples=60)
@given(graphs())
def test_crossings_are_counted_as_they_are_drawn(graph):
    sizes, edges, _ = graph
    layout = lay_out(sizes, edges, gap=GAP, pitch=PITCH)
    segments = [
        (layer, *ends)
        for edge, stops in layout.stops.items()
        for layer, ends in enumerate(
            itertools.pairwise(stops), start=layout.layer_of[edge[0]]
        )
    ]
    crossings = sum(
        one[0] == other[0] and (one[1] - other[1]) * (one[2] - other[2]) < 0
        for one, other in itertools.combinations(segments, 2)
    )
    assert crossings == layout.crossings


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 100), min_size=1, max_size=20))
def test_trees_have_no_crossings(choices):
    edges = [(n + 1, choice % (n + 1)) for n, choice in enumerate(choices)]
    backwards = [(len(choices) - a, len(choices) - b) for a, b in edges]
    for tree in (edges, backwards):
        sizes = [1.0] * (len(tree) + 1)
        assert lay_out(sizes, tree, gap=GAP, pitch=PITCH).crossings == 0


@pytest.mark.parametrize(
    ("what", "edges"),
    [
        ("diamond", [(0, 1), (0, 2), (1, 3), (2, 3)]),
        ("value used again later", [(0, 1), (1, 2), (2, 3), (0, 3), (1, 3)]),
        ("ladder", [(0, 2), (1, 3), (2, 4), (3, 5), (2, 3), (4, 5)]),
        ("two chains into one", [(0, 1), (1, 2), (3, 4), (4, 2), (0, 5), (5, 2)]),
        ("normalisation", [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (3, 4), (4, 5)]
         + [(2, 6), (5, 6)]),
    ],
)  # fmt: skip
def test_what_can_be_drawn_without_crossings_is(what, edges):
    sizes = [1.0] * (1 + max(max(edge) for edge in edges))
    assert lay_out(sizes, edges, gap=GAP, pitch=PITCH).crossings == 0


def test_unavoidable_crossings_are_few():
    both_to_both = [(0, 2), (0, 3), (1, 2), (1, 3)]
    assert order([0, 0, 1, 1], both_to_both)[1] == 1


def test_chain_is_quite_straight_whatever_hangs_on_it():
    edges = [(0, 1), (1, 2), (2, 3), (4, 1), (5, 2), (6, 3)]
    weights = {edge: 6.0 for edge in edges[:3]}
    layout = lay_out([1.0, 2.0, 0.5, 3.0, 1.0, 2.5, 1.0], edges, gap=GAP, pitch=PITCH,
                     weights=weights, labels={edge: (0.1, 1.0) for edge in edges})  # fmt: skip
    for edge in edges[:3]:
        assert layout.stops[edge] == pytest.approx(
            [layout.stops[edge][0]] * 3, abs=1e-3
        )


def test_node_alone_has_a_place():
    layout = lay_out([1.0, 2.0], [], gap=GAP, pitch=PITCH)
    assert layout.breadth == pytest.approx(3.0 + GAP)


@pytest.mark.parametrize("place", [0, -1])
def test_edges_of_one_node_meet_it_side_by_side(place):
    fan = [(0, 1), (0, 2), (0, 3)] if place == 0 else [(0, 3), (1, 3), (2, 3)]
    sizes = [2.0, 1.0, 1.0, 1.0] if place == 0 else [1.0, 1.0, 1.0, 2.0]
    layout = lay_out(sizes, fan, gap=GAP, pitch=PITCH)
    other = 1 if place == 0 else 0
    in_order = sorted(fan, key=lambda edge: layout.across[edge[other]])
    ports = [layout.stops[edge][place] for edge in in_order]
    for one, next_one in itertools.pairwise(ports):
        assert next_one - one >= PITCH - 1e-9
