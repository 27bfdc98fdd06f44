"""Nothing that a learner wrote runs in the browser of a teacher, or of another learner."""

import shutil

import pytest

from gradtape.classroom import (
    by_hand,
    make_class,
    pages,
    report,
    results,
    safe_text,
)
from gradtape.classroom.course import read_settings
from gradtape.classroom.results import InWords, Judged, Ran, Result, Said

PAYLOADS = (
    "<script>pwned()</script>",
    "<img src=x onerror=pwned()>",
    "<svg onload=pwned()>",
    "<svg><script>pwned()</script></svg>",
    "<body onload=pwned()>",
    "<iframe src='javascript:parent.pwned()'></iframe>",
    "<iframe srcdoc='<script>parent.pwned()</script>'></iframe>",
    "<details open ontoggle=pwned()>",
    "<input autofocus onfocus=pwned()>",
    "<a href='javascript:pwned()'>click</a>",
    "[click](javascript:pwned())",
    "[click](data:text/html;base64,PHNjcmlwdD5wd25lZCgpPC9zY3JpcHQ+)",
    "![picture](http://127.0.0.1:9/leak)",
    "<http://127.0.0.1:9/leak>",
    '"><script>pwned()</script>',
    "'-pwned()-'",
    "</pre></style></title><script>pwned()</script>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=pwned()&gt;'>",
    "$\\href{javascript:pwned()}{click}$",
    "{{ cycler.__init__.__globals__.os.popen('true') }}{% raw %}",
    "<style>@import 'http://127.0.0.1:9/leak';body{display:none}</style>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/leak'>",
    "<base href='http://127.0.0.1:9/'><form action=javascript:pwned()><button>",
    "```\n</code></pre><script>pwned()</script>\n```",
    "<!--[if]><script>pwned()</script -->",
    "<noscript><p title='</noscript><img src=x onerror=pwned()>'>",
)


def result_full_of(payload):
    """Return a result that holds a payload wherever a learner's text can come to stand."""
    said = Said(payload, payload)
    judged = Judged(
        "2.1", 0.0, 3.0, "wrong", payload, (said, said, Said(payload, payload, True))
    )
    return Result(
        payload.replace("/", "\u2215")[:60],
        "02",
        "digest",
        "version",
        None,
        (judged, Judged("2.3", 0.0, 3.0, "none", payload, (said,))),
        (InWords("02-1", 3.0, payload),),
        (
            Ran("code", payload, (payload,), payload),
            Ran("markdown", payload),
            Ran("raw", payload),
        ),
        (said,),
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory, checkout):
    """Every page of a class in which everybody hands in a payload."""
    course = tmp_path_factory.mktemp("class")
    make_class(course, "en", root=checkout)
    for payload in PAYLOADS:
        result = result_full_of(payload)
        results.write(course, result)
    unreadable = Result("no", "02", "", "", Said(PAYLOADS[0], PAYLOADS[1]))
    results.write(course, unreadable)
    reading = pages.write_reading(course, "02")
    table = by_hand.table_of(course, "02")
    lines = table.read_text("utf-8-sig").splitlines()
    commented = [f"{x},{p!r}" for x, p in zip([y[:-1] for y in lines[1:]], PAYLOADS)]
    table.write_text("\n".join([lines[0], *commented]), "utf-8")
    shown, _ = report.write_report(course, "02", names=True)
    return [reading, shown, *pages.give_back(course, "02")]


def test_every_page_shows_every_payload_as_text(written):
    assert len(written) == len(PAYLOADS) + 3
    for path in written:
        page = path.read_text("utf-8")
        assert f'content="{safe_text.POLICY.replace(chr(39), "&#39;")}"' in page
        body = page.partition("<body>")[2].lower()
        for tag in ("<script", "<img", "<iframe", "<svg", "<a ", "<style", "<form"):
            assert tag not in body


@pytest.mark.slow
def test_nothing_runs_in_chromium(written):
    driver = pytest.importorskip("playwright.sync_api")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("there is no Chromium here")
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"]
        )
        page = browser.new_page()
        happened = []
        page.expose_function("pwned", lambda: happened.append("ran"))
        page.on("dialog", lambda dialog: happened.append("dialog"))
        page.on("request", lambda request: happened.append(request.url))
        for path in written:
            happened.clear()
            page.goto(path.as_uri())
            for link in page.locator("a, button, input, summary").all():
                link.click(timeout=500)
            page.wait_for_timeout(50)
            assert happened == [path.as_uri()]
            assert page.evaluate("document.scripts.length") == 0
            assert page.locator("body").is_visible()
        # The page's own policy holds even where a script has come in.
        broken = written[0].with_name("broken.html")
        text = written[0].read_text("utf-8")
        broken.write_text(text.replace("<h1>", "<img src=x onerror=pwned()><h1>", 1))
        happened.clear()
        page.goto(broken.as_uri())
        page.wait_for_timeout(200)
        assert "ran" not in happened
        browser.close()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("\x1b]0;title\x07x", "\ufffd]0;title\ufffdx"),
        ("李华", "李华"),
        ("a\nb", "a b"),
    ],
)
def test_a_cell_of_a_table_is_no_formula(text, shown):
    assert safe_text.cell(text) == shown


def test_a_terminal_gets_no_signs_that_steer_it():
    assert safe_text.one_line("a\x1b[31m\r\u202eb") == "a\ufffd[31m \ufffdb".replace(
        " \ufffdb", "\ufffdb"
    )


def test_keys_stand_for_names_and_are_others_in_another_class(tmp_path, checkout):
    make_class(tmp_path / "a", "en", root=checkout)
    make_class(tmp_path / "b", "en", root=checkout)
    one, other = (read_settings(tmp_path / name).secret for name in "ab")
    assert by_hand.key_of(one, "li") == by_hand.key_of(one, "li")
    assert by_hand.key_of(one, "li") != by_hand.key_of(other, "li")
