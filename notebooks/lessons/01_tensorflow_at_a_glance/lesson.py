# ---
# jupyter:
#   gradtape:
#     minutes: 40
#     optional: 10
#     teaches:
#       en: tensors, variables and devices, and three ways to find a derivative
#       zh: 张量、变量和设备，以及求导的三种办法
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 1 · TensorFlow at a glance
#
# TensorFlow is an open-source framework for numerical computing, developed by Google and used for anything from fitting a straight line to training networks with billions of parameters. It has two strengths: fast operations on large tables of numbers, on CPUs and on GPUs; and *automatic differentiation*, the computation of derivatives. This course is about the second. This first lesson introduces what it builds on.
#
# By the end you will be able to
#
# - say what a derivative is good for, and why machine learning needs so many;
# - make tensors and variables, and tell when to use which;
# - choose number types that have derivatives;
# - tell symbolic, numerical and automatic differentiation apart.
#
# You need a little Python (functions, loops, lists) and the derivative of a function of one variable. The core takes about 40 minutes to read, the sections marked *optional* another 10; the exercises come on top.

# %% [markdown] lang="zh"
# # 1 · 初识 TensorFlow
#
# TensorFlow 是一个开源的数值计算框架，由谷歌开发。小到拟合一条直线，大到训练几十亿参数的网络，都可以用它。它有两个长处：一是张量运算快，在 CPU 和 GPU 上都是如此；二是**自动求导**（自动微分），即自动计算导数。这门课讲的是第二个。第一课先介绍有关的基础。
#
# 学完这一课，你能够
#
# - 说出导数有什么用，为什么机器学习需要那么多导数；
# - 创建张量和变量，知道什么时候用哪一个；
# - 选对能求导的数值类型；
# - 分清符号求导、数值求导和自动求导（又称符号微分、数值微分和自动微分）。
#
# 你需要会一点 Python（函数、循环、列表），学过一元函数的导数；整门课再加上一点矩阵的初步知识就够了。核心部分大约需要 40 分钟，标着“选学”的几节另需 10 分钟，练习的时间另算。

# %%
import gradtape as gt
import matplotlib.pyplot as plt
import tensorflow as tf

gt.start("01", lang="en")

# %% [markdown] lang="en"
# The last line prepares this notebook. It keeps TensorFlow's start-up messages off the page, and sets the language of the library's messages. Every lesson begins with such a cell.
#
# ## What a derivative is good for
#
# A derivative is a rate of change: if one quantity changes a little, how large is the change of another *in proportion* to it? The derivative of a distance with respect to time is a speed; that of a speed is an acceleration.
#
# In the figure, the dark curve is the distance of a car from a traffic light, $s(t) = t^2(3 - t)$; its derivative $s'$ is the speed. When is the car fastest, and what does the curve look like at that moment? (`mark=()` in the code means: no marks at maxima and the like.)

# %% [markdown] lang="zh"
# 最后一行是准备工作：不让 TensorFlow 的启动提示出现在页面上，并把 gradtape 库的提示设为中文。每一课都这样开头。
#
# ## 导数有什么用
#
# 导数就是变化率：自变量有一点微小的变化，因变量相应地变化多少？两者之比（在变化趋于零时）就是导数。路程对时间的导数是速度，速度对时间的导数是加速度。
#
# 图中深色曲线是一辆车离红绿灯的距离，$s(t) = t^2(3 - t)$；它的导数 $s'$ 就是车速。车在什么时候最快？那一刻曲线是什么样子？（代码里的 `mark=()` 表示不标出极大值点之类的点。）

# %%
ax = gt.plot_derivatives(
    lambda t: t**2 * (3.0 - t), (0.0, 2.0), order=1, mark=(), label="$s(t)$"
)
ax.set(xlabel="$t$")
plt.show()

# %% [markdown] lang="en"
# At $t = 1$ the speed is highest, and there the curve of the distance is steepest. At $t = 0$ and $t = 2$ the speed is 0 and the tangent of the curve is horizontal.
#
# Now suppose that the curve is not a distance but an *error*: how wrong a model is, depending on one of its numbers. The derivative then says in which direction the error falls. Take a small step in that direction, compute the derivative again, and so on: from $x$ each step leads to $x - \eta f'(x)$. The factor $\eta$, the *learning rate*, sets how long the step is for a given derivative. (The square is the start, the star the end.)

# %% [markdown] lang="zh"
# 在 $t = 1$ 处车速最大，路程曲线也最陡。在 $t = 0$ 和 $t = 2$ 处车速为 0，曲线的切线是水平的。
#
# 现在假设这条曲线表示的不是距离，而是**误差**：模型里某个参数取不同的值时，模型错得有多厉害。这时看导数就知道，往哪个方向走误差会减小。朝那个方向走一小步，再求导数，再走一步：每一步从 $x$ 走到 $x - \eta f'(x)$。导数一定时，步子多大由系数 $\eta$ 决定，它叫**学习率**。（方块是起点，星号是终点。）

