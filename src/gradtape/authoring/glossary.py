"""Terms that Chinese readers search for under another name, and where it stands.

At its first use in a lesson, or at the first after the lesson's opening, a term is
followed by the names that other books, and TensorFlow's documentation, use for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gradtape.authoring.problem import Problem
from gradtape.authoring.source import LessonSource, SourceCell

BRACKETS = {
    "自动求导": "（自动微分）",
    "梯度带": "（gradient tape，也译梯度磁带、求导记录器）",
    "监视": "（watch）",
    "持久梯度带": "（persistent）",
    "雅可比矩阵": "（Jacobian）",
    "黑塞矩阵": "（Hessian，又译海森矩阵）",
    "雅可比-向量积": "（JVP）",
    "向量-雅可比积": "（VJP）",
    "黑塞-向量积": "（HVP）",
    "即时执行": "（eager execution，即动态图）",
    "图执行": "（静态图）",
    "有限差分": "（数值微分）",
    "未连接": "（unconnected）",
    "直通估计器": "（straight-through estimator, STE）",
}
# Not prose: headings, code, formulas, links (whose words are headings).
_NO_PROSE = re.compile(r"^#+ .*$|`[^`]*`|\$[^$]*\$|\[[^\]]*\]\([^)]*\)", re.MULTILINE)
# What may stand between a term and its bracket.
_BETWEEN = re.compile(r"(的梯度)?\**")


def missing_brackets(source: LessonSource) -> Iterator[Problem]:
    """Find terms whose other names do not stand at their first use, and only there."""
    cells = [c for c in source.in_language("zh") if c.kind == "markdown"]
    for term, bracket in BRACKETS.items():
        uses = list(_uses(cells, term))
        opening = len(list(_uses(cells[:1], term)))
        explained = [place for place, (_, found) in enumerate(uses) if found]
        if uses and (not explained or explained[0] not in (0, opening)):
            yield source.problem(
                uses[0][0],
                f"{term} comes here for the first time; write {term}{bracket}",
            )
        for place in explained[1:]:
            yield source.problem(
                uses[place][0],
                f"{bracket} stands after {term} at its first use; leave it out here",
            )


def _uses(cells: list[SourceCell], term: str) -> Iterator[tuple[int, bool]]:
    """Give the line of each use of a term, and whether its bracket follows."""
    bracket = BRACKETS[term]
    longer = [other for other in BRACKETS if term in other and other != term]
    for cell in cells:
        prose = _NO_PROSE.sub(lambda found: " " * len(found[0]), cell.text)
        for other in longer:
            # A longer term is none of the shorter one, whose bracket would part it.
            prose = prose.replace(other, " " * len(other))
        for match in re.finditer(term, prose):
            following = prose[_BETWEEN.match(prose, match.end()).end() :]
            line = cell.line_of(prose.count("\n", 0, match.start()))
            yield line, following.startswith(bracket)
