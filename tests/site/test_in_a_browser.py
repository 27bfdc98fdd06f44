"""What a reader does with a saved page, by mouse and by keyboard."""

import pytest
import tensorflow as tf

import gradtape as gt

pytestmark = pytest.mark.slow


@pytest.fixture
def opened(browser, tmp_path):
    """Open what was saved; nothing may fail or be fetched."""
    pages = []

    def open_page(thing, **options):
        path = gt.save_html(thing, tmp_path / "page.html")
        page = browser.new_page(**options)
        page.troubles = []
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        page.on(
            "request",
            lambda request: (
                request.url == path.as_uri() or page.troubles.append(request.url)
            ),
        )
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        assert page.troubles == []
        page.close()


def said(page):
    return page.locator(".gt-says").inner_text()


def test_a_tape_is_gone_through_by_keyboard(opened):
    page = opened(gt.step_through_tape(lambda x: (2 * x + 1) ** 3, 1.5))
    slider = page.get_by_role("slider")
    slider.focus()
    steps = int(slider.get_attribute("max"))
    unseen = page.locator(".part.unseen").count()
    for _ in range(steps):
        page.keyboard.press("ArrowRight")
    assert "∂f/∂x = 96" in said(page)
    assert unseen > 0 and page.locator(".part.unseen, .box.unreturned").count() == 0
    page.keyboard.press("Home")
    assert page.locator(".part.unseen").count() == unseen


def test_an_arrow_and_a_box_answer_a_click_and_a_key(opened):
    page = opened(gt.draw_tape(lambda x: (2 * x + 1) ** 3, 1.5))
    for way in page.locator(".way").all():
        way.dispatch_event("click")
        if "1 · 48 = 48" in said(page):
            break
    assert "∂v₃/∂v₂" in said(page)
    page.locator(".box").first.focus()
    page.keyboard.press("Enter")
    assert "x = 1.5" in said(page) and "96" in said(page)


def test_a_point_is_dragged_along_a_curve(opened):
    page = opened(gt.explore_tangent(tf.sin, (-3, 3)))
    box = page.locator("svg").bounding_box()
    middle = box["x"] + box["width"] * 0.55, box["y"] + 60
    page.mouse.move(*middle)
    page.mouse.down()
    before = said(page)
    page.mouse.move(middle[0] + 60, middle[1])
    page.mouse.up()
    assert said(page) != before and "f′(x)" in said(page)


def test_the_learning_rate_changes_the_path(opened):
    page = opened(gt.explore_descent(lambda x, y: x**2 + 4 * y**2, (2.0, 1.5)))
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("End")
    assert "beyond all bounds" in said(page)
    page.get_by_role("combobox").select_option("0.9")
    assert page.locator(".dots circle").count() > 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_a_phone_and_follows_the_theme(opened, scheme):
    page = opened(
        gt.draw_tape(lambda x, y: 3 * x**2 + 2 * y, 2.0, 3.0),
        viewport={"width": 360, "height": 700},
        color_scheme=scheme,
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    colour = page.locator(".gt-live").evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    assert (colour == "rgb(255, 255, 255)") == (scheme == "light")
