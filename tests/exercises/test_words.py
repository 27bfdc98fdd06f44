"""No feedback stands in one language alone: the catalogue is complete."""

import ast
import pkgutil
import re
from pathlib import Path

import pytest

import gradtape.exercises
from gradtape import content
from gradtape.exercises import sentences
from gradtape.exercises.card import Card
from gradtape.exercises.exercise import Wrong
from gradtape.exercises.words import Listed, Words
from gradtape.language import set_language

PACKAGE = Path(gradtape.exercises.__path__[0])
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CATALOGUE = {k: v for k, v in vars(sentences).items() if isinstance(v, Words)}


def incomplete(tree):
    """Return the lines of a module in which words lack their Chinese twin."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Words"):
            texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
            complete = (
                len(texts) == len(node.args) == 2
                and not CHINESE.search(texts[0])
                and CHINESE.search(texts[1])
                and places(texts[0]) == places(texts[1])
            )
            if not complete:
                lines.append(node.lineno)
    return lines


def places(text):
    return set(re.findall(r"\{(\w+)\}", text))


MODULES = [
    *sorted(PACKAGE.rglob("*.py")),
    *(
        path
        for folder in content.lesson_folders().values()
        for path in (
            folder / f"{name}.py" for name in ("exercises", "questions", "quiz")
        )
        if path.is_file()
    ),
]
_IDS = [f"{path.parent.name}/{path.stem}" for path in MODULES]


@pytest.mark.parametrize("path", MODULES, ids=_IDS)
def test_all_words_of_a_module_stand_in_both_languages(path):
    tree = ast.parse(path.read_text("utf-8"))
    if path.stem != "words":
        assert incomplete(tree) == []


@pytest.mark.parametrize("path", MODULES, ids=_IDS)
def test_a_module_says_nothing_to_learners_but_words(path):
    """Chinese outside of Words would be a second catalogue; so would say(...)."""
    if path.stem == "words":
        return
    tree = ast.parse(path.read_text("utf-8"))
    within = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Words")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert id(node) in within or not CHINESE.search(node.value), node.value
        if isinstance(node, ast.Name):
            assert node.id != "say", f"line {node.lineno}"


@pytest.mark.parametrize(
    "call",
    [
        'Words("Look again.", "Look again.")',
        'Words("Look again.")',
        'Words("Look again.", "")',
        'Words("再看看。", "再看看。")',
        'Words("At {point}.", "在那里。")',
        'Words("At {point}.", "在 {place}。")',
        'words.Words("There.", "在 {place}。")',
    ],
)
def test_missing_chinese_is_found_in_a_source_and_cannot_be_made(call):
    assert incomplete(ast.parse(f"X = {call}")) == [1]
    with pytest.raises((ValueError, TypeError)):
        eval(call.removeprefix("words."), {"Words": Words})


@pytest.mark.parametrize("name", CATALOGUE)
def test_each_sentence_is_used(name):
    code = "".join(
        path.read_text("utf-8") for path in MODULES if path.stem != "sentences"
    )
    assert f"sentences.{name}" in code


@pytest.mark.parametrize("name", CATALOGUE)
def test_each_sentence_can_be_filled_in_both_languages(name):
    words = CATALOGUE[name]
    filled = words(**dict.fromkeys(places(words.en), "7"))
    for language in ("en", "zh"):
        set_language(language)
        assert not places(str(filled))


def test_words_take_no_value_that_they_have_no_place_for():
    with pytest.raises(TypeError, match="no place for"):
        Words("There.", "在那里。")(point=1)


def test_words_within_words_follow_the_language():
    words = sentences.IS_NONE(what=sentences.YOUR_ANSWER)
    assert "your answer" in str(words)
    set_language("zh")
    assert "你的答案" in str(words)
    assert "answer" not in str(words)


def test_chinese_has_a_space_beside_code_and_none_between_its_own_signs():
    set_language("zh")
    says = sentences.IS_NONE
    assert str(says(what=sentences.YOUR_ANSWER)).startswith("你的答案是 `None`")
    assert str(says(what="`slope`")).startswith("`slope` 是 `None`")


@pytest.mark.parametrize(("language", "text"), [("en", "`x`, `y`"), ("zh", "`x`、`y`")])
def test_things_are_listed_with_the_comma_of_the_language(language, text):
    set_language(language)
    assert str(Listed(["`x`", "`y`"])) == text


@pytest.mark.parametrize(
    ("words", "en", "zh"),
    [
        (Words("{what} is 2.", "{what} 是 2。"), "The height is 2.", "h 的高度是 2。"),
        (Words("xᵏ is 2.", "xᵏ 等于 2。"), "xᵏ is 2.", "xᵏ 等于 2。"),
    ],
)
def test_a_paragraph_gets_a_capital_only_where_a_word_was_filled_in(words, en, zh):
    if "{what}" in words.en:
        words = words(what=Words("the height", "h 的高度"))
    card = Card("note", Words("There", "那里"), [words])
    for language, text in (("en", en), ("zh", zh)):
        set_language(language)
        assert repr(card).endswith("\n" + text)


def test_feedback_is_words_and_not_a_text():
    with pytest.raises(TypeError, match="needs Words"):
        Wrong("Look again.", "differs")


def test_every_module_can_be_imported():
    for module in pkgutil.iter_modules(gradtape.exercises.__path__):
        __import__(f"gradtape.exercises.{module.name}")


def test_a_place_that_is_not_filled_in_stays_as_it_is_written():
    words = Words("{count} of {name}", "{name} 有 {count} 个")(count=3)
    assert str(words) == "3 of {name}"
