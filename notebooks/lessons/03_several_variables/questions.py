"""Questions of lesson 3 that are answered in words and read by a person."""

from gradtape.classroom.written import Written
from gradtape.exercises.words import Words

QUESTIONS = (
    Written(
        "03-1",
        Words(
            "**In your own words.** Why does the gradient stand at a right angle to "
            "the contour line through its point? Argue with the chain rule along the "
            "line.",
            "**用自己的话回答。** 为什么梯度与过该点的等高线垂直？请沿着等高线用链式法则说明。",
        ),
        Words(
            "Walk along the contour line as (x(t), y(t)). There z does not change, "
            "so 0 = dz/dt = ∂z/∂x · x′(t) + ∂z/∂y · y′(t). That is the product of the "
            "gradient with the direction of the line, and it is 0: they are at a "
            "right angle (or the gradient is 0).",
            "沿等高线走，记作 (x(t), y(t))。z 不变，所以 0 = dz/dt = ∂z/∂x · x′(t) + ∂z/∂y · y′(t)。"
            "这正是梯度与等高线方向的点积，它等于 0，所以两者垂直（或者梯度为 0）。",
        ),
    ),
)
