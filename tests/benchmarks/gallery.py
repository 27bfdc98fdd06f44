"""Figures of many kinds, each with faults, to measure what the regression sees.

A figure is a function whose parameters have right values; ``wrong`` names other values of
theirs, each of which is one fault. pandas, seaborn and the course are not needed.
"""

from collections.abc import Callable, Iterator

import numpy as np
from matplotlib import dates, pyplot, ticker
from matplotlib.figure import Figure
from matplotlib.patches import Arc, Ellipse, FancyArrowPatch, Polygon

FIGURES: dict[str, tuple[Callable[..., Figure], dict[str, list]]] = {}
X = np.linspace(-3, 3, 200)
GRID = np.meshgrid(np.linspace(-2, 2, 25), np.linspace(-2, 2, 25))


def wrong(**faults: object) -> Callable:
    """Enter a figure, with the wrong values of its parameters."""

    def enter(draw: Callable[..., Figure]) -> Callable[..., Figure]:
        values = {
            name: value if isinstance(value, list) else [value]
            for name, value in faults.items()
        }
        FIGURES[draw.__name__] = draw, values
        return draw

    return enter


def faults() -> Iterator[tuple[str, str, Callable[[], Figure]]]:
    """Yield each figure's name, a fault's (empty: none), and what draws it."""
    for name, (draw, values) in FIGURES.items():
        yield name, "", draw
        for parameter, others in values.items():
            for number, other in enumerate(others):
                fault = f"{parameter}{number or ''}"
                yield (
                    name,
                    fault,
                    lambda d=draw, p=parameter, o=other: d(**{p: o}),
                )


