# ---
# jupyter:
#   gradtape:
#     minutes: 55
#     teaches:
#       en: training a model with the gradient of its loss
#       zh: 用损失的梯度训练模型
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 5 · Gradients in deep learning
#
# A model makes predictions; its parameters decide which. A **loss function** says with one number how wrong the predictions are. Ask for the gradient of that number with respect to the parameters, and every parameter is told which way to move. That is all of training. Everything else is about doing it well, and on a large scale.
#
# By the end you will be able to
#
# - compute the gradient of a loss by hand, by formula and by tape, and see that they agree;
# - write a training loop of five lines, and say what each does;
# - tell from the path over the loss surface whether a learning rate is too small, right or too large;
# - hand the updates to a Keras optimizer, and fit a small network to a curve;
# - make a training step faster with `tf.function`, and recognise the mistakes that stop training.
#
# You need lessons [2](02_automatic_differentiation.ipynb) and [3](03_several_variables.ipynb). It takes about 55 minutes to read; the exercises take as long again, or longer.

# %% [markdown] lang="zh"
# # 5 · 深度学习中的梯度
#
# 模型做预测，参数决定它预测什么。**损失函数**用一个数说明预测错得多厉害。求出这个数关于各个参数的梯度，每个参数就知道自己该往哪边挪。训练就是这么回事，其余的都是怎样把它做好、做大。
#
# 学完这一课，你能够
#
# - 用手算、公式和梯度带三种办法求损失的梯度，并看到结果一致；
# - 写出五行代码的训练循环，说清每一行的作用；
# - 从损失曲面上的路线，看出学习率是太小、正好还是太大；
# - 把更新交给 Keras 优化器，并用一个小网络拟合一条曲线；
# - 用 `tf.function` 让训练更快，认出那些让训练停滞的错误。
#
# 请先学完第 [2](02_automatic_differentiation.ipynb) 课和第 [3](03_several_variables.ipynb) 课。读完大约需要 55 分钟；练习还要同样多的时间，甚至更多。

# %%
import gradtape as gt
import matplotlib.pyplot as plt
import tensorflow as tf

gt.start("05", lang="en")

# %% [markdown] lang="en"
# ## A line that has to learn
#
# Four points: $x = 1, 2, 3, 4$ and $y = 2, 4, 6, 8$. The model is a straight line, $y = wx + b$, with two parameters, the weight $w$ and the bias $b$. You see at once that $w = 2$, $b = 0$ would be perfect. The model does not; it starts with $w = 0.5$, $b = 0.1$.
#
# The loss is the **mean squared error**: take the difference between prediction and truth at each point, square it, average.

# %% [markdown] lang="zh"
# ## 一条要学习的直线
#
# 有四个点：$x = 1, 2, 3, 4$，$y = 2, 4, 6, 8$。模型是一条直线 $y = wx + b$，有两个参数：权重 $w$ 和偏置 $b$。你一眼就看出 $w = 2$、$b = 0$ 最好，模型却不知道，它从 $w = 0.5$、$b = 0.1$ 出发。
#
# 损失用**均方误差**：在每个点上求预测与真值之差，平方，再取平均。

# %%
w = tf.Variable(0.5)
b = tf.Variable(0.1)
x = tf.constant([1.0, 2.0, 3.0, 4.0])
y_true = tf.constant([2.0, 4.0, 6.0, 8.0])

with tf.GradientTape() as tape:
    y = w * x + b
    loss = tf.reduce_mean(tf.square(y - y_true))

dL_dw, dL_db = tape.gradient(loss, [w, b])
print("loss  =", loss.numpy())
print("dL/dw =", dL_dw.numpy())
print("dL/db =", dL_db.numpy())

# %% [markdown] lang="en"
# - The forward pass computes four predictions, four errors and one loss. All of it is on the tape.
# - One `gradient` call with a list returns both derivatives. An ordinary tape is enough.
# - The data are constants and are not watched. Nobody wants to change the data.
#
# **Predict first.** Both gradients are negative. Does the loss fall if $w$ is raised, or if it is lowered? And which of the two parameters matters more at this point? Run the next cell: it shows the choices for the first question.

# %% [markdown] lang="zh"
# - 前向传播算出四个预测、四个误差和一个损失，全都记在梯度带上。
# - 给 `gradient` 一个列表，一次就得到两个导数，普通的梯度带就够了。
# - 数据是常量，不受监视。谁也不想去改数据。
#
# **先猜一猜。** 两个梯度都是负的。要让损失下降，$w$ 应该调大还是调小？在这一点上，哪个参数影响更大？运行下一个单元格，第一问的选项就会出现。

# %%
gt.predict("5.a", ...)


# %%
def loss_at(w, b):
    return tf.reduce_mean(tf.square(w * x + b - y_true))


change_w = loss_at(0.51, 0.1) - loss_at(0.5, 0.1)
change_b = loss_at(0.5, 0.11) - loss_at(0.5, 0.1)
print(f"w + 0.01: {change_w:+.3f}")
print(f"b + 0.01: {change_b:+.3f}")

