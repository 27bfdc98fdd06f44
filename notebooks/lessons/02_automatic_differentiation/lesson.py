# ---
# jupyter:
#   gradtape:
#     minutes: 50
#     teaches:
#       en: how a gradient tape records a calculation and differentiates it
#       zh: 梯度带怎样记录计算并求导
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 2 · How automatic differentiation works
#
# You do a calculation. Somebody sits beside you and writes down every step: what went in, what came out. Afterwards you ask: *if the first number had been a little larger, how much would the last one have changed?* With those notes the answer is mechanical. One walks back from the end, step by step, and at each step needs to know only how that one step behaves. TensorFlow's **gradient tape** is that somebody. In this lesson you use it, look over its shoulder, and see why it beats the method that everyone thinks of first.
#
# By the end you will be able to
#
# - differentiate a calculation with `tf.GradientTape`, and say what each line of it does;
# - read a derivative as the slope of a tangent;
# - follow the forward and the backward pass by hand, with real numbers;
# - build a small tape yourself, in forty lines of Python;
# - make a tape watch a constant, and recognise a gradient that is missing;
# - explain why finite differences have a best step size, and why a tape has none.
#
# You need [lesson 1](01_tensorflow_at_a_glance.ipynb). It takes about 50 minutes to read, and the exercises as long again, or longer; a good place for a break is before “Build a tape of your own”.

# %% [markdown] lang="zh"
# # 2 · 自动求导是怎样工作的
#
# 你在做一道计算，旁边坐着一个人，把每一步都记下来：什么数进去，什么数出来。算完之后你问：“开头那个数要是大一点点，最后的结果会变多少？”有了这份记录，回答就是照章办事：从末尾一步一步往回走，每一步只要知道它自己的斜率就够了。TensorFlow 的**梯度带**就是这个人。这一课里，你会用它，站在它身后看它怎么记，还会明白它为什么胜过人人最先想到的那个办法。
#
# 学完这一课，你能够
#
# - 用 `tf.GradientTape` 对一段计算求导，说清每一行的作用；
# - 把导数看成切线的斜率；
# - 用具体的数，亲手走一遍前向传播和反向传播；
# - 用四十行 Python，自己做一条小小的梯度带；
# - 让梯度带监视常量，认出“没有梯度”的情形；
# - 说明有限差分为什么有一个最佳步长，而梯度带根本没有步长。
#
# 请先学完[第 1 课](01_tensorflow_at_a_glance.ipynb)。读完大约需要 50 分钟，练习还要同样多的时间，甚至更多；想歇一歇，可以停在“自己做一条梯度带”之前。

# %%
import gradtape as gt
import matplotlib.pyplot as plt
import tensorflow as tf

gt.start("02", lang="en")

# %% [markdown] lang="en"
# ## The tape records
#
# Take $y = x^4$ at $x = 3$. On paper: $y = 81$, and $y' = 4x^3 = 108$.

# %% [markdown] lang="zh"
# ## 梯度带会记录
#
# 取 $y = x^4$，看 $x = 3$ 处。在纸上算：$y = 81$，$y' = 4x^3 = 108$。

# %%
x = tf.Variable(initial_value=3.0)

with tf.GradientTape() as tape:
    y = tf.pow(x=x, y=4)

dy_dx = tape.gradient(y, x)
print(y)
print(dy_dx)

# %% [markdown] lang="en"
# There are the two numbers, 81 and 108, each in a tensor with its shape (a single number has the shape `()`) and its type. Line by line:
#
# - `tf.Variable(initial_value=3.0)` makes a variable: a place with a number that can be updated later. It is *trainable*, as variables are unless you say otherwise, and so a tape watches it on its own. The point in `3.0` matters, since whole numbers have no derivatives.
# - `with tf.GradientTape() as tape:` opens a context. From here on, every operation that touches a watched number is written on the tape, together with the values that it used.
# - `tf.pow(x=x, y=4)` is such an operation. (`x` and `y` are the names that `tf.pow` gives to its arguments; the 4 is the exponent.)
# - `tape.gradient(y, x)` asks the question. First comes **what** is differentiated, the *target*, then **with respect to what**, the *source*.
#
# The formula $4x^3$ appears nowhere. What TensorFlow knows is the slope of each elementary operation. The rest it reads off the tape.

# %% [markdown] lang="zh"
# 两个数都有了：81 和 108，各装在一个张量里，带着形状（单个数的形状是 `()`）和类型。逐行来看：
#
# - `tf.Variable(initial_value=3.0)` 创建一个变量：里面的数以后可以更新。变量默认是**可训练的**（trainable），所以梯度带会自动监视它。`3.0` 里的小数点很要紧，因为整数没有导数。
# - `with tf.GradientTape() as tape:` 打开一个上下文。从这里起，凡是碰到被监视的数的运算，连同它用到的值，都会记到梯度带上。
# - `tf.pow(x=x, y=4)` 就是这样一个运算。（`x` 和 `y` 是 `tf.pow` 给自己的参数起的名字，4 是指数。）
# - `tape.gradient(y, x)` 提出问题。先写**谁的**导数，即**目标**；再写**对谁**求导，即**源**。
#
# 公式 $4x^3$ 哪里都没有出现。TensorFlow 只知道每个基本运算的斜率，其余的都从梯度带上读出来。

# %% [markdown] lang="en"
# ## See it
#
# A derivative is a slope. Below is the curve of $x^4$ with its tangent at 3. Read two things off it: how high the point is, and how far the tangent rises over one unit of $x$.

# %% [markdown] lang="zh"
# ## 看图
#
# 导数就是斜率。下面是 $x^4$ 的曲线和它在 3 处的切线。从图上读两样东西：切点有多高；$x$ 往右走一个单位，切线升高多少。

# %%
gt.plot_tangent(lambda x: x**4, at=3.0, interval=(0.0, 4.0))
plt.show()

