"""Questions of lesson 10 that are answered in words and read by a person."""

from gradtape.classroom.written import Written
from gradtape.exercises.words import Words

QUESTIONS = (
    Written(
        "10-1",
        Words(
            "**In your own words.** Somebody trains on two graphics cards what was trained on one "
            "before, with the same code in the function that each device runs: a mean over the "
            "device's own examples, and gradients that are summed. The loss now jumps about. What "
            "has changed, and which two repairs are there? Where else in the lesson did the same "
            "rule appear?",
            "**用自己的话回答。** 有人原来在一块显卡上训练，现在换成两块，每个设备运行的函数不变：对自己的样本取平均，梯度相加。"
            "现在损失跳来跳去。是什么变了？有哪两种改法？同一条规则在这一课的哪里还出现过？",
        ),
        Words(
            "Each device divides by the number of its own examples, half of the batch, so the sum "
            "of both gradients is twice that of the whole batch: as if the learning rate had been "
            "doubled. Repairs: divide by the size of the whole batch in each device (for instance "
            "with tf.nn.compute_average_loss) and add; or take the mean of the devices' gradients, "
            "which is right if all have equally many examples. It is the rule of accumulating: "
            "parts are divided by the size of the whole and added.",
            "每个设备除以的是自己的样本数，只有整批的一半，所以两个梯度之和是整批梯度的两倍，就像学习率加倍了一样。"
            "改法：每个设备都除以整批的大小（例如用 tf.nn.compute_average_loss），再相加；或者对各设备的梯度取平均，"
            "这在各设备样本数相同时才对。这与累积梯度是同一条规则：每一部分都除以整批的大小，再相加。",
        ),
    ),
)
