"""A gradient tape for plain numbers, small enough to be read in ten minutes.

The tape is a list. Each number has a place on it, where stands what the number was made
of: every number that went in, with the slope of this one step. As a number always stands
behind those it was made of, the way back is the list, read backwards.
"""

import math


class Tape:
    """A record of what each number was made of.

    Examples
    --------
    >>> tape = Tape()
    >>> x = tape.number(3.0)
    >>> y = x**4
    >>> y.value, tape.gradient(y, x)
    (81.0, 108.0)
    """

    def __init__(self):
        self.steps = []

    def number(self, value, made_of=()):
        """Return a number with the next place; made_of holds numbers and slopes."""
        self.steps.append(made_of)
        return Number(self, len(self.steps) - 1, value)

    def gradient(self, target, source):
        """Return by how much the target changes for each unit of the source."""
        slopes = [0.0] * len(self.steps)
        slopes[target.place] = 1.0
        for place in reversed(range(target.place + 1)):
            for origin, slope in self.steps[place]:
                slopes[origin.place] += slopes[place] * slope
        return slopes[source.place]


class Number:
    """A number that knows its place on its tape."""

    def __init__(self, tape, place, value):
        self.tape, self.place, self.value = tape, place, value


def operation(f, *slopes):
    """Make a function of numbers one of recorded numbers; it has a slope for each."""

    def recorded(*inputs):
        values = [x.value if isinstance(x, Number) else x for x in inputs]
        pairs = zip(inputs, slopes, strict=True)
        made_of = [(x, s(*values)) for x, s in pairs if isinstance(x, Number)]
        return made_of[0][0].tape.number(f(*values), made_of)

    return recorded


add = operation(lambda a, b: a + b, lambda a, b: 1.0, lambda a, b: 1.0)
subtract = operation(lambda a, b: a - b, lambda a, b: 1.0, lambda a, b: -1.0)
multiply = operation(lambda a, b: a * b, lambda a, b: b, lambda a, b: a)
divide = operation(lambda a, b: a / b, lambda a, b: 1 / b, lambda a, b: -a / b**2)
power = operation(pow, lambda a, b: b * a ** (b - 1), lambda a, b: a**b * math.log(a))
sin = operation(math.sin, math.cos)
exp = operation(math.exp, math.exp)
log = operation(math.log, lambda a: 1 / a)

Number.__add__ = Number.__radd__ = add
Number.__mul__ = Number.__rmul__ = multiply
Number.__sub__, Number.__rsub__ = subtract, lambda b, a: subtract(a, b)
Number.__truediv__, Number.__rtruediv__ = divide, lambda b, a: divide(a, b)
Number.__pow__, Number.__rpow__ = power, lambda b, a: power(a, b)
Number.__neg__ = lambda a: subtract(0.0, a)
