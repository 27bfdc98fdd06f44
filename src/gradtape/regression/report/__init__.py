"""A page that shows what differs: each notebook as executed, stored beside new.

``collecting`` keeps what each notebook showed, process by process; ``page`` makes the
page of it, and the annotations that code hosts read; ``side_by_side`` shows one output.
"""

from .collecting import NotebookReport, begin
from .page import finish

__all__ = ["NotebookReport", "begin", "finish"]
