"""What is said of an answer that is not right at the points of a check."""

import pytest

from gradtape.exercises.comparing import same_function
from gradtape.exercises.exercise import Wrong


def test_how_far_an_answer_is_off_is_told_in_percent():
    with pytest.raises(Wrong, match=" 1 %") as told:
        same_function(lambda x: 1.01 * x, lambda x: x, [1.0, 2.0, 3.0])
    assert told.value.found == "close"
