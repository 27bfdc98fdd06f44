# ---
# jupyter:
#   gradtape:
#     minutes: 35
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
# - make a tape watch a constant, and recognise a gradient that is missing;
# - explain why finite differences have a best step size, and why a tape has none.
#
# You need [lesson 1](01_tensorflow_at_a_glance.ipynb). It takes about 35 minutes.

# %% [markdown] lang="zh"
# # 2 · 自动求导是怎样工作的
#
# 你在做一道计算，旁边坐着一个人，把每一步都记下来：什么数进去，什么数出来。算完之后你问：“开头那个数要是大一点点，最后的结果会变多少？”有了这份记录，回答就是照章办事：从末尾一步一步往回走，每一步只要知道它自己的脾气就够了。TensorFlow 的**梯度带**就是这个人。这一课里，你会用它，站在它身后看它怎么记，还会明白它为什么胜过人人最先想到的那个办法。
#
# 学完这一课，你能够
#
# - 用 `tf.GradientTape` 对一段计算求导，说清每一行的作用；
# - 把导数看成切线的斜率；
# - 用具体的数，亲手走一遍前向传播和反向传播；
# - 让梯度带监视常量，认出“没有梯度”的情形；
# - 说明有限差分为什么有一个最佳步长，而梯度带根本没有步长。
#
# 请先学完[第 1 课](01_tensorflow_at_a_glance.ipynb)。本课大约需要 35 分钟。

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
# **Predict first.** Without running anything: what is the slope at $x = -3$? And at $x = 1.5$, is it half of 108, or more, or less?

# %% [markdown] lang="zh"
# 在 0 的左边，曲线下降，$f'$ 在零以下。在 0 处曲线走平，$f'$ 在那里穿过零。右边两条都往上走。在 $x = 3$ 处，虚线的高度是 108：第一个单元格得到的数，就是虚线上的一个点。
#
# **先猜一猜。** 先别运行：$x = -3$ 处的斜率是多少？$x = 1.5$ 处呢，是 108 的一半，更大，还是更小？


# %%
def slope(f, at):
    x = tf.Variable(at)
    with tf.GradientTape() as tape:
        y = f(x)
    return tape.gradient(y, x).numpy()


print(slope(lambda x: x**4, -3.0), slope(lambda x: x**4, 1.5))

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
# ## 梯度带里面
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
# The values read downwards, the slopes upwards: 1, 48, 48, 96. The 1 at the start of the way back is the slope of $y$ with respect to itself. In the figure the same curve is drawn with its derivative; find 64 and 96 above $x = 1.5$.

# %% [markdown] lang="zh"
# 值从上往下读，斜率从下往上读：1、48、48、96。往回走的起点是 1，那是 $y$ 对它自己的变化率。下图画出这条曲线和它的导数，请在 $x = 1.5$ 的上方找到 64 和 96。

# %%
ax = gt.plot_derivatives(lambda x: (2 * x + 1) ** 3, (-1.5, 2.0), order=1, mark=())
ax.plot([1.5, 1.5], [64.0, 96.0], "o", color="C3")
plt.show()

# %% [markdown] lang="en"
# **Predict first.** Now a composition where the inner slope is not constant: $y = \sin(x^2)$ at $x = 0.8$. The outer step has the slope $\cos u$ with $u = x^2$, the inner one $2x$. Is the slope of $y$ larger or smaller than the outer slope alone?

# %% [markdown] lang="zh"
# **先猜一猜。** 再来一个内层斜率不是常数的复合函数：$y = \sin(x^2)$，在 $x = 0.8$ 处。外层的斜率是 $\cos u$，其中 $u = x^2$；内层的斜率是 $2x$。$y$ 的斜率比单独的外层斜率大，还是小？

# %%
x = tf.Variable(0.8)

with tf.GradientTape(persistent=True) as tape:
    u = x**2
    y = tf.sin(u)

