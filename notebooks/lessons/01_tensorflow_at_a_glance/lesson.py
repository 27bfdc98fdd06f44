# ---
# jupyter:
#   gradtape:
#     minutes: 35
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
# TensorFlow is an open-source framework for numerical computing that Google began and many others now use, for anything from fitting a straight line to training networks with billions of parameters. Two abilities carry all of that. It computes with large tables of numbers fast, on ordinary processors and on graphics cards. And it finds derivatives by itself. This course is about the second. This first lesson shows the ground on which it stands.
#
# By the end you will be able to
#
# - say what a derivative is good for, and why learning machines need so many;
# - make tensors and variables, and tell when to use which;
# - choose number types that have derivatives;
# - run the same code on a processor and on a graphics card;
# - tell symbolic, numerical and automatic differentiation apart.
#
# You need a little Python and school calculus. It takes about 35 minutes to read; the exercises take as long again, or longer.

# %% [markdown] lang="zh"
# # 1 · 初识 TensorFlow
#
# TensorFlow 是一个开源的数值计算框架，由谷歌发起，如今用的人很多：小到拟合一条直线，大到训练几十亿参数的网络。这一切靠的是两样本事。一是算得快：成片的数字，在普通处理器和显卡上都能飞快地算。二是会求导：导数由它自己求出来。这门课讲的是第二样本事。第一课先看看它站在什么样的地基上。
#
# 学完这一课，你能够
#
# - 说出导数有什么用，为什么机器学习需要那么多导数；
# - 创建张量和变量，知道什么时候用哪一个；
# - 选对能求导的数值类型；
# - 让同一段代码在处理器和显卡上运行；
# - 分清符号求导、数值求导和自动求导。
#
# 你只需要会一点 Python，学过中学的微积分。读完大约需要 35 分钟；练习还要同样多的时间，甚至更多。

# %%
import gradtape as gt
import matplotlib.pyplot as plt
import tensorflow as tf

gt.start("01", lang="en")

# %% [markdown] lang="en"
# The last line gets this notebook ready. It keeps TensorFlow's start-up messages off the page, and says in which language the library should speak. Every lesson begins so.
#
# ## What a derivative is good for
#
# A derivative answers one question: *if I change this a little, how much does that change?* Turn the tap a little, how much faster does the tub fill? Drive a little faster, how much earlier do you arrive?
#
# In the figure, the dark curve is the distance of a car from a traffic light, $s(t) = t^2(3 - t)$. Its derivative $s'$ is the speed. Where is the car fastest, and what does the curve do at that moment?

# %% [markdown] lang="zh"
# 最后一行让笔记本做好准备：它不让 TensorFlow 的启动提示出现在页面上，并选定程序库用中文。每一课都这样开头。
#
# ## 导数有什么用
#
# 导数只回答一个问题：“这里变一点点，那里会变多少？”水龙头拧开一点，浴缸的水涨得快多少？车开快一点，能早到多久？
#
# 图中深色曲线是一辆车离红绿灯的距离，$s(t) = t^2(3 - t)$。它的导数 $s'$ 就是车速。车在什么时候最快？那一刻曲线是什么样子？

# %%
ax = gt.plot_derivatives(lambda t: t**2 * (3.0 - t), (0.0, 2.0), order=1)
ax.set(xlabel="$t$")
plt.show()

# %% [markdown] lang="en"
# At $t = 1$ the speed is highest, and there the distance grows most steeply. At $t = 0$ and $t = 2$ the speed is 0 and the curve runs flat: the car stands.
#
# Now turn the question round. Suppose the curve is not a distance but an *error*: how wrong a model is, depending on one of its numbers. Its derivative then says in which direction the error falls. Take a small step that way, ask again, step again:

# %% [markdown] lang="zh"
# 在 $t = 1$ 处车速最大，距离也增长得最陡。在 $t = 0$ 和 $t = 2$ 处车速为 0，曲线走平：车停着。
#
# 现在把问题反过来。假如这条曲线不是距离，而是**误差**：模型里某个数取不同的值，模型错得多厉害。那么导数就告诉我们，往哪边走误差会变小。朝那边迈一小步，再问一次，再迈一步：

# %%
gt.plot_descent(lambda w: (w - 1.0) ** 2 + 0.5, 3.5, learning_rate=0.15, steps=12)
plt.show()

