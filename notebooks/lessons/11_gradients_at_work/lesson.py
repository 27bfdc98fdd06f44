# ---
# jupyter:
#   gradtape:
#     minutes: 45
#     optional: 50
#     teaches:
#       en: gradients with respect to pictures, to intermediate values, and in losses, on five small projects
#       zh: 对图片、对中间值求梯度，以及损失里的梯度，五个小项目
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 11 · Gradients at work
#
# So far the source was nearly always a parameter. But a tape differentiates by whatever it has on record: by the *input* of a network, by a value *in the middle* of it, by the learning rate. And a gradient may itself be part of a loss. Five small projects live on that.
#
# By the end you will be able to
#
# - change a picture so little that you still read the same digit, and a network another;
# - draw where in a picture a network looked, by an intermediate value (Grad-CAM);
# - solve a differential equation with a network, and say why ReLU cannot;
# - in optional sections: say how much each pixel adds to a score, put a gradient into a loss, in a loop of your own and with `fit`, and differentiate through a training step.
#
# You need lesson [5](05_gradients_in_deep_learning.ipynb), for the differential equation [4](04_higher_order_derivatives.ipynb). The core takes about 45 minutes, the sections marked “optional” another 50.

# %% [markdown] lang="zh"
# # 11 · 梯度的用武之地
#
# 到现在为止，求导的源几乎总是参数。其实梯度带（gradient tape，也译梯度磁带、求导记录器）记录了什么，就可以对什么求导：网络的**输入**，网络**中间**的某个值，还有学习率。梯度本身也可以写进损失。下面的五个小项目，靠的都是这些。
#
# 学完这一课，你能够
#
# - 把图片改动一点点，人认出的还是原来的数字，网络却认成了另一个；
# - 对中间值求导，画出网络看的是图片的哪里（Grad-CAM）；
# - 用网络解微分方程，并说出为什么 ReLU 不行；
# - 在选学的几节里：说出每个像素给得分贡献了多少；把梯度写进损失，无论是自己写循环还是用 `fit`；对一步训练求导。
#
# 请先学完第 [5](05_gradients_in_deep_learning.ipynb) 课；微分方程一节还要用到第 [4](04_higher_order_derivatives.ipynb) 课。必学部分大约需要 45 分钟，标有“选学”的几节另需 50 分钟。

# %%
import gradtape as gt
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

gt.start("11", lang="en", needs="scikit-learn")
tf.keras.config.set_floatx("float64")

# %% [markdown] lang="en"
# Keras computes in `float64` here: training enlarges rounding differences, and with 16 digits what a network has learned agrees on any processor.
#
# ## A network that reads digits
#
# scikit-learn ships with 1797 handwritten digits, $8 \times 8$ pixels in shades from 0 to 16, which we divide by 16. The network has two convolutional layers: each slides small patterns of $3 \times 3$ numbers over the picture and notes, at every place, how well they fit. The second has 32 patterns, so it gives 32 **maps** of $8 \times 8$. Each map is averaged, and from the 32 means the last layer makes ten **scores**, one for each digit. The highest score is the answer; softmax turns scores into probabilities.

# %% [markdown] lang="zh"
# 这里让 Keras 用 `float64` 计算：训练会放大舍入误差，有了 16 位数字，不论在什么处理器上，网络学到的都一样。
#
# ## 认数字的网络
#
# scikit-learn 自带 1797 个手写数字，每个 $8 \times 8$ 像素，灰度从 0 到 16，我们把它除以 16。网络有两个卷积层：每一层让若干个 $3 \times 3$ 的小图案在图片上滑动，记下它在各处吻合的程度。第二层有 32 个图案，得到 32 张 $8 \times 8$ 的**特征图**。每张特征图取平均，最后一层由这 32 个平均值算出十个**得分**，一个数字一个。得分最高的就是答案；softmax 把得分换成概率。

# %%
from sklearn.datasets import load_digits

digits = load_digits()
images = tf.constant(digits.images[..., np.newaxis] / 16.0)
labels = tf.constant(digits.target)

tf.keras.utils.set_random_seed(0)
convolution = {"kernel_size": 3, "padding": "same", "activation": "relu"}
inputs = tf.keras.Input((8, 8, 1))
hidden = tf.keras.layers.Conv2D(16, **convolution)(inputs)
maps = tf.keras.layers.Conv2D(32, **convolution)(hidden)
means = tf.keras.layers.GlobalAveragePooling2D()(maps)
scores = tf.keras.layers.Dense(10)(means)
model = tf.keras.Model(inputs, scores)

cross_entropy = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(tf.keras.optimizers.Adam(0.01), cross_entropy)
model.fit(images[:1500], labels[:1500], batch_size=100, epochs=20, verbose=0)

pictures, truth = images[1500:], labels[1500:]


def share_right(pictures):
    return np.mean(tf.argmax(model(pictures), axis=1) == truth)


print(f"{share_right(pictures):.2f}")

# %% [markdown] lang="en"
# Of 297 pictures that it has never seen, the network reads more than four in five. The loss, **cross-entropy**, is the negative logarithm of the probability given to the right digit: 0 if it is 1.
#
# ## A small change, another digit
#
# Training asks how the loss changes with the *parameters*, and goes downhill. Now the parameters stay and the *picture* is the source. It is a constant, so the tape has to watch it. The gradient has the picture's shape: a number for each pixel, saying which way the loss rises.
#
# **Predict first.** Every pixel is changed by one shade out of 16. If up or down is drawn by chance, nothing much happens. Now each pixel goes the way in which the loss rises, by the same single shade (none below white or above black). Which share is still read rightly?

# %% [markdown] lang="zh"
# 297 张没见过的图片，网络认对了八成以上。这里的损失是**交叉熵**，即正确数字的概率取对数再变号；概率为 1 时，它是 0。
#
# ## 小小的改动，另一个数字
#
# 训练时，问的是损失怎样随**参数**变化，然后往下走。现在参数不动，**图片**是源。它是常量，所以要让梯度带监视（watch）它。梯度的形状与图片相同：每个像素一个数，指明往哪边变损失会上升。
#
# **先猜一猜。** 把每个像素都改动一级灰度（共 16 级）。如果往上还是往下由随机决定，影响不大。现在让每个像素都朝损失上升的方向改动，幅度同样是一级（不超出白和黑）。还能认对的占多少？

