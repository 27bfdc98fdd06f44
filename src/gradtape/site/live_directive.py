"""``gt-live``: a drawing that answers, on a page that is no lesson."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
from docutils import nodes
from docutils.parsers.rst import Directive

from gradtape.language import set_language


class LiveDrawing(Directive):
    """Show what an expression gives, such as ``gt.step_through_tape(f, 1.5)``.

    ``gt`` and ``tf`` are known in it; ``save_html`` says what can be shown.
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the drawing in the language of the page."""
        import tensorflow as tf

        import gradtape as gt
        from gradtape.site.live import fragment
        from gradtape.site.page import as_live

        asked = self.state.document.settings.env.config.language
        set_language("zh" if asked == "zh_CN" else "en")
        known: dict[str, Any] = {"gt": gt, "tf": tf}
        drawing = fragment(as_live(eval("\n".join(self.content), known)))
        plt.close("all")
        return [nodes.raw("", drawing, format="html")]