# %% [markdown] lang="en"
# The point is at 81. One unit further right the tangent has risen by 108, to 189, while the curve has run away to 256. A tangent is right about the neighbourhood and about nothing else.
#
# If we ask for the slope at every $x$ we get a function of its own, $f'$. Here are both. Where is the slope negative, and where is it zero?

# %% [markdown] lang="zh"
# 切点高 81。再往右一个单位，切线升高 108，到了 189，曲线却已经冲到 256。切线只对附近负责，别处一概不管。
#
# 如果在每个 $x$ 处都问一遍斜率，就得到另一个函数 $f'$。下面把两者画在一起。斜率在哪里为负？在哪里为零？

# %%
gt.plot_derivatives(lambda x: x**4, (-3.0, 3.0), order=1)
plt.show()

# %% [markdown] lang="en"
# Left of 0 the curve falls, so $f'$ is below zero. At 0 the curve is flat, and $f'$ crosses zero there. On the right both climb. At $x = 3$ the dashed curve stands at 108: the number from the first cell is one point of it.
#
# Now move a point yourself, along $x^3 - 3x$, with the mouse or with the arrow keys. Above runs the tangent; below, its slope is drawn wherever the point has been. Before the point gets there, say where the lower curve will cross zero.

# %% [markdown] lang="zh"
# 在 0 的左边，曲线下降，$f'$ 在零以下。在 0 处曲线走平，$f'$ 在那里穿过零。右边两条都往上走。在 $x = 3$ 处，虚线的高度是 108：第一个单元格得到的数，就是虚线上的一个点。
#
# 现在用鼠标或方向键，在曲线 $x^3 - 3x$ 上移动一个点。上面是跟着走的切线；点走到哪里，下面就把那里的斜率画到哪里。先别移动，说说下面的曲线会在哪里穿过零。

# %%
gt.explore_tangent(lambda x: x**3 - 3 * x, (-2.4, 2.4))

# %% [markdown] lang="en"
# It crosses zero twice, once right at the curve's peak and once right at its valley: there the tangent is level. Between the two the curve falls, and its slope is negative.
#
# **Predict first.** Back to $x^4$, without running anything: what is the slope at $x = -3$? And at $x = 1.5$, is it half of 108, or more, or less? Write your choice for the second question in place of `...` in the next cell.

# %% [markdown] lang="zh"
# 它两次穿过零：一次正对着曲线的峰，一次正对着曲线的谷，切线在那里是水平的。两处之间曲线下降，斜率为负。
#
# **先猜一猜。** 回到 $x^4$，先别运行：$x = -3$ 处的斜率是多少？$x = 1.5$ 处呢，是 108 的一半，更大，还是更小？把第二个问题的选择写在下面单元格的 `...` 处。

# %%
gt.predict("2.a", ...)


# %%
def slope(f, at):
    x = tf.Variable(at)
    with tf.GradientTape() as tape:
        y = f(x)
    return tape.gradient(y, x).numpy()


print(slope(lambda x: x**4, -3.0), slope(lambda x: x**4, 1.5))

# %%
gt.predict("2.a", outcome=slope(lambda x: x**4, 1.5))

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# $-108$, since the curve is symmetric and falls on the left as steeply as it rises on the right. And $13.5$, an eighth of 108: the slope is $4x^3$, and half of $x$ makes an eighth of $x^3$. The little function `slope` is all that this lesson is about; we shall use it again.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 是 $-108$，因为曲线左右对称，右边升得多陡，左边就降得多陡。另一个是 $13.5$，只有 108 的八分之一：斜率是 $4x^3$，$x$ 减半，$x^3$ 就变成八分之一。小小的 `slope` 函数就是这一课的全部内容，后面还会用到。
#
# </details>

# %% [markdown] lang="en"
# ## Inside the tape
#
# The library can draw a tape's record. Here is the one from the beginning of this lesson, $x^4$ at 3. The solid arrows carry values forward, the dashed one brings the gradient back.

# %% [markdown] lang="zh"
# ## 梯度带里面
#
# 程序库能把梯度带的记录画出来。下面就是这一课开头的那份记录：$x^4$ 在 3 处。实线箭头把值往前送，虚线箭头把梯度往回带。

# %%
gt.draw_tape(lambda x: tf.pow(x, 4), 3.0)
plt.show()

# %% [markdown] lang="en"
# The framed box on the left is the source, the dark one the target. Forward arrives 81, back arrives 108.
#
# One operation is not much of a record. Take three: $y = (2x + 1)^3$ at $x = 1.5$. We give each intermediate result a name:
#
# $$
# a = 2x, \qquad b = a + 1, \qquad y = b^3
# $$
#
# Going **forward**, numbers are computed: $x = 1.5$ gives $a = 3$, then $b = 4$, then $y = 64$. This is the *forward pass*, and it is what the tape records.
#
# Going **backward**, each step contributes its own slope, and these multiply:
#
# - the last step, $y = b^3$, has the slope $3b^2 = 48$: per unit of $b$, $y$ changes by 48;
# - the step before, $b = a + 1$, has the slope 1: per unit of $a$, $b$ changes by 1, so $y$ changes by $48 \cdot 1 = 48$;
# - the first, $a = 2x$, has the slope 2: per unit of $x$, $a$ changes by 2, so $y$ changes by $48 \cdot 1 \cdot 2 = 96$.
#
# This is the chain rule, and the walk is the *backward pass*. Note what it needs: at the step $b^3$ the slope is $3b^2$, so the value $b = 4$ must still be known. That is why a tape keeps values and not only the names of operations.
#
# Let us ask a tape for exactly these numbers. `persistent=True` allows more than one question; lesson 3 says why that is needed.