# %%
gt.predict("5.a", outcome=change_w)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Raised: a negative derivative means that the loss falls when the parameter grows. The weight matters three times as much, $-22$ against $-7.3$, since it is multiplied by $x$, which is up to 4, while the bias is only added. A step of 0.01 lowers the loss by about $0.22$ and $0.073$.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 调大：导数为负，说明参数变大时损失下降。权重的影响是偏置的三倍，$-22$ 比 $-7.3$，因为权重要乘以 $x$，最大乘到 4，而偏置只是加上去。各走 0.01，损失大约下降 $0.22$ 和 $0.073$。
#
# </details>

# %% [markdown] lang="en"
# ## By hand, by formula, by tape
#
# Trust is good, checking is better. Write $e_i = w x_i + b - y_i$ for the error at point $i$. Then
#
# $$
# L = \frac{1}{4} \sum_i e_i^2, \qquad
# \frac{\partial L}{\partial w} = \frac{2}{4} \sum_i e_i\, x_i, \qquad
# \frac{\partial L}{\partial b} = \frac{2}{4} \sum_i e_i
# $$
#
# By hand: the predictions are 0.6, 1.1, 1.6, 2.1, so the errors are $-1.4, -2.9, -4.4, -5.9$. Their squares are 1.96, 8.41, 19.36, 34.81, together 64.54, and a quarter of that is 16.135. The sum of $e_i x_i$ is $-1.4 - 5.8 - 13.2 - 23.6 = -44$, half of it $-22$. The sum of the errors is $-14.6$, half of it $-7.3$. Now the formula in code, and the library's one-line version:

# %% [markdown] lang="zh"
# ## 手算、公式、梯度带
#
# 信得过，也要查得过。记 $e_i = w x_i + b - y_i$ 为第 $i$ 个点上的误差，那么
#
# $$
# L = \frac{1}{4} \sum_i e_i^2, \qquad
# \frac{\partial L}{\partial w} = \frac{2}{4} \sum_i e_i\, x_i, \qquad
# \frac{\partial L}{\partial b} = \frac{2}{4} \sum_i e_i
# $$
#
# 手算：预测是 0.6、1.1、1.6、2.1，误差是 $-1.4, -2.9, -4.4, -5.9$。平方是 1.96、8.41、19.36、34.81，合计 64.54，四分之一就是 16.135。$e_i x_i$ 的和是 $-1.4 - 5.8 - 13.2 - 23.6 = -44$，一半是 $-22$。误差的和是 $-14.6$，一半是 $-7.3$。再看公式写成的代码，以及程序库一行的写法：

# %%
error = w * x + b - y_true
print(tf.reduce_mean(2 * error * x).numpy(), tf.reduce_mean(2 * error).numpy())

value, gradient = gt.value_and_gradient(loss_at, 0.5, 0.1)
print(value.numpy(), *[slope.numpy() for slope in gradient])

# %% [markdown] lang="en"
# Three ways, one answer. For a line the formula is easy. For a network of twenty layers nobody writes it down, and the tape does not care.

# %% [markdown] lang="zh"
# 三种办法，一个答案。对一条直线，公式好写；对二十层的网络，没有人会去写公式，而梯度带根本不在乎。

# %% [markdown] lang="en"
# ## Inside the tape
#
# Here is the whole record of the loss at $w = 0.5$, $b = 0.1$. Look for the two bold frames, $w$ and $b$: no dashed arrow leads to any other number, since nobody wants to change the data.

# %% [markdown] lang="zh"
# ## 梯度带里面
#
# 这是损失在 $w = 0.5$、$b = 0.1$ 处的全部记录。找到两个粗框，$w$ 和 $b$：虚线箭头不通到别的数，因为谁也不想去改数据。

# %%
gt.draw_tape(loss_at, 0.5, 0.1)
plt.show()

# %% [markdown] lang="en"
# Follow the loss back through its steps. The intermediates are vectors of four now, and so are the gradients with respect to them: one number for each point.

# %% [markdown] lang="zh"
# 从损失出发，一步步往回走。中间结果现在是四个数的向量，关于它们的梯度也是：每个点一个数。

# %%
with tf.GradientTape(persistent=True) as tape:
    product = w * x
    y = product + b
    e = y - y_true
    squared = tf.square(e)
    L = tf.reduce_mean(squared)

for name, step in {
    "wx": product,
    "y = wx + b": y,
    "e = y - y*": e,
    "e²": squared,
}.items():
    slope = tape.gradient(L, step)
    print(f"{name:11} {step.numpy().round(2)}   dL {slope.numpy().round(2)}")
print("w          ", tape.gradient(L, w).numpy(), "  b", tape.gradient(L, b).numpy())
del tape

