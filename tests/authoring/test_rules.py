"""What the build says of a lesson without running it: file, line, sentence."""

import pytest

from gradtape.authoring.rules import problems_in
from gradtape.authoring.source import read_sources

TWINS = """
# %% [markdown] lang="en"
# ## Prose
#
{english}

# %% [markdown] lang="zh"
# ## 文字
#
{chinese}
"""


@pytest.fixture
def judge(checkout):
    """Write a lesson and return its problems as the terminal shows them."""

    def judge(*parts, name="02_tape", **change):
        checkout.write(*parts, name=name, **change)
        sources = read_sources(checkout.root)
        found = problems_in(sources[name], sources, checkout.root)
        return [str(problem) for problem in found]

    return judge


def twins(english, chinese):
    """Return a cell of prose and its twin."""

    def commented(text):
        return "\n".join(f"# {line}".rstrip() for line in text.splitlines())

    return TWINS.format(english=commented(english), chinese=commented(chinese))


def assert_only(problems, line, *words, name="02_tape"):
    """Check that there is one problem, in this line, with these words."""
    (problem,) = problems
    assert problem.startswith(f"notebooks/lessons/{name}/lesson.py:{line}: ")
    for word in words:
        assert word in problem


def test_a_sound_lesson_has_no_problem(judge, section):
    assert judge(section) == []


# Header and file


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("minutes: 30", "minutes: half an hour", "minutes: 30"),
        ("minutes: 30", "minutes: 0", "minutes: 30"),
        ("      zh: 梯度带记录什么", "      fr: ce qui est noté", '"zh: ..."'),
        ("      en: what a tape records", "      en:", '"en: ..."'),
        ("gradtape:", "other:", "header"),
    ],
)
def test_a_header_that_lacks_something(judge, checkout, old, new, words):
    problems = judge(change=(old, new))
    line = 1 if new == "other:" else checkout.line("gradtape:")
    assert problems[0].startswith(f"notebooks/lessons/02_tape/lesson.py:{line}: ")
    assert words in problems[0]


def test_a_header_that_is_no_yaml(judge, checkout):
    problems = judge(change=("minutes: 30", "minutes: [30"))
    assert_only(problems, checkout.line("teaches:"), "not YAML")


def test_a_header_that_does_not_end(judge):
    problems = judge(change=("#     name: python3\n# ---\n", ""))
    assert problems[0].startswith(
        "notebooks/lessons/02_tape/lesson.py:1: this stands before"
    )


def test_text_before_the_first_cell(judge, checkout):
    problems = judge(change=("# ---\n\n# %%", "# ---\n\nx = 1\n\n# %%"))
    assert_only(problems, checkout.line("x = 1"), "begin it with # %%")


def test_an_empty_file(judge, checkout):
    checkout.source().parent.mkdir(exist_ok=True)
    checkout.source().write_text("")
    sources = read_sources(checkout.root)
    (problem, *_) = problems_in(sources["02_tape"], sources, checkout.root)
    assert problem.line == 1


@pytest.mark.parametrize("name", ["02_Tape", "02-tape", "2_tape"])
def test_a_file_name_that_is_no_lesson_s(judge, name):
    problem, *_ = judge(name=name)
    assert problem.startswith(
        f"notebooks/lessons/{name}/lesson.py:1: the folder is called"
    )


@pytest.mark.parametrize(
    ("english", "chinese", "language"),
    [
        ("**Why:**because.", "**为什么**：因为。", "en"),
        ("**Why:** because.", "**为什么：**因为。", "zh"),
        ("- x ** 2", "- x 的平方", "en"),
        ("| a |\n|---|\n| **b:**c |", "| a |\n|---|\n| **b**：c |", "en"),
    ],
)
def test_bold_that_does_not_end(judge, english, chinese, language):
    problems = [p for p in judge(twins(english, chinese)) if "**" in p]
    assert len(problems) == 1
    assert "punctuation" in problems[0]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("**Why**: because.", "**为什么**：因为。"),
        ("`x ** 2` and $2**3$", "`x ** 2` 和 $2**3$"),
        ("**Predict first.** What?", "**先猜一猜。** 是什么？"),
    ],
)
def test_bold_that_ends(judge, english, chinese):
    assert judge(twins(english, chinese)) == []


def test_two_lessons_of_one_number(judge, checkout):
    checkout.write(name="02_another")
    assert_only(judge(), 1, "02_another has the number 02 too")


# Cells


@pytest.mark.parametrize("quotes", ['"""', "'''"])
def test_the_mark_of_a_cell_within_a_string(judge, checkout, quotes):
    problems = judge(f"\n# %%\ns = {quotes}\n# %% not a cell\n{quotes}\n")
    assert_only(problems, checkout.line("not a cell"), "looks like the beginning")