print(f"outer  dy/du = {tape.gradient(y, u):.4f}")
print(f"inner  du/dx = {tape.gradient(u, x):.4f}")
print(f"both   dy/dx = {tape.gradient(y, x):.4f}")
del tape

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
# $y$ 是 81，没有错，可最后一步没有被记录。梯度带上有从 `x` 到 `square` 的路，却没有从那里到 `y` 的路。于是 TensorFlow 回答 `None`，意思是：“我的记录里，这两者连不上”。它不是报错，也不是零。记住这个 `None`，以后会一次又一次遇到它。

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
x = tf.constant(3.0)

for h in [1e-1, 1e-3, 1e-5, 1e-7]:
    difference = ((x + h) ** 2 * (x + h) ** 2 - x**2 * x**2) / h
    print(f"h = {h:.0e}   error = {abs(difference.numpy() - 108.0):.2g}")

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
# Each of these calculations looks right, and gives `None` or a wrong number. Guess the cause before you read on.
#
# ### A constant that nobody watches

# %% [markdown] lang="zh"
# ## 当心
#
# 下面每段代码看上去都对，得到的却是 `None`，或者一个错的数。先猜猜原因，再往下读。
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
# **Exercise 2.1** (by hand, then by tape) For $y = e^{-x^2}$ at $x = 1$, split the calculation into steps, write down values going forward and slopes going backward, and find $dy/dx$. Then let a persistent tape confirm each of your numbers.

# %% [markdown] lang="zh"
# ## 练习
#
# **练习 2.1**（先手算，再用梯度带）对 $y = e^{-x^2}$，在 $x = 1$ 处，把计算拆成几步，往前写出值，往回写出斜率，求出 $dy/dx$。再用持久梯度带验证你的每一个数。

# %%
# your work

# %% [markdown] lang="en"
# **Exercise 2.2** (repair this) The cell should print the slope of $\sqrt{x}$ at 4, which is 0.25. There are three mistakes. Repair them one by one, and watch what changes.

# %% [markdown] lang="zh"
# **练习 2.2**（修好它）下面的代码想打印 $\sqrt{x}$ 在 4 处的斜率，也就是 0.25。里面有三处错。一处一处地改，看看每次有什么变化。

# %%
x = tf.constant(4)
with tf.GradientTape() as tape:
    start = tf.cast(x, tf.float32)
y = tf.sqrt(start)

print(tape.gradient(y, x))

# %% [markdown] lang="en"
# **Exercise 2.3** (find the place) Where is the tangent of $f(x) = x^3 - 6x^2 + 9x$ horizontal? First draw $f$ with $f'$ on $(-0.5, 4.5)$ and read the places off. Then check with a tape that the slope is zero there. What kind of point is each?

# %% [markdown] lang="zh"
# **练习 2.3**（找位置）$f(x) = x^3 - 6x^2 + 9x$ 的切线在哪里是水平的？先在 $(-0.5, 4.5)$ 上画出 $f$ 和 $f'$，从图上读出位置，再用梯度带验证那里斜率为零。这几个点各是什么点？

# %%
# your work

# %% [markdown] lang="en"
# **Exercise 2.4** (the best step) Press a V-shaped curve into a formula: the forward difference has an error of about $h\,|f''|/2 + \varepsilon\,|f|/h$, with $\varepsilon \approx 6 \cdot 10^{-8}$ in `float32`. For which $h$ is that smallest, for $x^4$ at 3? Compare with the figure above.

# %% [markdown] lang="zh"
# **练习 2.4**（最佳步长）把 V 形曲线写成公式：前向差分的误差约为 $h\,|f''|/2 + \varepsilon\,|f|/h$，在 `float32` 里 $\varepsilon \approx 6 \cdot 10^{-8}$。对 $x^4$ 在 3 处，$h$ 取多少时误差最小？和上面的图对照。

# %%
# your work

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
# - `None` 表示记录里连不通；绕道 NumPy 可能更糟，会得到错的数。
# - 有限差分有个最佳步长，可你不知道是多少。梯度带没有步长。
#
# 上一课：[1 · 初识 TensorFlow](01_tensorflow_at_a_glance.ipynb) · 下一课：[3 · 多个变量](03_several_variables.ipynb)
