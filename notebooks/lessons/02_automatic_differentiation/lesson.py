# ---
# jupyter:
#   gradtape:
#     minutes: 45
#     optional: 50
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
# TensorFlow computes derivatives by **automatic differentiation**. While a calculation runs, a **gradient tape** records each operation: what went in, what came out. Afterwards the record is read backwards, and the chain rule turns it into a derivative. In this lesson you use a tape within two minutes, then look at what it records, and, in optional sections, build a small one by hand and see why it is more reliable than finite differences, the quotients $\bigl(f(x + h) - f(x)\bigr)/h$ with a small $h$.
#
# By the end you will be able to
#
# - differentiate a calculation with `tf.GradientTape`, and say what each line of it does;
# - ask for derivatives with respect to a list, a dictionary or a model's trainable variables;
# - read a derivative as the slope of a tangent;
# - follow the forward and the backward pass by hand, with real numbers;
# - make a tape watch a constant, and recognise a gradient that is missing;
# - in optional sections: build a small tape, and explain why finite differences have a best step size and a tape has none.
#
# You need [lesson 1](01_tensorflow_at_a_glance.ipynb). The core takes about 45 minutes to read, the sections marked *optional* another 50; the exercises come on top.

# %% [markdown] lang="zh"
# # 2 · 自动求导是怎样工作的
#
# TensorFlow 用**自动求导**（自动微分）来计算导数。计算进行时，**梯度带**（gradient tape，也译梯度磁带、求导记录器）像录音机的磁带那样，录下每一步运算：输入是什么，输出是什么；然后倒着读这份记录，用链式法则得出导数。这一课先用两分钟求出第一个梯度，再看梯度带记录了什么；选学的几节里动手实现一个迷你梯度带，并弄明白它为什么比有限差分（数值微分）可靠；有限差分就是取一个很小的 $h$，算差商 $\bigl(f(x + h) - f(x)\bigr)/h$。
#
# 学完这一课，你能够
#
# - 用 `tf.GradientTape` 对一段计算求导，说清每一行的作用；
# - 对列表、字典或模型的可训练变量求导；
# - 把导数看成切线的斜率；
# - 用具体的数，亲手走一遍前向传播和反向传播；
# - 让梯度带监视（watch）常量，认出“没有梯度”的情形；
# - 在选学的几节里：实现一个迷你梯度带，说明有限差分为什么有一个最佳步长，而梯度带根本没有步长。
#
# 请先学完[第 1 课](01_tensorflow_at_a_glance.ipynb)。核心部分大约需要 45 分钟，标着“选学”的几节另需 50 分钟，练习的时间另算。

# %%
import gradtape as gt
import matplotlib.pyplot as plt
import tensorflow as tf

gt.start("02", lang="en")

# %% [markdown] lang="en"
# ## Your first gradient
#
# Take $y = x^4$ at $x = 3$. On paper: $y = 81$, and $y' = 4x^3 = 108$.

# %% [markdown] lang="zh"
# ## 第一个梯度
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
# There are the two numbers, 81 and 108, each in a tensor with its shape (a single number, a *scalar*, has the shape `()`) and its type. Line by line:
#
# - `tf.Variable(initial_value=3.0)` makes a variable: its value can be updated later. It is *trainable*, as variables are unless you say otherwise, and a tape watches trainable variables by itself. The point in `3.0` matters, since whole numbers have no derivatives.
# - `with tf.GradientTape() as tape:` opens a context. Within it, every operation on a watched number, or on what was computed from one, is recorded, together with the values that it used.
# - `tf.pow(x=x, y=4)` is such an operation. (`x` and `y` are the names that `tf.pow` gives to its arguments; the 4 is the exponent.)
# - `tape.gradient(y, x)` computes the derivative. First comes **what** is differentiated, the *target*, then **with respect to what**, the *source*.
#
# The formula $4x^3$ appears nowhere. TensorFlow has a rule for the derivative of nearly every elementary operation; the rest comes from the record.

# %% [markdown] lang="zh"
# 两个数都有了：81 和 108，各装在一个张量里，带着形状（单个数叫**标量**，形状是 `()`）和类型。逐行来看：
#
# - `tf.Variable(initial_value=3.0)` 创建一个变量，它的值以后可以更新。变量默认是**可训练的**（trainable），梯度带会自动监视可训练的变量。`3.0` 的小数点不能省，因为整数不能求导。
# - `with tf.GradientTape() as tape:` 打开一个上下文。在这个块里，凡是用到被监视的数、或者用到由它们算出的数的运算，都会记录下来，连同用到的值。
# - `tf.pow(x=x, y=4)` 就是这样一个运算。（`x` 和 `y` 是 `tf.pow` 给自己的参数起的名字，4 是指数。）
# - `tape.gradient(y, x)` 计算导数。先写求**谁的**导数，即**目标**；再写**对谁**求导，即**源**。
#
# 公式 $4x^3$ 哪里都没有出现。TensorFlow 里只有基本运算的求导法则（几乎每个都有），其余的都来自记录。

# %% [markdown] lang="en"
# ### Several sources: a list, a dictionary, a model
#
# One call can return several derivatives. The result has the structure of the sources: a list gives a list, a dictionary a dictionary with the same keys.

# %% [markdown] lang="zh"
# ### 多个源：列表、字典、模型
#
# 一次调用可以求出多个导数。结果的结构和源相同：源写成列表，结果也是列表；源写成字典，结果也是字典，键一模一样。

# %%
w, b = tf.Variable(2.0), tf.Variable(1.0)

with tf.GradientTape() as tape:
    y = w * 5.0 + b
print([float(g) for g in tape.gradient(y, [w, b])])

with tf.GradientTape() as tape:
    y = w * 5.0 + b
print({name: float(g) for name, g in tape.gradient(y, {"w": w, "b": b}).items()})

# %% [markdown] lang="en"
# A model keeps its trainable variables in a list, `trainable_variables`, which is a source like any other. The smallest one is a single *layer*: `Dense(1)` computes one number from its inputs, each multiplied by a weight and added up, plus a bias. (Keras calls the weights the `kernel`.) Each gradient has the shape of its variable.

# %% [markdown] lang="zh"
# 模型的可训练变量都收在列表 `trainable_variables` 里，它也可以直接作为源。最小的模型只有一**层**（layer）：`Dense(1)` 由几个输入算出一个数，即每个输入乘以一个权重，加起来，再加上偏置（Keras 把权重叫作 `kernel`，即权重矩阵）。每个梯度的形状都和它的变量相同。

