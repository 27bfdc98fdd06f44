"""Questions of lesson 8 that are answered in words and read by a person."""

from gradtape.classroom.written import Written
from gradtape.exercises.words import Words

QUESTIONS = (
    Written(
        "08-1",
        Words(
            "**In your own words.** A network has a million parameters and one loss; a "
            "simulation has three parameters and ten thousand outputs. For which would "
            "you use reverse mode and for which forward mode, and how many passes does "
            "each take for all first derivatives? Why is the answer for the Hessian of "
            "the network neither?",
            "**用自己的话回答。** 一个网络有一百万个参数、一个损失；一个仿真程序有三个参数、一万个输出。"
            "要求出全部一阶导数，哪个用反向模式，哪个用前向模式？各要走几遍？为什么对网络的黑塞矩阵，两种答案都不合适？",
        ),
        Words(
            "Reverse mode gives all inputs of one output in a pass: one pass for the "
            "network, ten thousand for the simulation. Forward mode gives all outputs of "
            "one input in a pass: three passes for the simulation, a million for the "
            "network. The network's Hessian has a million rows and a million columns, so "
            "either mode takes a million passes, and the matrix cannot be stored. What "
            "can be had is its product with a vector, by forward over reverse, at the "
            "cost of a few gradients.",
            "反向模式一遍给出一个输出对所有输入的导数：网络一遍，仿真程序一万遍。前向模式一遍给出所有输出对一个输入的导数："
            "仿真程序三遍，网络一百万遍。网络的黑塞矩阵有一百万行、一百万列，哪种模式都要一百万遍，而且存不下。"
            "能求的是它与一个向量的乘积：用前向套反向，代价只是几次梯度。",
        ),
    ),
)
