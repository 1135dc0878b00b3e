// Curves with a line that reads them: it follows the pointer and the arrow keys, and asks nobody.
// Drawn anew when the numbers or the width change.

const EDGE = { left: 52, right: 12, top: 8, bottom: 34 }; // px
const HUES = ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#777777"]; // Okabe and Ito 2008
const ROWS = 24; // of the table at most

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".lines");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  const text = JSON.stringify(data);
  if (view.text === text) return;
  Object.assign(view, { data, text });
  view.stops = [...new Set(data.lines.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  view.at = data.from_left ? 0 : view.stops.length - 1;
  label(view);
  draw(view);
}

function build(root) {
  const part = (name) => root.querySelector(`.${name}`);
  const view = { root, part, text: null, at: 0, width: 0 };
  const plot = part("plot");
  plot.addEventListener("pointermove", (event) => point(view, event));
  plot.addEventListener("pointerdown", (event) => point(view, event));
  plot.addEventListener("keydown", (event) => key(view, event));
  part("numbers").addEventListener("toggle", () => view.data && table(view));
  new ResizeObserver(() => view.data && plot.clientWidth !== view.width && draw(view)).observe(plot);
  return view;
}

function label(view) {
  const { data, part } = view;
  part("title").textContent = data.title;
  part("said").textContent = data.said;
  part("plot").setAttribute("aria-label", `${data.title}. ${data.up} over ${data.across}`);
  part("legend").replaceChildren(...data.lines.map(entry));
  table(view);
}

function entry({ name, dashed, hue }) {
  const node = worded("li", "", name);
  node.style.setProperty("--colour", colour(hue));
  node.dataset.dashed = dashed;
  return node;
}

const colour = (hue) => `color-mix(in srgb, ${HUES[hue % HUES.length]} 82%, var(--st-text-color))`; // 3:1 on either ground

// ---- the drawing

function draw(view) {
  const { data, part } = view;
  part("plot").style.height = `${data.tall}px`;
  view.width = part("plot").clientWidth;
  if (!view.width) return;
  view.scale = scales(view);
  const svg = shape("svg", "", { width: view.width, height: data.tall, "aria-hidden": "true" });
  svg.append(...grid(view), ...data.lines.map((line) => band(view, line)), ...data.lines.map((line) => curve(view, line)));
  view.hair = shape("line", "hair", { y1: EDGE.top, y2: data.tall - EDGE.bottom });
  view.dots = data.lines.map(({ hue }) => dot(hue));
  svg.append(view.hair, ...view.dots);
  part("plot").replaceChildren(svg);
  read(view);
}

function scales({ data, stops, width }) {
  const values = data.lines.flatMap(({ points }) => points.map(([, y]) => y));
  let [low, high] = [Math.min(...values), Math.max(...values)];
  if (data.log) [low, high] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  else if (data.percent) [low, high] = [0, 1];
  else low = Math.min(low, 0);
  if (high === low) high = low + 1;
  const [first, last] = [stops[0], stops.at(-1)];
  const across = width - EDGE.left - EDGE.right;
  const up = data.tall - EDGE.top - EDGE.bottom;
  const level = data.log ? Math.log10 : (y) => y;
  return {
    low,
    high,
    x: (x) => EDGE.left + (last > first ? (x - first) / (last - first) : 0.5) * across,
    y: (y) => data.tall - EDGE.bottom - ((level(y) - low) / (high - low)) * up,
  };
}

function grid(view) {
  const { data, scale, stops, width } = view;
  const nodes = [];
  for (const tick of upwards(data, scale)) {
    const y = scale.y(tick);
    nodes.push(shape("line", "rule", { x1: EDGE.left, x2: width - EDGE.right, y1: y, y2: y }));
    nodes.push(words(show(tick, data.percent), "tick up", { x: EDGE.left - 6, y: y + 4 }));
  }
  for (const tick of nice(stops[0], stops.at(-1), width < 400 ? 4 : 7)) {
    nodes.push(words(show(tick), "tick", { x: scale.x(tick), y: data.tall - EDGE.bottom + 14 }));
  }
  nodes.push(words(data.across, "tick", { x: (EDGE.left + width - EDGE.right) / 2, y: data.tall - 4 }));
  return nodes;
}

function upwards(data, { low, high }) {
  if (!data.log) return nice(low, high, 5);
  const step = Math.max(1, Math.ceil((high - low) / 5));
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, at) => 10 ** (low + at * step));
}

