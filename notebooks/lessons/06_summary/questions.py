"""Questions of lesson 6 that are answered in words and read by a person."""

from gradtape.classroom.written import Written
from gradtape.exercises.words import Words

QUESTIONS = (
    Written(
        "06-1",
        Words(
            "**Report on your project.** In at most ten sentences: which loss you "
            "took and why, where you started, how you saw that the fit was done, and "
            "one thing that went wrong on the way, with its cause.",
            "**项目报告。** 最多十句话：用的是哪个损失，为什么；从哪里出发；怎样看出拟合已经完成；"
            "途中出过的一个问题，以及原因。",
        ),
        Words(
            "A good report names a loss that is smooth in all parameters (the mean "
            "squared error), gives starting values and why they are near enough (a "
            "frequency that is far off has a minimum of its own), tells of a stop "
            "that was seen (the loss level, the gradient near 0, the residuals "
            "without a pattern), and has a real mistake with its cause: a learning "
            "rate too large, a parameter that the tape did not watch, a start from "
            "zero amplitude.",
            "好的报告会写出对所有参数都光滑的损失（均方误差），给出初值并说明为什么离得够近（频率差得太远，"
            "会落进另一个极小值），说明看到了什么才停下（损失走平、梯度接近 0、残差没有规律），并写出一个"
            "真实的错误和原因：学习率太大、某个参数没有被梯度带监视、振幅从零开始。",
        ),
        points=5,
    ),
)
