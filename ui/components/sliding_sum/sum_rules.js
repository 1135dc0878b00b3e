// How each kind of layer makes a number out of what stands at one place; `ui.components.sliding_sum.sliding_sum` shows what they return:
// grids of numbers, the chain of the sum (sign, label, value, name), rows of contributions, a curve.

const ROWS = 12; // contributions that are listed one by one

function product(view, at, y, x) {
  const read = patch(view.maps[at], view.slides, y, x);
  const products = read.values.map((value, place) => value * view.kernels[at][place]);
  return { ...read, products, part: products.reduce((sum, value) => sum + value, 0) };
}

const WORK = {
  convolve(view, y, x) {
    const { rule } = view.data;
    const parts = view.maps.map((_, at) => product(view, at, y, x));
    const rest = view.left ? view.left[y * view.out.width + x] : 0;
    const total = parts.reduce((sum, { part }) => sum + part, rest);
    const own = parts[view.chosen];
    const [rows, columns] = rule.size;
    const count = rows * columns * (view.maps.length + rule.others);
    return {
      grids: [
        { title: `read from ${view.maps[view.chosen].title}`, rows, columns, ...own, top: view.tops.given },
        { sign: "\u00d7", title: "kernel", rows, columns, values: view.kernels[view.chosen], top: view.tops.kernel },
        { sign: "=", title: products(view, own.part), rows, columns, values: own.products, top: view.tops.product },
      ],
      chain: [["", counted(count), total, "total"], ...after(rule, total)],
      curve: rule.squash,
      rows: channelRows(view, parts, rest, y, x),
    };
  },
  largest(view, y, x) {
    const { values, real } = patch(view.maps[0], view.slides, y, x);
    let winner = real.indexOf(1);
    values.forEach((value, at) => real[at] && value > values[winner] && (winner = at));
    const count = real.reduce((sum, one) => sum + one, 0);
    return {
      grids: [{ title: "the window; its largest number is framed", ...whole(view, values, real), winner }],
      chain: [["", `largest of ${count}`, values[winner], "value"]],
    };
  },
  mean(view, y, x) {
    const { values, real } = patch(view.maps[0], view.slides, y, x);
    const count = real.reduce((sum, one) => sum + one, 0);
    const total = values.reduce((sum, value) => sum + value, 0);
    return {
      grids: [{ title: "the window", ...whole(view, values, real), winner: -1 }],
      chain: [["", `sum of ${count} numbers`, total, "total"], ["\u00f7", "how many", count, "count"], ["=", "mean", total / count, "value"]],
    };
  },
  normalised(view, y, x) {
    const { mean, variance, epsilon, gamma, beta } = view.data.rule;
    const given = sourceAt(view, 0, y, x);
    const spread = Math.sqrt(variance + epsilon);
    const value = ((given - mean) / spread) * gamma + beta;
    return {
      chain: [
        ["", "read", given, "given"],
        ["\u2212", "mean", mean, "mean"],
        ["=", "centred", given - mean],
        ["\u00f7", "deviation", spread, "spread"],
        ["\u00d7", "gamma", gamma, "gamma"],
        ["+", "beta", beta, "beta"],
        ["=", "result", value, "value"],
      ],
    };
  },
  squash(view, y, x) {
    const { squash } = view.data.rule;
    const given = sourceAt(view, 0, y, x);
    return { chain: [["", "read", given, "given"], ["\u2192", squash.title, squashed(squash, given), "value"]], curve: squash, given };
  },
  scaled(view, y, x) {
    const { scale, offset } = view.data.rule;
    const given = sourceAt(view, 0, y, x);
    return {
      chain: [
        ["", "read", given, "given"],
        ["\u00d7", "scale", scale, "scale"],
        ["+", "offset", offset, "offset"],
        ["=", "result", given * scale + offset, "value"],
      ],
    };
  },
  add(view, y, x) {
    const given = view.maps.map((_, at) => sourceAt(view, at, y, x));
    const value = given.reduce((sum, one) => sum + one, 0);
    return { chain: [...given.map((one, at) => [at ? "+" : "", view.maps[at].title, one]), ["=", "result", value, "value"]] };
  },
  copy(view, y, x) {
    const value = view.maps.length ? sourceAt(view, 0, y, x) : 0;
    const from = view.maps.length ? `unchanged from ${view.maps[0].title}` : "padding, read from nowhere";
    return { chain: [["", from, value, "value"]] };
  },
  respond(view, y, x) {
    const { k, alpha, own } = view.data.rule;
    const given = view.maps.map((_, at) => sourceAt(view, at, y, x));
    const energy = given.reduce((sum, one) => sum + one * one, 0);
    const divisor = (k + alpha * energy) ** 0.75;
    return {
      chain: [
        ["", `squares of ${given.length} neighbours`, energy, "energy"],
        ["\u00d7", "alpha", alpha, "alpha"],
        ["+", "k", k, "k"],
        ["\u2192", "to the power 0.75", divisor, "divisor"],
        ["", "read", given[own], "given"],
        ["\u00f7", "that power", divisor],
        ["=", "result", given[own] / divisor, "value"],
      ],
      rows: {
        caption: "The same place in the neighbouring channels",
        top: view.tops.given,
        list: given.map((value, at) => ({ title: view.maps[at].title, value })),
      },
    };
  },
  given: (view, y, x) => ({ chain: [["", "the input itself", view.out.values[y * view.out.width + x], "value"]] }),
  weigh(view) {
    const { rule } = view.data;
    const list = rule.rows.map(({ title, given, weight }) => ({
      title,
      detail: `${short(given)} \u00d7 ${short(weight)}`,
      value: given * weight,
    }));
    const total = list.reduce((sum, { value }) => sum + value, rule.rest);
    const top = farthest(list.map(({ value }) => value));
    const count = list.length + rule.others;
    return {
      chain: [["", counted(count), total, "total"], ...after(rule, total)],
      curve: rule.squash,
      rows: { caption: `What ${rule.reads} adds, the strongest first: input \u00d7 weight`, top, list: others(list, rule.others, rule.rest, "inputs") },
    };
  },
  softmax(view) {
    const { rows, temperature, largest, rest, others: more } = view.data.rule;
    const power = ({ logit }) => Math.exp((logit - largest) / temperature);
    const all = rows.reduce((sum, row) => sum + power(row), rest);
    const own = rows.find((row) => row.own);
    const list = rows.map((row) => ({
      title: row.title,
      detail: `e to ${short((row.logit - largest) / temperature)}`,
      value: power(row) / all,
      own: row.own,
    }));
    return {
      chain: [
        ["", "logit", own.logit, "logit"],
        ["\u2212", "largest logit", largest],
        ["\u00f7", "temperature", temperature, "temperature"],
        ["\u2192", "e to that", power(own), "power"],
        ["\u00f7", "all powers", all, "all"],
        ["=", "probability", power(own) / all, "value"],
      ],
      rows: { caption: "The probability of each class", top: 1, list: others(list, more, rest / all, "classes") },
    };
  },
};