# %%
layer = tf.keras.layers.Dense(1, kernel_initializer="ones")

with tf.GradientTape() as tape:
    y = layer(tf.constant([[2.0, 5.0]]))

gradients = tape.gradient(y, layer.trainable_variables)
for variable, gradient in zip(layer.trainable_variables, gradients):
    print(variable.name, variable.shape, gradient.numpy().tolist())

# %% [markdown] lang="en"
# ### if and while
#
# A tape records what was run, so Python's own `if`, `for` and `while` need no special form. This loop multiplies until it passes 10:

# %% [markdown] lang="zh"
# ### if 和 while
#
# 梯度带记录的是实际执行的运算，所以 Python 的 `if`、`for`、`while` 照常写就行。下面的循环一直乘到超过 10 为止：

# %%
x = tf.Variable(1.5)

with tf.GradientTape() as tape:
    y = x
    while y < 10.0:
        y = y * x

print(y.numpy(), tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# The loop ran five times, so for this `x` the record says $y = x^6$, and the derivative is $6x^5 = 45.5625$. For another `x` the loop may run another number of times. The tape differentiates the steps that were taken; the comparison `y < 10.0` itself has no derivative.

# %% [markdown] lang="zh"
# 循环执行了五次，所以对这个 `x`，记录就是 $y = x^6$，导数是 $6x^5 = 45.5625$。换一个 `x`，循环的次数可能不同。梯度带只对实际走过的步骤求导，比较 `y < 10.0` 本身没有导数。

# %% [markdown] lang="en"
# ### If you know PyTorch (optional)
#
# | | PyTorch | TensorFlow |
# |---|---|---|
# | mark a source | `x = torch.tensor(3.0, requires_grad=True)` | `x = tf.Variable(3.0)`, or `tape.watch(x)` for a constant |
# | record | whatever is computed from a tensor with `requires_grad=True`, except under `torch.no_grad()` | only within `with tf.GradientTape() as tape:` |
# | differentiate | `y.backward()`, then read `x.grad`; or `torch.autograd.grad(y, x)` | `dy_dx = tape.gradient(y, x)` |
# | a second call | `backward()` **adds** to `x.grad`: call `zero_grad()` before each step | a new result each time, nothing is accumulated |
# | the record afterwards | freed; `retain_graph=True` keeps it | freed; `persistent=True` keeps it |
# | a vector as target | an error: `backward()` wants a scalar | the sum of its entries is differentiated |
# | a source that was not used | `x.grad` stays `None`; `torch.autograd.grad` raises, or gives `None` with `allow_unused=True` | `None`; 0 with `unconnected_gradients="zero"` |
# | cut the connection | `y.detach()` | `tf.stop_gradient(y)` |
# | second derivative | `create_graph=True` | a tape within a tape (lesson 4) |
#
# If you do not know PyTorch, skip this table.

# %% [markdown] lang="zh"
# ### 如果你会 PyTorch（选学）
#
# | | PyTorch | TensorFlow |
# |---|---|---|
# | 指定源 | `x = torch.tensor(3.0, requires_grad=True)` | `x = tf.Variable(3.0)`；常量用 `tape.watch(x)` |
# | 记录 | 由 `requires_grad=True` 的张量算出的都记录，`torch.no_grad()` 里除外 | 只在 `with tf.GradientTape() as tape:` 里记录 |
# | 求导 | `y.backward()`，再读 `x.grad`；或 `torch.autograd.grad(y, x)` | `dy_dx = tape.gradient(y, x)` |
# | 再求一次 | `backward()` 会**累加**到 `x.grad`：每步之前要 `zero_grad()` | 每次都是新的结果，不累加 |
# | 求导之后的记录 | 释放；`retain_graph=True` 则保留 | 释放；`persistent=True` 则保留 |
# | 目标是向量 | 报错：`backward()` 要求标量 | 对各分量之和求导 |
# | 没有用到的源 | `x.grad` 仍是 `None`；`torch.autograd.grad` 报错，写 `allow_unused=True` 则得到 `None` | `None`；写 `unconnected_gradients="zero"` 得到 0 |
# | 切断连接 | `y.detach()` | `tf.stop_gradient(y)` |
# | 二阶导数 | `create_graph=True` | 梯度带套梯度带（第 4 课） |
#
# 没用过 PyTorch，就跳过这张表。

# %% [markdown] lang="en"
# ## See it
#
# The derivative at a point is the slope of the tangent there. Below is the curve of $x^4$ with its tangent at 3. Read two things off it: how high the point is, and how far the tangent rises over one unit of $x$.

# %% [markdown] lang="zh"
# ## 看图
#
# 函数在一点的导数，就是曲线在该点的切线的斜率。下面是 $x^4$ 的曲线和它在 3 处的切线。从图上读两样东西：切点有多高；$x$ 往右走一个单位，切线升高多少。

# %%
gt.plot_tangent(lambda x: x**4, at=3.0, interval=(0.0, 4.0))
plt.show()

# %% [markdown] lang="en"
# The point is at 81. One unit further right the tangent has risen by 108, to 189, while the curve is at 256. A tangent approximates the curve near the point of contact only.
#
# The derivative at every $x$ makes a function of its own, $f'$. Here are both. The circle is a zero of $f$; a triangle marks a maximum (pointing up) or a minimum (pointing down), where $f'$ changes its sign; a diamond, in other figures, an inflection point, where $f''$ does. At 0 this curve has both a zero and a minimum. Where is $f'$ negative, and where is it zero?

# %% [markdown] lang="zh"
# 切点高 81。再往右一个单位，切线升高 108，到了 189，曲线却已经到了 256。切线只在切点附近近似曲线，这就是“以直代曲”。
#
# 每个 $x$ 处的导数合起来是另一个函数，即导函数 $f'$。下面把两者画在一起。圆圈是 $f$ 的零点；三角形标出极大值点（朝上，图例写作 max）和极小值点（朝下，写作 min），即 $f'$ 变号处；别的图里还有菱形，标出拐点，即 $f''$ 变号处。这条曲线在 0 处既有零点，又有极小值点。$f'$ 在哪里为负？在哪里为零？

# %%
gt.plot_derivatives(lambda x: x**4, (-3.0, 3.0), order=1)
plt.show()

# %% [markdown] lang="en"
# Left of 0 the curve falls, so $f'$ is negative. At 0 the tangent is horizontal, and $f'$ crosses zero there. On the right both rise. At $x = 3$ the dashed curve is at 108: the number from the first cell is one point of it.
#
# Now move a point yourself, along $x^3 - 3x$, with the mouse or with the arrow keys. Above is the tangent; below, its slope is drawn wherever the point has been. Before you move it, say where the lower curve will cross zero.

# %% [markdown] lang="zh"
# 在 0 的左边，曲线下降，$f'$ 为负。在 0 处切线水平，$f'$ 在那里穿过零。右边两条都上升。在 $x = 3$ 处，虚线的高度是 108：第一个单元格得到的数，就是虚线上的一个点。
#
# 现在用鼠标或方向键，在曲线 $x^3 - 3x$ 上移动一个点。上面是切线；点到过哪里，下面就画出那里切线的斜率。先别移动，说说下面的曲线会在哪里穿过零。

# %%
gt.explore_tangent(lambda x: x**3 - 3 * x, (-2.4, 2.4))

# %% [markdown] lang="en"
# It crosses zero twice, at the curve's local maximum and at its local minimum: there the tangent is horizontal. Between the two the curve falls, and its derivative is negative.
#
# **Predict first.** Back to $x^4$, without running anything: what is the derivative at $x = -3$? And at $x = 1.5$, is it half of 108, or more, or less? Write your choice for the second question in place of `...` in the next cell.

# %% [markdown] lang="zh"
# 它两次穿过零：一次在曲线的极大值点，一次在极小值点，那里的切线是水平的。两处之间曲线下降，导数为负。
#
# **先猜一猜。** 回到 $x^4$，先别运行：$x = -3$ 处的导数是多少？$x = 1.5$ 处呢，是 108 的一半，比一半大，还是比一半小？把第二个问题的选择写在下面单元格的 `...` 处。

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
# $-108$, since the curve is symmetric and falls on the left as steeply as it rises on the right. And $13.5$, an eighth of 108: the derivative is $4x^3$, and half of $x$ makes an eighth of $x^3$.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 是 $-108$，因为曲线左右对称，右边升得多陡，左边就降得多陡。另一个是 $13.5$，只有 108 的八分之一：导数是 $4x^3$，$x$ 减半，$x^3$ 就变成八分之一。
#
# </details>

# %% [markdown] lang="en"
# ## Inside the tape
#
# The library can draw a tape's record as a **computation graph**. Here is the one from the beginning of this lesson, $x^4$ at 3. The solid arrows carry values forward, the dashed one brings the gradient back.

# %% [markdown] lang="zh"
# ## 梯度带里面
#
# 用 gradtape 库可以把梯度带的记录画成**计算图**。下面就是本课开头的那份记录：$x^4$ 在 3 处。实线箭头表示值往前传，虚线箭头表示梯度往回传。

# %%
gt.draw_tape(lambda x: tf.pow(x, 4), 3.0)
plt.show()

# %% [markdown] lang="en"
# The framed box on the left is the source, the dark one the target; every box of an operation holds its name and, below, its result. The value forward is 81, the gradient back is 108.
#
# Now an example of three steps: $y = (2x + 1)^3$ at $x = 1.5$. Each intermediate result gets a name:
#
# $$
# a = 2x, \qquad b = a + 1, \qquad y = b^3
# $$
#
# Going **forward**, numbers are computed: $x = 1.5$ gives $a = 3$, then $b = 4$, then $y = 64$. This is the *forward pass*, and it is what the tape records.
#
# Going **backward**, each step contributes its own derivative, the *local derivative*, and these multiply:
#
# - the last step, $y = b^3$, has the local derivative $3b^2 = 48$: for a small change of $b$, $y$ changes by about 48 times as much;
# - the step before, $b = a + 1$, has the local derivative 1, so with respect to $a$ the derivative of $y$ is $48 \cdot 1 = 48$;
# - the first, $a = 2x$, has the local derivative 2, so with respect to $x$ it is $48 \cdot 1 \cdot 2 = 96$.
#
# This is the chain rule, and the walk is the *backward pass*. Note what it needs: at the step $b^3$ the local derivative is $3b^2$, so the value $b = 4$ must still be known. That is why a tape keeps values and not only the names of operations.
#
# A tape gives exactly these numbers. `persistent=True` allows more than one call of `gradient`; lesson 3 says why that is needed.

# %% [markdown] lang="zh"
# 左边粗框的是源，深色的是目标；运算写在方框里，上面是名称，下面是结果。往前传的值是 81，往回传的梯度是 108。
#
# 换一个由三步组成的例子：$y = (2x + 1)^3$，在 $x = 1.5$ 处。给每个中间结果起个名字：
#
# $$
# a = 2x, \qquad b = a + 1, \qquad y = b^3
# $$
#
# **往前**是算数值：由 $x = 1.5$ 得 $a = 3$，再得 $b = 4$，再得 $y = 64$。这叫**前向传播**，梯度带记录的就是它。
#
# **往回**时，每一步贡献自己的导数，叫**局部导数**，它们依次相乘：
#
# - 最后一步 $y = b^3$，局部导数是 $3b^2 = 48$：$b$ 有微小的变化时，$y$ 的变化约为它的 48 倍；
# - 前一步 $b = a + 1$，局部导数是 1，所以 $y$ 对 $a$ 的导数是 $48 \cdot 1 = 48$；
# - 第一步 $a = 2x$，局部导数是 2，所以 $y$ 对 $x$ 的导数是 $48 \cdot 1 \cdot 2 = 96$。
#
# 这就是链式法则，这样往回算一遍叫**反向传播**。注意它需要什么：在 $b^3$ 这一步，局部导数是 $3b^2$，所以必须还知道 $b = 4$。梯度带不光记录运算的名字，还要保留数值，原因就在这里。
#
# 用梯度带求出的正是这几个数。`persistent=True` 允许多次调用 `gradient`；为什么需要它，第 3 课再讲。

# %%
x = tf.Variable(1.5)

with tf.GradientTape(persistent=True) as tape:
    a = 2 * x
    b = a + 1
    y = b**3

for name, value in {"x": x, "a = 2x": a, "b = a + 1": b, "y = b³": y}.items():
    slope = tape.gradient(y, value)
    print(f"{name:9} = {value.numpy():4.1f}   dy/d{name[0]} = {slope:4.1f}")
del tape

# %% [markdown] lang="en"
# The values read downwards, the derivatives upwards: 1, 48, 48, 96. The 1 at the start of the way back is the derivative of $y$ with respect to itself.
#
# Go through it yourself, one step at a time: with the slider, with the arrow keys, or by pressing play. Say each number before you move on. (The figure calls the intermediate results $v_1$, $v_2$, $v_3$, where we say $a$, $b$, $y$.)

# %% [markdown] lang="zh"
# 数值从上往下读，导数从下往上读：1、48、48、96。往回的起点是 1，那是 $y$ 对它自己的导数。
#
# 自己走一遍，一次一步：拖动滑块，按方向键，或者点播放。每走一步之前，先说出下一个数。（中间结果我们叫 $a$、$b$、$y$，图中叫 $v_1$、$v_2$、$v_3$。）

# %%
gt.step_through_tape(lambda x: (2 * x + 1) ** 3, 1.5)

# %% [markdown] lang="en"
# Every step on the way back is the same: take the number that arrives, multiply by the local derivative of this one step, pass it on.
#
# ### Where the inner derivative varies (optional)
#
# First the curve of $(2x + 1)^3$, whose inner derivative is 2 everywhere; find 64 and 96 above $x = 1.5$.

# %% [markdown] lang="zh"
# 往回的每一步都一样：接过传来的数，乘以这一步的局部导数，再传下去。
#
# ### 内层导数不是常数（选学）
#
# 先画出 $(2x + 1)^3$（内层的导数处处是 2）和它的导数，请在 $x = 1.5$ 的上方找到 64 和 96。

# %%
ax = gt.plot_derivatives(lambda x: (2 * x + 1) ** 3, (-1.5, 2.0), order=1, mark=())
ax.plot([1.5, 1.5], [64.0, 96.0], "o", color="C3")
plt.show()

# %% [markdown] lang="en"
# **Predict first.** A composition where the inner derivative is not constant: $y = \sin(x^2)$ at $x = 0.8$. The outer step has the local derivative $\cos u$ with $u = x^2$, the inner one $2x$. Is the derivative of $y$ larger or smaller than that of the outer step alone?

# %% [markdown] lang="zh"
# **先猜一猜。** 再来一个内层导数不是常数的复合函数：$y = \sin(x^2)$，在 $x = 0.8$ 处。外层的局部导数是 $\cos u$，其中 $u = x^2$；内层的是 $2x$。$y$ 的导数比单独的外层导数大，还是小？

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
print(f"dy/du = {outer:.4f}")
print(f"du/dx = {inner:.4f}")
print(f"dy/dx = {both:.4f}")
gt.predict("2.b", outcome=(both, outer))

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Larger: it is the product $0.8021 \cdot 1.6 \approx 1.2834$, and the inner derivative $2x = 1.6$ is above 1. For $x$ between 0 and 0.5 it would be below 1. Forgetting the inner derivative is a common mistake when the chain rule is applied by hand. On a tape both steps are recorded, so neither can be left out.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 更大：它是两者的乘积 $0.8021 \cdot 1.6 \approx 1.2834$，而内层导数 $2x = 1.6$ 大于 1。如果 $x$ 在 0 和 0.5 之间，内层导数就小于 1。手算链式法则时，漏掉内层导数是常见的错误。梯度带的记录里两步都有，一步也不会漏。
#
# </details>

# %% [markdown] lang="en"
# ## Build a tape by hand (optional)
#
# What exactly does a tape record? The surest way to know is to make one; if you skip one optional section, let it be another. Ours is for plain Python numbers, and at the end it gives the same answers as TensorFlow's.
#
# **A tape is a list.** Every number gets a place on it. At that place stands what the number was *made of*: each number that went in, and with it the local derivative of that one step. For $y = (2x + 1)^3$ at $x = 1.5$ the list should read
#
# | place | number | made of |
# |---|---|---|
# | 0 | $x = 1.5$ | nothing, it was given |
# | 1 | $a = 2x = 3$ | $x$, local derivative 2 |
# | 2 | $b = a + 1 = 4$ | $a$, local derivative 1 |
# | 3 | $y = b^3 = 64$ | $b$, local derivative 48 |
#
# That is all of it. First we fill the list by hand.

# %% [markdown] lang="zh"
# ## 动手实现一个梯度带（选学）
#
# 梯度带上到底记录了些什么？想弄清楚，最牢靠的办法是自己实现一个；选学的几节里，最值得读的就是这一节。我们的这个只处理普通的 Python 数，而最后的结果和 TensorFlow 的一样。
#
# **梯度带就是一个列表。** 每个数在上面占一个位置，那里写着这个数是**由什么算出来的**：用到了哪些数，以及这一步对每个数的局部导数。对 $x = 1.5$ 处的 $y = (2x + 1)^3$，列表应该是这样：
#
# | 位置 | 数 | 由什么算出来 |
# |---|---|---|
# | 0 | $x = 1.5$ | 无（输入） |
# | 1 | $a = 2x = 3$ | $x$，局部导数 2 |
# | 2 | $b = a + 1 = 4$ | $a$，局部导数 1 |
# | 3 | $y = b^3 = 64$ | $b$，局部导数 48 |
#
# 要记录的就这么多。先用手把列表填上。


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
    print(place, [(number.place, local) for number, local in made_of])

# %% [markdown] lang="en"
# ### Backwards through the list
#
# A number always stands behind the numbers that it was made of: it could not have been computed earlier. So the backward pass is the list, read from its end. We keep one derivative for each place, that of the target with respect to the number there. The target's own is 1, all others start at 0. At each place, what has arrived is multiplied by the local derivative and added at the place of the number that went in.

# %% [markdown] lang="zh"
# ### 倒着读列表
#
# 每个数都排在它所依赖的数后面，因为要先有那些数，才能算出它。所以反向传播就是把列表从末尾往前读。每个位置存一个导数，也就是目标对那个数的导数：目标自己的是 1，其余的先写 0。读到一个位置，就把已经传到这里的导数乘以局部导数，加到用到的那个数的位置上。


# %%
def gradient(self, target, source):
    derivatives = [0.0] * len(self.steps)
    derivatives[target.place] = 1.0
    for place in reversed(range(target.place + 1)):
        for origin, local in self.steps[place]:
            derivatives[origin.place] += derivatives[place] * local
    return derivatives[source.place]


Tape.gradient = gradient

print([tape.gradient(y, number) for number in (x, a, b, y)])

# %% [markdown] lang="en"
# The same numbers as TensorFlow's tape gave: 96, 48, 48, 1.
#
# **Predict first.** Look at the sign `+=` in the loop. Take $y = x \cdot x$ at $x = 3$. The number $y$ is made of two numbers, and both are $x$. What does our tape give? And what would it give with `=` instead of `+=`? Write your answer to the first question in place of `...`.

# %% [markdown] lang="zh"
# 和 TensorFlow 的梯度带给出的一样：96、48、48、1。
#
# **先猜一猜。** 看循环里的 `+=`。取 $y = x \cdot x$，在 $x = 3$ 处。$y$ 由两个数算出来，这两个都是 $x$。我们的梯度带会给出多少？要是把 `+=` 换成 `=` 呢？第一个问题的答案，写在下面单元格的 `...` 处。

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
# It gives 6, which is right: $(x^2)' = 2x$. Each of the two factors contributes a local derivative of 3, and when $x$ changes both change. With `=` the second contribution would have overwritten the first, and the result would have been 3. Whenever a value is used in several places, what comes back from them **adds up**.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 是 6，这是对的：$(x^2)' = 2x$。两个因子各贡献一个局部导数 3，而 $x$ 一变，两个因子一起变。如果写成 `=`，第二份会把第一份覆盖掉，结果就成了 3。一个值用在几处，从各处传回来的导数就要**加起来**。
#
# </details>

# %% [markdown] lang="en"
# ## A tape of forty lines (optional)
#
# So far we wrote each local derivative by hand. But it belongs to the operation: for a product it is, for each factor, the other factor. So let the multiplication record itself:

# %% [markdown] lang="zh"
# ## 四十行的梯度带（选学）
#
# 到现在为止，局部导数都是手写的。其实它由运算决定：乘积对一个因子的局部导数，就是另一个因子。所以可以让乘法自己来记录：


# %%
def multiply(a, b):
    return a.tape.number(a.value * b.value, [(a, b.value), (b, a.value)])


tape = Tape()
x = tape.number(3.0)
print(tape.gradient(multiply(x, multiply(x, x)), x))

# %% [markdown] lang="en"
# That is $3x^2 = 27$. Every other operation is made in the same way, from a function and its local derivatives, one for each input. `operation` below does it once for all of them. A plain number, such as the 2 in $2x$, may go in too; no derivative with respect to it is needed, so it is not recorded. (`lambda` makes a function without a name; `*inputs` stands for any number of arguments, collected in a tuple; `recorded` is a function made inside another one, and keeps its `f`.)

# %% [markdown] lang="zh"
# 这正是 $3x^2 = 27$。别的运算都可以照这个样子来做：一个函数，再加上它对每个输入的局部导数。下面的 `operation` 把它们一次都做出来。普通的数也可以参加运算，比如 $2x$ 里的 2；不需要对它求导，所以不记录它。（`lambda` 写出的是没有名字的函数；`*inputs` 表示任意多个参数，收在一个元组里；`recorded` 是在另一个函数里定义的函数，保留着那里的 `f`。）

# %%
import math


def operation(f, *local_derivatives):
    def recorded(*inputs):
        values = [x.value if isinstance(x, Number) else x for x in inputs]
        made_of = []
        for x, local in zip(inputs, local_derivatives):
            if isinstance(x, Number):
                tape = x.tape
                made_of.append((x, local(*values)))
        return tape.number(f(*values), made_of)

    return recorded


add = operation(lambda a, b: a + b, lambda a, b: 1.0, lambda a, b: 1.0)
multiply = operation(lambda a, b: a * b, lambda a, b: b, lambda a, b: a)
power = operation(
    lambda a, b: a**b,
    lambda a, b: b * a ** (b - 1),
    lambda a, b: a**b * math.log(a),
)
sin_on_tape = operation(math.sin, math.cos)

Number.__add__ = Number.__radd__ = add
Number.__mul__ = Number.__rmul__ = multiply
Number.__pow__ = power

# %% [markdown] lang="en"
# The last three lines tell Python what `+`, `*` and `**` mean for our numbers (`__radd__` and `__rmul__` are called when the plain number stands on the left). Now an ordinary formula records itself. First the example from above, then a function in which $x$ is used three times, $f(x) = x \sin x + x^2$ at $x = 2$, once on our tape and once on TensorFlow's:

# %% [markdown] lang="zh"
# 最后三行规定了 `+`、`*`、`**` 用在我们的数上是什么意思（普通的数写在左边时，调用的是 `__radd__` 和 `__rmul__`）。这样一来，照平常那样写公式，就会自动记录。先看前面的例子，再换一个用到三次 $x$ 的函数：$f(x) = x \sin x + x^2$，在 $x = 2$ 处，我们的梯度带和 TensorFlow 的各算一遍：


# %%
tape = Tape()
x = tape.number(1.5)
y = (2 * x + 1) ** 3
print(f"(2x + 1)³         {y.value:.4f}   {tape.gradient(y, x):.4f}")


def f(x, sin):
    return x * sin(x) + x**2


tape = Tape()
x = tape.number(2.0)
y = f(x, sin_on_tape)
print(f"Tape              {y.value:.4f}   {tape.gradient(y, x):.4f}")

x = tf.Variable(2.0)
with tf.GradientTape() as tape:
    y = f(x, tf.sin)
print(f"tf.GradientTape   {y.numpy():.4f}   {tape.gradient(y, x):.4f}")

# %% [markdown] lang="en"
# In the drawing three dashed arrows arrive at $x$. Add up their numbers before you read the sum in the box.

# %% [markdown] lang="zh"
# 图中有三条虚线箭头回到 $x$。先自己把三个数加起来，再看方框里的和。

# %%
gt.draw_tape(lambda x: f(x, tf.sin), 2.0)
plt.show()

# %% [markdown] lang="en"
# $-0.83229 + 0.9093 + 4 = 4.077$: there is the `+=` again.
#
# How TensorFlow's tape differs:
#
# - Its operations work on whole tensors. All partial derivatives of a matrix product (its *Jacobian*, lesson 3) would be too large a table to store, so an operation stores none. It has a function that turns the derivative that arrives into those that are passed on.
# - It records only what depends on something watched, and gives `None` where no recorded path leads from source to target; ours gives 0.
#
# With subtraction, division and logarithms, this tape is `gradtape.tape.small`.

# %% [markdown] lang="zh"
# $-0.83229 + 0.9093 + 4 = 4.077$：又是那个 `+=`。
#
# TensorFlow 的梯度带有两点不同：
#
# - 它的运算作用在整个张量上。矩阵乘法的全部偏导数排成一张表，就是第 3 课的雅可比矩阵（Jacobian），它太大，不能直接存。所以每个运算并不存局部导数，而是有一个函数，由传来的导数算出要传下去的导数。
# - 它只记录与被监视的数有关的运算；从源到目标没有记录下来的路径，就给出 `None`，我们的给出 0。
#
# 再补上减法、除法和对数，就是 `gradtape.tape.small`。

# %% [markdown] lang="en"
# ## What a tape watches
#
# A tape records only what depends on something that it *watches*. Trainable variables it watches by itself. A constant is not watched, since most constants are data:

# %% [markdown] lang="zh"
# ## 梯度带监视什么
#
# 梯度带只记录与它**监视**的数有关的运算。可训练的变量会自动受到监视；常量不会，因为常量多半是数据：

# %%
x = tf.constant(3.0)
with tf.GradientTape() as tape:
    y = x**4
print("y = x**4            ", tape.gradient(y, x))

with tf.GradientTape() as tape:
    tape.watch(x)
    y = x**4
print("watch(x); y = x**4  ", tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# `None` means that the record does not connect the two. To differentiate with respect to a constant, call `tape.watch(x)` **before** it is used; after it, the result is `None` all the same. The constant may also hold several numbers:

# %% [markdown] lang="zh"
# `None` 表示记录里两者之间没有连接。要对常量求导，就在用到它**之前**调用 `tape.watch(x)`；在用过之后才调用，得到的仍是 `None`。常量里也可以有几个数：

# %%
x = tf.constant([1.0, 2.0, 3.0])

with tf.GradientTape() as tape:
    tape.watch(x)
    y = x**4

print(tape.gradient(y, x).numpy())
print(gt.derivatives(lambda x: x**4, [1.0, 2.0, 3.0], order=1).numpy())

# %% [markdown] lang="en"
# Three points, three derivatives, one call: $4x^3$ at 1, 2 and 3. (TensorFlow differentiated the sum of the three results. Since each result depends on its own point only, that comes to the same. Lesson 3 shows where it does not.) `gt.derivatives` does the watching for you: the first row is $f$, the second $f'$.
#
# ### A variable that is not watched (optional)
#
# The other way round, a variable that is not to be learned is made with `trainable=False`, and is not watched by itself. `tape.watched_variables()` lists the variables that were watched (TensorFlow adds `:0` to their names):

# %% [markdown] lang="zh"
# 三个点，三个导数，一次调用：$4x^3$ 在 1、2、3 处的值。（TensorFlow 其实是对三个结果的总和求导；每个结果只与自己那个点有关，所以结果一样。第 3 课会讲不一样的情形。）`gt.derivatives` 会自动监视：第一行是 $f$，第二行是 $f'$。
#
# ### 不受监视的变量（选学）
#
# 反过来，不参与训练的变量，创建时写上 `trainable=False`，就不会自动受到监视。`tape.watched_variables()` 列出监视过的变量（TensorFlow 在名字后面加了 `:0`）：

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
# Recording ends with the `with` block. `tape.gradient` may be called outside, and usually is. The *calculation* of the target may not be continued there:

# %% [markdown] lang="zh"
# ## 走出上下文
#
# `with` 块一结束，记录也就结束了。`tape.gradient` 可以写在块外面，通常也写在外面；目标的**计算**却不能留到外面：

# %%
x = tf.Variable(3.0)

with tf.GradientTape() as tape:
    square = x**2
y = square * square

print(y.numpy(), tape.gradient(y, x))

# %% [markdown] lang="en"
# $y$ is 81, as it should be, but its last step was not recorded: the record leads from `x` to `square` and not on to `y`. The result is `None`: source and target are *unconnected*. That is not an error, and it does not mean that the derivative is zero. A slice such as `y[0]` is a calculation too: take it inside the block.

# %% [markdown] lang="zh"
# $y$ 是 81，没有错，可最后一步没有记录下来：记录从 `x` 到 `square`，没有再通到 `y`。结果是 `None`，即源和目标**未连接**（unconnected）。这不是报错，也不表示导数是零。像 `y[0]` 这样取一部分也是运算，也要写在块里面。

# %% [markdown] lang="en"
# ## Finite differences (optional)
#
# A derivative can also be found by trying. Take a small step $h$ and divide:
#
# $$
# f'(x) \approx \frac{f(x + h) - f(x)}{h}
# $$
#
# This is a *finite difference*. On paper it gets better as $h$ gets smaller. Is that so in a computer?
#
# **Predict first.** For $x^4$ at 3 the derivative is 108. Which of $h = 0.1$, $0.001$, $0.00001$, $0.0000001$ comes closest, computed in the usual `float32`? (The cell writes $x^4$ as $x^2 \cdot x^2$: products are rounded alike on every machine, powers need not be.)

# %% [markdown] lang="zh"
# ## 有限差分（选学）
#
# 导数也可以用小步长试算：走一小步 $h$，算出差，再除以 $h$：
#
# $$
# f'(x) \approx \frac{f(x + h) - f(x)}{h}
# $$
#
# 这叫**有限差分**。按理说 $h$ 越小越准，在计算机里真是这样吗？
#
# **先猜一猜。** $x^4$ 在 3 处的导数是 108。用通常的 `float32` 来算，$h = 0.1$、$0.001$、$0.00001$、$0.0000001$ 中，哪个最接近？（代码把 $x^4$ 写成 $x^2 \cdot x^2$：乘积在每台机器上舍入都一样，乘方则不一定。）

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
# Two errors pull in opposite directions. The **truncation error**: the curve bends, so over a long step the quotient is not the derivative at $x$. It is about $h\,|f''|/2$ and shrinks with $h$. The **rounding error**: `float32` has about seven digits, so each rounding may shift a number by a relative error of up to $\varepsilon = 6 \cdot 10^{-8}$ (half the *machine epsilon*, the distance from 1 to the next `float32` number). The difference of the two values of $f$ is then uncertain by roughly $\varepsilon\,|f|$, and the rounding of $x + h$ adds to it. Divided by a small $h$ that is about $\varepsilon\,|f|/h$, or a few times as much. The sum is V-shaped on logarithmic axes, with small $h$ on the left. Look for the lowest point of each curve.

# %% [markdown] lang="zh"
# 这里有两种误差，此消彼长。**截断误差**：曲线是弯的，步长大了，差商就不是 $x$ 处的导数；它约为 $h\,|f''|/2$，随 $h$ 变小。**舍入误差**：`float32` 大约有七位有效数字，每次舍入的相对误差最大为 $\varepsilon = 6 \cdot 10^{-8}$（即机器 epsilon 的一半；机器 epsilon 又叫**机器精度**，是 1 到下一个 `float32` 数的距离）。于是 $f$ 的两个值之差大约有 $\varepsilon\,|f|$ 的误差，$x + h$ 的舍入还会再添一些；除以很小的 $h$，就是 $\varepsilon\,|f|/h$ 左右，或是它的几倍。在双对数坐标上，两者之和成 V 形。请找出每条曲线的最低点。

# %%
gt.plot_step_error(lambda x: x**4, at=3.0)
plt.show()

# %% [markdown] lang="en"
# The legend shows two formulas: the forward difference from above, and the central one, $\bigl(f(x+h) - f(x-h)\bigr)/2h$, which is better because its errors on the two sides cancel in part. On the left both `float32` lines run flat at 108: there the step is lost in rounding, and the difference is 0. In `float64` the rounding side lies lower and the lowest point further left; on the right, where truncation rules, the lines of the two precisions coincide. The best $h$ depends on the function, on the point and on the precision.
#
# The black line at the bottom is no measurement: it marks the rounding of the derivative itself, the machine epsilon of `float64`, $2.2 \cdot 10^{-16}$, times $|f'|$. The tape has no V, because there is no $h$: no values of $f$ at two points are subtracted, and no step error is made. What remains is the rounding in the calculation itself. Where $f$ subtracts nearly equal numbers, the tape inherits the trouble. For $f(x) = (1 - \cos x)/x^2$ at $0.001$ the derivative is $-8.3 \cdot 10^{-5}$:

# %% [markdown] lang="zh"
# 图例里有两个公式：上面的前向差分，以及中心差分 $\bigl(f(x+h) - f(x-h)\bigr)/2h$，后者两侧的误差抵消掉一部分，所以更好。最左边，两条 `float32` 的线都平在 108：步长在舍入中消失了，差为 0。左侧 $h$ 小，由舍入误差决定：换成 `float64`，这一侧降低，最低点左移；右侧由截断误差决定，两种精度的线重合。最佳的 $h$ 与函数、位置和精度都有关。
#
# 最下面的黑色横线不是测出来的，它标出导数本身的舍入误差：`float64` 的机器精度 $2.2 \cdot 10^{-16}$ 乘以 $|f'|$。用梯度带没有 V，因为根本没有 $h$：不用两点的函数值相减，也就没有截断误差。剩下的是计算本身的舍入误差。如果 $f$ 自己就要拿两个几乎相等的数相减，用梯度带求导也一样不准。比如 $f(x) = (1 - \cos x)/x^2$，在 $0.001$ 处的导数是 $-8.3 \cdot 10^{-5}$：

# %% tags=["rtol=0.2"]
for dtype in (tf.float32, tf.float64):
    x = tf.Variable(0.001, dtype=dtype)
    with tf.GradientTape() as tape:
        y = (1.0 - tf.cos(x)) / x**2
    print(dtype.name, f"{tape.gradient(y, x):.1e}")

# %% [markdown] lang="en"
# In `float32` the result is useless. Without the subtraction, as $2\sin^2(x/2)/x^2$, the *value* is right to all digits. Yet on the way back two terms of about 1000 nearly cancel, and the derivative is off by almost half; for small $x$ the repair is the series $\frac12 - x^2/24$:

# %% [markdown] lang="zh"
# 在 `float32` 里，这个结果完全不能用。换成没有相减的公式 $2\sin^2(x/2)/x^2$，**函数值**每一位都对了，可是往回传时有两个约为 1000 的数几乎抵消，导数仍差将近一半；$x$ 小的时候，要用级数 $\frac12 - x^2/24$：

# %% tags=["rtol=0.2"]
x = tf.Variable(0.001)
with tf.GradientTape(persistent=True) as tape:
    y = 2.0 * tf.sin(x / 2.0) ** 2 / x**2
    series = 0.5 - x**2 / 24.0
print(f"{y.numpy():.7f}   {tape.gradient(y, x):.1e}   {tape.gradient(series, x):.1e}")
del tape

# %% [markdown] lang="en"
# The backward pass is a calculation too, and rounds like one.
#
# A tape makes no step error, and it has another advantage. For a function of a million variables, forward differences need a million and one evaluations. A tape needs one forward and one backward pass.

# %% [markdown] lang="zh"
# 反向传播也是计算，也有舍入误差。
#
# 除了没有截断误差，梯度带还有一个好处。对一百万个变量的函数，前向差分要算一百万零一次；梯度带只要一次前向传播、一次反向传播。

# %% [markdown] lang="en"
# ## Watch out
#
# Each of these calculations looks right, and gives `None` or a wrong number. Guess the cause before you read on. Lesson [9](09_when_gradients_go_missing.ipynb) has four questions that find the cause of any missing gradient.
#
# ### A whole number

# %% [markdown] lang="zh"
# ## 当心
#
# 下面每段代码看上去都对，得到的却是 `None`，或者一个错的数。先猜猜原因，再往下读。[第 9 课](09_when_gradients_go_missing.ipynb)用四个问题来追查梯度为什么缺失。
#
# ### 整数

# %%
x = tf.Variable(3)
with tf.GradientTape() as tape:
    y = x**4

print(tape.gradient(y, x))

# %% [markdown] lang="en"
# A floating-point number stands for a real number, which can change by a small amount; an integer can't, so there is nothing to differentiate. For a variable, TensorFlow 2.21 gives no warning; only `tape.watch` warns of a whole number. Write `3.0`.
#
# ### A detour through NumPy

# %% [markdown] lang="zh"
# 浮点数代表实数，可以有微小的变化；整数不能，也就无从求导。对变量，TensorFlow 2.21 不给任何警告；只有用 `tape.watch` 监视整数时才会警告。应该写 `3.0`。
#
# ### 绕道 NumPy

# %%
import numpy as np

x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = np.square(x) * x
print(y.numpy(), tape.gradient(y, x).numpy())

with tf.GradientTape() as tape:
    y = tf.square(x) * x
print(y.numpy(), tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# The worst of them: no `None`, no error, a wrong number. $x^3$ at 3 has the derivative 27, and the first tape gives 9. NumPy computed the square, so the record holds a constant 9 that is multiplied by `x`. Had all of it been NumPy, the result would not even be a tensor, and `gradient` would fail. Between source and target use TensorFlow's functions, no `.numpy()`, no `float()`.
#
# Another frequent mistake, `x = x - 0.1 * dy_dx`, replaces the variable by a tensor (lesson [5](05_gradients_in_deep_learning.ipynb)): write `x.assign_sub(0.1 * dy_dx)`.

# %% [markdown] lang="zh"
# 这是最糟的情形：既不是 `None`，也不报错，却给出一个错的数。$x^3$ 在 3 处的导数是 27，第一个梯度带却给出 9。平方是 NumPy 算的，记录里只有常数 9 乘以 `x`。如果全程都是 NumPy，结果连张量都不是，`gradient` 会直接报错。从源到目标，全程都要用 TensorFlow 的函数，中途不写 `.numpy()`，也不写 `float()`。
#
# 还有一个常犯的错：做一步下降时写成 `x = x - 0.1 * dy_dx`，变量就被换成了张量，见[第 5 课](05_gradients_in_deep_learning.ipynb)。应当写 `x.assign_sub(0.1 * dy_dx)`。

# %% [markdown] lang="en"
# ## Quiz
#
# Three questions on what you have read. Click an answer, and below it stands why it is right or wrong. Nothing is kept.

# %% [markdown] lang="zh"
# ## 小测验
#
# 三道题，问的都是刚读过的内容。点一个答案，下面就写着它为什么对、为什么不对。选了什么不会留下记录。

# %%
gt.quiz("02")

# %% [markdown] lang="en"
# ## Exercises
#
# Write your work in place of `...`, run the cell, then the check below it. A check tries your function at points that you have not seen. If you are stuck, `gt.hint("2.1")` gives three hints, one after the other; `gt.progress()` shows what is done.
#
# **Exercise 2.1** (by hand, then by tape) Take $y = e^{-x^2}$ in three steps: $a = x^2$, $b = -a$, $y = e^b$. Write `backward(x)`, without a tape: it walks back from the end and returns the three derivatives $dy/db$, $dy/da$ and $dy/dx$, in this order, as a tuple or a list. `x` is a Python number or a tensor. (TensorFlow's exponential function is `tf.exp`.)

# %% [markdown] lang="zh"
# ## 练习
#
# 在 `...` 处写上你的解答，运行单元格，再运行下面的检查。检查会在你没见过的点上试你的函数。卡住了就运行 `gt.hint("2.1")`，一次给一条，共三条；`gt.progress()` 显示已完成的练习。
#
# **练习 2.1**（先手算，再用梯度带）把 $y = e^{-x^2}$ 拆成三步：$a = x^2$，$b = -a$，$y = e^b$。不用梯度带，写出 `backward(x)`：从末尾往回算，依次返回三个导数 $dy/db$、$dy/da$ 和 $dy/dx$，写成元组或列表都行。`x` 是 Python 数或张量。（TensorFlow 的指数函数是 `tf.exp`。）


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
# Now let a persistent tape, made with `persistent=True`, confirm the three derivatives at $x = 1$.

# %% [markdown] lang="zh"
# 再用持久梯度带（persistent），即创建时写上 `persistent=True` 的梯度带，验证 $x = 1$ 处的三个导数。

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
# **Exercise 2.2** (repair this) The function should return the derivative of $\sqrt{x}$ at any positive `at`, whole numbers such as 4 included. There are three mistakes in it. Repair the function where it stands, and run the check after each repair: as long as one is left, it names one.

# %% [markdown] lang="zh"
# **练习 2.2**（改错）这个函数应当返回 $\sqrt{x}$ 在任意正数 `at` 处的导数，`at` 也可以是 4 这样的整数。里面有三处错。请直接在下面的代码上改，每改一处就运行一次检查：只要还有错，它就会指出其中一处。


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
# **Exercise 2.3** (draw this) Where is the tangent of $f(x) = x^3 - 6x^2 + 9x$ horizontal? Find the places, then draw $f$ on $(-0.5, 4.5)$ with a marker at each point of contact, for instance by `ax.plot(a, f(a), "o")`. What the library marks by itself does not count. The check wants your figure's axes under the name `ax`, such as `_, ax = plt.subplots()` makes them.

# %% [markdown] lang="zh"
# **练习 2.3**（作图）$f(x) = x^3 - 6x^2 + 9x$ 的切线在哪里是水平的？先找到这些位置，再在 $(-0.5, 4.5)$ 上画出 $f$，并在每个切点处画一个标记，例如 `ax.plot(a, f(a), "o")`。gradtape 库自动画的标记不算。请把图的 Axes 对象赋给 `ax`，例如 `_, ax = plt.subplots()`。

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
# **Exercise 2.4** (the best step, goes with the optional section) In the simple model of the lesson, the forward difference has an error of about $h\,|f''|/2 + \varepsilon\,|f|/h$, with $\varepsilon = 6 \cdot 10^{-8}$ (`6e-8` in Python) in `float32`. For which $h$ is that smallest? Derive a formula by hand and write it as `best_step(value, curvature)`, where `value` is $f$ and `curvature` is $f''$ at the point (not the curvature of geometry). Either may be negative; `curvature` is never 0.

# %% [markdown] lang="zh"
# **练习 2.4**（最佳步长，配合选学的一节）按正文里的简单模型，前向差分的误差约为 $h\,|f''|/2 + \varepsilon\,|f|/h$，在 `float32` 里 $\varepsilon = 6 \cdot 10^{-8}$（Python 写作 `6e-8`）。$h$ 取多少时误差最小？用手推出公式，写成 `best_step(value, curvature)`，其中 `value` 是该点的 $f$，`curvature` 是该点的 $f''$（不是几何里的曲率）。两者都可能是负数；`curvature` 不会是 0。


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
# - Inside `with tf.GradientTape() as tape:` every operation on a watched number, or on what was computed from it, is recorded; `tape.gradient(target, source)` reads the record backwards. The source may be a list, a dictionary or a model's trainable variables.
# - Forward: values. Backward: the local derivative of each step times what arrives from the end; where a value is used several times, add.
# - Trainable variables are watched by themselves, constants after `tape.watch`.
# - `None` means that the record does not connect source and target; a detour through NumPy can be worse, a wrong number.
# - Finite differences have a best step size, which depends on function, point and precision. A tape has no step.
#
# Back to [1 · TensorFlow at a glance](01_tensorflow_at_a_glance.ipynb) · On to [3 · Several variables](03_several_variables.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - 在 `with tf.GradientTape() as tape:` 里，凡是用到被监视的数、或者用到由它们算出的数的运算，都会记录下来；`tape.gradient(目标, 源)` 倒着读这份记录。源可以是列表、字典或模型的可训练变量。
# - 往前得到数值；往回时，每一步把后面传来的数乘以局部导数；一个值用了几处，就把各处传回来的数加起来。
# - 可训练的变量自动受到监视；常量要先 `tape.watch`。
# - `None` 表示记录里源和目标没有连接；绕道 NumPy 可能更糟，会得到错的数。
# - 有限差分的最佳步长与函数、位置和精度有关。梯度带没有步长。
#
# 上一课：[1 · 初识 TensorFlow](01_tensorflow_at_a_glance.ipynb) · 下一课：[3 · 多个变量](03_several_variables.ipynb)
