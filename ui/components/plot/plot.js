// Curves, dots with their intervals, or bars, and a reading of them that follows the pointer, the finger and the keys,
// and asks nobody. Drawn anew when the numbers or the width change.

const EDGE = { left: 56, right: 12, top: 10, bottom: 38 }; // px
const SQUARE = 440; // px, at most
const NARROW = 400; // px of width, under which an axis has few ticks
const LOW = 250; // px of height, the same
const LINE = 15; // px a line of words
const HUES = ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#777777"]; // Okabe and Ito 2008
const ROWS = 24; // of the table at most

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".plot");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  const text = JSON.stringify(data);
  if (view.text === text) return;
  const [x, y] = data.axes;
  Object.assign(view, { data: { ...data, x, y }, text, curves: data.lines.length > 0 });
  view.stops = view.curves ? columns(view.data) : [...data.dots, ...data.bars].sort((a, b) => a.x - b.x);
  view.at = view.curves && !data.from_left ? view.stops.length - 1 : 0;
  view.reads = view.curves; // of dots and bars, none is read before somebody asks
  label(view);
  draw(view);
}

function build(root) {
  const part = (name) => root.querySelector(`.${name}`);
  const view = { root, part, field: part("field"), text: null, width: 0 };
  for (const name of ["pointermove", "pointerdown"]) view.field.addEventListener(name, (event) => point(view, event));
  view.field.addEventListener("keydown", (event) => key(view, event));
  view.field.addEventListener("focus", () => view.data && read(view, view.at));
  part("numbers").addEventListener("toggle", () => view.data && table(view));
  new ResizeObserver(() => {
    if (view.field.clientWidth === view.width) return;
    view.width = view.field.clientWidth;
    if (view.data) draw(view);
  }).observe(view.field);
  return view;
}

/** The places at which curves are read: each x, with what they say there. */
function columns({ lines, x, y }) {
  const [across, up] = [x, y].map(({ form }) => FORMS[form]);
  const all = [...new Set(lines.flatMap((line) => line.points.map(([at]) => at)))].sort((a, b) => a - b);
  const said = (line, at) => {
    const [where, value] = near(line.points, at);
    const ended = line.points.at(-1)[0] < at ? ` (at ${across(where)})` : "";
    return `${line.name}: ${up(value)}${ended}`;
  };
  return all.map((at) => ({ x: at, text: () => `${x.label} ${across(at)}. ${lines.map((line) => said(line, at)).join("; ")}` }));
}

const near = (given, x) => given.reduce((best, one) => (Math.abs(one[0] - x) < Math.abs(best[0] - x) ? one : best));
const reading = ({ text }) => (typeof text === "string" ? text : text()); // of curves only where it is asked for

function label(view) {
  const { data, part, field, stops } = view;
  for (const name of ["title", "said", "caption"]) {
    write(part(name), data[name]);
    part(name).hidden = !data[name];
  }
  part("legend").hidden = !view.curves;
  part("readout").classList.toggle("brief", !view.curves);
  part("legend").replaceChildren(...data.lines.map(entry));
  write(part("readout"), "");
  write(part("spoken"), view.curves ? "" : `${stops.map(reading).join("; ")}.`);
  field.classList.toggle("square", data.square);
  set(field, "aria-label", data.spoken || `${data.title}. ${data.y.label} over ${data.x.label}`);
  set(field, "aria-valuemin", 1);
  set(field, "aria-valuemax", stops.length);
  part("numbers").hidden = !view.curves && !data.table.length;
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
  const { data, field, curves } = view;
  const width = (view.width ||= field.clientWidth); // kept: to ask anew makes the browser lay out the page each time
  if (!width) return;
  const height = Math.round(data.square ? width : data.tall || Math.max(260, Math.min(width * 0.5, 380)));
  view.scale = scales(view, width, height);
  const svg = shape("svg", "", { width, height, "aria-hidden": "true" });
  svg.append(...grid(view), ...data.lines.map((line) => band(view, line)), ...data.lines.map((line) => curve(view, line)));
  view.marks = new Map([...data.bars.map((one) => [one, bar(view, one)]), ...dots(view)]);
  svg.append(...view.marks.values());
  if (data.diagonal) svg.append(line(view.scale, "diagonal", [0, 0], [1, 1]));
  view.hair = curves ? svg.appendChild(shape("line", "hair", { y1: EDGE.top, y2: height - EDGE.bottom })) : null;
  view.beads = data.lines.map(({ hue }) => svg.appendChild(bead(hue)));
  field.replaceChildren(svg);
  if (view.reads) read(view, view.at);
  else tell(view);
}