# %% [markdown] lang="en"
# The steps are long where the slope is steep, and they shrink by themselves near the bottom, where the slope is small. This is *gradient descent*. Nearly all of machine learning is this picture with more numbers: a network of no great size asks for a million derivatives at a time, thousands of times over. Somebody has to supply them. That is what the *gradient tape* of the coming lessons does.

# %% [markdown] lang="zh"
# 坡陡的地方步子大；接近谷底，坡缓了，步子自己就小了。这就是**梯度下降**。机器学习几乎全是这张图，只是数字更多：一个不算大的网络，一次就要上百万个导数，而且要反复求成千上万遍。总得有人来提供这些导数，接下来几课的**梯度带**，做的就是这件事。

# %% [markdown] lang="en"
# ## Tensors
#
# A **tensor** is a number, a row of numbers, a table of numbers, and so on: numbers in a grid, all of one type. It has a *shape*, how many along each direction, and a *dtype*, the type of its numbers.

# %% [markdown] lang="zh"
# ## 张量
#
# **张量**可以是一个数、一行数、一张表，依此类推：排成格子的一批数，类型都相同。它有**形状**（shape），说明每个方向上有几个数；还有 *dtype*，说明数的类型。

# %%
number = tf.constant(3.0)
row = tf.constant([1.0, 2.0, 3.0])
table = tf.constant([[1.0, 2.0], [3.0, 4.0]])

for tensor in (number, row, table):
    print(tensor.shape, tensor.dtype.name)

# %% [markdown] lang="en"
# Arithmetic works on all entries at once, and it happens at the moment when the line runs. This is called *eager execution*: you can print any result, as in ordinary Python.

# %% [markdown] lang="zh"
# 算术运算同时作用在所有元素上，而且运行到哪一行，就在哪一行算出结果。这叫**即时执行**：和普通的 Python 一样，随时可以打印结果。

# %%
print(table + 10.0)
print(table * table)
print(table @ table)

# %% [markdown] lang="en"
# Note the difference between the last two: `*` multiplies entry by entry, `@` is the product of matrices. `.numpy()` turns a tensor into a NumPy array, for printing and for other libraries.
#
# **Predict first.** What is `tf.reduce_sum(table * row[1])`, where `row[1]` is the second entry, 2? Write your number in place of `...` and run the cell. And what would `table * row` do, a $2 \times 2$ table times a row of three?

# %% [markdown] lang="zh"
# 注意后两个运算的区别：`*` 是对应元素相乘，`@` 是矩阵乘法。`.numpy()` 把张量变成 NumPy 数组，便于打印，也便于交给别的程序库。
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
# The first is $2 + 4 + 6 + 8 = 20$: every entry is doubled, then all are added. The second is an error: a row can be multiplied with each row of a table only if it has as many entries as the table has columns. TensorFlow names both shapes, `[2,2]` and `[3]`. When something fails, read the shapes first.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 第一个是 $2 + 4 + 6 + 8 = 20$：先把每个元素乘以 2，再全部加起来。第二个会报错：一行数要乘到表的每一行上，个数必须和表的列数相同。TensorFlow 把两个形状都写了出来：`[2,2]` 和 `[3]`。出了错，先看形状。
#
# </details>

# %% [markdown] lang="en"
# ## Constants and variables
#
# A tensor never changes: it is a *constant*. A model, though, has numbers that must change while it learns. They live in a **variable**: a named place with a value that can be updated.

# %% [markdown] lang="zh"
# ## 常量和变量
#
# 张量一旦建好就不再变，它是**常量**。可是模型里有些数，学习的过程中必须变。它们放在**变量**里：一个有名字的位置，里面的值可以更新。

# %%
w = tf.Variable(3.0)
w.assign(5.0)
w.assign_add(1.0)
print(w.numpy())

# %% [markdown] lang="en"
# In calculations a variable behaves like the tensor that it holds. The other difference matters more for this course: a gradient tape watches variables on its own, since they are what one wants derivatives for. Constants it passes over, unless told otherwise. Data are constants, parameters are variables.
#
# Trying to change a constant fails:

# %% [markdown] lang="zh"
# 参与计算时，变量就像它装着的张量。另一个区别对这门课更重要：梯度带会自动监视变量，因为要求导的正是它们；常量它不理会，除非你特意吩咐。数据是常量，参数是变量。
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
# A derivative asks about *small* changes, and a whole number has none: after 3 comes 4. So only floating-point numbers have derivatives. The usual type is `float32`, with about seven digits. `float64` has about sixteen, is slower on graphics cards, and is what we use when digits matter:

# %% [markdown] lang="zh"
# 导数问的是**微小**的变化，而整数没有微小的变化：3 后面就是 4。所以只有浮点数才有导数。常用的类型是 `float32`，大约七位有效数字。`float64` 大约十六位，在显卡上慢一些，要讲究精度时用它：

# %% tags=["rtol=1e-12"]
third = tf.constant(1.0) / 3.0
precise = tf.constant(1.0, dtype=tf.float64) / 3.0
print(f"{third.numpy():.17f}")
print(f"{precise.numpy():.17f}")

# %% [markdown] lang="en"
# Both end at some point; from there on the digits mean nothing. In lesson 2 this will explain why one way of finding derivatives can fail so badly.

# %% [markdown] lang="zh"
# 两个数都只准到某一位，再往后的数字就没有意义了。第 2 课会看到，有一种求导办法之所以会错得离谱，原因就在这里。

# %% [markdown] lang="en"
# ## Processor and graphics card
#
# A graphics card (GPU) has thousands of small arithmetic units, and a table of numbers gives all of them work. TensorFlow finds the devices of your computer by itself. A processor (CPU) is always among them:

# %% [markdown] lang="zh"
# ## 处理器和显卡
#
# 显卡（GPU）有成千上万个小小的运算单元，一大张数表正好让它们都有活干。你的电脑里有哪些设备，TensorFlow 会自己去找。处理器（CPU）总在其中：

# %%
print(tf.config.list_physical_devices("CPU"))

# %% [markdown] lang="en"
# Write `"GPU"` instead and run the cell again: an empty list, `[]`, means that you have none that TensorFlow can use. Nothing in this course needs one. A tensor is placed on the GPU if there is one, and `tf.device` lets you say where instead. The cell below differentiates $x^4$ at 3 on **every** device that it finds, and collects the answers in a set.

# %% [markdown] lang="zh"
# 把 `"CPU"` 换成 `"GPU"` 再运行一次：如果得到空列表 `[]`，说明没有 TensorFlow 能用的显卡。这门课不需要显卡。有显卡时，张量会自动放到显卡上；也可以用 `tf.device` 指定位置。下面的代码在找到的**每一个**设备上求 $x^4$ 在 3 处的导数，把答案收进一个集合。


# %%
def slope_on(device):
    with tf.device(device):
        x = tf.Variable(3.0)
        with tf.GradientTape() as tape:
            y = x**4
        return float(tape.gradient(y, x))


print({slope_on(device.name) for device in tf.config.list_logical_devices()})

# %% [markdown] lang="en"
# A set holds each value once. However many devices you have, there is one answer. The code did not change, only the place where it ran. You have also seen your first gradient tape; lesson 2 takes it apart.

# %% [markdown] lang="zh"
# 集合里相同的值只留一个。不管有几个设备，答案只有一个：代码没变，变的只是运行的地方。你也见到了第一条梯度带，第 2 课会把它拆开来看。

# %% [markdown] lang="en"
# ## Three ways to a derivative
#
# Take one function, $f(x) = \sin(x)\,e^{-x^2/2}$, and find its slope at $x = 1$ in three ways.
#
# **Symbolic**: apply the rules of calculus to the formula. The product rule and the chain rule give $f'(x) = (\cos x - x \sin x)\,e^{-x^2/2}$. You get a new formula, exact everywhere, and you need a formula to begin with.
#
# **Numerical**: move $x$ by a small step $h$ and see what happens, $\bigl(f(x + h) - f(x)\bigr)/h$. This is a *finite difference*. You need nothing but values of $f$, and you get an approximation.
#
# **Automatic**: run the calculation, write down each elementary step, and combine the known slopes of the steps by the chain rule, as numbers. That is a tape.

# %% [markdown] lang="zh"
# ## 求导的三种办法
#
# 取一个函数 $f(x) = \sin(x)\,e^{-x^2/2}$，用三种办法求它在 $x = 1$ 处的斜率。
#
# **符号求导**：对公式运用求导法则。由乘法法则和链式法则得 $f'(x) = (\cos x - x \sin x)\,e^{-x^2/2}$。得到的是新公式，处处精确；但首先你得有公式。
#
# **数值求导**：让 $x$ 走一小步 $h$，看结果变多少，即 $\bigl(f(x + h) - f(x)\bigr)/h$。这叫**有限差分**。只需要 $f$ 的值，得到的是近似值。
#
# **自动求导**（也叫自动微分）：把计算跑一遍，记下每个基本步骤，再用链式法则把各步已知的斜率合起来，合的是数，不是公式。这就是梯度带。


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

