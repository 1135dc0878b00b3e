// A small chart drawn in real pixels, so that its words keep their size on a phone; drawn anew when its width changes.

const LEFT = 56;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 44;
const LINE = 15; // px a line of words
const SQUARE = 440; // px, at most

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".chart");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  view.data = data;
  view.watch.observe(root); // again: what ends a run has stopped it
  draw(view);
  return () => view.watch.disconnect();
}

function build(root) {
  const view = { root, svg: root.querySelector("svg"), drawn: "" };
  view.watch = new ResizeObserver(() => draw(view));
  return view;
}

function draw(view) {
  const { data, svg, root } = view;
  const width = Math.min(root.clientWidth, data.square ? SQUARE : Infinity);
  const now = `${width} ${JSON.stringify(data)}`;
  if (!width || view.drawn === now) return;
  view.drawn = now;
  const height = Math.round(data.square ? width : Math.max(260, Math.min(width * 0.5, 380)));
  const x = (share) => LEFT + share * (width - LEFT - RIGHT);
  const y = (share) => height - BOTTOM - share * (height - TOP - BOTTOM);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  svg.setAttribute("aria-label", data.spoken);
  const marks = [...data.bars.map((bar) => barMark(bar, x, y)), ...dots(data.dots, x, y, width)];
  const line = data.diagonal ? [shape("line", "diagonal", { x1: x(0), y1: y(0), x2: x(1), y2: y(1) })] : [];
  svg.replaceChildren(...axes(data, x, y, width, height), ...marks, ...line);
  write(root.querySelector("figcaption"), data.caption);
}

function axes(data, x, y, width, height) {
  const parts = [];
  const [across, up] = data.axes;
  for (const { share, text } of across.ticks) {
    parts.push(shape("line", "grid", { x1: x(share), x2: x(share), y1: y(0), y2: y(1) }));
    parts.push(words(text, "tick", { x: x(share), y: y(0) + 16, "text-anchor": "middle" }));
  }
  for (const { share, text } of up.ticks) {
    parts.push(shape("line", "grid", { x1: x(0), x2: x(1), y1: y(share), y2: y(share) }));
    parts.push(words(text, "tick", { x: LEFT - 6, y: y(share) + 4, "text-anchor": "end" }));
  }
  parts.push(words(across.label, "label", { x: (x(0) + x(1)) / 2, y: height - 8, "text-anchor": "middle" }));
  const middle = (y(0) + y(1)) / 2;
  const turned = { x: 12, y: middle, transform: `rotate(-90 12 ${middle})`, "text-anchor": "middle" };
  parts.push(words(up.label, "label", turned));
  return parts;
}

function barMark(bar, x, y) {
  const mark = shape("g", "mark");
  mark.appendChild(shape("title", "")).textContent = bar.text;
  const size = { x: x(bar.left), y: y(bar.height), width: x(bar.right) - x(bar.left), height: y(0) - y(bar.height) };
  mark.appendChild(shape("rect", "bar", size));
  return mark;
}

function dots(given, x, y, width) {
  const taken = given.map((dot) => ({ left: x(dot.x) - 6, wide: 12, y: y(dot.y) })); // a name lies on no dot, and on no name
  return [...given]
    .sort((a, b) => b.y - a.y)
    .map((dot) => {
      const mark = shape("g", "mark");
      mark.appendChild(shape("title", "")).textContent = dot.text;
      const [at, up] = [x(dot.x), y(dot.y)];
      if (dot.high > dot.low) mark.appendChild(shape("line", "whisker", { x1: at, x2: at, y1: y(dot.low), y2: y(dot.high) }));
      mark.appendChild(shape("circle", "dot", { cx: at, cy: up, r: 5.5 }));
      const box = placed(dot.name, at, up, width, taken);
      mark.appendChild(shape("line", "leader", { x1: at, y1: up, x2: box.from, y2: box.y }));
      mark.appendChild(words(dot.name, "name", { x: box.from, y: box.y + 4, "text-anchor": box.anchor }));
      return mark;
    });
}

function placed(name, at, up, width, taken) {
  const wide = name.length * 7 + 8;
  const right = at + 9 + wide < width;
  const box = { left: right ? at + 9 : at - 9 - wide, wide, y: up, from: right ? at + 9 : at - 9, anchor: right ? "start" : "end" };
  const hits = (other) =>
    box.left < other.left + other.wide && other.left < box.left + box.wide && Math.abs(box.y - other.y) < LINE;
  while (taken.some(hits)) box.y += LINE;
  taken.push(box);
  return box;
}

function words(text, name, attributes) {
  const node = shape("text", name, attributes);
  node.textContent = text;
  return node;
}
