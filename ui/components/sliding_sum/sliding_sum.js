// A window that slides over a map by itself, and the sum it makes at each place. Everything is worked out here from
// the numbers of one unit; Python hears of a place once the person rests on it.

const REST = 300; // ms without another move before Python hears
const PACE = 450; // ms from one place to the next
const READABLE = 121; // numbers in a window, above which they are only coloured
const NOWHERE = { before: [0, 0], after: [0, 0] };
const POINT = { size: [1, 1], strides: [1, 1], dilation: [1, 1], ...NOWHERE };
const SPOKEN = { "+": "plus", "\u00d7": "times", "\u00f7": "divided by", "\u2212": "minus", "=": "is", "\u2192": "becomes" };

const BAR = 0.6; // of the scale: the colours of a bar, 3:1 on either ground

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".sums");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  const answered = newest(view, "place", data, setStateValue);
  const isNew = view.scene !== data.scene;
  view.data = data;
  if (isNew || (answered && !view.timer)) view.at = [data.y, data.x];
  if (isNew) fill(view);
  show(view);
}

function build(root) {
  const part = (name) => root.querySelector(`.${name}`);
  const view = { root, part, at: [0, 0], scene: null, timer: null, chosen: 0 };
  for (const side of ["source", "output"]) {
    const stage = part(side);
    stage.addEventListener("pointerdown", (event) => take(view, side, event));
    stage.addEventListener("pointermove", (event) => event.buttons && take(view, side, event));
  }
  part("output").addEventListener("keydown", (event) => key(view, event));
  part("play").addEventListener("click", () => (view.timer ? pause(view) : play(view)));
  part("rows").addEventListener("keydown", (event) => pick(view, event));
  return view;
}

// ---- What a scene holds

function fill(view) {
  const { data, part } = view;
  stop(view);
  view.scene = data.scene;
  view.palette = colours(data.palette);
  view.maps = data.sources.map((source) => ({ ...source, values: decoded(source.values) }));
  view.out = { ...data.output, values: decoded(data.output.values) };
  view.slides = data.rule.size ? data.rule : POINT;
  if (data.rule.shift) view.slides = { ...POINT, before: data.rule.shift.map((side) => -side) };
  view.kernels = kernels(data.rule);
  view.left = data.rule.rest && data.rule.name === "convolve" ? decoded(data.rule.rest) : null;
  view.chosen = data.rule.own ?? strongest(view);
  view.tops = tops(view);
  view.stages = {
    source: view.maps.length ? { ...(data.rule.size ? view.slides : NOWHERE), ...size(view.maps[0]) } : null,
    output: { ...NOWHERE, ...size(view.out) },
  };
  const alone = view.out.height * view.out.width === 1;
  const reads = view.maps.length > 0 && view.maps[0].height * view.maps[0].width > 1;
  part("reads").hidden = !reads;
  part("makes").hidden = part("tools").hidden = alone;
  view.root.dataset.maps = reads ? (alone ? "reads" : "both") : alone ? "none" : "makes";
  part("output").tabIndex = alone ? -1 : 0;
  part("more").replaceChildren();
  if (data.rule.name === "add") for (const map of view.maps.slice(1)) another(view, map);
  repaint(view);
  if (data.playing && !alone && !matchMedia("(prefers-reduced-motion: reduce)").matches) play(view);
  else write(part("play"), "Play");
}

const size = ({ height, width }) => ({ height, width });
const outputs = (view) => [view.out.height, view.out.width];

function kernels(rule) {
  if (rule.name !== "convolve") return [];
  const [every, side] = [decoded(rule.kernels), rule.size[0] * rule.size[1]];
  return rule.channels.map((_, at) => every.subarray(at * side, (at + 1) * side));
}

// The channel that adds most where the window begins.
function strongest(view) {
  const parts = view.kernels.map((_, at) => Math.abs(product(view, at, ...view.at).part));
  return parts.length ? parts.indexOf(Math.max(...parts)) : 0;
}