# %%
gt.predict("11.a", ...)

# %%
with tf.GradientTape() as tape:
    tape.watch(pictures)
    loss = cross_entropy(truth, model(pictures))
gradient = tape.gradient(loss, pictures)
print(gradient.shape)

by_chance = np.random.default_rng(0).choice([-1.0, 1.0], size=gradient.shape)
for signs in (by_chance, tf.sign(gradient)):
    changed = tf.clip_by_value(pictures + signs / 16.0, 0.0, 1.0)
    print(f"{share_right(changed):.2f}")
gt.predict("11.a", outcome=share_right(changed))

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# About 0.4, where chance leaves as many as before. A single pixel hardly counts, but up to 64 push the same way. Were none at the edge of the range, the loss would rise, in linear approximation, by the sum of all $|\partial L/\partial x_i|$, times the size of the change.
#
# </details>
#
# Such a picture is an **adversarial example**; this way to make one is called the fast gradient sign method. Left a picture, right the same one changed: can you tell them apart? In the middle stands the change itself: violet darker by a shade, brown lighter, white not at all (the pixel was at the edge).

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 大约 0.4；随机改动时几乎没有影响。单个像素几乎不起作用，但最多有 64 个像素朝同一个方向使劲。假如没有像素被白和黑挡住，按线性近似，损失的增量等于全部 $|\partial L/\partial x_i|$ 之和乘以改动的幅度。
#
# </details>
#
# 这样的图片叫**对抗样本**；这种做法叫快速梯度符号法（FGSM）。左边是原图，右边是改动后的图，分得出来吗？中间是改动本身：紫色加深一级，棕色变浅一级，白色没有动（像素已经到头）。这张图片是挑出来的。


# %%
def draw(ax, picture, title="", **style):
    ax.imshow(picture, **style)
    ax.set(xticks=[], yticks=[], title=title)
    ax.grid(False)


def answer(picture):
    p = tf.nn.softmax(model(picture[np.newaxis])[0]).numpy()
    return f"{p.argmax()}: {p.max():.0%}"


before, after = pictures[187], changed[187]
fig, axes = plt.subplots(1, 3, figsize=(7.2, 2.8))
draw(axes[0], before, f"$x$   {answer(before)}", cmap="gray_r")
draw(axes[1], 16.0 * (after - before), r"$16\,(x' - x)$", cmap="PuOr", vmin=-1, vmax=1)
draw(axes[2], after, f"$x'$   {answer(after)}", cmap="gray_r")
plt.show()

# %% [markdown] lang="en"
# The white has turned a little grey; it is still a 0. The network, sure of a 0 before, is as sure of a 6. (Few pictures turn so clearly; this one was chosen.) Nothing about it is broken: its loss has a slope in 64 directions, and we used them at once.
#
# ## Where did the network look? (optional)
#
# The same gradient, not of the loss but of one *score*, says which pixels the score reacts to. Its magnitude, drawn as a picture, is a **saliency map**. The target below holds one score for each picture. The tape adds them up, but each depends on its own picture only, so every picture gets its own gradient.

# %% [markdown] lang="zh"
# 白的地方有一点发灰，但它仍然是 0。网络原来很有把握地认作 0，现在同样有把握地认作 6。网络并没有坏：损失在 64 个方向上都有坡度，而我们同时用上了全部方向。
#
# ## 网络看了哪里？（选学）
#
# 同样是对图片求导，这次的目标不是损失，而是某一个**得分**：它说明得分对哪些像素敏感。把绝对值画成图，就是**显著图（saliency map）**。下面的目标是每张图片一个得分。梯度带会把它们加起来，但每个得分只依赖自己的图片，所以每张图片得到的就是自己的梯度。


# %%
def saliency(pictures, which):
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        chosen = tf.gather(model(pictures), which, axis=1, batch_dims=1)
    return tf.abs(tape.gradient(chosen, pictures))


ten = tf.stack([pictures[truth == digit][0] for digit in range(10)])
shown = saliency(ten, tf.range(10))

fig, axes = plt.subplots(2, 10, figsize=(7.2, 1.8))
for column, picture, map_ in zip(axes.T, ten, shown):
    draw(column[0], picture, cmap="gray_r")
    draw(column[1], map_, cmap="magma")
plt.show()

# %% [markdown] lang="en"
# Above ten digits, below how much the score would change with each pixel. Look for bright spots where the picture is *white*: there a stroke would change the answer. The network looks at gaps as well as at lines.
#
# ### How much did each pixel add? (optional)
#
# A saliency map says what a *change* would do, not how much of the score a pixel made. **Integrated gradients** answer that: let the picture grow from white, in small steps, and add up what each pixel contributes on the way,
#
# $$
# a_i = x_i \int_0^1 \frac{\partial s}{\partial x_i}(t\,x)\,dt, \qquad \sum_i a_i = s(x) - s(0)
# $$
#
# The second formula is the fundamental theorem of calculus along this way, and a check that every such picture should pass. The integral becomes a mean over 200 pictures, which the network reads as one batch. Violet speaks for the digit, brown against it. Here is a 9, asked for two scores:

# %% [markdown] lang="zh"
# 上面是十个数字，下面是每个像素变动时，得分会变多少。请找一找，图片上**空白**、下面却发亮的地方：在那里添一笔，答案就会变。网络既看笔画，也看空隙。
#
# ### 每个像素贡献了多少？（选学）
#
# 显著图说的是**变动**会怎样，而不是得分里有多少出自某个像素。回答后一个问题的是**积分梯度（integrated gradients）**：让图片从全白开始一小步一小步变深，把途中每个像素的贡献加起来：
#
# $$
# a_i = x_i \int_0^1 \frac{\partial s}{\partial x_i}(t\,x)\,dt, \qquad \sum_i a_i = s(x) - s(0)
# $$
#
# 第二个式子就是沿这条路的微积分基本定理，也是一项检验，这样的图都应当通过。积分换成 200 张图片的平均，作为一批交给网络。紫色支持这个数字，棕色反对。下面是一个 9，问它的两个得分：


