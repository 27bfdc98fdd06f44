# ---
# jupyter:
#   gradtape:
#     minutes: 45
#     optional: 65
#     teaches:
#       en: a loop that agrees with fit, accumulating, clipping, compiling, saving memory, mixed precision, two devices
#       zh: 与 fit 一致的训练循环，梯度累积与裁剪，编译，节省内存，混合精度，两个设备
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 10 · Gradients fast and at scale
#
# A loop with a tape is five lines. It has to learn what `fit` would learn, take batches larger than the memory, make no step too long, run fast, on whatever devices there are. Each section holds one technique against the plain loop: the numbers must be the same.
#
# By the end you will be able to
#
# - write a training loop that gives `fit`'s weights, and find what is missing if not;
# - accumulate gradients over parts of a batch, and clip them, sparse ones too;
# - count how often `tf.function` traces, and keep that number small;
# - say what a tape keeps in memory, and trade memory for a second calculation;
# - train in float16 without losing small gradients, and divide right on two devices.
#
# You need lesson [5](05_gradients_in_deep_learning.ipynb). The core takes about 45 minutes, the sections marked “optional” another 65. No GPU is needed.

# %% [markdown] lang="zh"
# # 10 · 又快又大地求梯度
#
# 用梯度带（gradient tape，也译梯度磁带、求导记录器）写训练循环，五行就够。真正用起来，要求就多了：学到的要和 `fit` 一样；一批数据可能大过内存；每一步都不能迈得过大；要跑得快；有什么设备就用什么设备。这一课每节讲一种办法，每次都和最普通的循环对比：结果必须相同。
#
# 学完这一课，你能够
#
# - 写出与 `fit` 得到同样权重的训练循环；不一致时，找出少了什么；
# - 把一批数据分成几部分累积梯度；裁剪梯度，稀疏的也会；
# - 数出 `tf.function` 构建了几次计算图，并让这个次数尽量少；
# - 说出梯度带在内存里保存了什么，用重算一遍换来内存；
# - 用 float16 训练而不丢失小的梯度，用两个设备时除以正确的个数。
#
# 请先学完第 [5](05_gradients_in_deep_learning.ipynb) 课。核心部分大约需要 45 分钟，标着“选学”的几节另需 65 分钟。不需要 GPU。

# %%
import gradtape as gt
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(
    cpu, [tf.config.LogicalDeviceConfiguration()] * 2
)
gt.start("10", lang="en")

# %% [markdown] lang="en"
# The line with `set_logical_device_configuration` makes two devices out of one processor, for the section *Two devices*. It must come before TensorFlow's first operation.
#
# ## A loop beside fit
#
# When a loop does not learn what `fit` learns, a line is nearly always missing. Here is a network with everything that matters: a penalty on large weights (L2), batch normalisation, dropout. `fit` trains it for three epochs of 22 examples, in batches of 8, 8 and 6.

# %% [markdown] lang="zh"
# 带 `set_logical_device_configuration` 的那一行把一个处理器分成两个设备，“两个设备”一节要用；它必须写在 TensorFlow 的第一个运算之前。
#
# ## 自己的循环与 fit
#
# “我的循环学到的和 `fit` 不一样”，这个问题被反复提出，原因几乎总是少了一行。要找出来，就用一个样样都有的网络：对大权重的惩罚（L2）、批归一化、随机失活（dropout）。`fit` 用 22 个样本训练三轮（epoch），每轮分成 8、8、6 三批。

# %%
rng = np.random.default_rng(0)
X = rng.normal(size=(22, 3)).astype("float32")
Y = (X @ [[1.0], [-2.0], [0.5]] + 0.3).astype("float32")
layers = tf.keras.layers
mse = tf.keras.losses.MeanSquaredError()


def network():
    tf.keras.utils.set_random_seed(1)
    return tf.keras.Sequential(
        [
            tf.keras.Input([3]),
            layers.Dense(8, activation="tanh", kernel_regularizer="l2"),
            layers.BatchNormalization(),
            layers.Dropout(0.25),
            layers.Dense(1),
        ]
    )


fitted = network()
fitted.compile(tf.keras.optimizers.Adam(0.01), mse, jit_compile=False)
history = fitted.fit(X, Y, batch_size=8, epochs=3, shuffle=False, verbose=0)
print(f"{history.history['loss'][-1]:.4f}  {fitted.evaluate(X, Y, verbose=0):.4f}")

# %% [markdown] lang="en"
# Two losses that differ: `fit` reports the mean over the epoch's batches, while weights were changing and dropout was on; `evaluate` looks once, at the end, without dropout.
#
# Now the loop. Two details are easy to forget:
#
# - `training=True`: only then dropout is on and the normalisation uses the batch. The default is off.
# - `model.losses`: penalties of layers are collected there. The loss function does not contain them; you have to add them.

# %% [markdown] lang="zh"
# 一开始就有两个不同的损失。`fit` 报告的是这一轮各批的平均值，期间权重一直在变，dropout 也开着；`evaluate` 只在最后算一次，没有 dropout。比较时要弄清拿哪一个来比。
#
# 现在写循环。有两处容易忘：
#
# - `training=True`：只有写了它，dropout 才会开，归一化才用这一批的数据。默认是关的。
# - `model.losses`：各层的惩罚项收集在这里。损失函数里没有它们，要自己加上。

# %%
batches = tf.data.Dataset.from_tensor_slices((X, Y)).batch(8)


def train(loss=mse, training=True, penalties=True, batches=batches):
    model, optimizer = network(), tf.keras.optimizers.Adam(0.01)
    for _ in range(3):
        for x, y in batches:
            with tf.GradientTape() as tape:
                total = loss(y, model(x, training=training))
                if penalties:
                    total += tf.add_n(model.losses)
            gradients = tape.gradient(total, model.trainable_variables)
            optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return model


def distance(model):
    pairs = zip(model.get_weights(), fitted.get_weights())
    return max(np.abs(ours - theirs).max() for ours, theirs in pairs)


print(f"{distance(train()):.4f}")

# %% [markdown] lang="en"
# The same weights. Now leave something out, one thing at a time, and see how far the farthest weight is from that of `fit`:
#
# - $a$: everything as above
# - $b$: without `training=True`
# - $c$: without `model.losses`
# - $d$: the sum of the squares instead of the mean
# - $e$: a mean of one's own, with labels of shape `(22,)` instead of `(22, 1)`

# %% [markdown] lang="zh"
# 权重相同。现在每次去掉一样，看看与 `fit` 相差最大的那个权重差多少：
#
# - $a$：与上面相同
# - $b$：不写 `training=True`
# - $c$：不加 `model.losses`
# - $d$：用平方和，不用平均值
# - $e$：自己写平均值，而标签的形状是 `(22,)`，不是 `(22, 1)`

# %% tags=["rtol=0.02"]
flat = tf.data.Dataset.from_tensor_slices((X, Y[:, 0])).batch(8)