// The ends of the colour scales, the same at every place, so that nothing flickers.
function tops(view) {
  const given = Math.max(0, ...view.maps.map((map) => farthest(map.values)));
  const most = { given, output: farthest(view.out.values), kernel: 0, product: 0, part: 0 };
  view.kernels.forEach((kernel, at) => {
    most.kernel = Math.max(most.kernel, farthest(kernel));
    for (let y = 0; y < view.out.height; y += 1) {
      for (let x = 0; x < view.out.width; x += 1) {
        const { products, part } = product(view, at, y, x);
        most.product = Math.max(most.product, farthest(products));
        most.part = Math.max(most.part, Math.abs(part));
      }
    }
  });
  return most;
}

// ---- What is drawn

function repaint(view) {
  const { part, stages } = view;
  if (stages.source) lay(part("source"), canvas(view, "source"), stages.source);
  lay(part("output"), canvas(view, "output"), stages.output);
  if (stages.source) paint(canvas(view, "source"), view.maps[view.chosen] ?? view.maps[0], view.tops.given, view.palette);
  paint(canvas(view, "output"), view.out, view.tops.output, view.palette);
  write(part("output-title"), `makes ${view.out.title}`);
  if (stages.source) write(part("source-title"), `reads ${(view.maps[view.chosen] ?? view.maps[0]).title}`);
  scale(view, "source", view.tops.given);
  scale(view, "output", view.tops.output);
}

function scale(view, side, top) {
  fillScale(view.part(`${side}-scale`), top, view.palette);
}

const canvas = (view, side) => view.part(side).querySelector("canvas");

// A second map that is read at the same place, below the first.
function another(view, map) {
  const node = add(view.part("more"), "div", "also");
  write(add(node, "p", "also-title"), `and ${map.title}`);
  const stage = add(node, "div", "stage");
  const picture = add(stage, "canvas", "map");
  lay(stage, picture, view.stages.source);
  paint(picture, map, view.tops.given, view.palette);
  add(stage, "span", "box");
}

function show(view) {
  const [y, x] = view.at;
  const made = WORK[view.data.rule.name](view, y, x);
  const chain = checked(view, made.chain, y, x);
  frames(view, y, x);
  grids(view, made.grids ?? []);
  links(view, chain);
  rows(view, made.rows);
  curve(view, made.curve, made.given ?? chain.find(([, , , name]) => name === "before")?.[2] ?? chain[0][2]);
  const still = view.out.height * view.out.width === 1;
  write(view.part("place"), still ? "" : `row ${y}, column ${x}`);
  const told = chain.map(([sign, label, value]) => `${SPOKEN[sign] ?? ""} ${label} ${long(value)}`.trim()).join(", ");
  const where = still ? "" : `Row ${y}, column ${x}: `;
  if (!view.timer) write(view.part("told"), `${where}${told}.`);
  set(view.part("output"), "aria-label", `${view.out.title}, ${view.out.height} rows and ${view.out.width} columns; the window makes row ${y}, column ${x}`);
}

// The last link says what the network computed, which the result must equal.
function checked(view, chain, y, x) {
  const whole = chain.some(([, , , name]) => name === "value") ? chain : [[...chain[0].slice(0, 3), "value"]];
  const computed = view.out.values[y * view.out.width + x];
  return view.data.rule.name === "given" ? whole : [...whole, ["", "the network computed", computed, "computed"]];
}

function frames(view, y, x) {
  const { stages, part } = view;
  frame(part("output").querySelector(".box"), { top: y, left: x, rows: 1, columns: 1 }, stages.output);
  if (!stages.source) return;
  const [top, left] = start(view.slides, y, x);
  const [tall, broad] = reach(view.slides);
  for (const box of view.root.querySelectorAll(".source .box, .more .box")) frame(box, { top, left, rows: tall, columns: broad }, stages.source);
}