# %%
def integrated_gradients(picture, digit, steps=200):
    shares = (np.arange(steps) + 0.5) / steps
    path = shares[:, np.newaxis, np.newaxis, np.newaxis] * picture
    with tf.GradientTape() as tape:
        tape.watch(path)
        score = model(path)[:, digit]
    return picture * tf.reduce_mean(tape.gradient(score, path), axis=0)


picture = pictures[7]
parts = [integrated_gradients(picture, digit) for digit in (9, 3)]
largest = np.abs(parts).max()
fig, axes = plt.subplots(1, 3, figsize=(7.2, 2.8))
draw(axes[0], picture, answer(picture), cmap="gray_r")
for ax, digit, part in zip(axes[1:], (9, 3), parts):
    draw(ax, part, f"$a$, $s_{digit}$", cmap="PuOr", vmin=-largest, vmax=largest)
plt.show()

for digit, part in zip((9, 3), parts):
    whole = model(picture[np.newaxis])[0, digit] - model(0.0 * pictures[:1])[0, digit]
    print(digit, f"{tf.reduce_sum(part):.2f} {whole:.2f}")

# %% [markdown] lang="en"
# The parts add up to the score, less that of a white picture. For the 3 the strokes at the top speak, and most against it speaks the dark pixel at the left, which closes the loop: a 3 is open there. (White as the start is a choice; another start gives other parts.)
#
# ## An intermediate value as source
#
# Between input and score lie values that a tape has on record too. You may differentiate by them without watching anything, if they were computed *inside the block* from something watched; the variables of a network are. (If $m = \sin x$ and $y = 3\,m$, then `tape.gradient(y, m)` is 3, whatever $m$ was made of.)
#
# **Grad-CAM** does this with the 32 maps of the second layer. A model with *two outputs* gives them and the scores in one call. Each map gets a weight, the mean of the score's gradient over it; the weighted maps are added, and ReLU keeps what speaks *for* the digit:
#
# $$
# C = \mathrm{relu}\Big(\sum_k w_k A_k\Big), \qquad w_k = \frac{1}{64} \sum_{i,j} \frac{\partial s}{\partial A_{k,ij}}
# $$

# %% [markdown] lang="zh"
# 各部分之和等于得分减去白图的得分。支持 3 的是上方的笔画；反对最强烈的是左边那个深色像素，它把圈封上了，而 3 在那里是开口的。（从白图开始是一种选择，换一个起点，各部分就不同。）
#
# ## 以中间值为源
#
# 从输入到得分，中间的值也在梯度带的记录里。只要它们是**在块内**由受监视的东西算出来的（网络的变量就自动受监视），不必另外监视，就能对它们求导。（设 $m = \sin x$，$y = 3\,m$，那么 `tape.gradient(y, m)` 是 3，不管 $m$ 是怎么来的。）
#
# **Grad-CAM** 对第二层的 32 张特征图就是这样做的。做一个有**两个输出**的模型，调用一次，同时得到特征图和得分。每张特征图有一个权重，即得分对它的梯度的平均；特征图加权求和，再用 ReLU 留下**支持**这个数字的部分：
#
# $$
# C = \mathrm{relu}\Big(\sum_k w_k A_k\Big), \qquad w_k = \frac{1}{64} \sum_{i,j} \frac{\partial s}{\partial A_{k,ij}}
# $$

# %%
with_maps = tf.keras.Model(inputs, [maps, scores])


def grad_cam(picture, digit):
    with tf.GradientTape() as tape:
        A, s = with_maps(picture[np.newaxis])
        score = s[0, digit]
    weights = tf.reduce_mean(tape.gradient(score, A), axis=[1, 2])
    return tf.nn.relu(tf.reduce_sum(weights * A, axis=-1))[0]


picture = pictures[7]
fig, axes = plt.subplots(1, 3, figsize=(7.2, 2.8))
draw(axes[0], picture, answer(picture), cmap="gray_r")
cams = [grad_cam(picture, digit) for digit in (9, 3)]
for ax, digit, cam in zip(axes[1:], (9, 3), cams):
    draw(ax, cam, f"$s_{digit}$", cmap="magma", vmin=0, vmax=np.max(cams))
plt.show()

# %% [markdown] lang="en"
# A 9 that the network takes for a 3 with some probability. For the 9 the closed loop above speaks, for the 3 the bow at the upper right and the lower edge. The same picture, maps and colours; only the target has changed. (Here a mean and one layer follow the maps, so the 64 numbers averaged in $w_k$ are equal. With more layers they differ.)
#
# ## A differential equation solved by a network
#
# An oscillator obeys $y'' = -y$, with $y(0) = 0$ and $y'(0) = 1$. Its solution is $\sin t$, which we keep for comparison. A network $y(t)$ solves the equation if the **residual** $y'' + y$ is 0 everywhere. So we make the residual a loss, and add what is missing at the start. There are no data at all, only the equation. Such a network is called a *physics-informed neural network* (PINN).
#
# Two nested tapes give $y'$ and $y''$ with respect to the *input*; a third one, around them, gives the gradient for the parameters.

# %% [markdown] lang="zh"
# 这是一个 9，网络觉得也有可能是 3。支持 9 的是上方闭合的圈，支持 3 的是右上的弧和下边缘。图片、特征图、颜色刻度都相同，变的只是目标。（这里特征图之后只有平均和一层，$w_k$ 里取平均的 64 个数其实相等；后面的层多了才会不同。）
#
# ## 用网络解微分方程
#
# 振子满足 $y'' = -y$，初值 $y(0) = 0$、$y'(0) = 1$。它的解是 $\sin t$，留着作比较。网络 $y(t)$ 只要处处使**残差** $y'' + y$ 为 0，就解出了方程。所以把残差作为损失，再加上初值的偏差。这里没有任何数据，只有方程。这样的网络叫**物理信息神经网络（PINN）**。
#
# 两个嵌套的梯度带给出对**输入**的导数 $y'$ 和 $y''$；外面的第三个给出对参数的梯度。