# %% [markdown] lang="en"
# The mean hands $\frac14$ to each square. The square multiplies by $2e$: the point with the largest error, the last, speaks loudest. The subtraction and the addition pass it on unchanged. Then $w$ collects from all four points, each multiplied by its $x$, and $b$ collects from all four as they are. *Where roads meet, add*: that is the sum in the formula.

# %% [markdown] lang="zh"
# 取平均，给每个平方分到 $\frac14$；平方再乘以 $2e$：误差最大的是最后一个点，它说话声音最大；减法和加法原样传过去。最后，$w$ 从四个点各收一份，每份乘上它的 $x$；$b$ 也从四个点各收一份，原样相加。**汇合相加**：公式里的求和就是这么来的。

# %% [markdown] lang="en"
# ## Against the gradient
#
# Now move. The gradient points where the loss rises fastest, so we go the other way, by a step proportional to it:
#
# $$
# w \leftarrow w - \eta\,\frac{\partial L}{\partial w}, \qquad b \leftarrow b - \eta\,\frac{\partial L}{\partial b}
# $$
#
# The factor $\eta$ is the **learning rate**. The loop below is complete: record, differentiate, update.

# %% [markdown] lang="zh"
# ## 逆着梯度走
#
# 现在动起来。梯度指向损失上升最快的方向，所以我们反着走，步子和梯度成正比：
#
# $$
# w \leftarrow w - \eta\,\frac{\partial L}{\partial w}, \qquad b \leftarrow b - \eta\,\frac{\partial L}{\partial b}
# $$
#
# 系数 $\eta$ 叫**学习率**。下面的循环就是全部：记录、求导、更新。

# %%
learning_rate = 0.05

for step in range(201):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(w * x + b - y_true))
    dL_dw, dL_db = tape.gradient(loss, [w, b])
    if step in (0, 1, 2, 20, 200):
        print(f"{step:3}  L = {loss:.5f}  w = {w.numpy():.4f}  b = {b.numpy():.4f}")
    w.assign_sub(learning_rate * dL_dw)
    b.assign_sub(learning_rate * dL_db)

# %% [markdown] lang="en"
# Two steps bring the loss from 16 to 0.06. Then it takes two hundred for the rest. Why so fast, and why so slow? The loss as a function of $w$ and $b$ is a landscape, and here it is:

# %% [markdown] lang="zh"
# 走两步，损失就从 16 降到 0.06；剩下的却要走两百步。为什么先快后慢？损失是 $w$ 和 $b$ 的函数，也就是一片地形，画出来就是这样：

# %%
ax = gt.plot_surface(loss_at, (0.0, 4.0), (-3.0, 3.0))
ax.set(xlabel="$w$", ylabel="$b$", zlabel="$L$")
plt.show()

# %% [markdown] lang="en"
# A long narrow valley. Its bottom runs along the lines that do about as well: a steeper line with a lower start, or a flatter one with a higher. From above, with the path of the first 60 steps:

# %% [markdown] lang="zh"
# 一条又长又窄的山谷。谷底那一线上，各条直线效果都差不多：陡一点、起点低一点，或者平一点、起点高一点。再从上方看，并画出前 60 步的路线：

# %%
ax = gt.plot_descent(loss_at, (0.5, 0.1), learning_rate=0.05, steps=60)
ax.set(xlabel="$w$", ylabel="$b$")
plt.show()

# %% [markdown] lang="en"
# The first steps cross the valley, where the land is steep. From then on the path creeps along the bottom, where it is nearly flat. The gradient is honest about the slope under your feet. It knows nothing of the way ahead.

# %% [markdown] lang="zh"
# 头几步横穿山谷，那里坡陡；之后就沿着几乎走平的谷底慢慢爬。梯度如实说出脚下的坡度，至于前面的路，它一无所知。

# %% [markdown] lang="en"
# ## Too small, right, too large
#
# **Predict first.** We try three learning rates from the same start: 0.002, 0.05 and 0.125. One creeps, one arrives, one runs away. What will the path of the last one look like?

# %% [markdown] lang="zh"
# ## 太小、正好、太大
#
# **先猜一猜。** 从同一个起点试三个学习率：0.002、0.05 和 0.125。一个在爬，一个到达，一个跑飞。最后那个会走出什么样的路线？

# %%
fig, axes = plt.subplots(1, 3)
for ax, rate in zip(axes, [0.002, 0.05, 0.125]):
    gt.plot_descent(loss_at, (0.5, 0.1), learning_rate=rate, steps=12, ax=ax)
    ax.set(xlabel="$w$", ylabel="$b$")
    ax.set_title(rf"$\eta = {rate}$", loc="right")
plt.show()

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# It jumps across the valley, back and forth, and lands a little higher each time. The steps are longer than the valley is wide. Note the scales: the right-hand picture covers far more land than the others.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 它在山谷两侧来回跳，每次都落得更高一点。步子比山谷还宽。注意刻度：右图的范围比另外两张大得多。
#
# </details>