function grids(view, list) {
  const node = view.part("grids");
  node.hidden = !list.length;
  while (node.children.length > list.length) node.lastChild.remove();
  while (node.children.length < list.length) {
    const figure = add(node, "figure", "operand");
    add(figure, "figcaption", "operand-title");
    add(add(figure, "div", "fit"), "div", "grid", { role: "img" });
  }
  list.forEach((grid, at) => {
    const figure = node.children[at];
    const cells = figure.querySelector(".grid");
    write(figure.querySelector(".operand-title"), grid.title);
    figure.dataset.sign = figure.firstChild.dataset.sign = grid.sign ?? "";
    figure.style.setProperty("--columns", grid.columns);
    fillGrid(cells, { ...grid, bare: grid.rows * grid.columns > READABLE }, view.palette);
    if (!view.timer) set(cells, "aria-label", `${grid.title}, row by row: ${Array.from(grid.values, short).join(", ")}`);
  });
}

function links(view, chain) {
  const node = view.part("chain");
  while (node.children.length > chain.length) node.lastChild.remove();
  while (node.children.length < chain.length) {
    const link = add(node, "li", "link");
    add(link, "span", "sign", { "aria-hidden": "true" });
    const body = add(link, "span", "body");
    add(body, "span", "number");
    add(body, "span", "label");
  }
  chain.forEach(([sign, label, value, name], at) => {
    const link = node.children[at];
    link.dataset.name = name ?? "";
    link.dataset.below = value < 0;
    write(link.querySelector(".sign"), sign);
    write(link.querySelector(".label"), label);
    write(link.querySelector(".number"), name === "count" ? String(value) : long(value));
  });
}

function rows(view, made) {
  const node = view.part("rows");
  view.part("parts").hidden = !made;
  if (!made) return node.replaceChildren();
  const choosable = view.data.rule.name === "convolve" && view.maps.length > 1;
  set(node, "role", choosable ? "radiogroup" : "list");
  set(node, "aria-label", made.caption);
  write(view.part("caption"), made.caption);
  while (node.children.length > made.list.length) node.lastChild.remove();
  while (node.children.length < made.list.length) row(view);
  node.dataset.signed = made.list.some(({ value }) => value < 0) || choosable;
  made.list.forEach((one, at) => fillRow(view, node.children[at], one, made.top, choosable));
}

function row(view) {
  const node = add(view.part("rows"), "li", "row");
  node.addEventListener("click", () => choose(view, Number(node.dataset.at)));
  add(node, "span", "row-title");
  const detail = add(node, "span", "detail");
  for (const name of ["mini patch", "mini kernel"]) add(detail, "canvas", name);
  add(detail, "span", "detail-text");
  add(add(node, "span", "track"), "span", "bar");
  add(node, "span", "row-value");
}

function fillRow(view, node, one, top, choosable) {
  const part = (name) => node.querySelector(`.${name}`);
  const choice = choosable && one.at !== undefined;
  node.dataset.at = choice ? one.at : -1;
  node.classList.toggle("choice", choice);
  node.classList.toggle("rest", Boolean(one.rest));
  node.classList.toggle("own", Boolean(one.own));
  set(node, "role", choice ? "radio" : "listitem");
  if (choice) set(node, "aria-checked", one.at === view.chosen);
  else node.removeAttribute("aria-checked");
  node.tabIndex = choice && one.at === view.chosen ? 0 : -1;
  write(part("row-title"), one.title);
  write(part("detail-text"), one.detail ?? "");
  write(part("row-value"), long(one.value));
  const share = one.rest ? 0 : top > 0 ? Math.min(1, Math.abs(one.value) / top) : 0;
  const [zero, side] = node.parentElement.dataset.signed === "true" ? [50, 50] : [0, 100];
  part("bar").style.width = `${side * share}%`;
  part("bar").style.left = `${one.value < 0 ? zero - side * share : zero}%`;
  part("bar").style.background = `rgb(${hue(one.value < 0 ? -BAR : BAR, 1, view.palette)})`;
  minis(view, node, choice ? one.at : -1);
}

function minis(view, node, at) {
  const [read, kernel] = node.querySelectorAll(".mini");
  read.hidden = kernel.hidden = at < 0;
  if (at < 0) return;
  const [height, width] = view.slides.size;
  paint(read, { values: patch(view.maps[at], view.slides, ...view.at).values, height, width }, view.tops.given, view.palette);
  paint(kernel, { values: view.kernels[at], height, width }, view.tops.kernel, view.palette);
}