function nice(low, high, most) {
  const rough = (high - low) / most || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough);
  const ticks = [];
  for (let at = Math.ceil(low / step); at * step <= high * 1.0001; at += 1) ticks.push(Number((at * step).toPrecision(6)));
  return ticks;
}

function curve({ scale }, { points, dashed, hue }) {
  const path = points.map(([x, y], index) => `${index ? "L" : "M"}${scale.x(x).toFixed(1)} ${scale.y(y).toFixed(1)}`);
  const node = shape("path", "curve", { d: path.join("") });
  node.style.stroke = colour(hue);
  if (dashed) node.setAttribute("stroke-dasharray", "6 4");
  return node;
}

function band({ scale }, { band: edges, hue }) {
  const along = (x, y) => `${scale.x(x).toFixed(1)},${scale.y(y).toFixed(1)}`;
  const points = [...edges.map(([x, low]) => along(x, low)), ...edges.map(([x, , high]) => along(x, high)).reverse()];
  const node = shape("polygon", "band", { points: points.join(" ") });
  node.style.fill = colour(hue);
  return node;
}

function dot(hue) {
  const node = shape("circle", "dot", { r: 4 });
  node.style.fill = colour(hue);
  return node;
}

// ---- reading

function point(view, event) {
  const { left } = view.part("plot").getBoundingClientRect();
  const x = event.clientX - left;
  const far = (at) => Math.abs(view.scale.x(view.stops[at]) - x);
  view.at = view.stops.reduce((best, _, at) => (far(at) < far(best) ? at : best), 0);
  read(view);
}

function key(view, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const leap = Math.max(1, Math.round(view.stops.length / 10));
  const { at } = view;
  const back = { ArrowLeft: at - 1, ArrowDown: at - 1, PageDown: at - leap, Home: 0 };
  const on = { ArrowRight: at + 1, ArrowUp: at + 1, PageUp: at + leap, End: view.stops.length - 1 };
  const to = { ...back, ...on }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  view.at = Math.max(0, Math.min(view.stops.length - 1, to));
  read(view);
}

function read(view) {
  const { data, stops, scale, hair, dots, part } = view;
  const x = stops[view.at];
  hair.setAttribute("x1", scale.x(x));
  hair.setAttribute("x2", scale.x(x));
  const said = data.lines.map((line, at) => {
    const [px, py] = near(line.points, x);
    dots[at].setAttribute("cx", scale.x(px));
    dots[at].setAttribute("cy", scale.y(py));
    const where = line.points.at(-1)[0] < x ? ` (at ${show(px)})` : ""; // it ended before
    return `${line.name}: ${show(py, data.percent)}${where}`;
  });
  const text = `${data.across} ${show(x)}. ${said.join("; ")}`;
  part("readout").textContent = text;
  const plot = part("plot");
  plot.setAttribute("aria-valuemin", stops[0]);
  plot.setAttribute("aria-valuemax", stops.at(-1));
  plot.setAttribute("aria-valuenow", x);
  plot.setAttribute("aria-valuetext", text);
}

const near = (points, x) => points.reduce((best, one) => (Math.abs(one[0] - x) < Math.abs(best[0] - x) ? one : best));

// ---- the table, for who does not see the curves; built once somebody opens it

function table(view) {
  const { data, stops, part } = view;
  if (!part("numbers").open) return part("holder").replaceChildren();
  const step = Math.max(1, Math.ceil(stops.length / ROWS));
  const kept = stops.filter((_, at) => at % step === 0 || at === stops.length - 1);
  const node = element("table", "");
  node.append(row("th", [data.across, ...data.lines.map(({ name }) => name)]));
  for (const x of kept) {
    node.append(row("td", [show(x), ...data.lines.map(({ points }) => show(near(points, x)[1], data.percent))]));
  }
  part("holder").replaceChildren(node);
}

function row(tag, cells) {
  const node = element("tr", "");
  node.append(...cells.map((cell) => worded(tag, "", cell)));
  return node;
}

function show(value, percent = false) {
  if (percent) return `${(100 * value).toFixed(value === 0 || value === 1 ? 0 : 1)} %`;
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 100000) return (value || 0).toLocaleString("en"); // never "-0"
  if (size >= 0.001 && size < 100000) return Number(value.toPrecision(3)).toLocaleString("en");
  const power = Math.floor(Math.log10(size) + 1e-9);
  const head = Number((value / 10 ** power).toPrecision(2));
  const raised = [...String(power)].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign] ?? "⁻").join("");
  return head === 1 ? `10${raised}` : `${head}·10${raised}`;
}

function words(text, name, attributes) {
  const node = shape("text", name, attributes);
  node.textContent = text;
  return node;
}
