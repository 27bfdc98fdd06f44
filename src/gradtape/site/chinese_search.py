"""Search in Chinese: pairs of neighbouring characters, in the index and in the query.

Sphinx cuts Chinese into the words of a dictionary, in the index alone, so that 梯度消失
is found only where a dictionary has it as one word. Pairs find any phrase.
"""

from __future__ import annotations

import re

from sphinx.search import SearchLanguage

_CHINESE = r"\u3400-\u9fff"
_RUNS = re.compile(rf"[{_CHINESE}]+|[^\W{_CHINESE}]+")


class ChineseSearch(SearchLanguage):
    """Words of letters and digits as they are, Chinese in pairs of characters."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = """
function splitQuery(query) {
  const found = [];
  for (const run of query.match(/[\\u3400-\\u9fff]+|[^\\s\\u3400-\\u9fff]+/gu) ?? []) {
    if (!/[\\u3400-\\u9fff]/.test(run) || run.length < 2) found.push(run);
    else for (let i = 0; i + 1 < run.length; i++) found.push(run.slice(i, i + 2));
  }
  return found;
}
"""

    def split(self, input: str) -> list[str]:
        """Return the words of a text.

        Examples
        --------
        >>> ChineseSearch({}).split("梯度消失 tape")
        ['梯度', '度消', '消失', 'tape']
        """
        words = []
        for run in _RUNS.findall(input):
            if re.match(rf"[{_CHINESE}]", run) and len(run) > 1:
                words += [run[i : i + 2] for i in range(len(run) - 1)]
            else:
                words.append(run)
        return words

    def word_filter(self, word: str) -> bool:
        """Keep every word."""
        return bool(word)