print(f"symbolic   {symbolic.numpy():.5f}")
print(f"numerical  {numerical.numpy():.5f}")
print(f"automatic  {automatic.numpy():.5f}")

# %% [markdown] lang="en"
# The first and the third agree to the last digit. The second is off by almost a third, because the step of 0.1 is too long. In the figure the numerical way is the dashed line through two points of the curve; the tape's slope is the tangent.

# %% [markdown] lang="zh"
# 第一个和第三个每一位都相同。第二个差了将近三成，因为步长 0.1 太大了。下图中，数值求导是穿过曲线上两点的虚线，梯度带给出的斜率是切线。

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
# We drew it with the longer step 0.6 so that the gap can be seen. Bring the second point closer and the dashed line turns into the tangent. How close can it come before something else goes wrong? That is a surprise for lesson 2.
#
# | | needs | gives | trouble |
# |---|---|---|---|
# | symbolic | a formula | a formula | formulas grow; programs with loops have none |
# | numerical | values | an approximation | the step: too long or too short |
# | automatic | a program | the exact slope, up to rounding | every step must be recorded |

# %% [markdown] lang="zh"
# 图中故意用了更大的步长 0.6，好看清差距。让第二个点靠近些，虚线就慢慢转到切线的位置。究竟能靠多近，才不会出别的岔子？这个意外留到第 2 课。
#
# | | 需要 | 得到 | 麻烦 |
# |---|---|---|---|
# | 符号求导 | 公式 | 公式 | 公式越来越长；带循环的程序没有公式 |
# | 数值求导 | 函数值 | 近似值 | 步长：不是太大就是太小 |
# | 自动求导 | 程序 | 精确的斜率，只有舍入误差 | 每一步都得记录下来 |

# %% [markdown] lang="en"
# The last row deserves a picture. A loop has no simple formula. This one finds a square root by the method of Heron, averaging a guess with $x$ divided by the guess. The tape differentiates the *program*: it records the steps that were run.
#
# **Predict first.** The loop computes $\sqrt{x}$. Which curve must its derivative be? Run the next cell: it shows the choices.

# %% [markdown] lang="zh"
# 表中最后一行值得画出来看。循环没有简单的公式。下面这个循环用海伦的办法求平方根：每次都把猜测值换成它和“$x$ 除以它”这两个数的平均。梯度带是在对**程序**求导：跑过哪些步骤，它就记下哪些步骤。
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

slopes = gt.derivatives(heron, [1.0, 4.0], order=1)[1]
print(slopes.numpy())
gt.predict("1.b", outcome=slopes)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# $\frac{1}{2\sqrt{x}}$: it is 0.5 at 1 and 0.25 at 4, as printed. Nobody told TensorFlow that the loop is a square root. It knew how to differentiate a sum and a quotient, and that was enough.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# $\frac{1}{2\sqrt{x}}$：在 1 处是 0.5，在 4 处是 0.25，和打印的一样。没有人告诉 TensorFlow 这个循环在求平方根。它只会对加法和除法求导，这就够了。
#
# </details>

# %% [markdown] lang="en"
# ## Inside the tape
#
# A first look at what a tape knows. We split $f$ into its steps and print, for each, its value at $x = 1$ and how much $f$ changes when this step's value changes. The next lesson explains where the last column comes from; for now, see that its first row is the derivative.

# %% [markdown] lang="zh"
# ## 梯度带里面
#
# 先看一眼梯度带都知道些什么。把 $f$ 拆成一步一步，打印每一步在 $x = 1$ 处的值，以及这一步的值变化时 $f$ 变多少。最后一列是怎么来的，下一课再讲；现在只要看到，它的第一行就是导数。

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
    print(f"{name:10} value {value.numpy():8.4f}   dy {tape.gradient(y, value):8.4f}")
del tape

# %% [markdown] lang="en"
# ## Watch out
#
# ### A whole number has no gradient
#
# One missing point, and there is no derivative. TensorFlow 2.21 says nothing about it, you get `None`:

# %% [markdown] lang="zh"
# ## 当心
#
# ### 整数没有梯度
#
# 少写一个小数点，就没有导数了。TensorFlow 2.21 一声不响，只给你 `None`：

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
# NumPy adds a whole number to a float without a word. TensorFlow refuses, since a silent conversion in a large model is hard to find:

# %% [markdown] lang="zh"
# ### 类型不能混用
#
# 在 NumPy 里，整数和浮点数相加没有问题。TensorFlow 却拒绝，因为大模型里悄悄发生的类型转换很难查出来：

# %% tags=["raises-exception"]
tf.constant(1) + tf.constant(2.0)

# %% [markdown] lang="en"
# Convert one of them with `tf.cast`. Plain Python numbers are exempt: `tf.constant(2.0) + 1` works, because the 1 takes the type of its neighbour.

# %% [markdown] lang="zh"
# 用 `tf.cast` 转换其中一个。普通的 Python 数字不受限制：`tf.constant(2.0) + 1` 没有问题，因为 1 会跟着旁边那个数的类型走。

# %%
print((tf.cast(tf.constant(1), tf.float32) + tf.constant(2.0)).numpy())
print((tf.constant(2.0) + 1).numpy())

# %% [markdown] lang="en"
# ### Updating a variable by `=`
#
# `w = w + 1` does not update the variable. It makes a new tensor and calls *that* `w`. The variable is gone, and with it what the tape would have watched:

# %% [markdown] lang="zh"
# ### 用 `=` 更新变量
#
# `w = w + 1` 并没有更新变量，而是造出一个新张量，再把**它**叫作 `w`。变量没了，梯度带要监视的对象也就没了：

# %%
w = tf.Variable(1.0)
w = w + 1.0
print(isinstance(w, tf.Variable))

w = tf.Variable(1.0)
w.assign_add(1.0)
print(isinstance(w, tf.Variable), w.numpy())

# %% [markdown] lang="en"
# ### A graphics card that is not found
#
# On Windows itself, TensorFlow has had no GPU support since version 2.11; use it inside WSL2, which runs Linux within Windows. On Linux, install `gradtape[gpu]`. The command `gradtape doctor`, typed into a terminal, says what it finds and what to do.

# %% [markdown] lang="zh"
# ### 找不到显卡
#
# 在原生 Windows 上，TensorFlow 从 2.11 版起不再支持显卡；请在 WSL2 里使用，它让 Linux 在 Windows 里运行。在 Linux 上，安装 `gradtape[gpu]`。在终端里输入 `gradtape doctor`，它会告诉你找到了什么、该怎么办。

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
# Hand over the four lines as texts, in quotes, such as `"(5, 7) float32"`.

# %% [markdown] lang="zh"
# ## 练习
#
# 在 `...` 处写上你的解答，运行单元格，再运行下面的检查。`gt.hint("1.1")` 一次给一条提示，共三条；`gt.progress()` 显示已完成的练习。
#
# **练习 1.1**（会打印什么？）先别运行：
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
# 把四行输出写成文本，加引号，例如 `"(5, 7) float32"`。

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
# **Exercise 1.2** (draw this) A ball falls from 30 metres. Its height after $t$ seconds is $h(t) = 30 - 4.9t^2$ metres. Draw height and velocity (the derivative of the height) together, from $t = 0$ to the moment when it lands, and put a marker on the curve of the velocity at that moment: `ax.plot(x, y, "o")` draws one at the point $(x, y)$. The check wants the axes under the name `ax`. With what velocity does the ball land, and why is the number negative?

# %% [markdown] lang="zh"
# **练习 1.2**（画出来）一个球从 30 米高处落下，$t$ 秒后的高度是 $h(t) = 30 - 4.9t^2$ 米。把高度和速度（高度的导数）画在一张图里，从 $t = 0$ 画到落地那一刻，再在速度曲线上给那一刻画一个标记：`ax.plot(x, y, "o")` 会在点 $(x, y)$ 处画一个。检查要看坐标轴，名字叫 `ax`。球落地时速度是多少？为什么是负数？

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
# It lands after $\sqrt{30/4.9} \approx 2.47$ seconds, and its velocity is $h'(t) = -9.8t \approx -24.25$ metres per second. The number is negative because the height shrinks: for a small step forward in time, $h$ changes by a negative amount.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 球在 $\sqrt{30/4.9} \approx 2.47$ 秒后落地，速度是 $h'(t) = -9.8t \approx -24.25$ 米每秒。之所以是负数，是因为高度在减小：时间往前走一点点，$h$ 的变化是负的。
#
# </details>

