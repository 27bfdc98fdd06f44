"""Questions of lesson 11 that are answered in words and read by a person."""

from gradtape.classroom.written import Written
from gradtape.exercises.words import Words

QUESTIONS = (
    Written(
        "11-1",
        Words(
            "**In your own words.** Somebody shows you a saliency map of a network that "
            "reads X-ray pictures and says: “It is bright at the lung, so the network knows "
            "what it is doing.” What does the map say, and what does it not say? Use what "
            "the lesson showed about small changes, about scores and probabilities, and "
            "about gaps.",
            "**用自己的话回答。** 有人给你看一张显著图，是一个读 X 光片的网络的，并说：“肺部很亮，可见网络知道自己在做什么。”"
            "这张图说明了什么，没有说明什么？请结合课文里讲的微小改动、得分与概率，以及空隙。",
        ),
        Words(
            "It says how much the score changes if a single pixel there changes a little, "
            "at this picture. It is a derivative: local, about small changes, and about one "
            "score. It does not say which way the pixel pushes, since the magnitude is "
            "drawn, nor whether a line or its absence counts; nor that the answer is right; "
            "nor what happens under larger changes or many at once: a small "
            "change, along the signs of the same gradient, may turn the answer. A map of the "
            "probability in place of the score would be dark where the network is sure.",
            "它说明：在这张图片上，某个像素改动一点点，得分变化多大。它是导数，是局部的，讲的是微小的改动，也只针对一个得分。"
            "它没有说像素往哪边推（画的是绝对值），也没有说起作用的是笔画还是空白；没有说答案正确；"
            "更没有说改动大一些、或者许多像素一起改动时会怎样：沿着同一个梯度的符号，小小的改动就可能换掉答案。"
            "如果画的是概率而不是得分，网络越有把握，图就越暗。",
        ),
    ),
)