# %% [markdown] lang="en"
# Where is the border? Across the valley the loss is a parabola with second derivative $\lambda$, the largest eigenvalue of the Hessian. A step multiplies the distance from the bottom by $1 - \eta\lambda$. As long as this factor stays between $-1$ and 1 the distance shrinks, that is, for $\eta < 2/\lambda$. Lesson 4 gave us the Hessian:

# %% [markdown] lang="zh"
# 界限在哪里？横着看山谷，损失是一条抛物线，二阶导数为 $\lambda$，也就是黑塞矩阵最大的特征值。每走一步，离谷底的距离就乘以 $1 - \eta\lambda$。只要这个系数在 $-1$ 和 1 之间，距离就会缩小，也就是 $\eta < 2/\lambda$。黑塞矩阵在第 4 课学过：

# %%
hessian = gt.hessian(lambda p: loss_at(p[0], p[1]), [0.5, 0.1])
curvatures = tf.linalg.eigvalsh(hessian)

print("curvatures    =", curvatures.numpy().round(2))
print("largest rate  =", round(2 / float(curvatures[1]), 3))

# %% [markdown] lang="en"
# 0.05 is below the border of about 0.12, and 0.125 just above it. The two curvatures also explain the creeping: across the valley 16.7, along it 0.3, fifty-six times flatter. A rate that is safe across is slow along. This ratio is called the *condition number*, and half of the tricks of deep learning fight it.
#
# The loss over the steps tells the same story, on a logarithmic scale, and this is the picture that one looks at in practice:

# %% [markdown] lang="zh"
# 界限约为 0.12：0.05 在界限之内，0.125 刚刚超出。两个弯曲程度也解释了爬行：横着是 16.7，顺着是 0.3，相差五十六倍。横着安全的学习率，顺着走就慢。两者之比叫**条件数**，深度学习里一半的窍门都在对付它。
#
# 损失随步数的变化讲的是同一件事。下图用对数坐标，实际工作中看的就是这种图：


# %%
def losses(rate, steps=40):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    history = []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = loss_at(w, b)
        history.append(loss.numpy())
        slope_w, slope_b = tape.gradient(loss, [w, b])
        w.assign_sub(rate * slope_w)
        b.assign_sub(rate * slope_b)
    return history


fig, ax = plt.subplots()
for rate, look in {0.002: "C0:", 0.05: "C2-", 0.125: "C3--"}.items():
    ax.semilogy(losses(rate), look, label=rf"$\eta = {rate}$")
ax.set(xlabel="$n$", ylabel="$L$")
ax.legend()
plt.show()

# %% [markdown] lang="en"
# Falling steadily but slowly: raise the rate. Falling fast, then slowly: as good as it gets with one fixed rate. Rising: lower the rate, by a factor of ten.

# %% [markdown] lang="zh"
# 一直在降但很慢：调大学习率。先快后慢：固定学习率也就只能这样了。往上升：把学习率降到十分之一。

# %% [markdown] lang="en"
# ## An optimizer takes over
#
# The two `assign_sub` lines are what a Keras *optimizer* does. You give it pairs of gradient and variable. `SGD` is the very rule that we wrote:

# %% [markdown] lang="zh"
# ## 交给优化器
#
# 那两行 `assign_sub`，正是 Keras **优化器**所做的事。把梯度和变量配成对交给它就行。`SGD` 用的就是我们写的那条规则：

# %%
w, b = tf.Variable(0.5), tf.Variable(0.1)
optimizer = tf.keras.optimizers.SGD(learning_rate=0.05)

for step in range(3):
    with tf.GradientTape() as tape:
        loss = loss_at(w, b)
    gradients = tape.gradient(loss, [w, b])
    print(f"{step}  L = {loss:.5f}  w = {w.numpy():.3f}  b = {b.numpy():.3f}")
    optimizer.apply_gradients(zip(gradients, [w, b]))

# %% [markdown] lang="en"
# The same numbers as before. The point of an optimizer is that better rules fit into the same place: `Adam` gives every parameter a step of its own, which helps in narrow valleys.

# %% [markdown] lang="zh"
# 数字和之前一样。用优化器的好处是，更好的规则可以直接换上：`Adam` 让每个参数有自己的步子，在窄谷里很管用。

# %% [markdown] lang="en"
# ## A small network
#
# A line cannot bend. Put a layer of 16 units with the bent function $\tanh$ in between, and the model can follow a curve. It now has 49 parameters: 16 weights and 16 biases in the first layer, 16 weights and 1 bias in the second. The task is $\sin$ on $(-3, 3)$. The training step is the one that you know.

# %% [markdown] lang="zh"
# ## 一个小网络
#
# 直线不会拐弯。中间加一层 16 个单元，配上弯曲的函数 $\tanh$，模型就能跟上曲线了。它现在有 49 个参数：第一层 16 个权重、16 个偏置，第二层 16 个权重、1 个偏置。任务是 $(-3, 3)$ 上的 $\sin$。训练步骤还是你认识的那个。