tries = {
    "$a$": train(),
    "$b$": train(training=False),
    "$c$": train(penalties=False),
    "$d$": train(loss=lambda y, p: tf.reduce_sum((y - p) ** 2)),
    "$e$": train(loss=lambda y, p: tf.reduce_mean((y - p) ** 2), batches=flat),
}
distances = [round(float(distance(model)), 4) for model in tries.values()]
print(distances)
fig, ax = plt.subplots()
ax.bar(list(tries), distances, color="0.35")
ax.set(ylabel=r"$\max\,|w - w_{\mathrm{fit}}|$")
plt.show()

# %% [markdown] lang="en"
# $a$ has no bar, and none of the other four raises an error. $d$ is small only because Adam hardly feels a common factor; with SGD it is the worst. In $e$ the difference of shapes $(8,)$ and $(8, 1)$ has the shape $(8, 8)$: every prediction is compared with every label. Keras' losses put such labels right, a formula of one's own does not. Other reasons: other first weights, other order (`fit` shuffles), a loss whose reduction is `"none"`, and XLA, which draws other numbers for dropout (hence `jit_compile=False` above: on a graphics card Keras may choose it by itself).

# %% [markdown] lang="zh"
# $a$ 没有柱子，其余四种都不报错。$d$ 之所以小，是因为梯度整个放大几倍，Adam 几乎感觉不到；换成 SGD，它就是最糟的。在 $e$ 里，形状 $(8,)$ 与 $(8, 1)$ 相减得到 $(8, 8)$：每个预测和每个标签都比了一遍。Keras 的损失会把这样的标签理顺，自己写的公式不会。人们遇到过的原因还有：初始权重不同，顺序不同（`fit` 会打乱），损失的 `reduction` 是 `"none"`；还有 XLA，它给 dropout 抽的随机数不一样（所以前面写了 `jit_compile=False`：有显卡时 Keras 可能会自己选用 XLA）。

# %% [markdown] lang="en"
# ## Accumulate
#
# A batch is too large for the memory. **Gradient accumulation** takes it in parts: a gradient for each part, added up, and only then a step. The line of lesson 5 shows what must come out: $-22$ and $-7.3$.

# %% [markdown] lang="zh"
# ## 累积梯度
#
# 一批数据太大，内存放不下。**梯度累积**把它分成几部分：每部分求一次梯度，加起来，然后才走一步。用第 5 课的直线来看应当得到什么：$-22$ 和 $-7.3$。

# %%
x = tf.constant([1.0, 2.0, 3.0, 4.0])
y = 2.0 * x
w, b = tf.Variable(0.5), tf.Variable(0.1)