# %% [markdown] lang="en"
# **Exercise 1.3** (repair this) `slope(at)` should return the slope of $x^2 + 3x$. `slope(2)` returns `None`, `slope(2.0)` raises an error; the reasons are not the same. Repair the function where it stands, so that both work.

# %% [markdown] lang="zh"
# **练习 1.3**（修好它）`slope(at)` 应当返回 $x^2 + 3x$ 的斜率。可是 `slope(2)` 返回 `None`，`slope(2.0)` 报错，两次的原因并不相同。请在原处修好这个函数，让两种写法都能用。


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
# **Exercise 1.4** (make two wrongs a right) Write $D(h)$ for the finite difference $\bigl(f(x + h) - f(x)\bigr)/h$. First look at its error, $D(h)$ minus the tape's slope, for $h = 0.2$, $0.1$, $0.05$: what happens when $h$ is halved? Then use it. `better(f, x, h)` should combine $D(h)$ and $D(h/2)$, two slopes that are off, into one that is nearly right. You need nothing but values of $f$.

# %% [markdown] lang="zh"
# **练习 1.4**（两个错的，凑成一个对的）把有限差分 $\bigl(f(x + h) - f(x)\bigr)/h$ 记作 $D(h)$。先看它的误差，也就是 $D(h)$ 减去梯度带给出的斜率：取 $h = 0.2$、$0.1$、$0.05$，$h$ 减半时误差怎样变？再把这个规律用起来：`better(f, x, h)` 应当用 $D(h)$ 和 $D(h/2)$ 这两个不准的斜率，凑出一个几乎准确的斜率。除了 $f$ 的值，什么也用不着。


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
# **Exercise 1.5** (a program without a formula) Write `series(x)`, a loop that computes
#
# $$
# 1 + x + \frac{x^2}{2!} + \frac{x^3}{3!} + \dots + \frac{x^{10}}{10!}
# $$
#
# for a tensor `x`, so that a tape can follow it. Once the check is content, draw it with its derivative on $(-1, 2)$. You will see one curve where you expect two: why, and which function is this?

# %% [markdown] lang="zh"
# **练习 1.5**（没有公式的程序）写出 `series(x)`，用循环对张量 `x` 计算
#
# $$
# 1 + x + \frac{x^2}{2!} + \frac{x^3}{3!} + \dots + \frac{x^{10}}{10!}
# $$
#
# 要让梯度带跟得上。检查通过以后，在 $(-1, 2)$ 上画出它和它的导数。本该有两条曲线，看上去却只有一条：为什么？这是哪个函数？


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
# Differentiate term by term: $x^k/k!$ becomes $x^{k-1}/(k-1)!$, the term before it. So the derivative is the same sum without its last term, and the two curves lie on top of each other. The function is $e^x$, which is its own derivative; the sum is its beginning.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 逐项求导：$x^k/k!$ 变成 $x^{k-1}/(k-1)!$，正是它前面的一项。所以导数就是同一个和，只少了最后一项，两条曲线几乎重合。这个函数是 $e^x$，它的导数就是它自己；这里的和是它的开头一段。
#
# </details>

# %% [markdown] lang="en"
# ## Recap
#
# - A derivative says how much the result changes for a small change of the input; following it downhill is how machines learn.
# - Tensors are constants, variables can be updated. Data are constants, parameters are variables.
# - Only floats have derivatives: write `3.0`, not `3`.
# - The same code runs on CPU and GPU and gives the same answer.
# - Symbolic differentiation works on formulas, numerical on values, automatic on programs.
#
# The [contents](README.md) of the course · On to [2 · How automatic differentiation works](02_automatic_differentiation.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - 导数说明输入变一点点，结果变多少；顺着它往下走，机器就是这样学习的。
# - 张量是常量，变量可以更新。数据用常量，参数用变量。
# - 只有浮点数有导数：写 `3.0`，不要写 `3`。
# - 同一段代码在 CPU 和 GPU 上都能跑，答案也一样。
# - 符号求导对付公式，数值求导对付函数值，自动求导对付程序。
#
# 回到[课程目录](README.md) · 下一课：[2 · 自动求导是怎样工作的](02_automatic_differentiation.ipynb)