def test_code_in_one_language(judge, checkout):
    problems = judge('\n# %% lang="en"\nx = 1\n')
    assert_only(problems, checkout.line('%% lang="en"'), 'remove lang="en"')


def test_a_raw_cell(judge, checkout):
    problems = judge("\n# %% [raw]\n# x\n")
    assert_only(problems, checkout.line("[raw]"), "raw cell")


@pytest.mark.parametrize("cell", ["# %%\n", '# %% tags=["raises-exception"]\n\n'])
def test_an_empty_cell(judge, checkout, cell):
    problems = judge(f"\n{cell}\n# %%\nlast = 1\n")
    assert_only(problems, checkout.line("last") - len(cell.splitlines()) - 2, "empty")


def test_a_word_that_the_build_does_not_know(judge, checkout):
    problems = judge('\n# %% lnag="en"\nx = 1\n')
    assert_only(problems, checkout.line("lnag"), "'lnag'")


@pytest.mark.parametrize(
    "tag", ["nbval-skip", "raise-exception", "mask=", "rtol=", "rtol=1-2"]
)
def test_a_tag_that_the_build_does_not_know(judge, checkout, tag):
    problems = judge(f'\n# %% tags=["{tag}"]\nx = 1\n')
    assert_only(problems, checkout.line(tag), f'the tag is "{tag}"')


@pytest.mark.parametrize(
    "tag", ["raises-exception", "rtol=0.05", "atol=1e-3", "mask=found: .*"]
)
def test_a_tag_that_the_build_knows(judge, tag):
    assert judge(f'\n# %% tags=["{tag}"]\nx = 1\n') == []


def test_a_tag_without_brackets(judge, checkout):
    problems = judge('\n# %% tags="raises-exception"\n1 / 0\n')
    assert_only(problems, checkout.line("raises"), 'tags=["raises-exception"]')


def test_prose_cannot_be_meant_to_fail(judge, section):
    problems = judge(
        section,
        change=(
            'lang="en"\n# ## What',
            'lang="en" tags=["raises-exception"]\n# ## What',
        ),
    )
    assert len(problems) == 1 and "for code that is meant to fail" in problems[0]


def test_chinese_in_code(judge, checkout):
    problems = judge('\n# %%\nx = 1\nprint("斜率", x)\n')
    assert_only(problems, checkout.line("斜率"), "Chinese in code")


# The start


def test_a_lesson_that_does_not_start(judge, checkout):
    problems = judge(change=('gt.start("02", lang="en")', "x = 1"))
    assert_only(problems, checkout.line("# %%"), "0 calls", 'gt.start("02"')


def test_a_lesson_that_starts_twice(judge, checkout):
    problems = judge('\n# %%\nx = 1\ngt.start("02", lang="en")\n')
    assert_only(problems, checkout.line("gt.start", nth=2), "2 calls")


def test_a_lesson_that_starts_as_another(judge, checkout):
    problems = judge(change=('start("02"', 'start("03"'))
    assert_only(problems, checkout.line("gt.start"), '"03" in lesson 02')


# Twins


def test_english_without_chinese(judge, checkout):
    problems = judge('\n# %% [markdown] lang="en"\n# Alone.\n\n# %%\nx = 1\n')
    assert_only(problems, checkout.line("Alone") - 1, "no Chinese twin")


def test_english_without_chinese_at_the_end(judge, checkout):
    problems = judge('\n# %% [markdown] lang="en"\n# Alone.\n')
    assert_only(problems, checkout.line("Alone") - 1, "no Chinese twin")


def test_chinese_without_english(judge, checkout):
    problems = judge('\n# %% [markdown] lang="zh"\n# 独自。\n')
    assert_only(problems, checkout.line("独自") - 1, "no English twin")


def test_chinese_before_english(judge, checkout):
    problems = judge(
        '\n# %% [markdown] lang="zh"\n# 在前。\n\n# %% [markdown] lang="en"\n# After.\n'
    )
    assert len(problems) == 2
    assert f":{checkout.line('在前') - 1}: this prose has no English" in problems[0]


def test_a_language_that_is_not_spoken(judge, checkout):
    problems = judge('\n# %% [markdown] lang="fr"\n# Bonjour.\n')
    assert_only(problems, checkout.line("Bonjour") - 1, 'lang is "fr"')


def test_prose_without_a_language(judge, checkout):
    problems = judge("\n# %% [markdown]\n# Hello.\n")
    assert_only(problems, checkout.line("Hello") - 1, "is not said")


