"""The whole site, as its readers meet it: from a folder, without a network."""

import functools
import http.server
import re
import threading
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

pytestmark = pytest.mark.slow

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LESSON = "lessons/02_automatic_differentiation.html"


@pytest.fixture
def page(browser, site):
    """A page of the browser, in which nothing fails and nothing comes from outside."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    troubles = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("requestfailed", lambda request: troubles.append(request.url))
    page.on(
        "request",
        lambda r: (
            r.url.startswith(("file:", "data:", "blob:")) or troubles.append(r.url)
        ),
    )
    page.read = lambda path: page.goto(site.as_uri() + "/" + path)
    yield page
    assert troubles == []
    page.close()


def test_every_link_inside_leads_somewhere(site):
    broken = []
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        for link in re.findall(r'(?:href|src)="([^"#]+)[^"]*"', text):
            if re.match(r"[a-z]+:", link):
                continue
            if not (path.parent / unquote(link).split("?")[0]).resolve().exists():
                broken.append((str(path.relative_to(site)), link))
    assert broken == []


def test_no_page_is_heavy(site):
    sizes = {path: path.stat().st_size for path in site.rglob("*.html")}
    assert max(sizes.values()) < 1_500_000


@pytest.mark.parametrize(("language", "other"), [("en", "zh"), ("zh", "en")])
def test_every_lesson_has_its_twin_and_keeps_the_place(page, language, other):
    page.read(f"{language}/{LESSON}")
    alternate = page.locator('link[rel="alternate"][hreflang]').get_attribute("href")
    assert alternate.endswith(f"{other}/{LESSON}")
    page.locator("article h2").nth(3).evaluate(
        "heading => heading.scrollIntoView({ behavior: 'instant' })"
    )
    page.locator("a[data-twin]").evaluate("link => link.click()")
    page.wait_for_load_state()
    page.wait_for_url(f"**/{other}/{LESSON}#section-*")
    page.wait_for_function("scrollY > 1000")
    top = (
        page.locator("article h2").nth(3).evaluate("e => e.getBoundingClientRect().top")
    )
    assert abs(top) < 300


@pytest.mark.parametrize("name", ["index", "search", LESSON.removesuffix(".html")])
def test_menus_and_labels_of_a_chinese_page_are_chinese(site, name):
    text = (site / "zh" / f"{name}.html").read_text("utf-8")
    around = re.sub(r"(?s)<(script|style|article|head).*?</\1>", "", text)
    said = re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', around)
    said += re.sub("<[^>]+>", "\n", around).splitlines()
    names = {"gradtape", "English", "Sphinx", "@pradyunsg", "Furo"}
    english = {s.strip() for s in said if re.search("[A-Za-z]{3}", s)}
    assert not [s for s in english - names if not re.search("[\u4e00-\u9fff]", s)]


def test_a_drawing_on_a_lesson_s_page_answers(page):
    page.read(f"en/{LESSON}")
    slider = page.locator(".gt-live input[type=range]").first
    slider.focus()
    said = page.locator(".gt-live .gt-says").first
    before = said.inner_text()
    page.keyboard.press("ArrowRight")
    assert said.inner_text() != before


@pytest.mark.parametrize(
    ("language", "query"), [("en", "Jacobian"), ("zh", "雅可比矩阵")]
)
def test_search_finds_a_term_in_its_language(page, language, query):
    page.read(f"{language}/search.html?q={quote(query)}")
    page.locator("#search-results li").first.wait_for()
    assert page.locator("#search-results li").count() >= 1


def test_formulas_are_drawn_from_the_site_s_own_files(page):
    page.read(f"en/{LESSON}")
    page.locator("mjx-container").first.wait_for()
    assert page.locator("mjx-container").count() > 20


def test_the_first_page_leads_to_the_reader_s_language(page, site):
    page.read("index.html")
    page.wait_for_url("**/en/index.html")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def test_the_site_works_under_a_sub_path(browser, site):
    """A code-hosting site serves it from a folder of its own, not from the root."""
    serve = functools.partial(_Quiet, directory=site.parents[1])
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}/"
        site_address = root + quote(site.relative_to(site.parents[1]).as_posix())
        page = browser.new_page()
        missing = []
        page.on("response", lambda r: r.status >= 400 and missing.append(r.url))
        page.goto(f"{site_address}/zh/{LESSON}")
        page.locator("mjx-container").first.wait_for()
        assert page.locator(".gt-live input[type=range]").count()
        page.locator("a[data-twin]").evaluate("link => link.click()")
        page.wait_for_url(f"{site_address}/en/{LESSON}*")
        page.goto(f"{site_address}/en/search.html?q=Jacobian")
        page.locator("#search-results li").first.wait_for()
        page.goto(f"{site_address}/index.html")
        page.wait_for_url(f"{site_address}/en/index.html")
        server.shutdown()
    page.close()
    assert missing == []


def test_every_public_function_has_a_page(site):
    import gradtape

    pages = {path.stem for path in (site / "en/reference/generated").glob("*.html")}
    assert pages == {f"gradtape.{name}" for name in gradtape.__all__}


def test_a_reader_tries_a_function(page, site):
    if not (site / "en/_static/tf.es2017.min.js").exists():
        pytest.skip("npm install brings TensorFlow.js")
    page.read("en/try.html")
    says = page.locator("#gt-try .gt-says").first
    says.filter(has_text="f″").wait_for()
    page.get_by_label("f(x) =").fill("exp(x)")
    says.filter(has_text="0.2865").wait_for()  # exp(-1.25)
    page.locator("#gt-try .way").first.dispatch_event("click")
    assert "∂v₁/∂x" in page.locator("#gt-try .gt-says").nth(1).inner_text()
    _, value, slope, bend = (
        float(part.split("=")[1].strip(" ,").replace("−", "-"))
        for part in says.inner_text().split("\u2003")
    )
    assert value == pytest.approx(slope) == pytest.approx(bend)
    page.get_by_label("f(x) =").fill("sin²x + 2x")
    library = page.locator("#gt-try .gt-library")
    library.filter(has_text="lambda x: tf.sin(x)**2 + 2*x,").wait_for()
    page.get_by_label("f(x) =").fill("ln x")
    says.filter(has_not_text="NaN").filter(has_text="f″").wait_for()
    page.get_by_label("f(x) =").fill("x2")
    says.filter(has_text="product").wait_for()


def test_a_prediction_is_held_against_what_came_out(page):
    page.read(f"en/{LESSON}")
    outcome = page.locator(".gt-outcome").first
    outcome.locator("summary").click()
    verdict = outcome.locator(".gt-verdict")
    assert "first" in verdict.inner_text()
    page.locator(".gt-predict").first.get_by_label("more than half").check()
    assert "otherwise" in verdict.inner_text()
    page.reload()
    assert page.locator(".gt-predict input:checked").count() == 1


def test_a_quiz_says_why_and_remembers_what_was_chosen(page):
    page.read(f"en/{LESSON}")
    folds = page.locator("details[data-choice]")
    why = folds.nth(1).locator("div").first
    assert not why.is_visible()
    folds.nth(1).locator("summary").focus()
    page.keyboard.press("Enter")
    assert why.inner_text().startswith(("✓", "✗"))
    page.wait_for_function("localStorage.getItem('gradtape quiz-02-1') === 'b'")
    page.reload()
    folds.nth(1).locator("div").first.wait_for()
    folds.nth(0).locator("summary").click()
    folds.nth(1).locator("div").first.wait_for(state="hidden")


def test_axe_finds_nothing_serious_on_any_page(browser, site):
    if not AXE.is_file():
        pytest.skip("npm install brings axe-core")
    page = browser.new_page()
    run = """rules => axe.run({resultTypes: ["violations"], ...rules}).then(
        (result) => result.violations
        .filter((each) => ["serious", "critical"].includes(each.impact))
        .map((each) => `${each.id}: ${each.nodes[0].html.slice(0, 200)}`))"""
    found = {}
    for path in sorted(site.glob("*/**/*.html")):
        page.emulate_media(color_scheme="light")
        page.goto(path.as_uri())
        page.evaluate(AXE.read_text("utf-8"))
        violations = page.evaluate(run, {})
        # In the dark theme a page has other colours, and nothing else is other.
        page.emulate_media(color_scheme="dark")
        colours = {"runOnly": ["color-contrast", "link-in-text-block"]}
        violations += page.evaluate(run, colours)
        if violations:
            found[path.relative_to(site).as_posix()] = violations
    page.close()
    assert found == {}


def test_every_page_fits_a_phone(browser, site):
    page = browser.new_page(viewport={"width": 360, "height": 700})
    wide = []
    for path in sorted(site.glob("*/**/*.html")):
        page.goto(path.as_uri())
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            wide.append(path.relative_to(site).as_posix())
    page.close()
    assert wide == []


def test_a_page_says_what_a_card_shows_of_it(site):
    text = (site / "zh" / LESSON).read_text("utf-8")
    image = re.search(r'property="og:image" content="([^"]+)"', text)[1]
    assert image.startswith("http") and image.endswith("/zh/_static/social.png")
    assert (site / "zh" / "_static" / "social.png").is_file()
    assert re.search(r'name="description" content="[^"]*[\u4e00-\u9fff]', text)
