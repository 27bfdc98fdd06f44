"""What a tape recorded, drawn and explained."""

from gradtape.tape.drawing import draw_tape
from gradtape.tape.record import record

__all__ = ["draw_tape", "record"]
