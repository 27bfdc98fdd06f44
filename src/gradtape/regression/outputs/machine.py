r"""What in an output belongs to the machine or to the moment, not to the notebook.

Some of it can be told by its form alone: an address in memory, the times of
``%timeit``, the speed of a progress bar, the log of TensorFlow. Such is left out on
both sides. Some can be told only by what is known of this run: a date that is today's,
a path that is the folder of the notebook, a number that is the process's. It is left
out where the same kind of thing stands in the other text at the same place. Whatever
was left out is noted, so that it can be told.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .moments import A_DAY, moment
from .recognised import (
    BY_FORM,
    LENGTH_OF_TIME,
    MARKS,
    MEASURES_TIME,
    NAMES_NOW,
    NAMES_OBJECTS,
    NUMBER,
    PIECES,
    RANDOM,
    READS_NOW,
    SEEDED,
    SEEDED_CALL,
    UNIT_OF_TIME,
    UUID,
    WHOLE_CELL,
)


@dataclass
class Machine:
    """What is known of the machine and of the cell whose outputs are compared.

    Attributes
    ----------
    facts : mapping
        Of the process that ran the cell: ``cwd``, ``home``, ``tmp``, ``prefix`` (paths),
        ``pid``, ``host``, ``user``. Empty where nothing is known.
    source : str
        The code of the cell.
    before : str
        The code of the cells before it.
    masks : sequence of str
        Regular expressions of what is left out on request.
    told : dict
        What was left out: its kind, and an example.
    now : datetime
        When the cell ran: a date or time of day that is close to it is the machine's.
    """

    facts: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    before: str = ""
    masks: tuple[str, ...] = ()
    sanitize: Mapping[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    now: datetime.datetime = field(default_factory=datetime.datetime.now)

    def neutral(self, old: str, new: str) -> tuple[str, str]:
        """Leave out of two texts what belongs to the machine.

        Parameters
        ----------
        old, new : str
            The text stored and the text found.

        Examples
        --------
        >>> machine = Machine()
        >>> machine.neutral("<f at 0x7f0012345678>", "<f at 0x7f00deadbeef>")
        ('<f at 0x…>', '<f at 0x…>')
        >>> machine.told
        {'an address in memory': 'at 0x7f00deadbeef'}
        """
        for pattern, word in self.sanitize.items():
            old, new = re.sub(pattern, word, old), re.sub(pattern, word, new)
        for mask in self.masks:
            old, new = re.sub(mask, "…", old), re.sub(mask, "…", new)
        if old == new:
            return old, new
        if MARKS.search(old) or MARKS.search(new):
            for pattern, word, kind in BY_FORM:
                cut = pattern.sub(word, new)
                if kind and cut != new and pattern.findall(old) != pattern.findall(new):
                    self.told.setdefault(kind, pattern.search(new)[0].strip())
                old, new = pattern.sub(word, old), cut
        if old != new:
            old, new = self._piecewise(old, new)
        return old, new

    def _piecewise(self, old: str, new: str) -> tuple[str, str]:
        """Compare two texts piece by piece, where they have as many of them."""
        wanted, found = PIECES.findall(old), PIECES.findall(new)
        # The width of a number may change, and with it the white space before it.
        wanted_words = [piece for piece in wanted if not piece.isspace()]
        found_words = [piece for piece in found if not piece.isspace()]
        if len(wanted_words) != len(found_words):
            return old, new
        kinds = []
        for place, (stored, came) in enumerate(
            zip(wanted_words, found_words, strict=True)
        ):
            after = " ".join(found_words[place + 1 : place + 2])
            kind = "" if stored == came else self.kind(stored, came, after)
            kinds.append(kind)
            if kind:
                self.told.setdefault(kind, came)
        if not any(kinds):
            return old, new
        return _replaced(wanted, kinds), _replaced(found, kinds)

    def kind(self, old: str, new: str, after: str = "") -> str:
        """Say what kind of the machine's business two pieces of text are; or nothing."""
        for known in (_kind_of_an_id, self._kind_of_a_moment, self._kind_of_a_place):
            if kind := known(old, new):
                return kind
        if not (NUMBER.fullmatch(old) and NUMBER.fullmatch(new)):
            names = {self.facts.get("host"), self.facts.get("user")} - {None, ""}
            return "a name of the machine" if new in names else ""
        if new == self.facts.get("pid"):
            return "the number of a process"
        if NAMES_OBJECTS.search(self.source) and old.isdigit() and len(new) > 3:
            return "an identity that is new in every run"
        if UNIT_OF_TIME.match(after) and MEASURES_TIME.search(self.source):
            return "a time that was measured"
        return ""

    def _kind_of_a_moment(self, old: str, new: str) -> str:
        are_lengths = LENGTH_OF_TIME.fullmatch(old) and LENGTH_OF_TIME.fullmatch(new)
        if are_lengths and self._depends_on_now():
            return "how long it is from or to now"
        then, named = moment(old, self.now), moment(new, self.now)
        if then is None or named is None:
            return ""
        is_now = abs(named - self.now.timestamp()) < A_DAY
        return "a date or time of day" if is_now else ""

    def _depends_on_now(self) -> bool:
        """Tell whether the cell asks for the time of day, or uses a name that has it."""
        names = NAMES_NOW.findall(self.before)
        return bool(READS_NOW.search(self.source)) or any(
            re.search(rf"\b{name}\b", self.source) for name in names
        )

    def _kind_of_a_place(self, old: str, new: str) -> str:
        if not re.match(r"(?:[A-Za-z]:)?[/\\]", old):
            return ""
        for name in ("cwd", "tmp", "prefix", "home"):
            place = self.facts.get(name, "")
            if len(place) < 2 or not (
                new == place or new.startswith((place + "/", place + "\\"))
            ):
                continue
            rest = new[len(place) :]
            if name == "tmp" or old.endswith(rest):
                return "a path of this machine"
        return ""

    def whole_cell(self) -> str:
        """Say what the cell shows that is of the machine as a whole; or nothing."""
        found = (kind for code, kind in WHOLE_CELL if code.search(self.source))
        return next(found, "")

    def advice(self) -> str:
        """Say which line to write where a difference may be the machine's or chance."""
        if MEASURES_TIME.search(self.source):
            return (
                "the cell measures time; if that is what differs, tag it "
                "nbval-ignore-output, or mask the time, as in mask=[0-9.]+ s"
            )
        if NAMES_OBJECTS.search(self.source):
            return (
                "what is new in every run is masked by a tag such as mask=[0-9a-f-]{36}"
            )
        code = SEEDED_CALL.sub("", self.before + "\n" + self.source)
        if RANDOM.search(code) and not SEEDED.search(code):
            return (
                f"the notebook draws random numbers; seed them, as in {_seed_for(code)}"
            )
        return ""


def _seed_for(code: str) -> str:
    if re.search(r"tensorflow|keras", code):
        return "tf.keras.utils.set_random_seed(1)"
    if "torch" in code:
        return "torch.manual_seed(1)"
    if "sklearn" in code and not re.search(r"random\.|default_rng", code):
        return "random_state=1"
    if "default_rng" in code:
        return "np.random.default_rng(1)"
    if re.search(r"numpy|np\.", code):
        return "np.random.seed(1)"
    return "random.seed(1)"


def _replaced(pieces: list[str], kinds: list[str]) -> str:
    rest = iter(kinds)
    return "".join(
        piece if piece.isspace() or not (kind := next(rest)) else f"<{kind}>"
        for piece in pieces
    )


def _kind_of_an_id(old: str, new: str) -> str:
    if UUID.fullmatch(old) and UUID.fullmatch(new):
        return "an identity that is new in every run"
    return ""
