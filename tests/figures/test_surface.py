import pytest
import tensorflow as tf

from gradtape.figures import plot_surface
from gradtape.figures.description import description
from gradtape.language import set_language


@pytest.mark.parametrize(
    ("f", "in_english", "in_chinese"),
    [
        (
            lambda x, y: x**2 - y**2,
            (
                "Surface z = f(x, y) for x from -2 to 2 and y from -2 to 2; lowest -4, "
                "highest 4. At the corners f is 0 (lower left), 0 (lower right), 0 (upper "
                "left) and 0 (upper right)."
            ),
            (
                "曲面 z = f(x, y)，x 从 -2 到 2，y 从 -2 到 2；最低 -4，最高 4。"
                "四角的值：左下 0，右下 0，左上 0，右上 0。"
            ),
        ),
        (
            lambda x, y: tf.math.log(-1 - x**2) + y,
            "f(x, y) has no values for x from -2 to 2 and y from -2 to 2.",
            "f(x, y) 没有值，x 从 -2 到 2，y 从 -2 到 2。",
        ),
        (
            lambda x, y: 2.0,
            (
                "Surface z = f(x, y) for x from -2 to 2 and y from -2 to 2; lowest 2, "
                "highest 2. At the corners f is 2 (lower left), 2 (lower right), 2 (upper "
                "left) and 2 (upper right)."
            ),
            (
                "曲面 z = f(x, y)，x 从 -2 到 2，y 从 -2 到 2；最低 2，最高 2。"
                "四角的值：左下 2，右下 2，左上 2，右上 2。"
            ),
        ),
    ],
)
def test_the_description_is_true(f, in_english, in_chinese):
    ax = plot_surface(f, (-2, 2), (-2, 2))
    ax.figure.canvas.draw()
    assert description(ax.figure) == in_english
    set_language("zh")
    assert description(plot_surface(f, (-2, 2), (-2, 2)).figure) == in_chinese


def test_a_tower_is_cut_off_and_said_to_be():
    ax = plot_surface(lambda x, y: 1 / (x**2 + y**2), (-2, 2), (-2, 2))
    top = ax.get_zlim()[1]
    assert 1 < top < 10
    assert "Only the part between 0.125 and" in description(ax.figure)


def test_keywords_go_to_the_surface():
    ax = plot_surface(lambda x, y: x + y, (-1, 1), (-1, 1), alpha=0.5, cmap="magma")
    (surface,) = ax.collections
    assert surface.get_alpha() == 0.5
    assert surface.get_cmap().name == "magma"