# %%
gt.plot_descent(lambda x: (x - 1.0) ** 2 + 0.5, 3.5, learning_rate=0.15, steps=12)
plt.show()

# %% [markdown] lang="en"
# The steps are long where the curve is steep, and they shrink near the minimum, where the derivative is small. This is *gradient descent*. Neural networks are trained in this way, with more numbers: a network of no great size needs a million derivatives at a time, thousands of times over. The *gradient tape* of the coming lessons computes them. (PyTorch calls its counterpart *autograd*; whoever has called `backward()` there has used the same idea.)

# %% [markdown] lang="zh"
# 曲线陡的地方步子大；接近最小值点，导数变小，步子也就小了。这就是**梯度下降**。神经网络就是这样训练的，只是数更多：一个不算大的网络，一次就要上百万个导数，而且要反复求成千上万遍。这些导数由接下来几课的**梯度带**（gradient tape，也译梯度磁带、求导记录器）来求。（PyTorch 里对应的是 autograd，用过 `backward()` 的读者，用的就是同一个想法；《动手学深度学习》的 TensorFlow 版用的正是 `tf.GradientTape`。）

# %% [markdown] lang="en"
# ## Tensors
#
# A **tensor** is a number (a *scalar*), a row of numbers, a table of numbers, and so on: an array of numbers of one type, in any number of dimensions. It has a *shape*, how many along each direction, and a *dtype*, the type of its numbers.

# %% [markdown] lang="zh"
# ## 张量
#
# **张量**可以是一个数（**标量**）、一行数、一张表，依此类推：按行、列等规则排列的一组同类型的数，也就是多维数组。它有**形状**（shape），说明每个维度（轴）上有几个数；还有 *dtype*，说明数的类型。

# %%
number = tf.constant(3.0)
row = tf.constant([1.0, 2.0, 3.0])
table = tf.constant([[1.0, 2.0], [3.0, 4.0]])

for tensor in (number, row, table):
    print(tensor.shape, tensor.dtype.name)

# %% [markdown] lang="en"
# Arithmetic works on all entries at once, and it happens at the moment when the line runs. This is called *eager execution*: you can print any result, as in ordinary Python.

# %% [markdown] lang="zh"
# 算术运算同时作用在所有元素上，而且运行到哪一行，就在哪一行算出结果。这叫**即时执行**（eager execution，即动态图）：和普通的 Python 一样，随时可以打印结果。

# %%
print(table + 10.0)
print(table * table)
print(table @ table)

# %% [markdown] lang="en"
# Note the difference between the last two: `*` multiplies entry by entry, `@` is the product of matrices. `.numpy()` turns a tensor into a NumPy array, for printing and for other libraries. `tf.reduce_sum` adds up all entries of a tensor, `tf.reduce_mean` takes their mean.
#
# **Predict first.** What is `tf.reduce_sum(table * row[1])`, where `row[1]` is the second entry, 2? Write your number in place of `...` and run the cell. And what would `table * row` do, a $2 \times 2$ table times a row of three?

# %% [markdown] lang="zh"
# 注意后两个运算的区别：`*` 是对应元素相乘，`@` 是矩阵乘法。`.numpy()` 把张量变成 NumPy 数组，便于打印，也便于交给别的库。`tf.reduce_sum` 把张量的所有元素加起来，`tf.reduce_mean` 求它们的平均。
#
# **先猜一猜。** `tf.reduce_sum(table * row[1])` 是多少？`row[1]` 是第二个元素，也就是 2。把你猜的数写在 `...` 处，再运行。如果写 `table * row`，让 $2 \times 2$ 的表乘以三个数的行，又会怎样？

# %%
gt.predict("1.a", ...)

# %%
total = tf.reduce_sum(table * row[1])
print(total.numpy())
gt.predict("1.a", outcome=total)

# %% tags=["raises-exception"]
table * row

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# The first is $2 + 4 + 6 + 8 = 20$: every entry is doubled, then all are added. The second is an error: a row can be multiplied with each row of a table only if it has as many entries as the table has columns (or one of the two numbers is 1, and that entry is used for all). This is called **broadcasting**. TensorFlow says "Incompatible shapes" and names both shapes, `[2,2]` and `[3]`. When something fails, read the shapes first.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 第一个是 $2 + 4 + 6 + 8 = 20$：先把每个元素乘以 2，再全部加起来。第二个会报错：一行数要乘到表的每一行上，个数必须和表的列数相同（或者其中一个是 1，那一个数就用于全部）。这样的规则叫**广播**（broadcasting）。报错里的 Incompatible shapes 就是“形状不相容”，后面写着两个形状：`[2,2]` 和 `[3]`。出了错，先看形状。
#
# </details>

