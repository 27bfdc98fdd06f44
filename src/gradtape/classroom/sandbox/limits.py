"""What a hand-in may use while it is graded."""

from __future__ import annotations

from dataclasses import dataclass

_MEGABYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """How much a hand-in may use.

    Attributes
    ----------
    seconds : float
        Of the processor's time, for one cell. What only waits is given four times as
        long.
    all_seconds : float
        Of the processor's time, for a whole hand-in.
    memory : int
        Bytes, of all its processes together.
    disk : int
        Bytes that its folder may hold.
    processes : int
        How many processes and threads there may be at a time.
    message : int
        Bytes that it may send at a time.
    """

    seconds: float = 30.0
    all_seconds: float = 240.0
    memory: int = 3000 * _MEGABYTE
    disk: int = 256 * _MEGABYTE
    processes: int = 400
    message: int = 32 * _MEGABYTE

    def __post_init__(self):
        """Refuse limits that nothing could run under."""
        for name in (
            "seconds",
            "all_seconds",
            "memory",
            "disk",
            "processes",
            "message",
        ):
            if not getattr(self, name) > 0:
                raise ValueError(
                    f"{name} is {getattr(self, name)}; it has to be above 0"
                )