/** The two axes, and where numbers and shares of an axis lie in px. */
function scales({ data, stops }, width, height) {
  const every = data.lines.flatMap(({ points, band: edges }) => [...points.map(([, y]) => y), ...edges.flatMap(([, ...ends]) => ends)]);
  const ends = data.dots.flatMap(({ y, low, high }) => [y, low, high]);
  const x = axis(data.x, stops.map((stop) => stop.x), width < NARROW ? 5 : 7);
  const y = axis(data.y, [...every, ...ends], height < LOW ? 5 : 7);
  const left = (share) => EDGE.left + share * (width - EDGE.left - EDGE.right);
  const top = (share) => height - EDGE.bottom - share * (height - EDGE.top - EDGE.bottom);
  return { width, height, left, top, axes: { x, y }, x: (value) => left(x.share(value)), y: (value) => top(y.share(value)) };
}

const line = ({ left, top }, name, [x1, y1], [x2, y2]) =>
  shape("line", name, { x1: left(x1), y1: top(y1), x2: left(x2), y2: top(y2) });

function grid({ data, scale, curves }) {
  const { width, height, left, top, axes } = scale;
  const nodes = [];
  for (const mark of axes.y.marks) {
    const share = axes.y.share(mark);
    nodes.push(line(scale, "rule", [0, share], [1, share]));
    nodes.push(lettering("tick up", axes.y.say(mark), { x: EDGE.left - 6, y: top(share) + 4 }));
  }
  for (const mark of axes.x.marks) {
    const share = axes.x.share(mark);
    if (!curves) nodes.push(line(scale, "rule", [share, 0], [share, 1]));
    nodes.push(lettering("tick", axes.x.say(mark), { x: left(share), y: top(0) + 15 }));
  }
  nodes.push(lettering("tick", data.x.label, { x: (left(0) + left(1)) / 2, y: height - 5 }));
  if (data.title) return nodes; // it tells what goes up
  const middle = (top(0) + top(1)) / 2;
  return [...nodes, lettering("tick", data.y.label, { x: 12, y: middle, transform: `rotate(-90 12 ${middle})` })];
}

function curve({ scale }, { points, dashed, hue }) {
  const path = points.map(([x, y], index) => `${index ? "L" : "M"}${scale.x(x).toFixed(1)} ${scale.y(y).toFixed(1)}`);
  const node = shape("path", "curve", { d: path.join("") });
  node.style.stroke = colour(hue);
  if (dashed) node.setAttribute("stroke-dasharray", "6 4");
  return node;
}

function band({ scale }, { band: edges, hue }) {
  const place = (x, y) => `${scale.x(x).toFixed(1)},${scale.y(y).toFixed(1)}`;
  const border = [...edges.map(([x, low]) => place(x, low)), ...edges.map(([x, , high]) => place(x, high)).reverse()];
  const node = shape("polygon", "band", { points: border.join(" ") });
  node.style.fill = colour(hue);
  return node;
}

function bead(hue) {
  const node = shape("circle", "bead", { r: 4 });
  node.style.fill = colour(hue);
  return node;
}

function bar({ scale }, { low, high, y }) {
  const [left, right, top] = [scale.x(low), scale.x(high), scale.y(y)];
  return shape("rect", "mark bar", { x: left, y: top, width: right - left, height: scale.y(0) - top });
}