# %% [markdown] lang="zh"
# 左边粗框的是源，深色的是目标。往前走，得到 81；往回走，得到 108。
#
# 只有一个运算，算不上什么记录。取三个：$y = (2x + 1)^3$，在 $x = 1.5$ 处。给每个中间结果起个名字：
#
# $$
# a = 2x, \qquad b = a + 1, \qquad y = b^3
# $$
#
# **往前**走是在算数：由 $x = 1.5$ 得 $a = 3$，再得 $b = 4$，再得 $y = 64$。这叫**前向传播**，梯度带记录的就是它。
#
# **往回**走，每一步拿出自己的斜率，依次相乘：
#
# - 最后一步 $y = b^3$，斜率是 $3b^2 = 48$：$b$ 每变 1，$y$ 变 48；
# - 前一步 $b = a + 1$，斜率是 1：$a$ 每变 1，$b$ 变 1，于是 $y$ 变 $48 \cdot 1 = 48$；
# - 第一步 $a = 2x$，斜率是 2：$x$ 每变 1，$a$ 变 2，于是 $y$ 变 $48 \cdot 1 \cdot 2 = 96$。
#
# 这就是链式法则，这趟往回走的路叫**反向传播**。注意它需要什么：在 $b^3$ 这一步，斜率是 $3b^2$，所以必须还记得 $b = 4$。梯度带不光记运算的名字，还要把值留着，原因就在这里。
#
# 现在向梯度带要这几个数。`persistent=True` 允许问不止一次；为什么需要它，第 3 课再讲。

# %%
x = tf.Variable(1.5)

with tf.GradientTape(persistent=True) as tape:
    a = 2 * x
    b = a + 1
    y = b**3

for name, value in {"x": x, "a = 2x": a, "b = a + 1": b, "y = b³": y}.items():
    print(f"{name:10} value {value.numpy():5.1f}   dy {tape.gradient(y, value):5.1f}")
del tape

# %% [markdown] lang="en"
# The values read downwards, the slopes upwards: 1, 48, 48, 96. The 1 at the start of the way back is the slope of $y$ with respect to itself.
#
# Walk it yourself, one step at a time: with the slider, with the arrow keys, or by pressing play. Say each number before you move on. (The library calls the intermediate results $v_1$, $v_2$, $v_3$, where we say $a$, $b$, $y$.)

# %% [markdown] lang="zh"
# 值从上往下读，斜率从下往上读：1、48、48、96。往回走的起点是 1，那是 $y$ 对它自己的变化率。
#
# 自己走一遍，一次一步：拖动滑块，按方向键，或者点播放。每走一步之前，先说出下一个数。（中间结果我们叫 $a$、$b$、$y$，程序库叫它们 $v_1$、$v_2$、$v_3$。）

# %%
gt.step_through_tape(lambda x: (2 * x + 1) ** 3, 1.5)

# %% [markdown] lang="en"
# Every step on the way back is the same small act: take what arrives, multiply by the slope of this one step, hand it on. In the figure the same curve is drawn with its derivative; find 64 and 96 above $x = 1.5$.

# %% [markdown] lang="zh"
# 往回的每一步都是同一个小动作：接过传来的数，乘上这一步自己的斜率，再交出去。下图画出这条曲线和它的导数，请在 $x = 1.5$ 的上方找到 64 和 96。

# %%
ax = gt.plot_derivatives(lambda x: (2 * x + 1) ** 3, (-1.5, 2.0), order=1, mark=())
ax.plot([1.5, 1.5], [64.0, 96.0], "o", color="C3")
plt.show()

# %% [markdown] lang="en"
# **Predict first.** Now a composition where the inner slope is not constant: $y = \sin(x^2)$ at $x = 0.8$. The outer step has the slope $\cos u$ with $u = x^2$, the inner one $2x$. Is the slope of $y$ larger or smaller than the outer slope alone?

# %% [markdown] lang="zh"
# **先猜一猜。** 再来一个内层斜率不是常数的复合函数：$y = \sin(x^2)$，在 $x = 0.8$ 处。外层的斜率是 $\cos u$，其中 $u = x^2$；内层的斜率是 $2x$。$y$ 的斜率比单独的外层斜率大，还是小？

# %%
gt.predict("2.b", ...)

# %%
x = tf.Variable(0.8)

with tf.GradientTape(persistent=True) as tape:
    u = x**2
    y = tf.sin(u)

outer, inner = tape.gradient(y, u), tape.gradient(u, x)
both = tape.gradient(y, x)
del tape
print(f"outer  dy/du = {outer:.4f}")
print(f"inner  du/dx = {inner:.4f}")
print(f"both   dy/dx = {both:.4f}")
gt.predict("2.b", outcome=(both, outer))

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Larger: it is the product $0.8021 \cdot 1.6 \approx 1.2834$, and the inner slope $2x = 1.6$ is above 1. For $x$ below 0.5 the inner slope would shrink it. Forgetting the inner slope is the commonest mistake when people apply the chain rule by hand. A tape does not forget, since both steps are on its record.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 更大：它是两者的乘积 $0.8021 \cdot 1.6 \approx 1.2834$，而内层斜率 $2x = 1.6$ 大于 1。如果 $x$ 小于 0.5，内层斜率反而会让它变小。手算链式法则时，最常见的错误就是漏掉内层斜率。梯度带不会漏，因为两步都在记录里。
#
# </details>

# %% [markdown] lang="en"
# ## Build a tape of your own
#
# What exactly does a tape write down? The surest way to know is to make one. Ours is for plain Python numbers. It has no secrets, and at the end it gives the same answers as TensorFlow's.
#
# **A tape is a list.** Every number gets a place on it. At that place stands what the number was *made of*: each number that went in, and with it the slope of that one step. For $y = (2x + 1)^3$ at $x = 1.5$ the list should read
#
# | place | number | made of |
# |---|---|---|
# | 0 | $x = 1.5$ | nothing, it was given |
# | 1 | $a = 2x = 3$ | $x$, with slope 2 |
# | 2 | $b = a + 1 = 4$ | $a$, with slope 1 |
# | 3 | $y = b^3 = 64$ | $b$, with slope 48 |
#
# That is all of it. First we fill the list by hand.