def _normal(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


@wrong(
    heights=[(3, 5, 2.1, 6), (3, 2, 5, 6)], second=(2, 4, 4, 2), names=("a", "c", "b", "d"),
    width=0.3, hatch="//", edge="black", labels=("women", "men"), align="edge", written=False,
)  # fmt: skip
def bars(
    heights=(3, 5, 2, 6), second=(2, 4, 4, 1), names=("a", "b", "c", "d"), width=0.4,
    hatch=None, edge=None, labels=("men", "women"), align="center", written=True,
):  # fmt: skip
    figure, ax = pyplot.subplots()
    place = np.arange(4)
    first = ax.bar(place, heights, width, label=labels[0], edgecolor=edge, align=align)
    ax.bar(place + 0.4, second, width, label=labels[1], hatch=hatch)
    if written:
        ax.bar_label(first)
    ax.set_xticks(place, names)
    ax.legend()
    return figure


@wrong(
    values=(11, 14, 30, 22, 9), error=(1, 2, 1, 3, 2), color="tab:orange", order=-1, cap=6
)  # fmt: skip
def horizontal_bars(
    values=(11, 14, 31, 22, 9), error=(1, 2, 1, 3, 1), color=None, order=1, cap=3
):
    figure, ax = pyplot.subplots()
    names = ["Ann", "Bob", "Eva", "Joe", "Tim"][::order]
    ax.barh(names, values, xerr=error, color=color, capsize=cap)
    return figure


@wrong(middle=(2, 3, 2, 1, 4, 2), bottom=False, colors=("C0", "C2", "C1"))
def stacked_bars(middle=(2, 3, 2, 1, 4, 1), bottom=True, colors=("C0", "C1", "C2")):
    figure, ax = pyplot.subplots()
    below = np.zeros(6)
    for values, color in zip(((5, 3, 4, 2, 2, 1), middle, (1, 1, 2, 2, 3, 3)), colors):
        ax.bar(range(6), values, bottom=below if bottom else 0, color=color)
        below = below + values
    return figure


@wrong(
    shift=0.15, bins=21, density=True, kind="step", cumulative=True, log=True, weights=2.0,
    outlier=True,
)  # fmt: skip
def histogram(
    shift=0.0, bins=20, density=False, kind="bar", cumulative=False, log=False,
    weights=1.0, outlier=False,
):  # fmt: skip
    figure, ax = pyplot.subplots()
    values = _normal(0, 500) + shift
    values[0] = values[1] if outlier else values[0]
    ax.hist(
        values, bins, (-4, 4), density=density, histtype=kind, cumulative=cumulative,
        log=log, weights=np.full(500, weights),
    )  # fmt: skip
    return figure


@wrong(second=1.1, stacked=False, names=("b", "a"))
def two_histograms(second=1.0, stacked=True, names=("a", "b")):
    figure, ax = pyplot.subplots()
    ax.hist(
        [_normal(0, 300), second * _normal(1, 200)], 15, stacked=stacked, label=names
    )
    ax.legend()
    return figure


@wrong(turned=True, gridsize=22, cmap="plasma", mincnt=1)
def hexagons(turned=False, gridsize=20, cmap=None, mincnt=None):
    figure, ax = pyplot.subplots()
    x, y = _normal(3, 2, 800)
    y = y + x
    ax.hexbin(
        *((y, x) if turned else (x, y)), gridsize=gridsize, cmap=cmap, mincnt=mincnt
    )
    return figure


@wrong(above=0.3, cap=0, color="tab:red", marker="s", limits=True, order=-1, every=2)
def error_bars(
    above=0.2, cap=4, color="grey", marker="o", limits=False, order=1, every=1
):
    figure, ax = pyplot.subplots()
    x = np.linspace(0, 10, 20)
    below = np.linspace(0.1, 0.5, 20)[::order]
    ax.errorbar(
        x, np.sin(x), yerr=[below, np.full(20, above)], fmt=marker, ecolor=color,
        capsize=cap, uplims=limits, errorevery=every,
    )  # fmt: skip
    return figure


@wrong(
    low=-0.2, where=np.less, alpha=0.6, hatch="x", color="tab:green", step="mid",
    interpolate=False,
)  # fmt: skip
def filled_between(
    low=0.0, where=np.greater, alpha=0.3, hatch=None, color="tab:blue", step=None,
    interpolate=True,
):  # fmt: skip
    figure, ax = pyplot.subplots()
    x = X[::10]
    ax.fill_between(
        x, np.sin(x), low, where=where(np.sin(x), low), alpha=alpha, hatch=hatch,
        color=color, step=step, interpolate=interpolate,
    )  # fmt: skip
    ax.plot(x, np.sin(x))
    return figure


@wrong(order=(1, 0, 2), baseline="sym", scale=1.1)
def stack(order=(0, 1, 2), baseline="zero", scale=1.0):
    figure, ax = pyplot.subplots()
    layers = [1 + np.sin(X) * scale, 2 + np.cos(X), 1 + 0.1 * X**2]
    ax.stackplot(
        X, [layers[n] for n in order], labels=["a", "b", "c"], baseline=baseline
    )
    ax.legend()
    return figure


@wrong(
    sizes=(30, 45, 15, 10), start=45, explode=(0, 0.1, 0, 0), written="%.0f%%",
    names=("logs", "hogs", "frogs", "dogs"), colors=("C1", "C0", "C2", "C3"), hole=0.4,
    turned=False, shadow=True,
)  # fmt: skip
def pie(
    sizes=(30, 44, 16, 10), start=90, explode=None, written="%.1f%%",
    names=("frogs", "hogs", "dogs", "logs"), colors=("C0", "C1", "C2", "C3"), hole=1,
    turned=True, shadow=False,
):  # fmt: skip
    figure, ax = pyplot.subplots()
    ax.pie(
        sizes, explode, names, colors, autopct=written, startangle=start, shadow=shadow,
        counterclock=turned, wedgeprops={"width": hole},
    )  # fmt: skip
    return figure


@wrong(
    sizes=1.2, exchanged="sizes", marker="^", alpha=0.9, edge="black", norm=(0, 2),
    cmap="cividis", outlier=0.5, order=-1,
)  # fmt: skip
def bubbles(
    sizes=1.0, exchanged="", marker="o", alpha=0.5, edge="none", norm=(0, 1),
    cmap="viridis", outlier=0.0, order=1,
):  # fmt: skip
    figure, ax = pyplot.subplots()
    random = np.random.default_rng(7)
    x, y, value, size = random.random((4, 60))
    y[20] += outlier
    if exchanged == "sizes":
        size[[4, 30]] = size[[30, 4]]
    marks = ax.scatter(
        x, y, 400 * size * sizes, value[::order], marker, cmap, alpha=alpha,
        edgecolors=edge, vmin=norm[0], vmax=norm[1],
    )  # fmt: skip
    figure.colorbar(marks, label="weight")
    return figure


@wrong(colors=("C1", "C0"), exchanged=True)
def classes(colors=("C0", "C1"), exchanged=False):
    figure, ax = pyplot.subplots()
    for group, color in enumerate(colors):
        x, y = _normal(group, 2, 30) + 2 * group
        if exchanged and group:
            y[[3, 7]] = y[[7, 3]]
        ax.scatter(x, y, c=color, label=f"group {group}")
    ax.legend()
    return figure


@wrong(sign=-1, scale=40, color="tab:red", pivot="mid", width=0.008, key=3)
def arrows(sign=1, scale=60, color="black", pivot="tail", width=0.004, key=2):
    figure, ax = pyplot.subplots()
    x, y = GRID[0][::3, ::3], GRID[1][::3, ::3]
    field = ax.quiver(
        x, y, x + y, sign * y, color=color, scale=scale, pivot=pivot, width=width
    )
    ax.quiverkey(field, 0.8, 1.05, key, f"{key} m/s")
    return figure


@wrong(sign=-1, density=1.3, color="tab:red", width=2, head="-")
def streams(sign=1, density=1.0, color="tab:blue", width=1, head="-|>"):
    figure, ax = pyplot.subplots()
    x, y = GRID
    ax.streamplot(
        x, y, -y, sign * x + 0.5, density=density, color=color, linewidth=width,
        arrowstyle=head,
    )  # fmt: skip
    return figure


@wrong(sign=-1, flag=30)
def barbs(sign=1, flag=20):
    figure, ax = pyplot.subplots()
    x, y = GRID[0][::6, ::6], GRID[1][::6, ::6]
    ax.barbs(x, y, flag * x, sign * flag * y)
    return figure


@wrong(
    sign=-1, levels=(-2, 0, 3, 4), written="%.2f", styles="dashed", colors="tab:red", widths=3
)  # fmt: skip
def contours(
    sign=1, levels=(-2, 0, 2, 4), written="%g", styles="solid", colors=None, widths=1
):
    figure, ax = pyplot.subplots()
    x, y = GRID
    lines = ax.contour(
        x,
        y,
        x**2 + sign * y,
        levels,
        linestyles=styles,
        colors=colors,
        linewidths=widths,
    )
    ax.clabel(lines, fmt=written)
    return figure


@wrong(levels=9, extend="both", hatches=("", "//"), amplitude=1.1, alpha=0.5, bar=False)
def filled_contours(
    levels=8, extend="neither", hatches=None, amplitude=1.0, alpha=None, bar=True
):
    figure, ax = pyplot.subplots()
    x, y = GRID
    filled = ax.contourf(
        x, y, amplitude * np.sin(x) * np.cos(y), levels, extend=extend,
        hatches=hatches or [None], alpha=alpha,
    )  # fmt: skip
    if bar:
        figure.colorbar(filled)
    return figure


@wrong(zero="N", direction=-1, limit=2.5, petals=4, ticks=(0, 90, 180, 270), label=45)
def polar(zero="E", direction=1, limit=2.0, petals=3, ticks=None, label=22.5):
    figure, ax = pyplot.subplots(subplot_kw={"projection": "polar"})
    angle = np.linspace(0, 2 * np.pi, 300)
    ax.plot(angle, 1 + np.cos(petals * angle))
    ax.set_theta_zero_location(zero)
    ax.set_theta_direction(direction)
    ax.set_rmax(limit)
    ax.set_rlabel_position(label)
    if ticks is not None:
        ax.set_thetagrids(ticks)
    return figure


@wrong(
    second=1.2, label="Humidity", color="tab:green", scale="log", side=False, limit=50
)
def twins(
    second=1.0, label="Rain", color="tab:red", scale="linear", side=True, limit=40
):
    figure, ax = pyplot.subplots()
    ax.plot(X, np.sin(X), "tab:blue")
    right = ax.twinx() if side else ax
    right.plot(X, second * np.exp(X), color=color)
    right.set_ylabel(label, color=color)
    right.tick_params(axis="y", colors=color)
    right.set_yscale(scale)
    right.set_ylim(0.04, limit)
    return figure


@wrong(
    cell="4.2", exchanged=True, color="lightgreen", row="third", place="center", weight=2.0
)  # fmt: skip
def table(
    cell="4.1",
    exchanged=False,
    color="lightblue",
    row="second",
    place="bottom",
    weight=1.0,
):
    figure, ax = pyplot.subplots()
    ax.plot([1, 2, 3])
    rows = [["1.0", "2.0", "3.0"], [cell, "5.0", "6.0"]]
    made = ax.table(
        rows, rowLabels=["first", row], colLabels=["u", "w", "v"] if exchanged else ["u", "v", "w"],
        loc=place, colColours=[color] * 3,
    )  # fmt: skip
    made.scale(1, weight)
    return figure


@wrong(
    alpha=0.8, extent=(0, 9, 0, 10), origin="lower", interpolation="bilinear", vmin=0.2,
    hole=None, turned=True, aspect="auto", outlier=True, norm="log",
)  # fmt: skip
def image(
    alpha=0.5, extent=(0, 10, 0, 10), origin="upper", interpolation="nearest", vmin=0.0,
    hole=(3, 4), turned=False, aspect="equal", outlier=False, norm=None,
):  # fmt: skip
    figure, ax = pyplot.subplots()
    values = np.ma.masked_array(np.random.default_rng(2).random((12, 12)) + 0.01)
    if hole:
        values[hole] = np.ma.masked
    if outlier:
        values[[2, 2], [5, 6]] = values[[2, 2], [6, 5]]
    limits = {"norm": norm} if norm else {"vmin": vmin, "vmax": 1}
    ax.imshow(
        values.T if turned else values, alpha=alpha, extent=extent, origin=origin,
        interpolation=interpolation, aspect=aspect, **limits,
    )  # fmt: skip
    return figure


@wrong(channel=True, size=20, turned=True)
def photograph(channel=False, size=24, turned=False):
    figure, ax = pyplot.subplots()
    light = np.linspace(0, 1, size)
    picture = np.stack(
        [
            np.add.outer(light, light) / 2,
            np.outer(light, light),
            np.tile(light, (size, 1)),
        ],
        axis=2,
    )
    picture = picture[..., ::-1] if channel else picture
    ax.imshow(picture[:, ::-1] if turned else picture)
    ax.axis("off")
    return figure


@wrong(
    text="local maximum", target=(0.5, 0), arrow="-|>", size=14, weight="bold",
    rotation=30, box=True, math=r"$\int_0^2 x^2\,dx$", style="italic", ha="right",
)  # fmt: skip
def annotations(
    text="local minimum", target=(0, 0), arrow="->", size=10, weight="normal", rotation=0,
    box=False, math=r"$\int_0^1 x^2\,dx$", style="normal", ha="left",
):  # fmt: skip
    figure, ax = pyplot.subplots()
    ax.plot(X, X**2)
    ax.annotate(text, target, (1, 4), arrowprops={"arrowstyle": arrow}, fontsize=size)
    boxed = {"boxstyle": "round"} if box else None
    ax.text(-2, 6, math, rotation=rotation, bbox=boxed, ha=ha)
    ax.text(0.1, 0.9, "note", transform=ax.transAxes, weight=weight, style=style)
    return figure


@wrong(
    names=("cosine", "sine", "both"), title="Curve", columns=3, place="lower left", size=7,
    frame=False, order=-1, reached=True,
)  # fmt: skip
def legends(
    names=("sine", "cosine", "both"), title="Curves", columns=1, place="upper left", size=10,
    frame=True, order=1, reached=False,
):  # fmt: skip
    figure, ax = pyplot.subplots()
    lines = [
        ax.plot(X, f(X))[0] for f in (np.sin, np.cos, lambda x: np.sin(x) + np.cos(x))
    ]
    styles = lines[::order]
    if reached:
        styles = [lines[0], lines[0], lines[2]]
    ax.legend(
        styles, names[::order] if not reached else names, title=title, ncols=columns,
        loc=place, fontsize=size, frameon=frame,
    )  # fmt: skip
    return figure


@wrong(base=2, minor=False, power=2.1, format="%d", limits=(1, 2000), symlog=True)
def logarithmic(
    base=10, minor=True, power=2.0, format=None, limits=(1, 1000), symlog=False
):
    figure, ax = pyplot.subplots()
    x = np.logspace(0, 3, 40)
    ax.plot(x, x**power, "o-")
    ax.set_xscale("symlog" if symlog else "log", base=base)
    ax.set_yscale("log")
    ax.set_xlim(limits)
    if not minor:
        ax.minorticks_off()
    if format:
        ax.yaxis.set_major_formatter(format)
    return figure


@wrong(start="2024-01-02", format="%d.%m.", rotation=0, days=90)
def days(start="2024-01-01", format="%b %d", rotation=45, days=100):
    figure, ax = pyplot.subplots()
    ax.plot(np.datetime64(start) + np.arange(days), np.cumsum(_normal(5, 100))[:days])
    ax.xaxis.set_major_locator(dates.DayLocator([1, 15]))
    ax.xaxis.set_major_formatter(dates.DateFormatter(format))
    ax.tick_params(axis="x", rotation=rotation)
    return figure


@wrong(
    sign=-1, view=(30, -50), limit=12, cmap="plasma", label="w", alpha=0.5, bottom=True,
    step=4,
)  # fmt: skip
def surface(
    sign=1,
    view=(30, -60),
    limit=16,
    cmap="viridis",
    label="z",
    alpha=None,
    bottom=False,
    step=1,
):
    figure, ax = pyplot.subplots(subplot_kw={"projection": "3d"})
    x, y = GRID
    z = 3 * x**2 + sign * 2 * y
    ax.plot_surface(x, y, z, cmap=cmap, alpha=alpha, rstride=step, cstride=step)
    if bottom:
        ax.contour(x, y, z, zdir="z", offset=-4)
    ax.set_zlim(-4, limit)
    ax.set_zlabel(label)
    ax.view_init(*view)
    return figure


@wrong(turns=3, marker="^", depth=False, height=1.2, color="tab:red")
def space(turns=2, marker="o", depth=True, height=1.0, color="tab:blue"):
    figure, ax = pyplot.subplots(subplot_kw={"projection": "3d"})
    t = np.linspace(0, 2 * np.pi * turns, 100)
    ax.plot(np.cos(t), np.sin(t), height * t)
    ax.scatter(np.cos(t[::9]), np.sin(t[::9]), t[::9], marker=marker, depthshade=depth)
    ax.bar3d([0, 0.5], [0, 0.5], [0, 0], 0.2, 0.2, [2, 3 * height], color=color)
    return figure


@wrong(sign=-1, colors="tab:red", count=10)
def frame(sign=1, colors="tab:blue", count=8):
    figure, ax = pyplot.subplots(subplot_kw={"projection": "3d"})
    x, y = GRID
    ax.plot_wireframe(x, y, x * y * sign, rcount=count, ccount=count, color=colors)
    return figure


@wrong(
    spread=1.2,
    notch=True,
    outliers=False,
    means=True,
    names=("y", "x"),
    vertical="horizontal",
)
def boxes(
    spread=1.0,
    notch=False,
    outliers=True,
    means=False,
    names=("x", "y"),
    vertical="vertical",
):
    figure, ax = pyplot.subplots()
    ax.boxplot(
        [_normal(0, 80) * spread, 1 + _normal(1, 80)], notch=notch, showfliers=outliers,
        showmeans=means, tick_labels=names, orientation=vertical,
    )  # fmt: skip
    return figure


@wrong(spread=1.1, medians=True, width=0.8)
def violins(spread=1.0, medians=False, width=0.5):
    figure, ax = pyplot.subplots()
    ax.violinplot(
        [_normal(0, 80) * spread, 1 + _normal(1, 80)], showmedians=medians, widths=width
    )
    return figure


@wrong(
    edge=True,
    gouraud=True,
    exchanged=True,
    bar="horizontal",
    label="K",
    ticks=(0, 1, 2),
)
def mesh(
    edge=False, gouraud=False, exchanged=False, bar="vertical", label="°C", ticks=None
):
    figure, ax = pyplot.subplots()
    values = np.add.outer(np.arange(9.0), np.arange(12.0) ** 1.2)
    if exchanged:
        values[[3, 5]] = values[[5, 3]]
    drawn = ax.pcolormesh(
        values, edgecolors="white" if edge else "none",
        shading="gouraud" if gouraud else "auto",
    )  # fmt: skip
    figure.colorbar(drawn, orientation=bar, label=label, ticks=ticks)
    return figure


@wrong(where="post", foot="C3", value=2, base=1)
def steps(where="mid", foot="C1", value=3, base=0):
    figure, ax = pyplot.subplots()
    x = np.arange(10)
    ax.step(x, x % 4, where=where)
    y = x % 3
    y[4] = value
    ax.stem(x, y, linefmt=foot, bottom=base)
    return figure


@wrong(
    at=0.5, span=(1, 2.5), slope=1.5, style="dotted", drawn=("v",), color="tab:orange"
)
def references(
    at=0.0, span=(1, 2), slope=1.0, style="dashed", drawn=("v", "h"), color="tab:grey"
):
    figure, ax = pyplot.subplots()
    ax.axvline(at, linestyle=style, color="black")
    ax.axhspan(*span, alpha=0.3, color=color)
    ax.axline((0, 0), slope=slope)
    if "v" in drawn:
        ax.vlines([1, 2], 0, 3, colors="tab:red")
    if "h" in drawn:
        ax.hlines([1, 2], 0, 3, colors="tab:green")
    return figure


@wrong(begin=11, event=2.0, color="tab:red", gap=1.5)
def events(begin=10, event=1.5, color="tab:blue", gap=1.0):
    figure, ax = pyplot.subplots()
    ax.broken_barh([(begin, 5), (20, 3)], (0, 1), facecolors=color)
    ax.eventplot([[1, event, 4], [2, 3, 5]], lineoffsets=[3, 3 + gap])
    return figure


@wrong(
    shift=0.1, angle=40, head="<|-", width=1.5, fill=False, closed=False, zorder=0, through=0.5
)  # fmt: skip
def shapes(
    shift=0.0,
    angle=30,
    head="-|>",
    width=1.0,
    fill=True,
    closed=True,
    zorder=3,
    through=0.3,
):
    figure, ax = pyplot.subplots()
    ax.add_patch(
        Polygon(
            [(0, 0), (1, 0.2), (0.5 + shift, 1)],
            closed=closed,
            fill=fill,
            zorder=zorder,
        )
    )
    ax.add_patch(Ellipse((2, 1), 1, 0.5, angle=angle, color="tab:green", zorder=2))
    ax.add_patch(Arc((1, 1), 2, 2, theta2=120, linewidth=width))
    ax.add_patch(
        FancyArrowPatch(
            (0, 2),
            (2, 2),
            arrowstyle=head,
            mutation_scale=20,
            connectionstyle=f"arc3,rad={through}",
        )
    )
    ax.set(xlim=(-1, 3), ylim=(-1, 3))
    return figure


@wrong(
    title="Sine and cosines", label="time in ms", share=False, hidden=True, order=-1,
    inset=2.0, spine=False, space=0.6, ticks=False, legend=("b", "a"),
)  # fmt: skip
def panels(
    title="Sine and cosine", label="time in s", share=True, hidden=False, order=1,
    inset=1.0, spine=True, space=0.3, ticks=True, legend=("a", "b"),
):  # fmt: skip
    figure, axes = pyplot.subplots(2, 2, sharex=share, figsize=(7, 5))
    functions = [np.sin, np.cos, np.tanh, np.exp]
    for number, (ax, f) in enumerate(zip(axes.flat, functions[::order])):
        ax.plot(X[number * 20 :], f(X[number * 20 :]))
    axes[1, 1].set_visible(not hidden)
    axes[0, 0].spines["top"].set_visible(spine)
    axes[0, 1].tick_params(bottom=ticks, labelbottom=ticks)
    small = axes[0, 0].inset_axes([0.6, 0.1, 0.3, 0.3])
    small.plot(X, inset * X)
    figure.suptitle(title)
    figure.supxlabel(label)
    figure.legend([axes[0, 0].lines[0], axes[0, 1].lines[0]], legend)
    figure.subplots_adjust(hspace=space)
    return figure


@wrong(
    minor=True, inverted=True, places=(0, 1, 2), units="{x:.0f} cm", size=14, grid="y",
    color="tab:red", length=10, top=True, second=lambda x: 2 * x,
)  # fmt: skip
def ticks(
    minor=False, inverted=False, places=None, units="{x:.0f} m", size=10, grid="both",
    color="black", length=4, top=False, second=lambda x: 3 * x,
):  # fmt: skip
    figure, ax = pyplot.subplots()
    ax.plot(X, X**3)
    ax.yaxis.set_major_formatter(ticker.StrMethodFormatter(units))
    ax.tick_params(labelsize=size, color=color, length=length, top=top)
    ax.grid(axis=grid)
    if places:
        ax.set_xticks(places)
    if minor:
        ax.minorticks_on()
    if inverted:
        ax.invert_yaxis()
    ax.secondary_xaxis("top", functions=(second, lambda x: x / second(1)))
    return figure


@wrong(exchanged=True, filled=False, levels=12)
def triangles(exchanged=False, filled=True, levels=8):
    figure, ax = pyplot.subplots()
    x, y = np.random.default_rng(4).random((2, 60))
    z = x * (1 - y)
    if exchanged:
        z[[10, 20]] = z[[20, 10]]
    if filled:
        ax.tripcolor(x, y, z)
    else:
        ax.triplot(x, y)
    ax.tricontour(x, y, z, levels, colors="black")
    return figure


@wrong(rate=260, side="magnitude")
def spectrum(rate=250, side="default"):
    figure, (above, below) = pyplot.subplots(2)
    t = np.arange(2000) / rate
    wave = np.sin(40 * t * (1 + t / 4))
    above.specgram(wave, NFFT=128, Fs=rate, noverlap=64, mode=side)
    below.psd(wave, NFFT=128, Fs=rate)
    return figure


@wrong(
    middle=0.1, style="--", width=2.5, marker="s", size=9, every=2, fill="none", drop=True,
    exchanged=True, colors=("C1", "C0"), joined="steps", missing=True, alpha=0.4, edge="red",
)  # fmt: skip
def curves(
    middle=0.0, style="-", width=1.5, marker="o", size=6, every=1, fill="full", drop=False,
    exchanged=False, colors=("C0", "C1"), joined="default", missing=False, alpha=None, edge=None,
):  # fmt: skip
    figure, ax = pyplot.subplots()
    x = X[::10]
    y = np.sin(x)
    y[10] += middle
    if missing:
        y[8] = np.nan
    if exchanged:
        y[[4, 15]] = y[[15, 4]]
    ax.plot(
        x, y, style, color=colors[0], linewidth=width, marker=marker, markersize=size,
        markevery=every, fillstyle=fill, drawstyle=joined, alpha=alpha, markeredgecolor=edge,
    )  # fmt: skip
    if not drop:
        ax.plot(x, np.cos(x), color=colors[1])
    return figure