# %%
times = tf.constant(np.linspace(0.0, 2.0 * np.pi, 60)[:, np.newaxis])


def two_derivatives(y, t):
    with tf.GradientTape() as outer_tape:
        outer_tape.watch(t)
        with tf.GradientTape() as tape:
            tape.watch(t)
            value = y(t)
        first = tape.gradient(value, t)
    return value, first, outer_tape.gradient(first, t)


def network(activation):
    tf.keras.utils.set_random_seed(0)
    layers = [tf.keras.layers.Dense(20, activation) for _ in range(2)]
    return tf.keras.Sequential(
        [tf.keras.Input((1,)), *layers, tf.keras.layers.Dense(1)]
    )


def solve(activation, steps=1500):
    y = network(activation)
    rate = tf.keras.optimizers.schedules.CosineDecay(0.01, steps)
    optimizer = tf.keras.optimizers.Adam(rate)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            value, first, second = two_derivatives(y, times)
            residual = tf.reduce_mean((second + value) ** 2)
            loss = residual + value[0, 0] ** 2 + (first[0, 0] - 1.0) ** 2
        parameters = y.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, parameters), parameters))
        return loss

    for _ in range(steps):
        loss = step()
    return y, loss.numpy()


# %% [markdown] lang="en"
# `CosineDecay` lets the learning rate sink to 0 over the steps. We train twice, with tanh and with ReLU.
#
# **Predict first.** What will the ReLU network make of the equation?

# %% [markdown] lang="zh"
# `CosineDecay` 让学习率在训练中逐渐降到 0。训练两次，一次用 tanh，一次用 ReLU。
#
# **先猜一猜。** ReLU 网络会把方程解成什么？

# %%
gt.predict("11.b", ...)

# %%
smooth, smooth_loss = solve("tanh")
pieces, pieces_loss = solve("relu")

print(f"tanh: loss {smooth_loss:.4f}")
print(f"relu: loss {pieces_loss:.4f}")
gt.predict("11.b", outcome=pieces(times))

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Nothing: it becomes 0. A ReLU network consists of straight pieces, so the tape gives $y'' = 0$ everywhere, correctly. The residual is then $y$ itself, and training ends near $y = 0$. What remains of the loss is 1, for the missing slope at the start.
#
# </details>
#
# Both solutions and $\sin t$ (dotted). Where do you see that ReLU has given up?

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 什么也没解出来，结果是 0。ReLU 网络由直线段组成，梯度带处处给出 $y'' = 0$，这并没有错。于是残差就是 $y$ 本身，训练停在 $y = 0$ 附近。损失剩下的 1，是初始斜率没有满足造成的。
#
# </details>
#
# 下面是两个解和 $\sin t$（点线）。从哪里看得出 ReLU 放弃了？

# %%
fig, ax = plt.subplots()
ax.plot(times, smooth(times), label="tanh")
ax.plot(times, pieces(times), "--", label="relu")
ax.plot(times, np.sin(times), ":", color="0.15", linewidth=3, label=r"$\sin t$")
ax.set(xlabel="$t$", ylabel="$y(t)$")
ax.legend()
plt.show()

# %% [markdown] lang="en"
# The tanh network lies on the sine, the other on the axis. A ReLU network could even reach loss 0 and solve as little, with a small tooth of slope 1 at the start that is gone before the next of the 60 points: the loss cannot see $y''$. A smooth, curved activation function is needed.
#
# ## Differentiate through a training step (optional)
#
# In lesson [5](05_gradients_in_deep_learning.ipynb) the learning rate was found by trying. But the loss *after* a step is a function of the rate $\eta$ like any other:
#
# $$
# \varphi(\eta) = L\big(w - \eta\,\nabla L(w)\big), \qquad \varphi'(\eta) = -\nabla L\big(w - \eta\,\nabla L(w)\big) \cdot \nabla L(w)
# $$
#
# The new parameters have to be *tensors*: `assign` would cut the connection ([P7](12_the_pitfalls_one_by_one.ipynb#P7)). First the line of lesson 5, with its gradient $(-22, -7.3)$. What slope do you expect at $\eta = 0$?

# %% [markdown] lang="zh"
# tanh 网络与正弦曲线重合，另一个贴着横轴。ReLU 网络甚至可以让损失为 0：在起点以斜率 1 冒一个小尖，没到 60 个点中的下一个就落回 0。这同样什么也没解出来，因为损失看不到 $y''$。激活函数要光滑，而且要弯。
#
# ## 对一步训练求导（选学）
#
# 第 [5](05_gradients_in_deep_learning.ipynb) 课的学习率是试出来的。其实走一步**之后**的损失，也是学习率 $\eta$ 的一个函数：
#
# $$
# \varphi(\eta) = L\big(w - \eta\,\nabla L(w)\big), \qquad \varphi'(\eta) = -\nabla L\big(w - \eta\,\nabla L(w)\big) \cdot \nabla L(w)
# $$
#
# 新的参数必须是**张量**：用 `assign` 会断开连接（[P7](12_the_pitfalls_one_by_one.ipynb#P7)）。先看第 5 课的直线，它的梯度是 $(-22, -7.3)$。你估计 $\eta = 0$ 处的斜率是多少？

# %%
x = tf.constant([1.0, 2.0, 3.0, 4.0])
start = tf.constant([0.5, 0.1])


def line_loss(w):
    return tf.reduce_mean((w[0] * x + w[1] - 2.0 * x) ** 2)


def after_a_step(rate):
    with tf.GradientTape() as tape:
        tape.watch(start)
        loss = line_loss(start)
    return line_loss(start - rate * tape.gradient(loss, start))