# %% [markdown] lang="zh"
# ## 自己做一条梯度带
#
# 梯度带上到底记了些什么？想弄清楚，最牢靠的办法是自己做一条。我们的这条只管普通的 Python 数，从头到尾没有一点秘密，而最后的答案和 TensorFlow 的一样。
#
# **梯度带就是一个列表。** 每个数在上面占一个位置，那里写着这个数是**由什么算出来的**：用到了哪些数，以及就这一步而言，对每个数的斜率是多少。对 $x = 1.5$ 处的 $y = (2x + 1)^3$，列表应该是这样：
#
# | 位置 | 数 | 由什么算出来 |
# |---|---|---|
# | 0 | $x = 1.5$ | 没有，它是给定的 |
# | 1 | $a = 2x = 3$ | $x$，斜率 2 |
# | 2 | $b = a + 1 = 4$ | $a$，斜率 1 |
# | 3 | $y = b^3 = 64$ | $b$，斜率 48 |
#
# 要记的就这么多。先用手把列表填上。


# %%
class Number:
    def __init__(self, tape, place, value):
        self.tape, self.place, self.value = tape, place, value


class Tape:
    def __init__(self):
        self.steps = []

    def number(self, value, made_of=()):
        self.steps.append(made_of)
        return Number(self, len(self.steps) - 1, value)


tape = Tape()
x = tape.number(1.5)
a = tape.number(2 * x.value, [(x, 2.0)])
b = tape.number(a.value + 1, [(a, 1.0)])
y = tape.number(b.value**3, [(b, 3 * b.value**2)])

for place, made_of in enumerate(tape.steps):
    print(place, [(number.place, slope) for number, slope in made_of])

# %% [markdown] lang="en"
# ### Walk back
#
# A number always stands behind the numbers that it was made of: it could not have been computed earlier. So the backward pass is the list, read from its end. We keep one slope for each place, the slope of the target with respect to the number there. The target's own is 1, all others start at 0. At each place we hand on what has arrived: its slope, times the slope of the step.

# %% [markdown] lang="zh"
# ### 往回走
#
# 一个数总是排在算出它的那些数后面，因为它不可能更早算出来。所以反向传播就是把列表从末尾往前读。我们给每个位置留一个斜率，也就是目标关于那个数的斜率：目标自己的是 1，其余的先写 0。读到一个位置，就把到这里为止的斜率乘上这一步的斜率，交给前面的数。


# %%
def gradient(self, target, source):
    slopes = [0.0] * len(self.steps)
    slopes[target.place] = 1.0
    for place in reversed(range(target.place + 1)):
        for origin, slope in self.steps[place]:
            slopes[origin.place] += slopes[place] * slope
    return slopes[source.place]


Tape.gradient = gradient

print([tape.gradient(y, number) for number in (x, a, b, y)])

# %% [markdown] lang="en"
# The same numbers as TensorFlow's tape gave: 96, 48, 48, 1.
#
# **Predict first.** Look at the sign `+=` in the loop. Take $y = x \cdot x$ at $x = 3$. The number $y$ is made of two numbers, and both are $x$. What does our tape answer? And what would it answer if `=` stood there instead of `+=`? Write your answer to the first question in place of `...`.

# %% [markdown] lang="zh"
# 和 TensorFlow 的梯度带给出的一样：96、48、48、1。
#
# **先猜一猜。** 看循环里的 `+=`。取 $y = x \cdot x$，在 $x = 3$ 处。$y$ 由两个数算出来，这两个都是 $x$。我们的梯度带会怎么回答？要是把 `+=` 换成 `=`，又会怎么回答？第一个问题的答案，写在下面单元格的 `...` 处。

# %%
gt.predict("2.c", ...)

# %%
tape = Tape()
x = tape.number(3.0)
y = tape.number(x.value * x.value, [(x, x.value), (x, x.value)])

print(tape.gradient(y, x))
gt.predict("2.c", outcome=tape.gradient(y, x))

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# It says 6, which is right: $(x^2)' = 2x$. Each of the two factors, moved alone, changes $y$ by 3 per unit, and when $x$ moves both move. With `=` the second would have overwritten the first, and the answer would have been 3. Whenever a value is used in several places, what comes back from them **adds up**. Nothing in a tape is easier to forget.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 它回答 6，这是对的：$(x^2)' = 2x$。两个因子，单独动其中一个，每动 1，$y$ 变 3；而 $x$ 一动，两个因子一起动。如果写成 `=`，第二个会把第一个盖掉，答案就成了 3。一个值用在几处，从各处传回来的就要**加起来**。做梯度带，最容易忘的就是这一条。
#
# </details>

# %% [markdown] lang="en"
# ### Let it record by itself
#
# So far we wrote each slope by hand. But a slope belongs to its operation: that of $\sin$ is $\cos$, and that of a product is, for each factor, the other one. An **operation** is therefore a function together with its slopes, one for each input. It computes the value, asks its slopes for theirs, and writes both on the tape. Plain numbers, such as the 2 in $2x$, may go in too; nobody will ask for their slope, so they are not recorded.

# %% [markdown] lang="zh"
# ### 让它自己记
#
# 到现在为止，斜率都是我们手写的。其实斜率是跟着运算走的：$\sin$ 的斜率是 $\cos$；乘积对一个因子的斜率，就是另一个因子。所以，一个**运算**就是一个函数，再带上它的斜率，每个输入一个。它算出值，再算出各个斜率，一起记到梯度带上。普通的数也可以参加运算，比如 $2x$ 里的 2；没有人会问它的斜率，所以不用记。

# %%
import math


def operation(f, *slopes):
    def recorded(*inputs):
        values = [x.value if isinstance(x, Number) else x for x in inputs]
        pairs = zip(inputs, slopes)
        made_of = [(x, s(*values)) for x, s in pairs if isinstance(x, Number)]
        return made_of[0][0].tape.number(f(*values), made_of)

    return recorded