# %% [markdown] lang="en"
# ## Constants and variables
#
# The values of a tensor cannot be changed: `tf.constant` makes one. A model, though, has numbers that must change while it learns. They are kept in a **variable**, whose value can be updated.

# %% [markdown] lang="zh"
# ## 常量和变量
#
# 张量一旦建好，里面的值就不能再改；`tf.constant` 建立的就是这样的**常量**。可是模型里有些数，在训练过程中必须改变。它们放在**变量**里，变量的值可以更新。

# %%
w = tf.Variable(3.0)
w.assign(5.0)
w.assign_add(1.0)
print(w.numpy())

# %% [markdown] lang="en"
# In calculations a variable behaves like the tensor that it holds, with one difference that matters for this course: a gradient tape *watches* it by itself, which means that whatever is computed from it is recorded. (To be exact, a tape watches *trainable* variables; every variable is trainable unless it was made with `trainable=False`.) A constant is watched only if you say so (by `tape.watch`, lesson 2). So data are constants, and parameters, with respect to which one wants derivatives, are variables.
#
# Trying to change an entry of a constant fails:

# %% [markdown] lang="zh"
# 变量参与计算时与张量无异，但有一点不同，对这门课很重要：梯度带会自动监视（watch）变量，也就是说，凡是由它算出来的都会记录下来。（确切地说，受监视的是**可训练的**变量；只要创建时没写 `trainable=False`，变量就是可训练的。）常量只有写明了才会受到监视（用 `tape.watch`，见第 2 课）。所以数据用常量；参数要对它求导，用变量。
#
# 想改常量，会失败：

# %% tags=["raises-exception"]
row[0] = 5.0

# %% [markdown] lang="en"
# ## Which numbers have derivatives
#
# TensorFlow takes the type from what you write: `3` is a whole number, `3.0` is not.

# %% [markdown] lang="zh"
# ## 哪些数能求导
#
# TensorFlow 按你的写法来定类型：`3` 是整数，`3.0` 不是。

# %%
for value in (3, 3.0, True):
    print(value, tf.constant(value).dtype.name)

# %% [markdown] lang="en"
# A derivative is about *small* changes, and for whole numbers there are none: after 3 comes 4. So derivatives need floating-point numbers (or complex ones, which this course leaves aside). The usual type is `float32`, with about seven digits. `float64` has about sixteen, is slower on GPUs (much slower on most), and is what we use when digits matter:

# %% [markdown] lang="zh"
# 导数说的是**微小**的变化，而整数没有微小的变化：3 后面就是 4。所以求导要用浮点数（复数也可以，本课程不讲）。常用的类型是 `float32`，大约七位有效数字。`float64` 大约十六位，在 GPU 上较慢（在多数显卡上慢得多），要讲究精度时用它：

# %% tags=["rtol=1e-12"]
third = tf.constant(1.0) / 3.0
precise = tf.constant(1.0, dtype=tf.float64) / 3.0
print(f"{third.numpy():.17f}")
print(f"{precise.numpy():.17f}")

# %% [markdown] lang="en"
# Both are right up to some digit; those after it mean nothing. In lesson 2 this explains why one way of finding derivatives can fail so badly.

# %% [markdown] lang="zh"
# 两个数都只有前面若干位是准的，再往后的数字就没有意义了。第 2 课会看到，有一种求导办法之所以会错得离谱，原因就在这里。

# %% [markdown] lang="en"
# ## Three ways to a derivative
#
# Take one function, $f(x) = \sin(x)\,e^{-x^2/2}$, and find its derivative at $x = 1$ in three ways.
#
# **Symbolic**: apply the rules of calculus to the formula. The product rule and the chain rule give $f'(x) = (\cos x - x \sin x)\,e^{-x^2/2}$. You get a new formula, which is itself exact, and you need a formula to begin with.
#
# **Numerical**: move $x$ by a small step $h$ and see what happens, $\bigl(f(x + h) - f(x)\bigr)/h$. This is a *finite difference*. You need nothing but values of $f$, and you get an approximation.
#
# **Automatic**: run the calculation, record each elementary step, and combine the known derivatives of the steps by the chain rule, as numbers. In TensorFlow a gradient tape does this: what is computed within `with tf.GradientTape() as tape:` is recorded, and `tape.gradient(y, x)` gives the derivative of `y` with respect to `x`. Lesson 2 explains it line by line.