function dots({ data, scale }) {
  const full = data.dots.map((dot) => ({ left: scale.x(dot.x) - 6, wide: 12, y: scale.y(dot.y) })); // a name lies on no dot, and on no name
  return [...data.dots].sort((a, b) => b.y - a.y).map((dot) => {
    const mark = shape("g", "mark");
    const [at, up] = [scale.x(dot.x), scale.y(dot.y)];
    if (dot.high > dot.low) mark.append(shape("line", "whisker", { x1: at, x2: at, y1: scale.y(dot.low), y2: scale.y(dot.high) }));
    const box = placed(dot.name, at, up, scale.width, full);
    mark.append(shape("line", "leader", { x1: at, y1: up, x2: box.from, y2: box.y }));
    mark.append(shape("circle", "dot", { cx: at, cy: up, r: 5.5 }));
    mark.append(lettering("name", dot.name, { x: box.from, y: box.y + 4, "text-anchor": box.anchor }));
    return [dot, mark];
  });
}

function placed(name, at, up, width, full) {
  const wide = name.length * 7 + 8;
  const right = at + 9 + wide < width;
  const box = { left: right ? at + 9 : at - 9 - wide, wide, y: up, from: right ? at + 9 : at - 9, anchor: right ? "start" : "end" };
  const hits = (other) =>
    box.left < other.left + other.wide && other.left < box.left + box.wide && Math.abs(box.y - other.y) < LINE;
  while (full.some(hits)) box.y += LINE;
  full.push(box);
  return box;
}

// ---- reading

function point(view, event) {
  if (!view.scale) return;
  const { left, top } = view.field.getBoundingClientRect();
  const [x, y] = [event.clientX - left, event.clientY - top];
  const up = (stop) => (view.data.dots.length ? view.scale.y(stop.y) - y : 0); // two dots may stand one above the other
  const far = (stop) => Math.hypot(view.scale.x(stop.x) - x, up(stop));
  read(view, view.stops.reduce((best, stop, at) => (far(stop) < far(view.stops[best]) ? at : best), 0));
}

function key(view, event) {
  const { stops, at } = view;
  const to = along(event, at, stops.length, Math.max(1, Math.round(stops.length / 10)));
  if (to !== undefined) read(view, to);
}

function read(view, at) {
  Object.assign(view, { at, reads: true });
  tell(view);
  const { stops, scale, hair, data, part } = view;
  if (!scale || !stops.length) return;
  write(part("readout"), reading(stops[at]));
  for (const [stop, node] of view.marks) node.classList.toggle("read", stop === stops[at]);
  if (!hair) return;
  for (const end of ["x1", "x2"]) hair.setAttribute(end, scale.x(stops[at].x));
  view.beads.forEach((node, which) => {
    const [x, y] = near(data.lines[which].points, stops[at].x);
    node.setAttribute("cx", scale.x(x));
    node.setAttribute("cy", scale.y(y));
  });
}

/** Tell screen readers what is read here. */
function tell({ field, stops, at }) {
  if (!stops.length) return;
  set(field, "aria-valuenow", at + 1);
  set(field, "aria-valuetext", reading(stops[at]));
}

// ---- the table, for who does not see the drawing; built once somebody opens it

function table(view) {
  const { data, stops, part } = view;
  if (!part("numbers").open) return part("holder").replaceChildren();
  const node = element("table", "");
  const [heads, ...rows] = view.curves ? numbers(data, stops) : data.table;
  node.append(row("th", heads), ...rows.map((cells) => row("td", cells)));
  part("holder").replaceChildren(node);
}

function numbers({ lines, x, y }, stops) {
  const step = Math.max(1, Math.ceil(stops.length / ROWS));
  const kept = stops.filter((_, at) => at % step === 0 || at === stops.length - 1);
  const values = (stop) => lines.map((line) => FORMS[y.form](near(line.points, stop.x)[1]));
  return [[x.label, ...lines.map(({ name }) => name)], ...kept.map((stop) => [FORMS[x.form](stop.x), ...values(stop)])];
}

function row(tag, cells) {
  const node = element("tr", "");
  node.append(...cells.map((cell) => worded(tag, "", cell)));
  return node;
}