value, slope = gt.value_and_gradient(after_a_step, 0.0)
print(f"{value.numpy():.3f} {slope.numpy():.2f}")

gt.plot_tangent(after_a_step, at=0.0, interval=(-0.005, 0.12))
plt.show()

# %% [markdown] lang="en"
# $-537.29 = -(22^2 + 7.3^2)$: at the start of the step the loss falls by the squared length of the gradient. The lowest point of the parabola, where $\varphi' = 0$, is the best rate for this step.
#
# A network has its parameters inside. Keras 3 calls it with others by `stateless_call`, which takes tensors and returns the outputs, and the other variables as they would be updated. Here is the digit network, fresh, before and after one step:

# %% [markdown] lang="zh"
# $-537.29 = -(22^2 + 7.3^2)$：刚迈步时，损失下降的速度就是梯度长度的平方。抛物线的最低点，也就是 $\varphi' = 0$ 处，是这一步最好的学习率。
#
# 网络的参数在它自己内部。Keras 3 的 `stateless_call` 可以换一组参数来调用：传入张量，返回输出，以及其余变量更新后的值。下面是没有训练过的认数字的网络，走一步之前和之后：

# %%
tf.keras.utils.set_random_seed(0)
fresh = tf.keras.models.clone_model(model)


@tf.function
def network_after_a_step(rate):
    with tf.GradientTape() as outer_tape:
        outer_tape.watch(rate)
        with tf.GradientTape() as tape:
            loss = cross_entropy(labels[:200], fresh(images[:200]))
        gradients = tape.gradient(loss, fresh.trainable_variables)
        moved = [w - rate * g for w, g in zip(fresh.trainable_variables, gradients)]
        output, _ = fresh.stateless_call(
            moved, fresh.non_trainable_variables, images[:200]
        )
        loss = cross_entropy(labels[:200], output)
    return loss, outer_tape.gradient(loss, rate)


rates = np.linspace(0.0, 10.0, 41)
losses, slopes = np.array([network_after_a_step(tf.constant(r)) for r in rates]).T

fig, (above, below) = plt.subplots(2, 1, sharex=True)
above.plot(rates, losses, color="0.15")
below.plot(rates, slopes, "--", color="C0")
below.axhline(0.0, color="0.6")
above.set(ylabel=r"$\varphi(\eta)$")
below.set(xlabel=r"$\eta$", ylabel=r"$\varphi'(\eta)$")
plt.show()

# %% [markdown] lang="en"
# The lower curve crosses zero where the upper one is lowest: the best rate for this *one* step, from a flat start. Whoever has $\varphi'$ can train the learning rate. By the start $w$ instead of $\eta$, two tapes give $(I - \eta H)\,\nabla L(w')$, with the Hessian $H$ at $w$ and the new place $w'$: that is what meta-learning (MAML) uses.
#
# ## A gradient penalty (optional)
#
# The critic of a Wasserstein GAN is to score real examples high and invented ones low; the gap between the mean scores says how far the two kinds are apart. Without a limit on its slope it makes the gap as large as it likes. A **gradient penalty** (WGAN-GP) asks that the slope have length 1, at random points between a real and an invented example:
#
# $$
# L = \overline{c(\text{invented})} - \overline{c(\text{real})} + \lambda\,\overline{\big(\lVert\nabla_x c(x)\rVert - 1\big)^2}
# $$
#
# One norm for *each example*, then the mean. (Where a gradient is exactly 0, `tf.norm` has the derivative NaN; $\sqrt{\sum g^2 + 10^{-12}}$ does not.) Our examples are single numbers, real ones around 2, invented ones around $-1$:

# %% [markdown] lang="zh"
# 下面的曲线过零的地方，正是上面的曲线最低的地方：这是从平坦的起点走**这一步**的最好学习率。有了 $\varphi'$，连学习率也可以训练。元学习（MAML）求导的源不是 $\eta$，而是起点 $w$：同样两个梯度带，得到 $(I - \eta H)\,\nabla L(w')$，其中 $H$ 是 $w$ 处的黑塞矩阵（Hessian，又译海森矩阵），$w'$ 是新位置。
#
# ## 梯度惩罚（选学）
#
# Wasserstein GAN 的评价网络（critic）要给真样本打高分，给假样本打低分；两个平均分之差，说明两类样本相距多远。如果不限制它的斜率，这个差可以任意大。**梯度惩罚**（WGAN-GP）要求：在真假样本之间随机取的点上，梯度的长度为 1：
#
# $$
# L = \overline{c(\text{假})} - \overline{c(\text{真})} + \lambda\,\overline{\big(\lVert\nabla_x c(x)\rVert - 1\big)^2}
# $$
#
# **每个样本**算一个范数，再取平均。（梯度恰好为 0 时，`tf.norm` 的导数是 NaN；写成 $\sqrt{\sum g^2 + 10^{-12}}$ 就没事。）这里的样本就是单个的数，真的在 2 附近，假的在 $-1$ 附近：

# %%
generator = np.random.default_rng(0)
real = tf.constant(generator.normal(2.0, 0.5, size=(200, 1)))
invented = tf.constant(generator.normal(-1.0, 0.5, size=(200, 1)))


def penalty_of(critic, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        c = critic(x)
    lengths = tf.norm(tape.gradient(c, x), axis=1)
    return tf.reduce_mean((lengths - 1.0) ** 2)


def gap(critic):
    return tf.reduce_mean(critic(real)) - tf.reduce_mean(critic(invented))


def trained_critic(weight):
    critic = network("tanh")
    optimizer = tf.keras.optimizers.Adam(0.01)

    @tf.function
    def step():
        share = tf.random.uniform([200, 1], dtype=real.dtype)
        between = share * real + (1.0 - share) * invented
        with tf.GradientTape() as tape:
            loss = weight * penalty_of(critic, between) - gap(critic)
        parameters = critic.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, parameters), parameters))

    for _ in range(400):
        step()
    return critic