# %% [markdown] lang="zh"
# ## 求导的三种办法
#
# 取一个函数 $f(x) = \sin(x)\,e^{-x^2/2}$，用三种办法求它在 $x = 1$ 处的导数。
#
# **符号求导**：对公式运用求导法则。由乘法法则和链式法则得 $f'(x) = (\cos x - x \sin x)\,e^{-x^2/2}$。得到的是新公式，公式本身没有误差；但首先你得有公式。
#
# **数值求导**：让 $x$ 走一小步 $h$，看结果变多少，即 $\bigl(f(x + h) - f(x)\bigr)/h$。这叫**有限差分**（数值微分）。只需要 $f$ 的值，得到的是近似值。
#
# **自动求导**：把计算执行一遍，记录每个基本步骤，再用链式法则把各步已知的导数合起来，合的是数，不是公式。在 TensorFlow 里用梯度带来做：写在 `with tf.GradientTape() as tape:` 里的计算会被记录，`tape.gradient(y, x)` 给出 `y` 对 `x` 的导数。第 2 课会逐行讲解。


# %%
def f(x):
    return tf.sin(x) * tf.exp(-(x**2) / 2.0)


x = tf.Variable(1.0)
h = 0.1

symbolic = (tf.cos(x) - x * tf.sin(x)) * tf.exp(-(x**2) / 2.0)
numerical = (f(x + h) - f(x)) / h
with tf.GradientTape() as tape:
    y = f(x)
automatic = tape.gradient(y, x)

print(f"(cos x - x sin x) e^(-x²/2)  {symbolic.numpy():.5f}")
print(f"(f(x + h) - f(x)) / h        {numerical.numpy():.5f}")
print(f"tape.gradient(y, x)          {automatic.numpy():.5f}")

# %% [markdown] lang="en"
# The first and the third agree in all digits printed. The second is off by almost a third, because the step of 0.1 is too long. In the figure the numerical way is the slope of the line through two points of the curve (the *secant*, with square marks; the first square lies under the point of contact); the derivative from the tape is the slope of the tangent.

# %% [markdown] lang="zh"
# 第一个和第三个，打印出来的每一位都相同。第二个差了将近三成，因为步长 0.1 太大了。下图中，数值求导得到的是过曲线上两点的**割线**（带方块标记，第一个方块和切点重叠）的斜率，梯度带给出的导数是切线的斜率。

# %%
h = 0.6
ax = gt.plot_tangent(f, at=1.0, interval=(0.0, 2.5))
ends = tf.constant([0.2, 2.4])
secant = (f(1.0 + h) - f(1.0)) / h
ax.plot(ends, f(1.0) + secant * (ends - 1.0), "--", color="C2", label=r"$\Delta f/h$")
ax.plot([1.0, 1.0 + h], [f(1.0), f(1.0 + h)], "s", color="C2")
ax.legend()
plt.show()

# %% [markdown] lang="en"
# The step is 0.6 here, so that the gap can be seen. Bring the second point closer, and the secant approaches the tangent. How close can it come before something else goes wrong? Lesson 2 finds out.
#
# | | needs | gives | trouble |
# |---|---|---|---|
# | symbolic | a formula | a formula | formulas grow; a program with loops often has no simple one |
# | numerical | values | an approximation | the step: inexact if too long, and if too short |
# | automatic | a program | the derivative, up to rounding | every step must be recorded |

# %% [markdown] lang="zh"
# 图中用了更大的步长 0.6，好看清差距。让第二个点靠近，割线就趋近切线。究竟能靠多近而不出别的问题？第 2 课再讲。
#
# | | 需要 | 得到 | 麻烦 |
# |---|---|---|---|
# | 符号求导 | 公式 | 公式 | 公式越来越长；带循环的程序往往没有简单的公式 |
# | 数值求导 | 函数值 | 近似值 | 步长难选：太大不准，太小也不准 |
# | 自动求导 | 程序 | 导数，只有舍入误差 | 每一步都得记录下来 |

# %% [markdown] lang="en"
# An example for the last row. This loop finds a square root by the method of Heron: the next guess is the mean of $g$ and $x/g$ (Newton's method for a zero of $g^2 - x$). The tape differentiates the *program*: it records the steps that were run.
#
# **Predict first.** The loop computes $\sqrt{x}$. Which curve must its derivative be? Run the next cell: it shows the choices.

# %% [markdown] lang="zh"
# 给表中最后一行举个例子。下面这个循环用巴比伦法求平方根：每次取 $g$ 与 $x/g$ 的平均作新的 $g$（也就是对 $g^2 - x$ 的牛顿迭代法）。梯度带是在对**程序**求导：执行了哪些步骤，就记录哪些步骤。
#
# **先猜一猜。** 这个循环算的是 $\sqrt{x}$。它的导数应该是哪条曲线？运行下一个单元格，选项就会出现。

# %%
gt.predict("1.b", ...)


# %%
def heron(x):
    guess = x
    for _ in range(6):
        guess = (guess + x / guess) / 2.0
    return guess


gt.plot_derivatives(heron, (0.2, 4.0), order=1)
plt.show()