@pytest.mark.parametrize(
    ("english", "chinese", "line_of", "words"),
    [
        ("One.\n\nTwo.", "一。", "# Two.", "paragraph has no twin in Chinese"),
        ("One.", "一。\n\n二。", "二。", "paragraph has no twin in English"),
        ("- a\n- b", "- 甲\n- 乙\n- 丙", "甲", "list of 3 items in Chinese"),
        ("1. a\n2. b", "- 甲\n- 乙", "甲", "numbered list of 2 items in English"),
        ("### Deep", "#### 深", "#### 深", "heading of level 4 in Chinese"),
        ("```\nx\n```", "文字。", "文字。", "a code block in English"),
        ("$$\nx\n$$", "$x$", "$x$", "a formula in English"),
        (
            "| a |\n|---|\n| 1 |",
            "| 甲 |\n|---|\n| 1 |\n| 2 |",
            "| 甲 |",
            "table of 3 rows in Chinese",
        ),
        (
            "<details>\n<summary>Answer</summary>\n\n108\n\n</details>",
            "<details>\n<summary>答案</summary>\n\n108",
            "</details>",
            "HTML </details> has no twin in Chinese",
        ),
        ("> quoted words", "引文。", "> quoted", "quotation has no twin in Chinese"),
        (
            "- a\n\n  more\n- b",
            "- 甲\n- 乙",
            "more",
            "paragraph has no twin in Chinese",
        ),
    ],
)
def test_a_block_in_one_language_only(
    judge, checkout, english, chinese, line_of, words
):
    problems = judge(twins(english, chinese))
    assert_only(problems, checkout.line(line_of), words)


def test_a_paragraph_that_is_not_translated(judge, checkout):
    english = "The tape records what happens."
    problems = judge(twins(english, english))
    assert_only(problems, checkout.line(english, nth=2), "still stands in English")


@pytest.mark.parametrize(
    ("english", "chinese", "line_of", "words"),
    [
        ("Here $a + b$.", "这里 $a - b$。", "Here", "$a + b$ stands in this paragraph"),
        ("It is 108.", "是 107。", "It is", "not in its twin in Chinese"),
        ("- about 0.5\n- b", "- 约 0.6\n- 乙", "about", "0.5 stands in this list"),
        ("$$\nx^2\n$$", "$$\nx^3\n$$", "x^2", "stands in this formula"),
        ("See lesson 3.", "见第 4 课。", "See", "3 stands in this paragraph"),
    ],
)
def test_what_is_said_in_formulas_and_numbers_is_the_same(
    judge, checkout, english, chinese, line_of, words
):
    problem, twin = judge(twins(english, chinese))
    block = checkout.line(line_of) - english.startswith("$$")
    assert_only([problem], block, words)
    assert "twin in English" in twin


def test_words_and_spaces_of_a_formula_and_small_numbers_may_differ(judge):
    english = "Of two, $y = 2\\,x \\text{ for all } x$: see P2, question 3, `f(10)`."
    chinese = "2 个之中，$y = 2x \\text{，任意 } x$：见 P2，问题三。"
    assert judge(twins(english, chinese)) == []


@pytest.mark.parametrize(
    "same", ["$y = x^4 \\text{ for all } x$", "`for x in some list`", "$$\nx y z w\n$$"]
)
def test_code_and_formulas_need_no_translation(judge, same):
    assert judge(twins(same, same)) == []


def test_signs_within_a_formula_are_no_list(judge):
    formula = "$$\ny\n= a\n- b\n+ c\n$$"
    assert judge(twins(formula, formula)) == []


# Headings


def test_two_equal_headings(judge, checkout, section):
    problems = judge(section, section)
    assert len(problems) == 2
    first, second = checkout.line("## What"), checkout.line("## What", nth=2)
    assert f":{second}: " in problems[0]
    assert f'"What it records" stands in line {first} already' in problems[0]
    assert f":{checkout.line('## 它', nth=2)}: " in problems[1]


def test_headings_equal_in_chinese_alone(judge, checkout, section):
    other = section.replace("What it records", "What it leaves out")
    problems = judge(section, other)
    assert_only(problems, checkout.line("## 它", nth=2), "already")


def test_a_lesson_without_a_title(judge, checkout):
    problems = judge(change=("# # 2 · The tape", "# ## 2 · The tape"))
    assert any(
        f":{checkout.line('The tape')}: a lesson begins with its title" in problem
        for problem in problems
    )