# %%
free, held = trained_critic(0.0), trained_critic(10.0)
means = [tf.reduce_mean(examples).numpy() for examples in (real, invented)]
print(f"apart:   {means[0] - means[1]:.2f}")
print(f"free:    {gap(free).numpy():.0f}")
print(f"penalty: {gap(held).numpy():.2f}")

# %% [markdown] lang="en"
# Below $c$ (dark) and its derivative (dashed), left without, right with the penalty. The small ticks are the examples, orange the real ones, green the invented. Compare the scales of the two panels:

# %% [markdown] lang="zh"
# 下面是 $c$（深色）和它的导数（虚线），左边没有惩罚，右边有惩罚。小竖线是样本，橙色是真的，绿色是假的。请比较两边的刻度：

# %%
fig, axes = plt.subplots(1, 2, figsize=(7.2, 3.2))
for ax, critic in zip(axes, (free, held)):
    gt.plot_derivatives(
        lambda x: tf.reshape(critic(tf.reshape(x, [-1, 1])), tf.shape(x)),
        (-3.0, 4.0),
        order=1,
        mark=(),
        ax=ax,
    )
    ax.plot(real, 0 * real, "|", color="C1")
    ax.plot(invented, 0 * invented, "|", color="C2")
plt.show()

# %% [markdown] lang="en"
# Free, the critic is a cliff, and flat where the examples lie: nothing to learn from for who invents them. With the penalty its slope is nearly the same everywhere, and the gap tells the distance. The slope is a little above 1: a slope $s$ wins $3.05\,s$ and pays $10\,(s - 1)^2$, best at $s = 1 + 3.05/20 = 1.15$. The gap is then about $1.15 \cdot 3.05 = 3.51$.
#
# ### A gradient inside a Keras loss (optional)
#
# `compile(loss=...)` gets `y_true` and `y_pred`, which are computed already: a tape that begins there has nothing on record. Override `compute_loss`, which gets `x` too, and call the model once more inside a tape. (Penalties, `sample_weight` and `training=True` are then yours to add.) Here six points of $\sin 2t$ come with their slopes $2 \cos 2t$:

# %% [markdown] lang="zh"
# 没有约束时，评价函数像一道悬崖，而样本所在的地方却是平的：造假的一方从中学不到东西。有了惩罚，斜率几乎处处相同，两个平均分之差也就是距离。斜率比 1 略大：斜率为 $s$ 时得到 $3.05\,s$，付出 $10\,(s - 1)^2$，最好的是 $s = 1 + 3.05/20 = 1.15$，这时两个平均分之差约为 $1.15 \cdot 3.05 = 3.51$。
#
# ### Keras 损失里的梯度（选学）
#
# `compile(loss=...)` 里的函数拿到的是 `y_true` 和 `y_pred`，都已经算好了：从那里才开始的梯度带，什么也没有记录。要改写 `compute_loss`，它还能拿到 `x`；在梯度带里再调用一次模型。（惩罚项、`sample_weight` 和 `training=True` 要自己补上。）下面给出 $\sin 2t$ 的六个点，连同斜率 $2 \cos 2t$：

# %%
points = np.linspace(0.0, 2.0 * np.pi, 6)[:, np.newaxis]
given = np.hstack([np.sin(2.0 * points), 2.0 * np.cos(2.0 * points)])


class WithSlopes(tf.keras.Sequential):
    weight = 1.0

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, **options):
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = self(x)
        slope = tape.gradient(value, x)
        errors = tf.stack([value - y[:, :1], slope - y[:, 1:]])
        return tf.reduce_mean(errors[0] ** 2 + self.weight * errors[1] ** 2)


def fitted(weight):
    curve = WithSlopes([tf.keras.Input((1,)), *network("tanh").layers])
    curve.weight = weight
    curve.compile(tf.keras.optimizers.Adam(0.01))
    steps = tf.data.Dataset.from_tensors((points, given)).repeat(1000)
    curve.fit(steps, shuffle=False, verbose=0)
    return curve


# %%
t = np.linspace(0.0, 2.0 * np.pi, 101)[:, np.newaxis]
fig, ax = plt.subplots()
ax.plot(t, np.sin(2.0 * t), ":", color="0.15", linewidth=3, label=r"$\sin 2t$")
ax.plot(t, fitted(0.0)(t), "--", label="$y$")
ax.plot(t, fitted(1.0)(t), label="$y, y'$")
ax.plot(points, given[:, :1], "o", color="0.15")
ax.set(xlabel="$t$")
ax.legend()
plt.show()

# %% [markdown] lang="en"
# Both curves pass through all six points. Only the one that was told the slopes stays close in between.
#
# ## Watch out
#
# ### model.input is no source
#
# `model.input`, and what a layer calls its output, are *plans*: they say which shape will come, and hold no numbers. The tape has the tensor that you fed.

# %% [markdown] lang="zh"
# 两条曲线都通过全部六个点。但只有知道斜率的那一条，在中间也离得不远。
#
# ## 当心
#
# ### model.input 不能当源
#
# `model.input`，以及层的输出属性，都是**蓝图**：只说明将来的形状，里面没有数。梯度带里有的，是你输入的那个张量。

# %%
with tf.GradientTape() as tape:
    score = model(pictures[:1])[0, 1]

gt.explain_gradient(tape, score, model.input)

# %% [markdown] lang="en"
# Repair: watch the tensor that you feed, as was done with `pictures`; for a value in the middle, a model with two outputs, as `with_maps`.
#
# ### model.predict leaves TensorFlow
#
# `predict` returns a NumPy array. Within a tape call the model itself:

# %% [markdown] lang="zh"
# 改法：监视输入的张量，就像前面对 `pictures` 那样；要用中间的值，就像 `with_maps` 那样做一个有两个输出的模型。
#
# ### model.predict 离开了 TensorFlow
#
# `predict` 返回的是 NumPy 数组。在梯度带里要直接调用模型：