def gradients(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((w * x + b - y) ** 2)
    return tf.stack(tape.gradient(loss, [w, b]))


print("whole ", gradients(x, y).numpy().round(4))
halves = gradients(x[:2], y[:2]), gradients(x[2:], y[2:])
print("halves", tf.reduce_mean(halves, axis=0).numpy().round(4))

# %% [markdown] lang="en"
# **Predict first.** Now the parts are unequal: three examples, then one. Their gradients with respect to $w$ are $-13.6$ and $-47.2$. Is the mean of the two still $-22$?

# %% [markdown] lang="zh"
# **先猜一猜。** 现在两部分不一样大：先三个样本，再一个。它们对 $w$ 的梯度是 $-13.6$ 和 $-47.2$。两者的平均还是 $-22$ 吗？

# %%
gt.predict("10.a", ...)

# %%
parts = [gradients(x[:3], y[:3]), gradients(x[3:], y[3:])]
mean = tf.reduce_mean(parts, axis=0)

print(mean.numpy().round(4))
gt.predict("10.a", outcome=mean[0])

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# No, it is $-30.4$: the single example counts as much as the three others together. A mean of means is the mean only if all parts are equally large.
#
# </details>
#
# The last part of a data set is often smaller. So divide by the size of the *whole* batch in every part, and add:

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 不是，是 $-30.4$：单独的那个样本，分量和另外三个加起来一样重。只有各部分一样大，平均值的平均才是总的平均。
#
# </details>
#
# 数据集的最后一部分往往小一些。所以每一部分都除以**整批**的大小，然后相加：


# %%
def accumulated(x, y, size):
    total = tf.zeros(2)
    for begin in range(0, len(x), size):
        part_x, part_y = x[begin : begin + size], y[begin : begin + size]
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum((w * part_x + b - part_y) ** 2) / len(x)
        total += tf.stack(tape.gradient(loss, [w, b]))
    return total


for size in (4, 3, 1):
    print(size, accumulated(x, y, size).numpy().round(4))

# %% [markdown] lang="en"
# The same, to the last digits. With a model, keep one sum for each variable, and hand the sums to the optimizer. Keras can do it too, `SGD(0.01, gradient_accumulation_steps=2)`: it takes the mean over the calls, so the parts must be equally large.

# %% [markdown] lang="zh"
# 直到末位都相同。用于模型时，每个变量记一个和，最后把这些和交给优化器。Keras 也可以代劳，写 `SGD(0.01, gradient_accumulation_steps=2)`：它取各次的平均，所以各部分必须一样大。

# %% [markdown] lang="en"
# ## Clip
#
# A huge gradient can undo hours of training. **Gradient clipping** bounds it, in one of three ways. Take two variables with gradients $(3, 4)$ and $(12)$, of norms 5 and 12; the norm of both together is 13.

# %% [markdown] lang="zh"
# ## 裁剪梯度
#
# 一个极大的梯度，就能毁掉几小时的训练。**梯度裁剪**给它设一个上限，办法有三种。取两个变量，梯度是 $(3, 4)$ 和 $(12)$，范数是 5 和 12，合在一起的范数是 13。

# %%
pair = [tf.constant([3.0, 4.0]), tf.constant([12.0])]
by_value = [tf.clip_by_value(g, -3.0, 3.0) for g in pair]
by_norm = [tf.clip_by_norm(g, 2.5) for g in pair]
by_global_norm, norm = tf.clip_by_global_norm(pair, 6.5)

for clipped in (by_value, by_norm, by_global_norm):
    print([g.numpy().round(2).tolist() for g in clipped])

# %% [markdown] lang="en"
# **Predict first.** A clipped gradient is shorter. Does it still point in the same direction, with all three numbers taken together?

# %% [markdown] lang="zh"
# **先猜一猜。** 裁剪以后，梯度短了。三个数合在一起看，方向还和原来一样吗？

# %%
gt.predict("10.b", ...)

# %%
whole = tf.concat(pair, axis=0)
cosines = []
for clipped in (by_value, by_norm, by_global_norm):
    vector = tf.concat(clipped, axis=0)
    cosines.append(-float(tf.keras.losses.cosine_similarity(vector, whole)))

print(np.round(cosines, 3))
gt.predict("10.b", outcome=cosines)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Only by the global norm: the cosine of the angle is 1. All gradients are multiplied by the same number, here $6.5/13$. By value each entry is cut for itself, by norm each variable.
#
# </details>
#
# In a loop: `tape.gradient`, then `tf.clip_by_global_norm`, then `apply_gradients`; with Keras, `Adam(0.01, global_clipnorm=1.0)`.
#
# ### Clipping as a picture (optional)
#
# For two numbers: grey are gradients in all directions, orange what clipping makes of them. Where do the orange arrows leave the grey ones?

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 只有按总范数裁剪时不变：夹角的余弦是 1。所有梯度乘的是同一个数，这里是 $6.5/13$。按值裁剪，每个元素各截各的；按范数裁剪，每个变量各缩各的。
#
# </details>
#
# 写在循环里就是：`tape.gradient`，然后 `tf.clip_by_global_norm`，然后 `apply_gradients`；Keras 里写 `Adam(0.01, global_clipnorm=1.0)`。
#
# ### 用图看裁剪（选学）
#
# 下图画的是只有两个数的情形。灰色是各个方向的梯度，橙色是裁剪之后的。橙色箭头在哪里偏离了灰色箭头？

# %%
angles = tf.linspace(0.0, 2.0 * np.pi, 17)[:-1]
arrows = 2.5 * tf.stack([tf.cos(angles), tf.sin(angles)], axis=1)
together = tf.stack([tf.clip_by_global_norm([g], 1.0)[0][0] for g in arrows])

true_to_scale = {"angles": "xy", "scale_units": "xy", "scale": 1}
fig, axes = plt.subplots(1, 2, sharey=True)
for ax, clipped in zip(axes, [tf.clip_by_value(arrows, -1.0, 1.0), together]):
    for vectors, color, width in ((arrows, "0.75", 0.006), (clipped, "C1", 0.012)):
        u, v = vectors.numpy().T
        ax.quiver(0 * u, 0 * v, u, v, color=color, width=width, **true_to_scale)
    ax.set(xlim=(-2.7, 2.7), ylim=(-2.7, 2.7), aspect="equal", xlabel="$g_1$")
axes[0].set(ylabel="$g_2$", title=r"$|g_i| \leq 1$")
axes[1].set(title=r"$\|g\| \leq 1$")
plt.show()

# %% [markdown] lang="en"
# Left, by value: the tips lie on a square, and half of the sixteen arrows, all but those on axes and diagonals, have been bent towards its corners. Right, by the norm: a circle, none is bent.

# %% [markdown] lang="zh"
# 左边按值裁剪：箭头的尖在一个正方形上，十六个里有一半被折向四角，只有轴上和对角线上的方向不变。右边按范数裁剪：尖在圆上，没有一个偏折。

# %% [markdown] lang="en"
# ## Two devices
#
# To train on two devices at once, each gets a copy of the variables and half of the batch. `tf.distribute.MirroredStrategy` looks after the copies: `strategy.run` runs a function on every device, each with its part, and `strategy.reduce` puts the results together. The tape belongs *into* that function, since each device has its own. (`tf.function`, from lesson 5, traces a graph; a strategy runs well only in one.)
#
# **Predict first.** Each device takes the mean of its own two examples. TensorFlow sums the two gradients (PyTorch's `DistributedDataParallel` takes their mean). What comes out, instead of $-22$?

# %% [markdown] lang="zh"
# ## 两个设备
#
# 要同时用两个设备训练，每个设备各有一份变量的副本，各拿一半数据。`tf.distribute.MirroredStrategy` 负责副本：`strategy.run` 让每个设备各用自己的数据运行一个函数，`strategy.reduce` 把结果合起来。梯度带要写在这个函数**里面**，每个设备各有一条。（第 5 课的 `tf.function` 会构建计算图，策略在图里才跑得好。）
#
# **先猜一猜。** 每个设备对自己的两个样本取平均，然后 TensorFlow 把两个梯度相加（PyTorch 的 `DistributedDataParallel` 取的是平均）。得到的不是 $-22$，是多少？

# %%
gt.predict("10.c", ...)

# %% tags=["mask=on .*"]
tf.get_logger().setLevel("ERROR")
gpus = tf.config.list_logical_devices("GPU")
two = [gpu.name for gpu in gpus[:2]] if len(gpus) > 1 else ["CPU:0", "CPU:1"]
strategy = tf.distribute.MirroredStrategy(two)
with strategy.scope():
    mirrored = tf.Variable([0.5, 0.1])


def on_each(x, y, divide_by):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((mirrored[0] * x + mirrored[1] - y) ** 2) / divide_by
    return tape.gradient(loss, mirrored)


@tf.function
def on_both(batch, divide_by):
    each = strategy.run(on_each, args=(*batch, divide_by))
    return strategy.reduce("SUM", each, axis=None)


whole_batch = tf.data.Dataset.from_tensor_slices((x, y)).batch(4)
(batch,) = strategy.experimental_distribute_dataset(whole_batch)
by_own_size = on_both(batch, tf.constant(2.0))
by_whole_size = on_both(batch, tf.constant(4.0))

print(by_own_size.numpy().round(4), by_whole_size.numpy().round(4), "on", two)
gt.predict("10.c", outcome=by_own_size[0])

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# $-44$, twice too much: each device divided by 2 and not by 4. Divided by the size of the whole batch, it is $-22$ and $-7.3$, as on one device. The rule of *Accumulate* again.
#
# </details>
#
# `tf.nn.compute_average_loss(losses, global_batch_size=4)` divides in this way; `tf.nn.scale_regularization_loss` is for penalties, which otherwise count once for each device. `model.fit` looks after all of it. Two devices on one processor are no faster; two graphics cards are.
#
# More than one computer? The page “Beyond one machine” of the course's documentation (`docs/scale.md`, also on the site) runs this very line in two processes, and says what a cluster needs.

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 是 $-44$，大了一倍：每个设备除以了 2，而不是 4。除以整批的大小，就是 $-22$ 和 $-7.3$，与一个设备上相同。这就是“累积梯度”那一节的规则。
#
# </details>
#
# `tf.nn.compute_average_loss(losses, global_batch_size=4)` 就是这样除的；惩罚项用 `tf.nn.scale_regularization_loss`，不然每个设备都要算一遍。`model.fit` 会自己处理好这些。一个处理器分成的两个设备并不会更快；两块显卡会，而代码完全一样。
#
# 不止一台机器？课程文档里“一台机器不够时”这一页（`docs/scale.zh-CN.md`，网站上也有）用两个进程运行了同一条直线，并说明集群需要什么。

# %% [markdown] lang="en"
# ### A step on both (optional)
#
# To train, call `apply_gradients` inside `strategy.run`: it sums over the devices itself. A `reduce` before it would sum twice.

# %% [markdown] lang="zh"
# ### 两个设备走一步（选学）
#
# 训练时，在 `strategy.run` 里调用 `apply_gradients`，各设备的梯度由它相加。如果先 `reduce`，就加了两次。

# %%
with strategy.scope():
    descent = tf.keras.optimizers.SGD(0.01)


@tf.function
def step(batch):
    def move(x, y):
        descent.apply_gradients([(on_each(x, y, 4.0), mirrored)])

    strategy.run(move, args=batch)


step(batch)
print(mirrored.numpy().round(4))

# %% [markdown] lang="en"
# $0.5 + 0.01\cdot 22$ and $0.1 + 0.01\cdot 7.3$, as on one device.
#
# ### The same tape on each device (optional)
#
# What is here? The cell names the devices that TensorFlow found, and runs the same tape on each.

# %% [markdown] lang="zh"
# 是 $0.5 + 0.01\cdot 22$ 和 $0.1 + 0.01\cdot 7.3$，与一个设备上相同。
#
# ### 每个设备上的同一个梯度带（选学）
#
# 这里有什么设备？下面的单元格列出 TensorFlow 找到的设备，在每个设备上运行同一个梯度带。

# %% tags=["mask=found: .*"]
found = tf.config.list_logical_devices("GPU") + tf.config.list_logical_devices("CPU")
print("found:", [device.name.removeprefix("/device:") for device in found])

agree = []
for device in found:
    with tf.device(device.name):
        agree.append(np.allclose(gradients(x, y), [-22.0, -7.3], rtol=1e-5))
print("-22 and -7.3 on each:", all(agree))

# %% [markdown] lang="en"
# ## Compile, and count the traces (optional)
#
# In eager execution Python calls one operation after the other. `tf.function` runs your Python code once, **traces a graph** from it, and executes the graph from then on, without Python. First: is it the same?

# %% [markdown] lang="zh"
# ## 编译，并数一数构建了几次（选学）
#
# 在即时执行（eager execution，即动态图）下，Python 一个接一个地调用运算。`tf.function` 把 Python 代码运行一次，由此**构建计算图**（computation graph），以后就执行这张图，不再经过 Python。首先看结果是否相同：

# %%
graph, fused = tf.function(gradients), tf.function(gradients, jit_compile=True)
for function in (gradients, graph, fused):
    print(function(x, y).numpy().round(4))

# %% [markdown] lang="en"
# Eager, as a graph, and compiled to machine code by XLA (`jit_compile=True`, which fuses operations): the same gradient.
#
# A trace is made for a *kind* of arguments. For a tensor, the kind is dtype and shape. For a Python number, the kind is the number itself. Python code in the function runs while tracing and not later, so a list can count.
#
# **Predict first.** A step is called four times, with the learning rates 0.4, 0.3, 0.2 and 0.1 as Python numbers. How many traces?

# %% [markdown] lang="zh"
# 即时执行、图执行（静态图）、用 XLA 编译成机器码（`jit_compile=True`，会把运算合并）：梯度相同。
#
# 每**一类**参数构建一次。对张量，同一类指 dtype 和形状相同；对 Python 的数，同一类指数值相同。函数里的 Python 代码只在构建时运行，所以用一个列表就能数出次数。
#
# **先猜一猜。** 一个函数调用四次，学习率 0.4、0.3、0.2、0.1 用 Python 的数传入。会构建几次？

# %%
gt.predict("10.d", ...)


# %%
def traces(calls, *, anew=False):
    traced, totals = [], []

    def scaled(x, rate):
        traced.append("once more")
        return rate * tf.reduce_sum(x**2)

    compiled = tf.function(scaled)
    for x, rate in calls:
        if anew:
            compiled = tf.function(scaled)
        compiled(x, rate)
        totals.append(len(traced))
    return totals


rates = (0.4, 0.3, 0.2, 0.1)
as_numbers = traces([(x, rate) for rate in rates])
as_tensors = traces([(x, tf.constant(rate)) for rate in rates])

print(as_numbers, as_tensors)
gt.predict("10.d", outcome=as_numbers[-1])

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Four, one for each number. As tensors they are of one kind, and there is one trace.
#
# </details>
#
# Twelve calls, counted in four ways:
#
# - $a$: everything a tensor, one shape
# - $b$: every third batch is smaller, as at the end of an epoch
# - $c$: the learning rate is a Python number that shrinks
# - $d$: `tf.function` is written inside the loop

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 四次，每个数一次。写成张量就是同一类，只构建一次。
#
# </details>
#
# 调用十二次，按四种方式数：
#
# - $a$：全是张量，形状不变
# - $b$：每第三批小一些，像每轮的最后一批
# - $c$：学习率是逐渐减小的 Python 数
# - $d$：`tf.function` 写在循环里面

# %%
calls = range(1, 13)
rate = tf.constant(0.1)
ways = {
    "$a$": traces([(x, rate) for _ in calls]),
    "$b$": traces([(x[:2] if n % 3 == 0 else x, rate) for n in calls]),
    "$c$": traces([(x, 1.0 / n) for n in calls]),
    "$d$": traces([(x, rate) for _ in calls], anew=True),
}
fig, ax = plt.subplots()
looks = zip(["-", "--", ":", "-."], ["0.15", "C0", "C1", "C2"], [2, 2, 4, 1.5])
for (name, totals), (style, color, width) in zip(ways.items(), looks):
    look = {"color": color, "linewidth": width, "label": name}
    ax.step(calls, totals, style, where="post", **look)
ax.set(xlabel="$n$", ylabel="$k$")
ax.legend()
plt.show()
print([totals[-1] for totals in ways.values()])

# %% [markdown] lang="en"
# $n$ is the number of calls, $k$ that of traces; $c$ and $d$ lie on each other. One for a single shape, two for two shapes; and a trace for every call, slower than no `tf.function` at all, for a Python number that changes and for a function that is compiled anew each time. TensorFlow warns after the fifth trace in a row (the line with `setLevel`, one section before, silences it). If shapes vary a lot, `tf.function(reduce_retracing=True)` traces once more with the shape left open.

# %% [markdown] lang="zh"
# $n$ 是调用次数，$k$ 是构建次数，$c$ 和 $d$ 重合。形状不变，一次；有两种形状，两次；Python 数在变，或者每次都重新编译，就每调用一次构建一次，比不用 `tf.function` 还慢。连续构建五次，TensorFlow 会发出警告（上一节里带 `setLevel` 的那一行把它关掉了）。形状经常变的话，`tf.function(reduce_retracing=True)` 会再构建一次，把形状留空。

# %% [markdown] lang="en"
# ## Keep less, compute twice (optional)
#
# Training runs out of memory because the tape keeps intermediate values for the way back. `tf.recompute_grad` wraps a part of the calculation so that only its *input* is kept; on the way back the part is computed once more.
#
# We can count it. In a network of four blocks with four steps each, every step makes 1000 bytes. A weak reference to each result tells whether it is still alive; `passed` notes, at every step there and back, how many bytes are.

# %% [markdown] lang="zh"
# ## 少存，多算一遍（选学）
#
# 训练时内存不够，是因为梯度带要为反向传播保存中间值。`tf.recompute_grad` 把计算的一部分包起来，只保存它的**输入**；反向传播时，这一部分再算一遍。
#
# 这可以数出来。一个网络有四块，每块四步，每步产生 1000 字节。对每个结果留一个弱引用，就能知道它还在不在；`passed` 在来回的每一步记下还有多少字节。


# %%
import weakref


def bytes_kept(wrap, wrap_all=lambda network: network):
    made, kept = [], []

    def note():
        kept.append(sum(t().numpy().nbytes for t in made if t() is not None))

    @tf.custom_gradient
    def passed(x):
        def backward(upstream):
            note()
            return upstream

        return tf.identity(x), backward

    def block(x):
        for _ in range(4):
            x = tf.tanh(passed(x))
            made.append(weakref.ref(x))
            note()
        return x

    def network(x):
        for _ in range(4):
            x = wrap(block)(x)
        return tf.reduce_sum(x)

    _, gradient = gt.value_and_gradient(wrap_all(network), tf.fill([250], 0.5))
    return kept, len(made), gradient


plain, plain_steps, plain_gradient = bytes_kept(lambda block: block)
again, again_steps, again_gradient = bytes_kept(tf.recompute_grad)

print("same gradient:", np.array_equal(plain_gradient, again_gradient))
print("steps computed:", plain_steps, again_steps)
print("most bytes:    ", max(plain), max(again))

in_one, *_ = bytes_kept(lambda block: block, wrap_all=tf.recompute_grad)
print("all in one:    ", max(in_one))

# %% [markdown] lang="en"
# Bytes over time, there and back: solid the plain network, dashed the one that computes twice.

# %% [markdown] lang="zh"
# 下图是字节数随时间的变化，先去后回。实线是普通的网络，虚线是重算的网络。

# %%
fig, ax = plt.subplots()
ax.plot(plain, color="0.15")
ax.plot(again, "--", color="C1")
ax.axvline(15.5, color="0.6", linewidth=1)
ax.set(xlabel="$t$", ylabel="bytes")
plt.show()

# %% [markdown] lang="en"
# Up to the grey line it goes forwards. The plain network climbs to the top, step by step. The other climbs only at the end of a block. On the way back it has a small hill for each block: four steps computed again, used, and let go. Half the memory here, for one more forward pass; with $n$ steps in $\sqrt n$ blocks the memory grows like $\sqrt n$. But wrap blocks: the whole network in *one* `recompute_grad` is computed twice and saves nothing (the last line), since all of it is made again before the first step back.
#
# Two warnings. To be able to explain a gradient, gradtape keeps what the first rounds of a tape of your own recorded; so this measurement uses `gt.value_and_gradient`, which keeps nothing. And a random step in a block must draw the same numbers twice. Keras' `Dropout` does not, not even with a seed and under `keras.remat`: the gradient belongs to another mask than the value. Hand the block a seed, `block(x, seed)`, a new one for each training step (fixed, it gives the same mask every time), and draw with `tf.random.stateless_uniform`; or leave such steps outside. (PyTorch's `checkpoint` restores the random state.)

# %% [markdown] lang="zh"
# 灰线之前是前向传播。普通网络一步一步升到顶；另一个只在每块结束时升一级。回程中，它每块有一个小坡：四步重新算出，用完就释放。这里内存省了一半，多花一遍前向传播；$n$ 步分成 $\sqrt n$ 块，内存就按 $\sqrt n$ 增长。不过要分块包：把整个网络包进**一个** `recompute_grad`，算了两遍，却什么也没省（最后一行），因为回程的第一步之前，又把全部重新算了出来。
#
# 两点提醒。为了能解释梯度，gradtape 会留住你自己的梯度带最初几轮所记录的东西；所以这里的测量用 `gt.value_and_gradient`，它什么也不留。另外，块里若有随机的步骤，两遍必须抽到同样的数。Keras 的 `Dropout` 做不到，给了种子、换成 `keras.remat` 都不行：梯度用的是另一个掩码。请把种子作为参数传进去，`block(x, seed)`，每个训练步换一个（种子固定，每一步的掩码就都相同），在块里用 `tf.random.stateless_uniform` 抽取；或者把这样的步骤放在块外。（PyTorch 的 `checkpoint` 会自己恢复随机状态。）

# %% [markdown] lang="en"
# ## Mixed precision (optional)
#
# Graphics cards compute several times as fast in float16, a number of two bytes. But its range is small:

# %% [markdown] lang="zh"
# ## 混合精度（选学）
#
# float16 的数只占两个字节，显卡用它计算要快好几倍。但它的范围很小：

# %%
half = tf.float16
print(tf.constant(65504.0, half).numpy().item(), tf.constant(65520.0, half).numpy())
print(tf.constant([1.2345e-6, 4e-8, 2e-8], half).numpy())

# %% [markdown] lang="en"
# From 65520 on is infinity, below about $3\cdot10^{-8}$ is 0, and below $6\cdot10^{-5}$ fewer and fewer digits are left. Gradients are often that small. (bfloat16 has the range of float32 and two to three digits; `mixed_bfloat16` needs no loss scaling.) **Mixed precision** therefore keeps the variables in float32, computes in float16, and uses **loss scaling**: multiply the loss by a large number, so that the gradients on the way are large too, and divide at the end, in float32.

# %% [markdown] lang="zh"
# 到了 65520 就是无穷大；小于 $6\cdot10^{-5}$，数字的位数越来越少；小于大约 $3\cdot10^{-8}$ 就是 0，而梯度常常就有这么小。（bfloat16 的范围与 float32 相同，但只有两三位数字；用 `mixed_bfloat16` 不必缩放损失。）所以**混合精度**把变量保存为 float32，用 float16 计算，并使用**损失缩放**：损失先乘以一个大数，途中的梯度也就大了，最后在 float32 里除回来。

# %%
v = tf.Variable(1e-4)


def small_gradient(scale):
    with tf.GradientTape() as tape:
        h = tf.cast(v, half)
        loss = tf.cast(h * h * tf.constant(1e-4, half), tf.float32)
        scaled = loss * scale
    return tape.gradient(scaled, v) / scale


print(small_gradient(1.0).numpy(), small_gradient(2.0**15).numpy())

# %% [markdown] lang="en"
# True is $2\cdot10^{-8}$: lost without the scale, found with it.
#
# Keras does this with the policy `mixed_float16` and a `LossScaleOptimizer`. In a loop of your own two lines are new: `scale_loss` inside the tape, and a cast of the prediction to float32 before the loss. To divide and to look for infinity is the optimizer's business. (The names `get_scaled_loss` and `get_unscaled_gradients`, which older guides use, do not exist in Keras 3.)
#
# How large may the scale be? The optimizer finds out. It starts high; when a gradient is not finite, it *skips the step* and halves the scale; after many good steps it doubles it.
#
# **Predict first.** Below, the scale starts at $2^{15}$. How many of the first steps are skipped?

# %% [markdown] lang="zh"
# 真值是 $2\cdot10^{-8}$：不缩放就丢了，缩放就找回来了。
#
# Keras 用策略 `mixed_float16` 和 `LossScaleOptimizer` 来做这件事。自己的循环里多两行：在梯度带里调用 `scale_loss`，以及算损失之前把预测转成 float32。除回来和检查无穷大，都由优化器负责。（较早的教程里的 `get_scaled_loss` 和 `get_unscaled_gradients`，Keras 3 里没有了。）
#
# 缩放的倍数可以多大？优化器自己去找。开始时很大；只要梯度中出现无穷大或 NaN，就**跳过这一步**，倍数减半；顺利走过许多步之后，再加倍。
#
# **先猜一猜。** 下面的倍数从 $2^{15}$ 开始。开头有几步被跳过？

# %%
gt.predict("10.e", ...)

# %%
print(hasattr(tf.keras.mixed_precision.LossScaleOptimizer, "get_scaled_loss"))


def trained(policy, scale):
    line = tf.keras.Sequential([tf.keras.Input([1]), layers.Dense(1, dtype=policy)])
    line.set_weights([np.array([[0.5]]), np.array([0.1])])
    optimizer = tf.keras.mixed_precision.LossScaleOptimizer(
        tf.keras.optimizers.SGD(0.05), initial_scale=scale, dynamic_growth_steps=10
    )
    optimizer.build(line.trainable_variables)
    scales, slopes = [scale], [0.5]
    for _ in range(40):
        with tf.GradientTape() as tape:
            prediction = tf.cast(line(x[:, tf.newaxis]), tf.float32)
            loss = mse(y[:, tf.newaxis], prediction)
            scaled = optimizer.scale_loss(loss)
        scaled_gradients = tape.gradient(scaled, line.trainable_variables)
        optimizer.apply_gradients(zip(scaled_gradients, line.trainable_variables))
        scales.append(float(optimizer.dynamic_scale))
        slopes.append(float(line.get_weights()[0][0, 0]))
    return scales, slopes


scales, slopes = trained("mixed_float16", 2.0**15)
_, in_float32 = trained("float32", 1.0)
skipped = sum(slope == 0.5 for slope in slopes[1:])

print(
    "skipped:",
    skipped,
    " slopes:",
    round(slopes[-1], 2),
    round(in_float32[-1 - skipped], 2),
)
gt.predict("10.e", outcome=skipped)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Four. The gradient is $-22$ and the largest number 65504, so the scale has to come down to $2^{11} = 2048$; then $22\cdot 2048 = 45056$ fits.
#
# </details>
#
# After as many steps that were taken, both lines have the same slope, as far as float16 can tell (three digits). The figure shows the scale $s$ and the slope $w$ after $n$ steps. Until when does $w$ stand still?

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 四步。梯度是 $-22$，最大的数是 65504，所以倍数要降到 $2^{11} = 2048$；这时 $22\cdot 2048 = 45056$ 才放得下。
#
# </details>
#
# 实际走的步数相同时，两条直线的斜率相同，误差在 float16 的精度之内（三位数字）。下图是走了 $n$ 步之后的缩放倍数 $s$ 和斜率 $w$。$w$ 到什么时候才开始动？

# %% tags=["rtol=0.02"]
fig, (above, below) = plt.subplots(2, 1, sharex=True)
above.step(range(41), scales, color="C1", where="post")
above.set_yscale("log", base=2)
above.set(ylabel="$s$")
below.plot(range(41), slopes, color="0.15")
below.set(xlabel="$n$", ylabel="$w$")
plt.show()

# %% [markdown] lang="en"
# The scale falls four times while the slope waits, then doubles every ten good steps. A skipped step is no fault; hundreds in a row are.
#
# One trap: the gradients in the tape's hand are still multiplied by the scale. Whoever clips them there clips all of them to almost nothing:

# %% [markdown] lang="zh"
# 倍数降了四次，斜率一直等着；之后每顺利走十步加倍一次。跳过一步不是故障，连续跳过几百步才是。
#
# 有一个陷阱：从梯度带拿到的梯度还带着缩放倍数。在这里裁剪，就会把它们全都裁得几乎没有：

# %%
for clip in ("by hand", "by the optimizer"):
    v = tf.Variable(3.0)
    inner = tf.keras.optimizers.SGD(1.0, clipnorm=None if clip == "by hand" else 1.0)
    optimizer = tf.keras.mixed_precision.LossScaleOptimizer(inner, initial_scale=1024.0)
    optimizer.build([v])
    with tf.GradientTape() as tape:
        scaled = optimizer.scale_loss(v**2)
    gradient = tape.gradient(scaled, v)
    if clip == "by hand":
        gradient = tf.clip_by_norm(gradient, 1.0)
    optimizer.apply_gradients([(gradient, v)])
    print(f"{clip}: a step of {3.0 - v.numpy():.4f}")

# %% [markdown] lang="en"
# The gradient is 6, clipped to 1. By hand, the step is $1/1024$. Leave clipping to the inner optimizer, which does it after the division.

# %% [markdown] lang="zh"
# 梯度是 6，裁剪为 1。自己动手裁，这一步只有 $1/1024$。裁剪要交给里层的优化器，它在除回来之后才裁。

# %% [markdown] lang="en"
# ## Time it yourself (optional)
#
# Nothing in this course is stored with a time, but for this cell: its numbers are yours, and the tests of the course pass them over. Run it twice. A call is timed after the first one, which traces.

# %% [markdown] lang="zh"
# ## 自己计时（选学）
#
# 本课程存下的结果里都没有时间，只有这个单元格例外：这些数是你这台机器的，课程的测试会略过它们。请运行两遍。计时不包括第一次调用，因为它要构建计算图。

# %% tags=["mask=[0-9.]+ ms"]
import time

for name, function in (("eager", gradients), ("graph", graph), ("XLA", fused)):
    function(x, y)
    begin = time.perf_counter()
    for _ in range(100):
        function(x, y)
    print(name, f"{10 * (time.perf_counter() - begin):.2f} ms")

# %% [markdown] lang="en"
# For such a small calculation nearly all of the time is Python's, and that is what a graph saves. For large matrices it is the other way round, and the three come close.

# %% [markdown] lang="zh"
# 计算量这么小，时间几乎全花在 Python 上，图省下的正是这一部分。矩阵很大时则相反，三者会很接近。

# %% [markdown] lang="en"
# ## Watch out
#
# ### Clipping a sparse gradient (optional)
#
# Looking up rows of a table, as an embedding does, gives an `IndexedSlices`: pairs of a row's number and a gradient. A row that was looked up four times stands there four times.

# %% [markdown] lang="zh"
# ## 当心
#
# ### 裁剪稀疏梯度（选学）
#
# 从表里取几行，词嵌入（embedding）就是这样，得到的梯度是 `IndexedSlices`：行号与梯度的配对。取了四次的行，在里面就出现四次。

# %%
table = tf.Variable(tf.zeros([5, 2]))
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(tf.gather(table, [1, 1, 1, 1, 3]))
sparse = tape.gradient(loss, table)
print(type(sparse).__name__, sparse.indices.numpy())

for gradient in (sparse, tf.convert_to_tensor(sparse)):
    (clipped,), norm = tf.clip_by_global_norm([gradient], 1.0)
    print(f"{norm:.2f} to {tf.norm(tf.convert_to_tensor(clipped)):.2f}")

# %% [markdown] lang="en"
# The true norm is 5.83, and after clipping it should be 1. Of the `IndexedSlices`, TensorFlow takes the norm *before* rows that are equal are added, 3.16, and what is left is 1.84: almost twice the limit. Keras' `global_clipnorm` computes it the same way. `tf.convert_to_tensor` first, if the table is small enough.
#
# ### One NaN, and everything is NaN

# %% [markdown] lang="zh"
# 真正的范数是 5.83，裁剪后应当是 1。对 `IndexedSlices`，TensorFlow 算的是相同的行相加**之前**的范数，3.16，于是剩下 1.84，几乎是上限的两倍。Keras 的 `global_clipnorm` 也是这样算的。表不太大的话，先用 `tf.convert_to_tensor` 转换。
#
# ### 一个 NaN，全成 NaN

# %%
spoilt = [tf.constant([3.0, 4.0]), tf.constant([np.nan])]
clipped, norm = tf.clip_by_global_norm(spoilt, 1.0)
print([g.numpy() for g in clipped], norm.numpy())

# %% [markdown] lang="en"
# Clipping is no protection from NaN or infinity: the common norm is not a number, and spoils the healthy gradients too. Apply the step only if `tf.math.is_finite(norm)`.
#
# ### Normalisation sees only its part (optional)
#
# Accumulated equals whole as long as examples do not influence each other. Batch normalisation takes mean and variance of what it is given, and a part has others than the batch:

# %% [markdown] lang="zh"
# 裁剪防不了 NaN 和无穷大：总范数不是数，连好的梯度也一起毁了。要看返回的范数，只在 `tf.math.is_finite(norm)` 时才走这一步。
#
# ### 归一化只看到一部分（选学）
#
# 累积等于整批，前提是样本之间互不影响。批归一化要用数据的均值和方差，而一部分的均值、方差与整批的不同：

# %%
normalise = layers.BatchNormalization()
column = x[:, tf.newaxis]
print(normalise(column, training=True).numpy().ravel().round(2))
print(
    [
        normalise(p, training=True).numpy().ravel().round(2)
        for p in (column[:2], column[2:])
    ]
)

# %% [markdown] lang="en"
# The same four numbers, normalised as a whole and in halves. With several devices it is the same; there `BatchNormalization(synchronized=True)` helps, and `LayerNormalization` helps in both cases.

# %% [markdown] lang="zh"
# 同样四个数，整批归一化一次，分成两半各归一化一次。多个设备时也是如此：这时可以用 `BatchNormalization(synchronized=True)`；`LayerNormalization` 则两种情形都不受影响。

# %% [markdown] lang="en"
# ### If you know PyTorch (optional)
#
# | | PyTorch | TensorFlow |
# |---|---|---|
# | a step | `zero_grad()`, `backward()`, `step()` | `tape.gradient`, `apply_gradients`; nothing to set to zero |
# | accumulate | call `backward()` again: `.grad` adds up | add the results of `tape.gradient` yourself |
# | no record | `torch.no_grad()`, `detach()` | outside the block, `tape.stop_recording()`, `tf.stop_gradient` |
# | clip | `clip_grad_norm_` changes `.grad`, returns the norm | `tf.clip_by_global_norm` returns new gradients and the norm |
# | clip sparse rows | `clip_grad_norm_` refuses them | a wrong norm (“Watch out”) |
# | training, evaluation | `model.train()`, `model.eval()` | `training=True`, `training=False` in the call |
# | penalty on weights | `SGD(..., weight_decay=0.02)` | `kernel_regularizer=l2(0.01)` and `model.losses` |
# | compile | `torch.compile` | `tf.function`; with XLA `jit_compile=True` |
# | compute twice | `torch.utils.checkpoint.checkpoint`, restores the random state | `tf.recompute_grad`, does not |
# | mixed precision | `torch.autocast`, `torch.amp.GradScaler` | `dtype="mixed_float16"`, `LossScaleOptimizer` |
# | divide before clipping | `scaler.unscale_(optimizer)` | leave clipping to the inner optimizer |
# | several devices | `DistributedDataParallel`: mean over the devices | `MirroredStrategy`: sum over the devices |
# | a batch of gradients | `torch.vmap(torch.func.grad(loss))` | `tf.vectorized_map`, lesson [8](08_jacobians_and_hessians.ipynb) |
#
# The largest difference: PyTorch hangs gradients onto the parameters, where they stay until they are set to zero. A tape returns them, and keeps none.

# %% [markdown] lang="zh"
# ### 如果你会 PyTorch（选学）
#
# | | PyTorch | TensorFlow |
# |---|---|---|
# | 走一步 | `zero_grad()`、`backward()`、`step()` | `tape.gradient`、`apply_gradients`；不用清零 |
# | 累积 | 再调用一次 `backward()`，`.grad` 会累加 | 自己把 `tape.gradient` 的结果加起来 |
# | 不记录 | `torch.no_grad()`、`detach()` | 写在块外，`tape.stop_recording()`，`tf.stop_gradient` |
# | 裁剪 | `clip_grad_norm_` 就地修改 `.grad`，返回范数 | `tf.clip_by_global_norm` 返回新的梯度和范数 |
# | 裁剪稀疏的行 | `clip_grad_norm_` 会拒绝 | 范数算错（见“当心”） |
# | 训练与评估 | `model.train()`、`model.eval()` | 调用时写 `training=True`、`training=False` |
# | 对权重的惩罚 | `SGD(..., weight_decay=0.02)` | `kernel_regularizer=l2(0.01)` 与 `model.losses` |
# | 编译 | `torch.compile` | `tf.function`；用 XLA 写 `jit_compile=True` |
# | 重算一遍 | `torch.utils.checkpoint.checkpoint`，会恢复随机状态 | `tf.recompute_grad`，不会 |
# | 混合精度 | `torch.autocast`、`torch.amp.GradScaler` | `dtype="mixed_float16"`、`LossScaleOptimizer` |
# | 先除回来再裁剪 | `scaler.unscale_(optimizer)` | 裁剪交给里层的优化器 |
# | 多个设备 | `DistributedDataParallel`：对设备取平均 | `MirroredStrategy`：对设备求和 |
# | 一批梯度 | `torch.vmap(torch.func.grad(loss))` | `tf.vectorized_map`，第 [8](08_jacobians_and_hessians.ipynb) 课 |
#
# 最大的不同：PyTorch 把梯度挂在参数上，清零之前一直在；梯度带把梯度返回给你，自己不留。

# %% [markdown] lang="en"
# ## Quiz
#
# Three questions on what you have read. Click an answer, and below it stands why it is right or wrong. Nothing is kept.

# %% [markdown] lang="zh"
# ## 小测验
#
# 三道题，问的都是刚读过的内容。点一个答案，下面就写着它为什么对、为什么不对。选了什么不会留下记录。

# %%
gt.quiz("10")

# %% [markdown] lang="en"
# ## Exercises
#
# Write your work in place of `...`, run the cell, then the check below it. `gt.hint("10.1")` gives three hints, one after the other; `gt.progress()` shows what is done.
#
# **Exercise 10.1** (what will this print?) Follow the cell with pencil and paper, and write what it prints as a string.
#
# ```python
# traced = []
#
# @tf.function
# def square(x):
#     traced.append(x)
#     return x * x
#
# for n in (1, 2, 3):
#     square(n)
#     square(tf.constant(float(n)))
# print(len(traced))
# ```

# %% [markdown] lang="zh"
# ## 练习
#
# 在 `...` 处写上你的解答，运行单元格，再运行下面的检查。`gt.hint("10.1")` 给出提示，一次一条，共三条；`gt.progress()` 显示已完成的练习。
#
# **练习 10.1**（会打印什么？）用纸笔推算下面的代码，把它打印的内容写成字符串。
#
# ```python
# traced = []
#
# @tf.function
# def square(x):
#     traced.append(x)
#     return x * x
#
# for n in (1, 2, 3):
#     square(n)
#     square(tf.constant(float(n)))
# print(len(traced))
# ```

# %%
printed = ...
# BEGIN SOLUTION
printed = "4"
# END SOLUTION

# %%
gt.check("10.1", printed)

# %% [markdown] lang="en"
# **Exercise 10.2** (in parts) Write `in_parts(gradient, x, y, size)`. `gradient(x, y)` gives the gradient of the *mean* loss of the examples that it is handed, a tensor, and refuses more than `size` of them. Return the gradient of the mean loss of *all* examples. Their number need not be a multiple of `size`.

# %% [markdown] lang="zh"
# **练习 10.2**（分几部分）写出 `in_parts(gradient, x, y, size)`。`gradient(x, y)` 给出所收到的样本的**平均**损失的梯度，是一个张量；样本多于 `size` 个就拒绝。返回**全部**样本的平均损失的梯度。样本的个数不一定是 `size` 的倍数。


# %%
def in_parts(gradient, x, y, size):
    # BEGIN SOLUTION
    total = 0.0
    for begin in range(0, len(x), size):
        part_x, part_y = x[begin : begin + size], y[begin : begin + size]
        total += gradient(part_x, part_y) * len(part_x) / len(x)
    return total
    # END SOLUTION


# %%
gt.check("10.2", in_parts)

# %% [markdown] lang="en"
# **Exercise 10.3** (never too long) Write `safe(gradients, limit)` for a list of tensors. If their common norm is above `limit`, all are multiplied by one number so that it becomes `limit`; if it is below, they stay as they are; if it is infinite or NaN, all become 0, so that the step does nothing. Return a list.

# %% [markdown] lang="zh"
# **练习 10.3**（永不过长）写出 `safe(gradients, limit)`，`gradients` 是张量的列表。如果总范数大于 `limit`，全部乘以同一个数，使总范数等于 `limit`；如果小于，就保持原样；如果是无穷大或 NaN，就全部变成 0，这一步什么也不做。返回一个列表。


# %%
def safe(gradients, limit):
    # BEGIN SOLUTION
    clipped, norm = tf.clip_by_global_norm(gradients, limit)
    if tf.math.is_finite(norm):
        return clipped
    return [tf.zeros_like(gradient) for gradient in gradients]
    # END SOLUTION


# %%
gt.check("10.3", safe)

# %% [markdown] lang="en"
# **Exercise 10.4** (as `fit` would) Write `as_fit(model, loss, x, y)`: the list of gradients with respect to `model.trainable_variables` that `fit` would use for this batch. `loss(y, prediction)` is a loss of Keras. The model has a normalisation and penalties.

# %% [markdown] lang="zh"
# **练习 10.4**（像 `fit` 那样）写出 `as_fit(model, loss, x, y)`：返回 `fit` 对这一批数据会用的、对 `model.trainable_variables` 的梯度列表。`loss(y, prediction)` 是 Keras 的损失。模型里有归一化，也有惩罚项。


# %%
def as_fit(model, loss, x, y):
    # BEGIN SOLUTION
    with tf.GradientTape() as tape:
        total = loss(y, model(x, training=True)) + tf.add_n(model.losses)
    return tape.gradient(total, model.trainable_variables)
    # END SOLUTION


# %%
gt.check("10.4", as_fit)

# %% [markdown] lang="en"
# **Exercise 10.5** (too small for float16) `loss(h)` computes in float16. Write `rescued(loss, v, scale)`: the gradient of `loss` by the float32 variable `v`, as float32, also where it would be 0 in float16. Multiply the loss by `scale` in float32 for the way back, and take it out again at the end.

# %% [markdown] lang="zh"
# **练习 10.5**（小得 float16 装不下）`loss(h)` 用 float16 计算。写出 `rescued(loss, v, scale)`：`loss` 对 float32 变量 `v` 的梯度，类型为 float32，在 float16 里会成为 0 的地方也要对。反向传播之前把损失转成 float32 乘以 `scale`，最后再除掉。


# %%
def rescued(loss, v, scale):
    # BEGIN SOLUTION
    with tf.GradientTape() as tape:
        scaled = tf.cast(loss(tf.cast(v, tf.float16)), tf.float32) * scale
    return tape.gradient(scaled, v) / scale
    # END SOLUTION


# %%
gt.check("10.5", rescued)

# %% [markdown] lang="en"
# ## Recap
#
# - A loop equals `fit` with `training=True`, `model.losses`, a mean over the batch, and labels of the prediction's shape.
# - Parts of a batch and devices follow one rule: divide by the size of the whole batch, then add.
# - Clip by the global norm to keep the direction; look at the norm for NaN; make a tensor of `IndexedSlices` first.
# - A trace for each kind of arguments: give a `tf.function` tensors, and decorate it once, outside the loop.
# - `tf.recompute_grad` pays for memory with a second calculation; `LossScaleOptimizer.scale_loss` saves small float16 gradients.
#
# Back to [9 · When gradients go missing](09_when_gradients_go_missing.ipynb) · On to [11 · Gradients at work](11_gradients_at_work.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - 循环要与 `fit` 一致：`training=True`、`model.losses`、对整批取平均、标签与预测形状相同。
# - 分成几部分也好，几个设备也好，规则只有一条：除以整批的大小，然后相加。
# - 按总范数裁剪，方向不变；看看范数是不是 NaN；`IndexedSlices` 先转成张量。
# - 每一类参数构建一次计算图：传给 `tf.function` 的应当是张量，装饰只写一次，写在循环外面。
# - `tf.recompute_grad` 用重算一遍换内存；`LossScaleOptimizer.scale_loss` 保住 float16 里小的梯度。
#
# 上一课：[9 · 梯度去哪儿了](09_when_gradients_go_missing.ipynb) · 下一课：[11 · 梯度的用武之地](11_gradients_at_work.ipynb)