# %%
tf.keras.utils.set_random_seed(0)
network = tf.keras.Sequential(
    [tf.keras.layers.Dense(16, activation="tanh"), tf.keras.layers.Dense(1)]
)
optimizer = tf.keras.optimizers.Adam(learning_rate=0.02)

points = tf.linspace(-3.0, 3.0, 64)[:, tf.newaxis]
goal = tf.sin(points)
before = network(points)
print(sum(tf.size(variable).numpy() for variable in network.trainable_variables))


# %%
@tf.function
def training_step():
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(network(points) - goal))
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply_gradients(zip(gradients, network.trainable_variables))
    return loss


history = [training_step().numpy() for _ in range(600)]
print(history[0] > 0.1, history[-1] < 0.01)

# %% [markdown] lang="en"
# The loss fell from above 0.1 to below 0.01. What has the network learned? Left, the task (dark), the network before training (dotted) and after (dashed). Right, something that only a tape can draw: the network's own derivative, next to the derivative of the task, $\cos$.

# %% [markdown] lang="zh"
# 损失从 0.1 以上降到 0.01 以下。网络学到了什么？左图是目标（深色）、训练前的网络（点线）和训练后的网络（虚线）。右图只有梯度带画得出来：网络自己的导数，旁边是目标的导数 $\cos$。

# %% tags=["rtol=0.05", "atol=0.05"]
curve, slope = gt.derivatives(network, points, order=1)

fig, (left, right) = plt.subplots(1, 2)
left.plot(points, goal, color="0.15", label=r"$\sin x$")
left.plot(points, before, ":", color="C0", label="$f_0(x)$")
left.plot(points, curve, "--", color="C1", label="$f(x)$")
right.plot(points, tf.cos(points), color="0.15", label=r"$\cos x$")
right.plot(points, slope, "--", color="C1", label="$f'(x)$")
for ax in (left, right):
    ax.set(xlabel="$x$")
    ax.legend(loc="upper left")
plt.show()

# %% [markdown] lang="en"
# Nobody showed the network a derivative; it was fitted to values alone. Its slope follows the cosine all the same, a little less closely, and worst at the ends, where there are neighbours on one side only. Values that agree do not promise slopes that agree. With a tape you can look.

# %% [markdown] lang="zh"
# 没有人给网络看过导数，它拟合的只是函数值。它的斜率却也跟着余弦走，只是没有那么贴，两端最差，因为那里只有一侧有邻居。值对上了，不保证斜率也对得上。有了梯度带，可以看一看。

# %% [markdown] lang="en"
# ## Faster with tf.function
#
# The decorator `@tf.function` on the training step did not change the mathematics. On the first call TensorFlow runs the Python code once and writes down which operations it caused, forward and backward, as a graph. Later calls run the graph and skip Python. We can count how often Python is really executed:

# %% [markdown] lang="zh"
# ## 用 tf.function 提速
#
# 训练步骤上的装饰器 `@tf.function` 没有改变数学。第一次调用时，TensorFlow 把 Python 代码跑一遍，把由此产生的运算，前向的和反向的，记成一张计算图；之后的调用只跑这张图，不再经过 Python。数一数 Python 代码究竟执行了几次：

# %%
runs = []


@tf.function
def square(x):
    runs.append("python")
    return x * x


for number in range(5):
    square(tf.constant(float(number)))
print(len(runs))

for number in range(3):
    square(float(number))
print(len(runs))

# %% [markdown] lang="en"
# Five calls with tensors ran Python once. Three calls with plain Python numbers ran it three more times, since each number makes a new graph. Give a `tf.function` tensors, and create it once, outside the loop. A second consequence: a `print` or a list in it happens while the graph is written, and never again.

# %% [markdown] lang="zh"
# 用张量调用五次，Python 只跑了一次；用普通的 Python 数字调用三次，又跑了三次，因为每个数字都要另画一张图。给 `tf.function` 的参数要用张量，函数只在循环外面建一次。还有一点：里面的 `print` 或列表操作，只在画图的时候发生，之后再也不会执行。

# %% [markdown] lang="en"
# ## Watch out
#
# When a loss does not fall, one of these is usually to blame. Lesson [9](09_when_gradients_go_missing.ipynb) has the whole list, and mends a training loop in which several are wrong at once.
#
# ### A loss for every example
#
# Forget the mean, and the target is a vector. The tape sums it, and every gradient is four times as large, one for each example:

# %% [markdown] lang="zh"
# ## 当心
#
# 损失降不下来，多半是犯了下面某个错。完整的清单在[第 9 课](09_when_gradients_go_missing.ipynb)，那里还会修好一个同时错了好几处的训练循环。
#
# ### 每个样本一个损失
#
# 忘了取平均，目标就成了向量。梯度带会把它加起来，每个梯度都变成四倍，因为有四个样本：

# %%
w, b = tf.Variable(0.5), tf.Variable(0.1)
with tf.GradientTape() as tape:
    loss = tf.square(w * x + b - y_true)

print(loss.shape, tape.gradient(loss, w).numpy())