add = operation(lambda a, b: a + b, lambda a, b: 1.0, lambda a, b: 1.0)
multiply = operation(lambda a, b: a * b, lambda a, b: b, lambda a, b: a)
power = operation(lambda a, b: a**b, lambda a, b: b * a ** (b - 1))
sin = operation(math.sin, math.cos)
exp = operation(math.exp, math.exp)

Number.__add__ = Number.__radd__ = add
Number.__mul__ = Number.__rmul__ = multiply
Number.__pow__ = power

# %% [markdown] lang="en"
# The last three lines tell Python what `+`, `*` and `**` mean for our numbers. Now an ordinary formula records itself:

# %% [markdown] lang="zh"
# 最后三行告诉 Python：`+`、`*`、`**` 遇到我们的数时该做什么。这样一来，照平常那样写公式，它自己就会记录：

# %%
tape = Tape()
x = tape.number(1.5)
y = (2 * x + 1) ** 3

print(y.value, tape.gradient(y, x))

# %% [markdown] lang="en"
# ### Compare
#
# Now a function in which $x$ is used three times, $f(x) = x \sin x + x^2$ at $x = 2$. First our tape, then TensorFlow's:

# %% [markdown] lang="zh"
# ### 比一比
#
# 换一个用到三次 $x$ 的函数：$f(x) = x \sin x + x^2$，在 $x = 2$ 处。先用我们的梯度带，再用 TensorFlow 的：


# %%
def f(x, sin):
    return x * sin(x) + x**2


tape = Tape()
x = tape.number(2.0)
y = f(x, sin)
print(f"ours        {y.value:.4f}   {tape.gradient(y, x):.4f}")

x = tf.Variable(2.0)
with tf.GradientTape() as tape:
    y = f(x, tf.sin)
print(f"TensorFlow  {y.numpy():.4f}   {tape.gradient(y, x):.4f}")

# %% [markdown] lang="en"
# And this is what was recorded. `gt.draw_tape` draws each operation with its value, and beside each dashed arrow the slope that comes back along it. Three dashed arrows arrive at $x$. Add up their numbers before you read the sum in the box.

# %% [markdown] lang="zh"
# 下面是记下来的东西。`gt.draw_tape` 把每个运算连同它的值画成一个方框，每条虚线箭头旁边是沿着它传回来的斜率。有三条虚线箭头回到 $x$。先自己把三个数加起来，再看方框里的和。

# %%
gt.draw_tape(lambda x: f(x, tf.sin), 2.0)
plt.show()

# %% [markdown] lang="en"
# $-0.83229 + 0.9093 + 4 = 4.077$: there is the `+=` again.
#
# Compared with TensorFlow's, our tape lacks much, but nothing of the principle. TensorFlow has hundreds of operations, and they work on whole tensors. The slope of a matrix product would be a huge table, so an operation there does not store its slopes: it knows how to turn the slope that arrives into the slopes that leave. And TensorFlow records only what begins at something watched, which saves memory and explains the `None` that we meet below; our tape answers 0 instead.
#
# With subtraction, division, logarithms and exponents that vary, this tape is `gradtape.tape.small`. Its file is not much longer than this section, and a test compares it with `tf.GradientTape` on random formulas.

# %% [markdown] lang="zh"
# $-0.83229 + 0.9093 + 4 = 4.077$：又是那个 `+=`。
#
# 和 TensorFlow 的相比，我们这条梯度带缺的很多，但原理一样不缺。TensorFlow 有几百种运算，而且是对整个张量做的。矩阵乘积的斜率会是一张巨大的表，所以那里的运算并不存斜率，只知道怎样把传来的斜率变成传出去的斜率。另外，TensorFlow 只记录从受监视的数出发的计算，这样省内存，也正是后面会遇到的 `None` 的由来；我们的梯度带在那种情形下回答 0。
#
# 再补上减法、除法、对数和会变的指数，就是 `gradtape.tape.small`。那个文件比这一节长不了多少，还有一项测试用随机的公式拿它和 `tf.GradientTape` 对照。

# %% [markdown] lang="en"
# ## What a tape watches
#
# A tape does not write down everything, only what depends on something that it *watches*. Variables it watches by itself. A constant it ignores until told otherwise, since most constants are data, and nobody wants the derivative with respect to data. If you do, say `tape.watch(x)` **before** you use it:

# %% [markdown] lang="zh"
# ## 梯度带监视什么
#
# 梯度带并不是什么都记，只记与它**监视**的东西有关的计算。变量它会自动监视；常量它不理会，除非你吩咐，因为常量多半是数据，谁也不会对数据求导。如果你偏要，就在用到它**之前**写上 `tape.watch(x)`：

# %%
x = tf.constant([1.0, 2.0, 3.0])

with tf.GradientTape() as tape:
    tape.watch(x)
    y = x**4