values, derivatives = gt.derivatives(heron, [1.0, 4.0], order=1)
print(derivatives.numpy())
gt.predict("1.b", outcome=derivatives)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# $\frac{1}{2\sqrt{x}}$: it is 0.5 at 1 and 0.25 at 4, as printed. (`gt.derivatives` computes, with a tape, $f$ and $f'$ at several points: the first row holds the values, the second the derivatives.) The tape does not know that the loop computes a square root: the rules for sums and quotients are enough.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# $\frac{1}{2\sqrt{x}}$：在 1 处是 0.5，在 4 处是 0.25，和打印的一样。（`gt.derivatives` 用梯度带求几个点上的 $f$ 和 $f'$：第一行是函数值，第二行是导数。）梯度带并不知道这个循环是在求平方根，只用了加法和除法的求导法则。
#
# </details>

# %% [markdown] lang="en"
# ## Inside the tape (optional)
#
# A first look at what a tape computes. We split $f$ into its steps and print, for each, its value at $x = 1$ and the derivative of $f$ with respect to it. The next lesson explains where the last column comes from; for now, see that its first row is the derivative. (`persistent=True` allows more than one call of `gradient`, and `del tape` frees the memory afterwards: lesson 3.)

# %% [markdown] lang="zh"
# ## 梯度带里面（选学）
#
# 先看一眼梯度带都算了些什么。把 $f$ 拆成一步一步，打印每一步在 $x = 1$ 处的值，以及 $f$ 对它的导数。最后一列是怎么来的，下一课再讲；现在只要看到，它的第一行就是导数。（`persistent=True` 允许多次调用 `gradient`，`del tape` 在用完后释放内存，见第 3 课。）

# %%
with tf.GradientTape(persistent=True) as tape:
    s = tf.sin(x)
    q = -(x**2) / 2.0
    e = tf.exp(q)
    y = s * e

for name, value in {
    "x": x,
    "s = sin x": s,
    "q = -x²/2": q,
    "e = exp q": e,
    "y = se": y,
}.items():
    slope = tape.gradient(y, value)
    print(f"{name:10} = {value.numpy():7.4f}   dy/d{name[0]} = {slope:7.4f}")
del tape

# %% [markdown] lang="en"
# ## CPU and GPU (optional)
#
# A GPU has thousands of small arithmetic units, which work on a table of numbers at the same time. TensorFlow finds the devices of your computer by itself. A processor (CPU) is always among them:

# %% [markdown] lang="zh"
# ## CPU 和 GPU（选学）
#
# GPU（显卡上的处理器）有成千上万个小的运算单元，可以同时计算一张表里的许多数。TensorFlow 会自动查找电脑里的设备，CPU 总在其中：

# %%
print(tf.config.list_physical_devices("CPU"))

# %% [markdown] lang="en"
# Write `"GPU"` instead and run the cell again: an empty list, `[]`, means that you have none that TensorFlow can use. Nothing in this course needs one. A tensor of floats is usually placed on the GPU if there is one, and `tf.device` lets you say where instead. The cell below differentiates $x^4$ at 3 on **every** device that it finds, and collects the results in a set.

# %% [markdown] lang="zh"
# 把 `"CPU"` 换成 `"GPU"` 再运行一次：如果得到空列表 `[]`，说明没有 TensorFlow 能用的 GPU。这门课不需要 GPU。有 GPU 时，浮点数的张量通常会自动放到 GPU 上；也可以用 `tf.device` 指定位置。下面的代码在找到的**每一个**设备上求 $x^4$ 在 3 处的导数，把结果收进一个集合。


# %%
def derivative_on(device):
    with tf.device(device):
        x = tf.Variable(3.0)
        with tf.GradientTape() as tape:
            y = x * x * x * x
        return float(tape.gradient(y, x))


print({derivative_on(device.name) for device in tf.config.list_logical_devices()})

# %% [markdown] lang="en"
# A set holds each value once. However many devices you have, there is one result here: whole numbers of this size are multiplied without rounding everywhere. The code did not change, only the place where it ran. (Where numbers are rounded, the last digits may differ between devices.)

# %% [markdown] lang="zh"
# 集合里相同的值只留一个。不管有几个设备，这里的结果只有一个：这样大小的整数相乘，在哪里都没有舍入。代码没变，变的只是运行的地方。（有舍入的计算，不同设备的最后几位可能不同。）

# %% [markdown] lang="en"
# ## Watch out
#
# ### A whole number has no gradient
#
# Without the decimal point there is no derivative. TensorFlow 2.21 gives no warning here; the result is `None`:

# %% [markdown] lang="zh"
# ## 当心
#
# ### 整数没有梯度
#
# 少写一个小数点，就没有导数了。TensorFlow 2.21 在这里不给警告，结果是 `None`：

# %%
x = tf.Variable(3)
with tf.GradientTape() as tape:
    y = x * x

print(tape.gradient(y, x))