# %%
with tf.GradientTape() as tape:
    tape.watch(before)
    score = tf.constant(model.predict(before[np.newaxis], verbose=0))[0, 0]

gt.explain_gradient(tape, score, before)

# %% [markdown] lang="en"
# ### Two calls give two sets of maps (optional)
#
# The maps must come from the *same* call as the score. A second model shares the layers, but what it computes is another tensor, on which this score does not depend:

# %% [markdown] lang="zh"
# ### 两次调用，两份特征图（选学）
#
# 特征图和得分必须出自**同一次**调用。另一个模型共用这些层，但算出来的是另一个张量，这个得分与它无关：

# %%
maps_only = tf.keras.Model(inputs, maps)
with tf.GradientTape(persistent=True) as tape:
    A, score = maps_only(pictures[:1]), model(pictures[:1])[0, 1]
    A_same, both = with_maps(pictures[:1])
    score_same = both[0, 1]
print(tape.gradient(score, A))
print(tape.gradient(score_same, A_same).shape)

# %% [markdown] lang="en"
# Of a `Sequential` model take `model.inputs` and `model.outputs[0]`: its `model.output` raises an error that it “has never been called”, whether it has or not. And where a whole network is one layer of another, as in transfer learning, the values inside it are “not connected” to the outer model. Call the parts one after the other in the same block instead: `A = backbone(x)`, then `head(A)`.
#
# ### A sure network has no slope left (optional)
#
# Softmax saturates. Where a probability is nearly 1, its gradient is nearly 0, and a saliency map of *probabilities* goes dark just where the network is sure. Take the score. Here the largest entry of both gradients, for a picture that is read with more and more certainty (all scores multiplied by a factor):

# %% [markdown] lang="zh"
# 对 `Sequential` 模型，要用 `model.inputs` 和 `model.outputs[0]`：它的 `model.output` 总是报错，说“has never been called”，不管有没有调用过。如果一个网络整个是另一个网络的一层（迁移学习常常如此），它内部的值与外层的模型“not connected”。这时在同一个块里依次调用各部分：先 `A = backbone(x)`，再 `head(A)`。
#
# ### 十拿九稳，就没有斜率了（选学）
#
# softmax 会饱和：概率接近 1 时，它的梯度接近 0。所以用**概率**画显著图，恰恰在网络最有把握的地方一片漆黑。要用得分。下面让网络对一张图片越来越有把握（把全部得分乘以一个倍数），看两种梯度中最大的数：

# %%
for factor in (1.0, 3.0, 10.0):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(before)
        scaled = factor * model(before[np.newaxis])[0]
        score, probability = scaled[0], tf.nn.softmax(scaled)[0]
    largest = [np.abs(tape.gradient(y, before)).max() for y in (score, probability)]
    print(f"{probability.numpy():.4f}  {largest[0]:.3g}  {largest[1]:.1e}")

# %% [markdown] lang="en"
# ### If you know PyTorch (optional)
#
# | | PyTorch | TensorFlow |
# |---|---|---|
# | the input as source | `x.requires_grad_()` before the call | `tape.watch(x)` in the block |
# | a value in the middle | `torch.autograd.grad(score, A)`, or `A.retain_grad()` before `backward()` | `tape.gradient(score, A)` |
# | a gradient in a loss | `create_graph=True` | a tape within a tape |
# | a network with other parameters | `torch.func.functional_call(model, w, x)` | `model.stateless_call(w, model.non_trainable_variables, x)[0]` |
#
# In both, the value in the middle has to come from the same call, and numbers taken out (`.numpy()`, `predict`) are constants.

# %% [markdown] lang="zh"
# ### 如果你会 PyTorch（选学）
#
# | | PyTorch | TensorFlow |
# |---|---|---|
# | 以输入为源 | 调用之前写 `x.requires_grad_()` | 在块里写 `tape.watch(x)` |
# | 中间的值 | `torch.autograd.grad(score, A)`；或在 `backward()` 之前写 `A.retain_grad()` | `tape.gradient(score, A)` |
# | 损失里的梯度 | `create_graph=True` | 梯度带套梯度带 |
# | 换一组参数调用网络 | `torch.func.functional_call(model, w, x)` | `model.stateless_call(w, model.non_trainable_variables, x)[0]` |
#
# 两者都一样：中间的值必须出自同一次调用；取出来的数（`.numpy()`、`predict`）是常量。

# %% [markdown] lang="en"
# ## Quiz
#
# Three questions on what you have read. Click an answer, and below it stands why it is right or wrong. Nothing is kept.

# %% [markdown] lang="zh"
# ## 小测验
#
# 三道题，问的都是刚读过的内容。点一个答案，下面就写着它为什么对、为什么不对。选了什么不会留下记录。

# %%
gt.quiz("11")

# %% [markdown] lang="en"
# ## Exercises
#
# Write your work in place of `...`, run the cell, then the check below it. `gt.hint("11.1")` gives three hints, one after the other; `gt.progress()` shows what is done.
#
# **Exercise 11.1** (which pixels count?) Write `input_gradient(model, x, k)`: for each row of `x`, the gradient of score number `k` with respect to this row, by its magnitude. `model` takes a tensor of shape `(n, d)` and returns scores of shape `(n, classes)`; `k` is one number for all.

# %% [markdown] lang="zh"
# ## 练习
#
# 在 `...` 处写上你的解答，运行单元格，再运行下面的检查。`gt.hint("11.1")` 给出提示，一次一条，共三条；`gt.progress()` 显示已完成的练习。
#
# **练习 11.1**（哪些像素起作用？）写出 `input_gradient(model, x, k)`：对 `x` 的每一行，求第 `k` 个得分对这一行的梯度，取绝对值。`model` 接收形状为 `(n, d)` 的张量，返回形状为 `(n, classes)` 的得分；`k` 是一个数，各行共用。


# %%
def input_gradient(model, x, k):
    # BEGIN SOLUTION
    with tf.GradientTape() as tape:
        tape.watch(x)
        score = model(x)[:, k]
    return tf.abs(tape.gradient(score, x))
    # END SOLUTION