print(tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# Three points, three slopes, one call: $4x^3$ at 1, 2 and 3. (TensorFlow differentiated the sum of the three results. Since each result depends on its own point only, that comes to the same. Lesson 3 shows where it does not.) `gt.derivatives` does this watching for you, as the figures above did:

# %% [markdown] lang="zh"
# 三个点，三个斜率，一次调用：$4x^3$ 在 1、2、3 处的值。（TensorFlow 其实是对三个结果的总和求导；每个结果只与自己那个点有关，所以结果一样。第 3 课会讲不一样的情形。）`gt.derivatives` 会替你监视，上面的图就是这样画出来的：

# %%
print(gt.derivatives(lambda x: x**4, [1.0, 2.0, 3.0], order=1).numpy())

# %% [markdown] lang="en"
# The other way round, a variable that is not to be learned is made with `trainable=False`, and the tape passes it over. `tape.watched_variables()` lists those that it did watch:

# %% [markdown] lang="zh"
# 反过来，不打算让它学习的变量，创建时写上 `trainable=False`，梯度带就不理会它。`tape.watched_variables()` 列出梯度带监视过的变量：

# %%
x = tf.Variable(3.0, name="x")
scale = tf.Variable(2.0, name="scale", trainable=False)

with tf.GradientTape() as tape:
    y = scale * x**2

print([variable.name for variable in tape.watched_variables()])
print(tape.gradient(y, [x, scale]))

# %% [markdown] lang="en"
# ## Leaving the context
#
# Recording ends with the `with` block. The *question* may be asked outside, and usually is. The *calculation* may not:

# %% [markdown] lang="zh"
# ## 走出上下文
#
# `with` 块一结束，记录也就结束了。**提问**可以在块外面，通常也写在外面；**计算**却不行：

# %%
x = tf.Variable(3.0)

with tf.GradientTape() as tape:
    square = x**2
y = square * square

print(y.numpy(), tape.gradient(y, x))

# %% [markdown] lang="en"
# $y$ is 81, as it should be, but its last step was taken unwatched. On the tape there is a road from `x` to `square` and none from there to `y`. TensorFlow answers `None`: *I have no record that connects these two*. It is not an error, and it is not zero. Keep this `None` in mind, it will come up again and again.

# %% [markdown] lang="zh"
# $y$ 是 81，没有错，可最后一步没有被记录。梯度带上有从 `x` 到 `square` 的路，却没有从那里到 `y` 的路。于是 TensorFlow 回答 `None`，意思是：“我的记录里，这两者未连通”。它不是报错，也不是零。记住这个 `None`，以后会一次又一次遇到它。

# %% [markdown] lang="en"
# ## The rival: finite differences
#
# Why all this, if one can find a slope by trying? Take a small step $h$ and divide:
#
# $$
# f'(x) \approx \frac{f(x + h) - f(x)}{h}
# $$
#
# The smaller $h$, the better, one would think.
#
# **Predict first.** For $x^4$ at 3 the true slope is 108. Which of $h = 0.1$, $0.001$, $0.00001$, $0.0000001$ comes closest, computed in the usual `float32`?

# %% [markdown] lang="zh"
# ## 对手：有限差分
#
# 试一试就能知道斜率，何必费这么大劲？走一小步 $h$，除一下就行：
#
# $$
# f'(x) \approx \frac{f(x + h) - f(x)}{h}
# $$
#
# 想必 $h$ 越小越好。
#
# **先猜一猜。** $x^4$ 在 3 处的斜率是 108。用通常的 `float32` 来算，$h = 0.1$、$0.001$、$0.00001$、$0.0000001$ 中，哪个最接近？

# %%
gt.predict("2.d", ...)

# %%
x = tf.constant(3.0)
errors = {}

for h in [1e-1, 1e-3, 1e-5, 1e-7]:
    difference = ((x + h) ** 2 * (x + h) ** 2 - x**2 * x**2) / h
    errors[h] = abs(difference.numpy() - 108.0)
    print(f"h = {h:.0e}   error = {errors[h]:.2g}")

gt.predict("2.d", outcome=errors)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# The second. From 0.1 to 0.001 the error shrinks with $h$. Then it grows again, and at $10^{-7}$ it is 108: the difference is 0, since $3 + 10^{-7}$ *is* 3 in `float32`.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 第二个。从 0.1 到 0.001，误差随 $h$ 变小；再往后又变大了。到 $10^{-7}$ 时误差是 108：差为 0，因为在 `float32` 里，$3 + 10^{-7}$ **就是** 3。
#
# </details>

# %% [markdown] lang="en"
# Two errors pull in opposite directions. Because the curve bends, a long step sees a different slope: this error is about $h\,f''/2$ and shrinks with $h$. Because `float32` has only seven digits, the difference of two nearly equal numbers consists mostly of rounding; dividing by a small $h$ blows that up, like $\varepsilon f/h$. The sum is V-shaped. Look for the bottom of each curve.

# %% [markdown] lang="zh"
# 有两种误差在拔河。曲线是弯的，步子大了，看到的斜率就不一样：这个误差约为 $h\,f''/2$，随 $h$ 变小。`float32` 只有七位有效数字，两个几乎相等的数相减，剩下的多半是舍入误差；再除以很小的 $h$，误差就被放大，约为 $\varepsilon f/h$。两者相加成 V 形。请找出每条曲线的最低点。

# %%
gt.plot_step_error(lambda x: x**4, at=3.0)
plt.show()

# %% [markdown] lang="en"
# $\Delta_h$ is the forward difference from above, $\delta_h$ the central one, $\bigl(f(x+h) - f(x-h)\bigr)/2h$, which is better because its errors on the two sides cancel in part. On the left both `float32` lines run flat at 108: there the step is lost in rounding, and the difference is 0. In `float64` everything lies lower, and the V is still a V. The best $h$ depends on the function, on the point and on the precision: nobody can tell you beforehand.
#
# The tape's line at the bottom has no V. It has no $h$ at all. It never subtracts two nearly equal numbers; it multiplies slopes that are known exactly. What remains is the rounding of the multiplications, and that is as good as the numbers themselves.
#
# There is a second reason. For a function of a million variables, finite differences need a million and one evaluations. A tape needs one forward and one backward pass.

# %% [markdown] lang="zh"
# $\Delta_h$ 是上面的前向差分；$\delta_h$ 是中心差分 $\bigl(f(x+h) - f(x-h)\bigr)/2h$，两侧的误差抵消掉一部分，所以更好。最左边，两条 `float32` 的线都平在 108：步长被舍入吞掉了，差为 0。换成 `float64`，曲线整体降低，但 V 还是 V。最佳的 $h$ 与函数、位置和精度都有关，谁也没法事先告诉你。
#
# 最下面那条梯度带的线没有 V，因为它根本没有 $h$。它从不拿两个几乎相等的数相减，只把确切知道的斜率乘起来。剩下的只有乘法的舍入误差，和数本身一样精确。
#
# 还有第二个理由。对一百万个变量的函数，有限差分要算一百万零一次；梯度带只要一次前向传播、一次反向传播。

# %% [markdown] lang="en"
# ## Watch out
#
# Each of these calculations looks right, and gives `None` or a wrong number. Guess the cause before you read on. Lesson [9](09_when_gradients_go_missing.ipynb) has all the ways in which a gradient goes missing, and four questions that find the cause.
#
# ### A constant that nobody watches

# %% [markdown] lang="zh"
# ## 当心
#
# 下面每段代码看上去都对，得到的却是 `None`，或者一个错的数。先猜猜原因，再往下读。梯度丢失的种种情形，还有追查原因的四个问题，都在[第 9 课](09_when_gradients_go_missing.ipynb)。
#
# ### 没人监视的常量

# %%
x = tf.constant(3.0)
with tf.GradientTape() as tape:
    y = x**4

print(tape.gradient(y, x))

# %% [markdown] lang="en"
# A constant is not watched by itself. Make it a `tf.Variable`, or call `tape.watch(x)`.
#
# ### Watched too late

# %% [markdown] lang="zh"
# 常量不会自动受到监视。把它换成 `tf.Variable`，或者调用 `tape.watch(x)`。
#
# ### 监视得太晚

# %%
with tf.GradientTape() as tape:
    y = x**4
    tape.watch(x)

print(tape.gradient(y, x))

# %% [markdown] lang="en"
# When the tape began to watch, $x^4$ was already computed. Watch first, then calculate.
#
# ### A whole number

# %% [markdown] lang="zh"
# 梯度带开始监视时，$x^4$ 早已算完。先监视，后计算。
#
# ### 整数

# %%
x = tf.Variable(3)
with tf.GradientTape() as tape:
    y = x**4

print(tape.gradient(y, x))

# %% [markdown] lang="en"
# Integers cannot change a little, so there is nothing to differentiate. For a variable, TensorFlow 2.21 says nothing; only `tape.watch` warns of a whole number. Write `3.0`.
#
# ### A slice after the block

# %% [markdown] lang="zh"
# 整数没法只变一点点，也就无从求导。对变量，TensorFlow 2.21 一声不响；只有用 `tape.watch` 监视整数时才会警告。应该写 `3.0`。
#
# ### 在块外面取一部分

# %%
x = tf.Variable([1.0, 2.0])
with tf.GradientTape() as tape:
    y = x**4

print(tape.gradient(y[0], x))

# %% [markdown] lang="en"
# `y[0]` looks like a mere glance at `y`. It is an operation that makes a new tensor, here after the recording has ended. Take the slice inside the block:

# %% [markdown] lang="zh"
# `y[0]` 看上去只是瞧一眼 `y`，其实是一个运算，会造出新的张量，而这时记录已经结束。应该在块里面取：

# %%
with tf.GradientTape() as tape:
    first = x[0] ** 4

print(tape.gradient(first, x).numpy())

# %% [markdown] lang="en"
# ### A detour through NumPy

# %% [markdown] lang="zh"
# ### 绕道 NumPy

# %%
import numpy as np

x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = np.square(x) * x

print(y.numpy(), tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# The worst of them: no `None`, no error, a wrong number. $x^3$ at 3 has the slope 27, and the tape says 9. NumPy computed the square, and the tape saw only a constant 9 that is multiplied by `x`. Had all of it been NumPy, the result would not even be a tensor, and `gradient` would fail. Stay in TensorFlow between source and target: `tf.square` for `np.square`, no `.numpy()`, no `float()` on the way.

# %% [markdown] lang="zh"
# 这是最糟的一种：不是 `None`，也不报错，而是一个错的数。$x^3$ 在 3 处的斜率是 27，梯度带却说 9。平方是 NumPy 算的，梯度带只看见常数 9 乘以 `x`。如果全程都是 NumPy，结果连张量都不是，`gradient` 会直接报错。从源到目标，全程都要用 TensorFlow：用 `tf.square` 代替 `np.square`，中途不写 `.numpy()`，也不写 `float()`。

# %%
with tf.GradientTape() as tape:
    y = tf.square(x) * x

print(tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# ### A variable that is one no more
#
# Two steps downhill on $x^2$. The first works. The second does not:

# %% [markdown] lang="zh"
# ### 变量不再是变量
#
# 在 $x^2$ 上往下走两步。第一步没问题，第二步就不行了：

# %%
x = tf.Variable(3.0)
for step in range(2):
    with tf.GradientTape() as tape:
        y = x**2
    slope_now = tape.gradient(y, x)
    print(type(x).__name__, slope_now)
    if slope_now is not None:
        x = x - 0.1 * slope_now

# %% [markdown] lang="en"
# `x = x - ...` makes a new tensor and gives it the old name. The next tape meets a constant. Update the variable in place:

# %% [markdown] lang="zh"
# `x = x - ...` 造出一个新张量，又让它顶着旧名字。下一条梯度带遇到的就是常量了。应当就地更新变量：

# %%
x = tf.Variable(3.0)
for step in range(2):
    with tf.GradientTape() as tape:
        y = x**2
    x.assign_sub(0.1 * tape.gradient(y, x))
    print(f"{x.numpy():.2f}")

# %% [markdown] lang="en"
# ## Exercises
#
# Write your work in place of `...`, run the cell, then the check below it. A check tries your function at points that you have not seen. If you are stuck, `gt.hint("2.1")` gives three hints, one after the other; `gt.progress()` shows what is done.
#
# **Exercise 2.1** (by hand, then by tape) Take $y = e^{-x^2}$ in three steps: $a = x^2$, $b = -a$, $y = e^b$. Write `backward(x)`, without a tape: it walks back from the end and returns the three slopes $dy/db$, $dy/da$ and $dy/dx$, in this order.

# %% [markdown] lang="zh"
# ## 练习
#
# 在 `...` 处写上你的解答，运行单元格，再运行下面的检查。检查会在你没见过的点上试你的函数。卡住了就运行 `gt.hint("2.1")`，一次给一条，共三条；`gt.progress()` 显示已完成的练习。
#
# **练习 2.1**（先手算，再用梯度带）把 $y = e^{-x^2}$ 拆成三步：$a = x^2$，$b = -a$，$y = e^b$。不用梯度带，写出 `backward(x)`：从末尾往回走，依次返回三个斜率 $dy/db$、$dy/da$ 和 $dy/dx$。


# %%
def backward(x):
    # BEGIN SOLUTION
    b = -(x**2)
    dy_db = tf.exp(b)
    dy_da = dy_db * -1.0
    dy_dx = dy_da * 2.0 * x
    return dy_db, dy_da, dy_dx
    # END SOLUTION


# %%
gt.check("2.1", backward)

# %% [markdown] lang="en"
# Now let a persistent tape confirm the three slopes at $x = 1$.

# %% [markdown] lang="zh"
# 再用持久梯度带验证 $x = 1$ 处的三个斜率。

# %%
# BEGIN SOLUTION
x = tf.Variable(1.0)
with tf.GradientTape(persistent=True) as tape:
    a = x**2
    b = -a
    y = tf.exp(b)
for value, by_hand in zip([b, a, x], backward(1.0)):
    print(f"{tape.gradient(y, value):.4f} {by_hand:.4f}")
del tape
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 2.2** (repair this) The function should return the slope of $\sqrt{x}$ at any point `at`, whole numbers such as 4 included. There are three mistakes in it. Repair the function where it stands, and run the check after each repair: as long as one is left, it names one.

# %% [markdown] lang="zh"
# **练习 2.2**（修好它）这个函数应当返回 $\sqrt{x}$ 在任意点 `at` 处的斜率，`at` 也可以是 4 这样的整数。里面有三处错。就在原处修改，每改一处就运行一次检查：只要还有错，它就会指出其中一处。


# %%
def slope_of_root(at):
    x = tf.constant(at)
    with tf.GradientTape() as tape:
        start = tf.cast(x, tf.float32)
    y = tf.sqrt(start)
    return tape.gradient(y, x)


# BEGIN SOLUTION
def slope_of_root(at):
    x = tf.constant(at, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.sqrt(x)
    return tape.gradient(y, x)


# END SOLUTION

# %%
gt.check("2.2", slope_of_root)

# %% [markdown] lang="en"
# **Exercise 2.3** (draw this) Where is the tangent of $f(x) = x^3 - 6x^2 + 9x$ horizontal? Find the places, then draw $f$ on $(-0.5, 4.5)$ with a marker at each point of contact, for instance by `ax.plot(a, f(a), "o")`. The check wants your figure's axes under the name `ax`, such as `_, ax = plt.subplots()` makes them.

# %% [markdown] lang="zh"
# **练习 2.3**（画出来）$f(x) = x^3 - 6x^2 + 9x$ 的切线在哪里是水平的？先找到这些位置，再在 $(-0.5, 4.5)$ 上画出 $f$，并在每个切点处画一个标记，例如 `ax.plot(a, f(a), "o")`。检查要看的是图的坐标轴，名字叫 `ax`，用 `_, ax = plt.subplots()` 就能得到。

# %%
ax = ...
# BEGIN SOLUTION
x = tf.linspace(-0.5, 4.5, 200)
f = lambda x: x**3 - 6 * x**2 + 9 * x
_, ax = plt.subplots()
ax.plot(x, f(x))
for a in [1.0, 3.0]:  # f'(x) = 3 (x - 1) (x - 3)
    ax.plot(a, f(a), "o")
    ax.axhline(f(a), linestyle="--")
plt.show()
# END SOLUTION

# %%
gt.check("2.3", ax)

# %% [markdown] lang="en"
# **Exercise 2.4** (the best step) The forward difference has an error of about $h\,|f''|/2 + \varepsilon\,|f|/h$, with $\varepsilon = 6 \cdot 10^{-8}$ in `float32`. For which $h$ is that smallest? Derive a formula by hand and write it as `best_step(value, curvature)`, where `value` is $f$ and `curvature` is $f''$ at the point.

# %% [markdown] lang="zh"
# **练习 2.4**（最佳步长）前向差分的误差约为 $h\,|f''|/2 + \varepsilon\,|f|/h$，在 `float32` 里 $\varepsilon = 6 \cdot 10^{-8}$。$h$ 取多少时误差最小？用手推出公式，写成 `best_step(value, curvature)`，其中 `value` 是该点的 $f$，`curvature` 是该点的 $f''$。


# %%
def best_step(value, curvature):
    # BEGIN SOLUTION
    return (2 * 6e-8 * abs(value / curvature)) ** 0.5
    # END SOLUTION


# %%
gt.check("2.4", best_step)

# %% [markdown] lang="en"
# ## Recap
#
# - Inside `with tf.GradientTape() as tape:` every operation on a watched number is recorded; `tape.gradient(target, source)` walks the record backwards.
# - Forward: values. Backward: the slope of each step times what arrives from the end.
# - Variables are watched by themselves, constants after `tape.watch`.
# - `None` means that the record does not connect source and target; a detour through NumPy can be worse, a wrong number.
# - Finite differences have a best step size that you do not know. A tape has no step.
#
# Back to [1 · TensorFlow at a glance](01_tensorflow_at_a_glance.ipynb) · On to [3 · Several variables](03_several_variables.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - 在 `with tf.GradientTape() as tape:` 里，对被监视的数做的每个运算都会记下来；`tape.gradient(目标, 源)` 沿着记录往回走。
# - 往前走得到值；往回走，每一步的斜率乘以后面传来的数。
# - 变量自动受监视；常量要先 `tape.watch`。
# - `None` 表示记录里未连通；绕道 NumPy 可能更糟，会得到错的数。
# - 有限差分有个最佳步长，可你不知道是多少。梯度带没有步长。
#
# 上一课：[1 · 初识 TensorFlow](01_tensorflow_at_a_glance.ipynb) · 下一课：[3 · 多个变量](03_several_variables.ipynb)