# %% [markdown] lang="en"
# $-88$ instead of $-22$: as if the learning rate were four times as large. With a very small learning rate one may get away with it; the 0.05 of this lesson acts like 0.2, beyond the border of 0.12, and runs away at once. Reduce the loss to one number yourself.
#
# ### A weight that is a variable no more

# %% [markdown] lang="zh"
# 是 $-88$ 而不是 $-22$：好像学习率变成了原来的四倍。学习率很小时还能蒙混过去；本课的 0.05 就等于 0.2，已过界限 0.12，马上跑飞。请自己把损失变成一个数。
#
# ### 权重不再是变量

# %%
w = tf.Variable(0.5)
with tf.GradientTape() as tape:
    loss = loss_at(w, 0.1)
w = w - 0.05 * tape.gradient(loss, w)

with tf.GradientTape() as tape:
    loss = loss_at(w, 0.1)
print(tape.gradient(loss, w))

# %% [markdown] lang="en"
# The first update replaced the variable by a tensor; the second step has nothing to differentiate by. Write `w.assign_sub(...)`.
#
# ### A result kept in a variable
#
# `assign` has its place *between* two steps. Inside a calculation it cuts the road: a variable starts afresh with every `assign`, and the tape does not ask where the new value came from. Here the weight of the line is computed from `w` and kept in a variable:

# %% [markdown] lang="zh"
# 第一次更新把变量换成了张量，第二步就没有变量可以求导了。要写 `w.assign_sub(...)`。
#
# ### 把中间结果存进变量
#
# `assign` 该用在两步**之间**。写在计算里面，路就断了：变量每次 `assign` 都是重新开始，新的值从哪里来，梯度带不过问。下面由 `w` 算出直线的权重，存进一个变量：

# %%
w = tf.Variable(0.5)
doubled = tf.Variable(0.0)

with tf.GradientTape() as tape:
    doubled.assign(2.0 * w)
    loss = loss_at(doubled, 0.1)
print(tape.gradient(loss, w))

with tf.GradientTape() as tape:
    loss = loss_at(2.0 * w, 0.1)
print(f"{tape.gradient(loss, w):.1f}")

# %% [markdown] lang="en"
# The loss is the same in both blocks. Only in the second does the tape see how it came from `w`. On the way from source to target, let results be tensors.
#
# ### A unit that is dead
#
# `relu` is 0 for negative inputs, and so is its slope. If a unit is negative on all examples, its weight gets no gradient and will never move again:

# %% [markdown] lang="zh"
# 两段代码里的损失一样大，但只有第二段，梯度带才看得见它是怎样由 `w` 算来的。从源到目标的路上，中间结果要用张量。
#
# ### 死掉的单元
#
# 输入为负时，`relu` 是 0，斜率也是 0。如果一个单元在所有样本上都是负的，它的权重就得不到梯度，再也动不了：

# %%
w = tf.Variable(-2.0)
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(tf.square(tf.nn.relu(w * x) - y_true))
print("relu:      ", tape.gradient(loss, w).numpy())

with tf.GradientTape() as tape:
    loss = tf.reduce_mean(tf.square(tf.nn.leaky_relu(w * x) - y_true))
print("leaky_relu:", tape.gradient(loss, w).numpy())

# %% [markdown] lang="en"
# Draw the activation with its derivative when training stands still. Other starting values, a smaller learning rate, or an activation with some slope on the left are the remedies.
#
# ### Asking for parameters that do not learn
#
# Some layers hold numbers that are not trained: batch normalisation keeps running means. `model.variables` contains them, and their gradient is `None`:

# %% [markdown] lang="zh"
# 训练停滞时，把激活函数和它的导数画出来看看。换个初值、调小学习率，或者用左边也有斜率的激活函数，都是办法。
#
# ### 问了不参与训练的参数
#
# 有些层里存着不训练的数，比如批归一化要存滑动平均。`model.variables` 里有它们，它们的梯度是 `None`：

# %%
model = tf.keras.Sequential(
    [tf.keras.layers.Dense(2), tf.keras.layers.BatchNormalization()]
)
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(tf.square(model(tf.ones((4, 3)), training=True) - 1.0))

for variable, gradient in zip(model.variables, tape.gradient(loss, model.variables)):
    print(f"{variable.name:16}", "None" if gradient is None else gradient.shape)

# %% [markdown] lang="en"
# Ask for `model.trainable_variables`, always.
#
# ### A variable that the layer does not know
#
# In Keras 3 a plain `tf.Variable` inside a layer is not found. Nothing fails; the number is never trained:

# %% [markdown] lang="zh"
# 永远用 `model.trainable_variables`。
#
# ### 层里不认识的变量
#
# 在 Keras 3 里，层找不到直接放进去的 `tf.Variable`。什么错也不报，只是那个数永远得不到训练：