function curve(view, squash, given) {
  const node = view.part("curve");
  const shown = squash && squash.name !== "linear";
  node.toggleAttribute("hidden", !shown);
  node.style.display = shown ? "" : "none";
  if (!shown) return;
  const ends = { x: squash.name === "tanh" ? 3 : Math.max(2, view.tops.given, view.tops.output, Math.abs(given)) };
  if (view.data.rule.name === "weigh" && squash.name !== "tanh") ends.x = Math.max(2, 1.6 * Math.abs(given));
  if (view.data.rule.name === "convolve" && squash.name !== "tanh") ends.x = Math.max(2, view.tops.output, Math.abs(given));
  ends.y = squash.name === "tanh" ? 1.2 : squash.most ? squash.most * 1.2 : ends.x;
  const x = (value) => 100 + (90 * Math.max(-ends.x, Math.min(ends.x, value))) / ends.x;
  const y = (value) => 70 - (52 * value) / ends.y;
  const points = Array.from({ length: 81 }, (_, at) => ((at - 40) / 40) * ends.x);
  set(node.querySelector(".axes"), "d", `M10 70H190M100 12V128`);
  set(node.querySelector(".line"), "d", `M${points.map((at) => `${x(at).toFixed(1)} ${y(squashed(squash, at)).toFixed(1)}`).join("L")}`);
  set(node.querySelector(".dot"), "cx", x(given).toFixed(1));
  set(node.querySelector(".dot"), "cy", y(squashed(squash, given)).toFixed(1));
  write(node.querySelector(".name"), squash.title);
  set(node, "aria-label", `${squash.title} makes ${long(squashed(squash, given))} of ${long(given)}`);
}

// ---- What moves it

function move(view, at) {
  if (at[0] === view.at[0] && at[1] === view.at[1]) return;
  view.at = at;
  show(view);
}

function take(view, side, event) {
  const stage = view.stages[side];
  if (!stage || (event.type === "pointerdown" && event.button !== 0)) return;
  event.preventDefault();
  pause(view);
  view.part("output").focus({ preventScroll: true });
  const pixel = pointed(view.part(side), event, stage);
  const to = side === "output" ? pixel.map((at, i) => bounded(at, outputs(view)[i])) : centred(view.slides, pixel, outputs(view));
  moveByHand(view, to);
}

function key(view, event) {
  if (event.key === " ") {
    event.preventDefault();
    if (view.timer) pause(view);
    else play(view);
    return;
  }
  const to = over(event, view.at, outputs(view), LEAP);
  if (!to) return;
  pause(view);
  moveByHand(view, to);
}

function moveByHand(view, to) {
  move(view, to);
  tell(view, place(view), REST);
}

const place = (view) => `${view.at.join()} ${view.scene}`;

function play(view) {
  clearInterval(view.timer);
  clearTimeout(view.resting); // Python hears when it stops
  view.timer = setInterval(() => step(view), PACE);
  write(view.part("play"), "Pause");
}

function step(view) {
  if (!view.root.isConnected) return stop(view);
  const [high, wide] = outputs(view);
  const [y, x] = view.at;
  move(view, x + 1 < wide ? [y, x + 1] : [(y + 1) % high, 0]);
}

function stop(view) {
  clearInterval(view.timer);
  view.timer = null;
}

// Stop where it is; the sum is read out, and Python hears of the place.
function pause(view) {
  if (!view.timer) return;
  stop(view);
  write(view.part("play"), "Play");
  show(view);
  tell(view, place(view), REST);
}

function choose(view, at) {
  if (at < 0 || at === view.chosen) return;
  view.chosen = at;
  repaint(view);
  show(view);
}

function pick(view, event) {
  const nodes = [...view.part("rows").querySelectorAll(".choice")];
  const now = nodes.indexOf(event.target);
  const at = now < 0 ? undefined : round(event, now, nodes.length);
  if (at === undefined) return;
  choose(view, Number(nodes[at].dataset.at));
  nodes[at].focus();
}
