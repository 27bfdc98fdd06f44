"""What a tape recorded, drawn and explained."""

from gradtape.tape.diagnosis import Diagnosis
from gradtape.tape.drawing import draw_tape
from gradtape.tape.explain import explain_gradient
from gradtape.tape.record import record

__all__ = ["Diagnosis", "draw_tape", "explain_gradient", "record"]