# %%
gt.check("11.1", input_gradient)

# %% [markdown] lang="en"
# **Exercise 11.2** (one step to another answer) Write `attack(loss, x, size)`: the tensor `x`, changed by `size` in every entry, in the direction in which `loss(x)` rises fastest under this condition. Do not clip.

# %% [markdown] lang="zh"
# **练习 11.2**（一步换个答案）写出 `attack(loss, x, size)`：把张量 `x` 的每一个元素都改动 `size`，方向要让 `loss(x)` 上升最快。不用截断。


# %%
def attack(loss, x, size):
    # BEGIN SOLUTION
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = loss(x)
    return x + size * tf.sign(tape.gradient(value, x))
    # END SOLUTION


# %%
gt.check("11.2", attack)

# %% [markdown] lang="en"
# **Exercise 11.3** (what a network leaves over) Write `residual(y, t)`: $y'' + y$ at every entry of the vector `t`. `y` works entry by entry.

# %% [markdown] lang="zh"
# **练习 11.3**（方程还差多少）写出 `residual(y, t)`：在向量 `t` 的每个元素处求 $y'' + y$。`y` 逐个元素计算。


# %%
def residual(y, t):
    # BEGIN SOLUTION
    with tf.GradientTape() as outer_tape:
        outer_tape.watch(t)
        with tf.GradientTape() as tape:
            tape.watch(t)
            value = y(t)
        first = tape.gradient(value, t)
    return outer_tape.gradient(first, t) + value
    # END SOLUTION


# %%
gt.check("11.3", residual)

# %% [markdown] lang="en"
# **Exercise 11.4** (Grad-CAM for any network) Write `activation(features, head, x)`: `features(x)` returns maps of shape `(1, rows, columns, maps)`, `head` makes one score of them. Return the Grad-CAM of this score, shape `(1, rows, columns)`.

# %% [markdown] lang="zh"
# **练习 11.4**（任何网络的 Grad-CAM）写出 `activation(features, head, x)`：`features(x)` 返回形状为 `(1, 行, 列, 特征图)` 的特征图，`head` 由它算出一个得分。返回这个得分的 Grad-CAM，形状为 `(1, 行, 列)`。


# %%
def activation(features, head, x):
    # BEGIN SOLUTION
    with tf.GradientTape() as tape:
        A = features(x)
        tape.watch(A)
        score = head(A)
    weights = tf.reduce_mean(tape.gradient(score, A), axis=[1, 2], keepdims=True)
    return tf.nn.relu(tf.reduce_sum(weights * A, axis=-1))
    # END SOLUTION


# %%
gt.check("11.4", activation)

# %% [markdown] lang="en"
# **Exercise 11.5** (each example its own norm) Write `penalty(critic, x)`: the mean over the rows of `x` of $\big(\lVert\nabla_x c\rVert - 1\big)^2$. `critic` takes shape `(n, d)` and returns one score for each row. Here each row has several entries.

# %% [markdown] lang="zh"
# **练习 11.5**（每个样本各有范数）写出 `penalty(critic, x)`：$\big(\lVert\nabla_x c\rVert - 1\big)^2$ 对 `x` 各行的平均。`critic` 接收形状 `(n, d)`，每行返回一个得分。这里每行有好几个数。


# %%
def penalty(critic, x):
    # BEGIN SOLUTION
    with tf.GradientTape() as tape:
        tape.watch(x)
        c = critic(x)
    lengths = tf.norm(tape.gradient(c, x), axis=1)
    return tf.reduce_mean((lengths - 1.0) ** 2)
    # END SOLUTION


# %%
gt.check("11.5", penalty)

# %% [markdown] lang="en"
# **Exercise 11.6** (a better learning rate) Write `by_rate(loss, w, rate)`: the derivative of the loss after one step of gradient descent, by the learning rate. `w` and `rate` are constants, `loss(w)` is one number.

# %% [markdown] lang="zh"
# **练习 11.6**（更好的学习率）写出 `by_rate(loss, w, rate)`：梯度下降走一步之后的损失，对学习率的导数。`w` 和 `rate` 是常量，`loss(w)` 是一个数。


# %%
def by_rate(loss, w, rate):
    # BEGIN SOLUTION
    with tf.GradientTape() as outer_tape:
        outer_tape.watch(rate)
        with tf.GradientTape() as tape:
            tape.watch(w)
            value = loss(w)
        after = loss(w - rate * tape.gradient(value, w))
    return outer_tape.gradient(after, rate)
    # END SOLUTION


# %%
gt.check("11.6", by_rate)

# %% [markdown] lang="en"
# ## Recap
#
# - Any tensor on record can be the source: watch the input that you feed; take values in the middle from the same call, by a model with two outputs.
# - By the input, the loss gives an adversarial picture, a score gives a saliency map; scores, not probabilities.
# - A gradient inside a loss (PINN, gradient penalty) stands inside the tape for the parameters and wants a smooth, curved activation function where it is a second derivative.
# - A step is a calculation too: with tensors for the new parameters, the learning rate has a gradient.
#
# Back to [10 · Gradients fast and at scale](10_gradients_fast_and_at_scale.ipynb) · On to [12 · The pitfalls, one by one](12_the_pitfalls_one_by_one.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - 记录里的任何张量都能当源：监视你输入的那个张量；中间的值要出自同一次调用，用有两个输出的模型。
# - 对输入求导：目标是损失，得到对抗样本；目标是得分，得到显著图。要用得分，不用概率。
# - 写进损失的梯度（PINN、梯度惩罚）要放在参数的梯度带里面；如果用到二阶导数，激活函数要光滑而且弯曲。
# - 一步训练也是一次计算：新参数用张量，学习率就有梯度。
#
# 上一课：[10 · 又快又大地求梯度](10_gradients_fast_and_at_scale.ipynb) · 下一课：[12 · 常见错误速查](12_the_pitfalls_one_by_one.ipynb)