# %% [markdown] lang="en"
# Write `tf.Variable(3.0)`. If the number comes from somewhere else, say which type you want:

# %% [markdown] lang="zh"
# 应该写 `tf.Variable(3.0)`。如果这个数来自别处，就说明要哪种类型：

# %%
x = tf.Variable(3, dtype=tf.float32)
with tf.GradientTape() as tape:
    y = x * x

print(tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# ### Types do not mix
#
# NumPy converts and adds a whole number to a float. TensorFlow does not convert by itself, and the addition fails:

# %% [markdown] lang="zh"
# ### 类型不能混用
#
# 在 NumPy 里，整数和浮点数相加时会自动转换。TensorFlow 不会自动转换，于是报错：

# %% tags=["raises-exception"]
tf.constant(1) + tf.constant(2.0)

# %% [markdown] lang="en"
# Convert one of them with `tf.cast`. A plain Python number takes the type of the tensor, if it can: `tf.constant(2.0) + 1` works, `tf.constant(1) + 2.0` does not.

# %% [markdown] lang="zh"
# 用 `tf.cast` 转换其中一个。普通的 Python 数会取张量的类型，只要转得过去：`tf.constant(2.0) + 1` 可以，`tf.constant(1) + 2.0` 不行。

# %%
print((tf.cast(tf.constant(1), tf.float32) + tf.constant(2.0)).numpy())
print((tf.constant(2.0) + 1).numpy())

# %% [markdown] lang="en"
# ### Updating a variable by `=`
#
# `w = w + 1` does not update the variable. It makes a new tensor and gives it the name `w`, and a tape does not watch a tensor by itself:

# %% [markdown] lang="zh"
# ### 用 `=` 更新变量
#
# `w = w + 1` 并没有更新变量，而是得到一个新张量，再把 `w` 这个名字给它；原来的变量就丢了，而张量不会自动受到监视：

# %%
w = tf.Variable(1.0)
w = w + 1.0
print(isinstance(w, tf.Variable))

w = tf.Variable(1.0)
w.assign_add(1.0)
print(isinstance(w, tf.Variable), w.numpy())

# %% [markdown] lang="en"
# ### A GPU that is not found (optional)
#
# On Windows itself, TensorFlow has had no GPU support since version 2.11; use it inside WSL2, which runs Linux within Windows. On Linux, install `gradtape[gpu]`. The command `gradtape doctor`, typed into a terminal, says what is found and what to do.

# %% [markdown] lang="zh"
# ### 找不到 GPU（选学）
#
# 在原生 Windows 上，TensorFlow 从 2.11 版起不再支持 GPU；请在 WSL2 里使用，它让 Linux 在 Windows 里运行。在 Linux 上，安装 `gradtape[gpu]`。在终端里输入 `gradtape doctor`，它会告诉你找到了什么、该怎么办。

# %% [markdown] lang="en"
# ## Quiz
#
# Three questions on what you have read. Click an answer, and below it stands why it is right or wrong. Nothing is kept.

# %% [markdown] lang="zh"
# ## 小测验
#
# 三道题，问的都是刚读过的内容。点一个答案，下面就写着它为什么对、为什么不对。选了什么不会留下记录。

# %%
gt.quiz("01")

# %% [markdown] lang="en"
# ## Exercises
#
# Write your work in place of `...`, run the cell, then the check below it. `gt.hint("1.1")` gives three hints, one after the other; `gt.progress()` shows what is done.
#
# **Exercise 1.1** (what will this print?) Without running it:
#
# ```python
# a = tf.constant([[1, 2, 3]])
# b = tf.constant(2.0) * tf.constant([1.0, 2.0])
# c = tf.reduce_mean(tf.constant([1.0, 2.0, 6.0]))
# d = tf.ones((2, 3)) @ tf.ones((3, 4))
# for tensor in (a, b, c, d):
#     print(tensor.shape, tensor.dtype.name)
# ```
#
# Write the four lines as strings, in quotes, such as `"(5, 7) float32"`: first the shape, in round brackets, then the dtype with its number of bits.

# %% [markdown] lang="zh"
# ## 练习
#
# 在 `...` 处写上你的解答，运行单元格，再运行下面的检查。`gt.hint("1.1")` 一次给一条提示，共三条；`gt.progress()` 显示已完成的练习。
#
# **练习 1.1**（读程序，写输出）先别运行：
#
# ```python
# a = tf.constant([[1, 2, 3]])
# b = tf.constant(2.0) * tf.constant([1.0, 2.0])
# c = tf.reduce_mean(tf.constant([1.0, 2.0, 6.0]))
# d = tf.ones((2, 3)) @ tf.ones((3, 4))
# for tensor in (a, b, c, d):
#     print(tensor.shape, tensor.dtype.name)
# ```
#
# 把四行输出写成字符串，加引号，例如 `"(5, 7) float32"`：先是圆括号里的形状，再是带位数的 dtype。

# %%
line_a = ...
line_b = ...
line_c = ...
line_d = ...
# BEGIN SOLUTION
line_a = "(1, 3) int32"
line_b = "(2,) float32"
line_c = "() float32"
line_d = "(2, 4) float32"
# END SOLUTION

# %%
gt.check("1.1", line_a, line_b, line_c, line_d)

# %% [markdown] lang="en"
# **Exercise 1.2** (draw this) A ball falls from 30 metres. Its height after $t$ seconds is $h(t) = 30 - 4.9t^2$ metres. Draw height and velocity (the derivative of the height) together, from $t = 0$ to the moment when it lands, and put a marker on the curve of the velocity at that moment: `ax.plot(x, y, "o")` draws one at the point $(x, y)$. What the library marks by itself does not count. The check wants the figure's axes under the name `ax` (one of them, if you draw two): `_, ax = plt.subplots()` makes axes, and a drawing function such as `gt.plot_tangent` returns those that it drew on. With what velocity does the ball land, and why is the number negative?

# %% [markdown] lang="zh"
# **练习 1.2**（作图）一个球从 30 米高处落下，$t$ 秒后的高度是 $h(t) = 30 - 4.9t^2$ 米。把高度和速度（高度的导数）画在一张图里，从 $t = 0$ 画到落地那一刻，再在速度曲线上给那一刻画一个标记：`ax.plot(x, y, "o")` 会在点 $(x, y)$ 处画一个圆点；gradtape 库自动画的标记不算。请把图的 Axes 对象（matplotlib 里的一个坐标系）赋给 `ax`，画了两个的话，给出其中一个就行：`_, ax = plt.subplots()` 新建一个 Axes 对象，`gt.plot_tangent` 等作图函数也会返回它们用的那一个。球落地时速度是多少？为什么是负数？

# %%
ax = ...
# BEGIN SOLUTION
landing = (30.0 / 4.9) ** 0.5
ax = gt.plot_derivatives(lambda t: 30.0 - 4.9 * t**2, (0.0, landing), order=1)
velocity = gt.derivatives(lambda t: 30.0 - 4.9 * t**2, landing, order=1)[1]
ax.plot(landing, velocity, "o", color="C3")
ax.set(xlabel="$t$")
plt.show()
print(f"{velocity:.2f}")
# END SOLUTION

# %%
gt.check("1.2", ax)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# It lands after $\sqrt{30/4.9} \approx 2.47$ seconds, and its velocity is $h'(t) = -9.8t \approx -24.25$ metres per second. The number is negative because the height decreases.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 球在 $\sqrt{30/4.9} \approx 2.47$ 秒后落地，速度是 $h'(t) = -9.8t \approx -24.25$ 米每秒。之所以是负数，是因为高度在减小。
#
# </details>

# %% [markdown] lang="en"
# **Exercise 1.3** (repair this) `slope(at)` should return the derivative of $x^2 + 3x$ at `at`, computed by the tape. `slope(2)` returns `None`, `slope(2.0)` raises an error; the reasons are not the same. Repair the function where it stands, so that both work.

# %% [markdown] lang="zh"
# **练习 1.3**（改错）`slope(at)` 应当用梯度带返回 $x^2 + 3x$ 在 `at` 处的导数。可是 `slope(2)` 返回 `None`，`slope(2.0)` 报错，两次的原因并不相同。请直接在下面的代码上改，让两种写法都能用。


# %%
def slope(at):
    x = tf.Variable(at)
    with tf.GradientTape() as tape:
        y = x * x + tf.constant(3) * x
    return tape.gradient(y, x)


# BEGIN SOLUTION
def slope(at):
    x = tf.Variable(at, dtype=tf.float32)
    with tf.GradientTape() as tape:
        y = x * x + 3.0 * x
    return tape.gradient(y, x)


# END SOLUTION

# %%
gt.check("1.3", slope)

# %% [markdown] lang="en"
# **Exercise 1.4** (two approximations make a better one) Write $D(h)$ for the finite difference $\bigl(f(x + h) - f(x)\bigr)/h$. First look at its error, $D(h)$ minus the derivative, for the $f$ of this lesson or for `tf.exp` at $x = 1$, with $h = 0.2$, $0.1$, $0.05$: what happens when $h$ is halved? Then use it. `better(f, x, h)` should combine $D(h)$ and $D(h/2)$ into an approximation that, for a smooth $f$ and a small $h$, is off by much less than both. Use the values of $f$ at $x$, $x + h$ and $x + h/2$, and nothing else: no tape.

# %% [markdown] lang="zh"
# **练习 1.4**（外推）把有限差分 $\bigl(f(x + h) - f(x)\bigr)/h$ 记作 $D(h)$。先看它的误差，也就是 $D(h)$ 减去导数：对本课的 $f$ 或 `tf.exp`，在 $x = 1$ 处取 $h = 0.2$、$0.1$、$0.05$，$h$ 减半时误差怎样变？再利用这个规律：`better(f, x, h)` 应当由 $D(h)$ 和 $D(h/2)$ 得到一个近似值，对光滑的 $f$ 和不太大的 $h$，误差要小得多。只能用 $f$ 在 $x$、$x + h$ 和 $x + h/2$ 处的值，不用梯度带。


# %%
def better(f, x, h):
    # BEGIN SOLUTION
    whole = (f(x + h) - f(x)) / h
    half = (f(x + h / 2) - f(x)) / (h / 2)
    return 2 * half - whole
    # END SOLUTION


# %%
# BEGIN SOLUTION
x = tf.constant(1.0)
exact = gt.derivatives(tf.exp, x, order=1)[1]
for h in (0.2, 0.1, 0.05):
    error = (tf.exp(x + h) - tf.exp(x)) / h - exact
    print(f"h = {h:<5} D(h): {error:.4f}  better: {better(tf.exp, x, h) - exact:.4f}")
# END SOLUTION

# %%
gt.check("1.4", better)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# This is **Richardson extrapolation**. The error of $D(h)$ is about $c\,h$, that of $D(h/2)$ about half of it; in $2D(h/2) - D(h)$ the two cancel, and an error of the order of $h^2$ is left.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 这就是**理查森外推**（Richardson extrapolation）：$D(h)$ 的误差约为 $c\,h$，$D(h/2)$ 的约为它的一半，在 $2D(h/2) - D(h)$ 里两者抵消，剩下 $h^2$ 量级的误差。
#
# </details>

# %% [markdown] lang="en"
# **Exercise 1.5** (a program without a formula) Write `series(x)`, a loop that computes
#
# $$
# 1 + x + \frac{x^2}{2!} + \frac{x^3}{3!} + \dots + \frac{x^{10}}{10!}
# $$
#
# for a tensor `x`, so that a tape can record it. When the check has passed, draw it with its derivative on $(-1, 2)$. You will see one curve where you expect two: why, and which function is this?

# %% [markdown] lang="zh"
# **练习 1.5**（没有公式的程序）写出 `series(x)`，用循环对张量 `x` 计算
#
# $$
# 1 + x + \frac{x^2}{2!} + \frac{x^3}{3!} + \dots + \frac{x^{10}}{10!}
# $$
#
# 要让梯度带能够记录。检查通过以后，在 $(-1, 2)$ 上画出它和它的导数。本该有两条曲线，看上去却只有一条：为什么？这是哪个函数？


# %%
def series(x):
    # BEGIN SOLUTION
    total = term = 1.0
    for k in range(1, 11):
        term = term * x / k
        total = total + term
    return total
    # END SOLUTION


# %%
gt.check("1.5", series)

# %%
# BEGIN SOLUTION
gt.plot_derivatives(series, (-1.0, 2.0), order=1)
plt.show()
# END SOLUTION

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Differentiate term by term: $x^k/k!$ becomes $x^{k-1}/(k-1)!$, the term before it. So the derivative is the same sum without its last term, and the two curves can hardly be told apart (at 2 they differ by 0.0003). The sum is the first 11 terms of the series of $e^x$ (its *Taylor series* at 0), and $e^x$ is its own derivative.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 逐项求导：$x^k/k!$ 变成 $x^{k-1}/(k-1)!$，正是它前面的一项。所以导数就是同一个和，只少了最后一项，两条曲线几乎重合（在 2 处相差 0.0003）。这个和是 $e^x$ 的泰勒级数（在 0 处展开，即麦克劳林级数）的前 11 项，而 $e^x$ 的导数就是它自己。
#
# </details>

# %% [markdown] lang="en"
# ## Recap
#
# - A derivative is a rate of change; gradient descent goes against it, to smaller errors.
# - The values of a tensor stay, those of a variable can be updated. Data are constants, parameters are variables.
# - Whole numbers have no derivatives: write `3.0`, not `3`.
# - The same code runs on CPU and GPU.
# - Symbolic differentiation works on formulas, numerical on values, automatic on programs.
#
# The [contents](README.md) of the course · On to [2 · How automatic differentiation works](02_automatic_differentiation.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - 导数是变化率；梯度下降就是逆着它走，让误差减小。
# - 张量的值不能改，变量的值可以更新。数据用常量，参数用变量。
# - 整数没有导数：写 `3.0`，不要写 `3`。
# - 同一段代码在 CPU 和 GPU 上都能运行。
# - 符号求导用于公式，数值求导用于函数值，自动求导用于程序。
#
# 回到[课程目录](README.md) · 下一课：[2 · 自动求导是怎样工作的](02_automatic_differentiation.ipynb)