def test_a_second_title(judge, checkout):
    problems = judge(
        '\n# %% [markdown] lang="en"\n# # Again\n'
        '\n# %% [markdown] lang="zh"\n# # 又一个\n'
    )
    assert [
        f":{checkout.line(text)}: " in problem
        for text, problem in zip(["# # Again", "# # 又一个"], problems)
    ] == [True] * 2
    assert "one title" in problems[0]


# Links and images


@pytest.mark.parametrize(
    "target",
    [
        "03_slopes.ipynb",
        "03_slopes.ipynb#What-it-records",
        "#Prose",
        "README.md",
        "https://www.tensorflow.org/guide/autodiff#anything",
    ],
)
def test_a_link_that_leads_somewhere(judge, checkout, section, target):
    checkout.write(section, name="03_slopes")
    for language in ("en", "zh"):
        folder = checkout.root / "notebooks" / language
        folder.mkdir()
        (folder / "README.md").write_text("")
    chinese = target.replace("What-it-records", "它记录什么").replace("Prose", "文字")
    assert judge(twins(f"A [link]({target}).", f"一个[链接]({chinese})。")) == []


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("04_curves.ipynb", "no such lesson"),
        ("03_slopes.ipynb#Nowhere", "03_slopes has no heading"),
        ("03_slopes.ipynb#它记录什么", "in its en notebook"),
        ("#Nowhere", "no heading"),
        ("missing.md", "the link missing.md is not there"),
        ("../zh/03_slopes.ipynb", "leads out of the folder"),
        ("/etc/hosts", "leads out of the folder"),
    ],
)
def test_a_link_that_leads_nowhere(judge, checkout, section, target, words):
    checkout.write(section, name="03_slopes")
    problems = judge(twins(f"Read on,\nas in [this]({target}).", "请\n看。"))
    assert_only(problems, checkout.line("as in [this]"), words)


def test_a_link_in_the_other_language_s_words(judge, checkout, section):
    checkout.write(section, name="03_slopes")
    problems = judge(twins("Read.", "看[这里](03_slopes.ipynb#What-it-records)。"))
    assert_only(problems, checkout.line("看[这里]"), "in its zh notebook")


def test_a_link_within_html(judge, checkout):
    html = '<p>\n<a href="04_curves.ipynb">4</a>\n</p>'
    problems = judge(twins(html, "<p>\n<a href='#文字'>四</a>\n</p>"))
    assert_only(problems, checkout.line("href"), "no such lesson")


@pytest.mark.parametrize("image", ["![tape](tape.png)", '<img src="tape.png">'])
def test_an_image_that_is_not_there(judge, checkout, image):
    problems = judge(twins(f"Look:\n{image}", "看。"))
    assert_only(problems, checkout.line(image), "the image tape.png is not there")


def test_an_image_that_is_there(judge, checkout):
    (checkout.root / "notebooks" / "en").mkdir()
    (checkout.root / "notebooks" / "en" / "tape.png").write_bytes(b"")
    assert judge(twins("![tape](tape.png)", "看。")) == []


# Optional sections, and the terms of the field


def test_a_section_marked_optional_in_both_languages_and_in_the_header(judge):
    marked = twins("## More (optional)\n\nWords.", "## 更多（选学）\n\n文字。")
    assert (
        judge(marked, change=("minutes: 30", "minutes: 30\n#     optional: 10")) == []
    )


@pytest.mark.parametrize(
    ("english", "chinese", "words"),
    [
        ("## More (optional)", "## 更多", "in one language only"),
        ("## More", "## 更多（选学）", "in one language only"),
    ],
)
def test_a_section_marked_optional_in_one_language(judge, english, chinese, words):
    problems = judge(
        twins(english, chinese),
        change=("minutes: 30", "minutes: 30\n#     optional: 10"),
    )
    assert any(words in problem for problem in problems)


def test_optional_sections_that_the_header_does_not_tell_of(judge):
    marked = twins("## More (optional)", "## 更多（选学）")
    assert "it says 0, and 1 are" in judge(marked)[0]


@pytest.mark.parametrize(
    ("chinese", "words"),
    [
        ("求**雅可比矩阵**（Jacobian），即雅可比矩阵。", None),
        ("先求雅可比矩阵，即雅可比矩阵（Jacobian）。", "write 雅可比矩阵（Jacobian）"),
        ("雅可比矩阵（Jacobian）\n就是雅可比矩阵（Jacobian）。", "leave it out here"),
        ("`雅可比矩阵`", None),
    ],
)
def test_a_term_stands_with_its_other_names_at_its_first_use(judge, chinese, words):
    problems = judge(twins("Jacobian\nJacobian.", chinese))
    assert bool(problems) == bool(words)
    assert not words or words in problems[0]