# %%
class Forgetful(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.scale = tf.Variable(1.0)

    def call(self, x):
        return self.scale * x


class Attentive(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.scale = self.add_weight(initializer="ones", name="scale")

    def call(self, x):
        return self.scale * x


print(len(Forgetful().trainable_variables), len(Attentive().trainable_variables))

# %% [markdown] lang="en"
# ### One optimizer for two models
#
# An optimizer keeps notes for each variable, and refuses one that it has not met at the start:

# %% [markdown] lang="zh"
# ### 一个优化器用于两个模型
#
# 优化器给每个变量都记着账，开头没见过的变量，它不接受：

# %% tags=["raises-exception"]
first, second = tf.Variable(1.0), tf.Variable(1.0)
optimizer = tf.keras.optimizers.SGD(learning_rate=0.1)

optimizer.apply_gradients([(tf.constant(1.0), first)])
optimizer.apply_gradients([(tf.constant(1.0), second)])

# %% [markdown] lang="en"
# Make a new optimizer for each model, or let it know all variables beforehand with `optimizer.build([...])`.

# %% [markdown] lang="zh"
# 给每个模型各建一个优化器，或者事先用 `optimizer.build([...])` 告诉它全部变量。

# %% [markdown] lang="en"
# ## Exercises
#
# Write your work in place of `...`, run the cell, then the check below it. `gt.hint("5.1")` gives three hints, one after the other; `gt.progress()` shows what is done.
#
# **Exercise 5.1** (by hand, then by tape) Write `slopes(w, b, x, y_true)` without a tape: the two derivatives of the mean squared error of $wx + b$, first with respect to $w$, then with respect to $b$. `x` and `y_true` are vectors of any length.

# %% [markdown] lang="zh"
# ## 练习
#
# 在 `...` 处写上你的解答，运行单元格，再运行下面的检查。`gt.hint("5.1")` 一次给一条提示，共三条；`gt.progress()` 显示已完成的练习。
#
# **练习 5.1**（先手算，再用梯度带）不用梯度带，写出 `slopes(w, b, x, y_true)`：$wx + b$ 的均方误差的两个导数，先是对 $w$ 的，后是对 $b$ 的。`x` 和 `y_true` 是向量，长度不限。


# %%
def slopes(w, b, x, y_true):
    # BEGIN SOLUTION
    e = w * x + b - y_true
    return 2 * tf.reduce_mean(e * x), 2 * tf.reduce_mean(e)
    # END SOLUTION


# %%
gt.check("5.1", slopes)

# %% [markdown] lang="en"
# Now let a tape confirm the numbers of the lesson, $-22$ and $-7.3$.

# %% [markdown] lang="zh"
# 再用梯度带验证课文里的两个数，$-22$ 和 $-7.3$。

# %%
# BEGIN SOLUTION
x = tf.constant([1.0, 2.0, 3.0, 4.0])
y_true = tf.constant([2.0, 4.0, 6.0, 8.0])
w, b = tf.Variable(0.5), tf.Variable(0.1)
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(tf.square(w * x + b - y_true))
for by_tape, by_hand in zip(tape.gradient(loss, [w, b]), slopes(0.5, 0.1, x, y_true)):
    print(f"{by_tape:.4f} {by_hand:.4f}")
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 5.2** (repair this) The function should train the line from $w = 0.5$, $b = 0.1$ for a number of steps, and return both parameters. It gives no error, and the loss does not move. There is one mistake. Repair it where it stands.

# %% [markdown] lang="zh"
# **练习 5.2**（修好它）这个函数应当从 $w = 0.5$、$b = 0.1$ 出发，把直线训练若干步，返回两个参数。它不报错，损失却一动不动。只有一处错，请在原处修好它。


# %%
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        for variable, slope in zip([w, b], tape.gradient(loss, [w, b])):
            variable = variable - learning_rate * slope
    return w.numpy(), b.numpy()


# BEGIN SOLUTION
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        for variable, slope in zip([w, b], tape.gradient(loss, [w, b])):
            variable.assign_sub(learning_rate * slope)
    return w.numpy(), b.numpy()


# END SOLUTION

# %%
gt.check("5.2", train)

# %% [markdown] lang="en"
# **Exercise 5.3** (one typing error) In a table of data one value stands as 80 instead of 8. How hard does this point pull? Write `pulls(y, y_true)`, which returns two vectors: the gradient of the mean squared error with respect to the predictions `y`, and that of the mean absolute error, `tf.reduce_mean(tf.abs(y - y_true))`. `y` arrives as a constant.

# %% [markdown] lang="zh"
# **练习 5.3**（一个输错的数）数据表里有个数输错了，8 写成了 80。这个点的拉力有多大？写出 `pulls(y, y_true)`，返回两个向量：均方误差关于预测 `y` 的梯度，以及平均绝对误差 `tf.reduce_mean(tf.abs(y - y_true))` 关于 `y` 的梯度。传进来的 `y` 是常量。


# %%
def pulls(y, y_true):
    # BEGIN SOLUTION
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(y)
        squares = tf.reduce_mean(tf.square(y - y_true))
        sizes = tf.reduce_mean(tf.abs(y - y_true))
    return tape.gradient(squares, y), tape.gradient(sizes, y)
    # END SOLUTION


# %%
gt.check("5.3", pulls)

# %% [markdown] lang="en"
# Print both vectors for `y` = 2.1, 3.9, 6.2, 7.8 and `y_true` = 2, 4, 6, 80. Which loss is led astray by the last point, and which one counts it as one voice among four?

# %% [markdown] lang="zh"
# 对 `y` = 2.1、3.9、6.2、7.8 和 `y_true` = 2、4、6、80 打印这两个向量。哪个损失被最后一个点带偏了？哪个只把它当作四票里的一票？

# %%
# BEGIN SOLUTION
for pull in pulls(tf.constant([2.1, 3.9, 6.2, 7.8]), tf.constant([2.0, 4, 6, 80])):
    print(pull.numpy().round(2))
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 5.4** (the border) Write `largest_rate(x)`: the learning rate below which gradient descent on the mean squared error of $wx + b$ cannot run away, for any vector `x` of inputs. Then shift and scale the four inputs of the lesson, $u = (x - 2.5)/1.118$. How large may the rate be now, and what has become of the two curvatures?

# %% [markdown] lang="zh"
# **练习 5.4**（界限）写出 `largest_rate(x)`：对任意的输入向量 `x`，学习率小于多少，$wx + b$ 的均方误差上的梯度下降就不会跑飞？然后把课文里的四个输入平移再缩放，$u = (x - 2.5)/1.118$。现在学习率最大可以取多少？两个弯曲程度变成了什么样？


# %%
def largest_rate(x):
    # BEGIN SOLUTION
    def loss(p):
        return tf.reduce_mean(tf.square(p[0] * x + p[1]))

    return 2 / tf.linalg.eigvalsh(gt.hessian(loss, [0.0, 0.0]))[1]
    # END SOLUTION


# %%
gt.check("5.4", largest_rate)

# %%
# BEGIN SOLUTION
inputs = tf.constant([1.0, 2.0, 3.0, 4.0])
print(f"{largest_rate(inputs):.3f} {largest_rate((inputs - 2.5) / 1.118):.3f}")
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 5.5** (draw this) The losses of this lesson have one valley. The loss of a network has many, and then the start decides. Take $f(x) = x^4 - 4x^2 + x$ and 100 steps with $\eta = 0.02$, once from $-2$ and once from $2$. Draw $f$ on $(-2, 2)$ with a marker on the curve where each of the two runs ends. The check wants the axes under the name `ax`. Which start was the lucky one?

# %% [markdown] lang="zh"
# **练习 5.5**（画出来）这一课的损失都只有一个谷。网络的损失有许多谷，落进哪一个要看起点。取 $f(x) = x^4 - 4x^2 + x$，用 $\eta = 0.02$ 走 100 步，一次从 $-2$ 出发，一次从 $2$ 出发。在 $(-2, 2)$ 上画出 $f$，并在曲线上给两次的终点各画一个标记。检查要看坐标轴，名字叫 `ax`。哪个起点运气好？

# %%
ax = ...
# BEGIN SOLUTION


def f(x):
    return x**4 - 4 * x**2 + x


def end(start):
    x = tf.Variable(start)
    for _ in range(100):
        with tf.GradientTape() as tape:
            y = f(x)
        x.assign_sub(0.02 * tape.gradient(y, x))
    return x.numpy()


ax = gt.plot_derivatives(f, (-2.0, 2.0), order=0, mark=())
for start in [-2.0, 2.0]:
    ax.plot(end(start), f(end(start)), "o")
    print(f"from {start}: x = {end(start):.3f}, f = {f(end(start)):.3f}")
plt.show()
# END SOLUTION

# %%
gt.check("5.5", ax)

# %% [markdown] lang="en"
# ## Recap
#
# - A loss turns the errors of a model into one number; its gradient with respect to the parameters is what training uses.
# - The loop: record, one `gradient` call, update against the gradient with `assign_sub` or an optimizer.
# - The learning rate must stay below $2/\lambda$; narrow valleys make training slow.
# - `@tf.function` writes the step down as a graph, once per kind of tensor.
# - Reduce the loss to a number, update in place, ask for `trainable_variables`.
#
# Back to [4 · Higher-order derivatives](04_higher_order_derivatives.ipynb) · On to [6 · Summary](06_summary.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - 损失把模型的误差变成一个数；它关于参数的梯度，就是训练要用的东西。
# - 循环：记录，一次 `gradient`，再用 `assign_sub` 或优化器逆着梯度更新。
# - 学习率必须小于 $2/\lambda$；山谷窄，训练就慢。
# - `@tf.function` 把一步写成计算图，每种张量只写一次。
# - 损失要变成一个数，更新要就地进行，求导要用 `trainable_variables`。
#
# 上一课：[4 · 高阶导数](04_higher_order_derivatives.ipynb) · 下一课：[6 · 总结](06_summary.ipynb)