const counted = (count) => (count === 1 ? "the product" : `sum of ${count.toLocaleString("en")} products`);

// What follows the products: bias and activation.
function after({ bias, squash }, total) {
  const before = total + (bias ?? 0);
  const chain = bias === null ? [] : [["+", "bias", bias, "bias"], ["=", "sum", before, "before"]];
  return squash.name === "linear" ? named(chain) : [...chain, ["\u2192", squash.title, squashed(squash, before), "value"]];
}

// Without a bias or an activation, what stands there is the result.
function named(chain) {
  return chain.length ? [...chain.slice(0, -1), [...chain.at(-1).slice(0, 3), "value"]] : chain;
}

function squashed({ name, most, slope, threshold }, value) {
  if (name === "tanh") return Math.tanh(value);
  if (name === "linear") return value;
  if (most !== null && value >= most) return most;
  return value >= threshold ? value : slope * (value - threshold);
}

const products = (view, part) => (view.maps.length > 1 ? `products, together ${long(part)}` : "products");

function whole(view, values, real) {
  const [rows, columns] = view.slides.size;
  return { rows, columns, values, real, top: view.tops.given };
}

function sourceAt(view, which, y, x) {
  return patch(view.maps[which], view.slides, y, x).values[0];
}

// The strongest channels of a place; Python's list where it knows more channels than were sent.
function channelRows(view, parts, rest, y, x) {
  const { rule, exact } = view.data;
  const count = view.maps.length + rule.others;
  if (count < 2) return null;
  const here = rule.channels.map((channel, at) => ({ channel, at, value: parts[at].part }));
  const known = exact && rule.others && exact.y === y && exact.x === x && !view.timer;
  const list = known ? exact.channels.map((channel, at) => entry(here, channel, exact.parts[at])) : here;
  const order = view.timer ? list : [...list].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const shown = order.slice(0, ROWS);
  const whole = parts.reduce((sum, { part }) => sum + part, rest);
  const left = whole - shown.reduce((sum, { value }) => sum + value, 0);
  const rows = shown.map((one) => ({ ...one, title: one.at === undefined ? `channel ${one.channel}` : unit(view.maps[one.at]) }));
  return {
    caption: `What each of the ${count.toLocaleString("en")} channels adds${view.timer ? "" : ", the strongest first"}`,
    top: view.tops.part,
    list: others(rows, count - rows.length, left, "channels"),
  };
}

const entry = (here, channel, value) => ({ ...(here.find((one) => one.channel === channel) ?? { channel }), value });
const unit = ({ title }) => title.split(", ").at(-1);
const others = (list, count, value, what) =>
  count > 0 ? [...list, { title: `${count.toLocaleString("en")} other ${what} together`, value, rest: true }] : list;
