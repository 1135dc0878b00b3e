// The network as boxes from left to right, a radio group: one layer is chosen. Nodes are made anew only for another
// network. Below it the whole in small, which shows what part of it is in sight.

const WIDE = 122, HIGH = 76, GAP = 24, AIR = 14, HEAD = 18, ARC = 16, EDGE = 6; // px, at type of 16 px

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".overview");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  const other = view.network !== data.network;
  if (other) fill(view, data);
  if (newest(view, "chosen", data, setStateValue) && (view.chosen !== data.chosen || other)) {
    mark(view, data.chosen, other ? "instant" : "smooth");
  }
}

function build(root) {
  const view = { network: null, chosen: null, nodes: [], strip: root.querySelector(".strip") };
  view.drawing = root.querySelector(".drawing");
  view.whole = root.querySelector(".whole");
  view.drawing.addEventListener("keydown", (event) => move(view, event));
  view.drawing.addEventListener("click", ({ target }) => {
    const at = target.closest("[data-layer]")?.dataset.layer;
    if (at !== undefined) choose(view, Number(at), true);
  });
  view.strip.addEventListener("scroll", () => sight(view), { passive: true });
  const drag = (event) => event.buttons && jump(view, event);
  view.whole.addEventListener("pointerdown", drag);
  view.whole.addEventListener("pointermove", drag);
  new ResizeObserver(() => sight(view)).observe(view.strip);
  return view;
}

const left = ({ column }) => EDGE + column * (WIDE + GAP);

function fill(view, data) {
  const { blocks, arcs } = data;
  const levels = Math.max(-1, ...arcs.map((arc) => arc[2])) + 1;
  const roof = (blocks.some(({ group }) => group) ? HEAD : 0) + levels * ARC + EDGE;
  const top = ({ lane }) => roof + lane * (HIGH + AIR);
  const wide = Math.max(...blocks.map(left)) + WIDE + EDGE;
  const high = Math.max(...blocks.map(top)) + HIGH + EDGE;
  Object.assign(view, { network: data.network, blocks, wide, high, order: [], nodes: [] });
  size(view.drawing, wide, high);
  view.drawing.setAttribute("aria-label", "Layers, from the input to the answer");
  view.drawing.replaceChildren(
    ...groups(blocks, top),
    ...ways(blocks, arcs, top),
    ...arcs.map((arc) => arch(blocks, arc, roof, top)),
    ...blocks.map((block) => box(view, block, left(block), top(block))),
  );
  view.whole.setAttribute("viewBox", `0 0 ${wide} ${high}`);
  view.small = blocks.map((block) => shape("rect", "bit", { x: left(block), y: top(block), width: WIDE, height: HIGH }));
  view.window = shape("rect", "window", { y: 0, height: high, width: 0 });
  view.whole.replaceChildren(...view.small, view.window);
}

/** The drawing grows with the page's type, which is larger on the projector. */
function size(svg, wide, high) {
  svg.setAttribute("viewBox", `0 0 ${wide} ${high}`);
  Object.assign(svg.style, { width: `${wide / 16}rem`, height: `${high / 16}rem` });
}

/** How many px on the screen one of the drawing takes. */
const zoom = (view) => view.drawing.getBoundingClientRect().width / view.wide;

function groups(blocks, top) {
  const found = new Map();
  for (const block of blocks.filter(({ group }) => group)) {
    if (!found.has(block.group)) found.set(block.group, []);
    found.get(block.group).push(block);
  }
  return [...found].flatMap(([name, members]) => {
    const from = Math.min(...members.map(left)) - 5;
    const to = Math.max(...members.map(left)) + WIDE + 5;
    const low = Math.max(...members.map(top)) + HIGH + 5;
    return [
      shape("rect", "group", { x: from, y: 1, width: to - from, height: low - 1, rx: 9 }),
      lettering("name", name, { x: from + 8, y: 13 }),
    ];
  });
}

/** Every way from block to block that is no shortcut: along the lane of its source, then over to the target. */
function ways(blocks, arcs, top) {
  const short = new Set(arcs.map(([source, target]) => `${source}-${target}`));
  return blocks.flatMap((block, at) =>
    block.sources
      .filter((source) => !short.has(`${source}-${at}`))
      .map((source) => {
        const [x, y] = [left(blocks[source]) + WIDE, top(blocks[source]) + HIGH / 2];
        const [to, end] = [left(block), top(block) + HIGH / 2];
        const turn = to - GAP;
        return shape("path", "way", {
          d: `M${x} ${y}H${turn}C${turn + GAP / 2} ${y} ${to - GAP / 2} ${end} ${to} ${end}`,
        });
      }),
  );
}

function arch(blocks, [source, target, level], roof, top) {
  const [x, y] = [left(blocks[source]) + WIDE, top(blocks[source]) + HIGH / 2 - 10];
  const [to, end] = [left(blocks[target]), top(blocks[target]) + HIGH / 2 - 10];
  const over = roof - 8 - level * ARC;
  const [near, far] = [x + GAP / 3, to - GAP / 3];
  return shape("path", "way arc", {
    d: `M${x} ${y}Q${near} ${y} ${near} ${y - 12}V${over + 8}Q${near} ${over} ${near + 8} ${over}H${far - 8}Q${far} ${over} ${far} ${over + 8}V${end - 12}Q${far} ${end} ${to} ${end}`,
  });
}

function box(view, block, x, y) {
  const group = shape("g", "block", { transform: `translate(${x} ${y})` });
  const [first, ...rest] = block.layers;
  const whole = group.appendChild(radio(view, block, first, "layer"));
  whole.append(
    shape("rect", "card", { width: WIDE, height: HIGH, rx: 7 }),
    lettering("title", cut(block.title, 16), { x: 9, y: 17 }),
    lettering("kind", cut(block.kind, 20), { x: 9, y: 33 }),
    lettering("shape", block.shape, { x: 9, y: 49 }),
    lettering("parameters", block.parameters, { x: WIDE - 9, y: 49 }),
  );
  let at = 7;
  for (const layer of rest) {
    const width = Math.min(layer.tag.length * 6.1 + 12, WIDE - 7 - at);
    const tag = group.appendChild(radio(view, block, layer, "tag"));
    tag.setAttribute("transform", `translate(${at} ${HIGH - 24})`);
    tag.append(shape("rect", "target", { y: -3, width, height: 24 }));
    tag.append(shape("rect", "card", { width, height: 18, rx: 9 }), lettering("text", layer.tag, { x: width / 2, y: 13 }));
    at += width + 4;
  }
  return group;
}

function radio(view, block, layer, name) {
  const made = shape("g", name, { role: "radio", "aria-checked": "false", tabindex: -1, "data-layer": view.order.length });
  made.setAttribute("aria-label", layer.text);
  made.dataset.name = layer.name;
  made.appendChild(shape("title", "")).textContent = layer.text;
  view.order.push({ layer, block });
  view.nodes.push(made);
  return made;
}

function mark(view, name, behavior) {
  view.chosen = name;
  view.order.forEach(({ layer, block }, at) => {
    const chosen = layer.name === name;
    view.nodes[at].setAttribute("aria-checked", chosen);
    view.nodes[at].setAttribute("tabindex", chosen ? 0 : -1);
    if (chosen) view.at = at;
    if (chosen) view.block = block;
  });
  view.small.forEach((bit, at) => bit.classList.toggle("chosen", view.blocks[at] === view.block));
  reveal(view, behavior);
}

/** Bring the chosen block into sight, with its neighbours. */
function reveal(view, behavior) {
  const times = zoom(view);
  const [x, wide] = [left(view.block) * times, WIDE * times];
  const { scrollLeft, clientWidth } = view.strip;
  const air = Math.min(wide + GAP * times, (clientWidth - wide) / 2);
  if (x - air >= scrollLeft && x + wide + air <= scrollLeft + clientWidth) return sight(view);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  view.strip.scrollTo({ left: x + wide / 2 - clientWidth / 2, behavior: calm ? "instant" : behavior });
}

function sight(view) {
  const { scrollLeft, clientWidth } = view.strip;
  const times = zoom(view);
  const all = !view.window || clientWidth >= view.wide * times;
  view.whole.classList.toggle("needless", all);
  if (all) return;
  view.window.setAttribute("x", scrollLeft / times);
  view.window.setAttribute("width", clientWidth / times);
}

function jump(view, event) {
  const { left: from, width } = view.whole.getBoundingClientRect();
  view.strip.scrollLeft = ((event.clientX - from) / width) * view.wide * zoom(view) - view.strip.clientWidth / 2;
}

function choose(view, at, focus) {
  const { layer } = view.order[at];
  if (focus) view.nodes[at].focus({ preventScroll: true });
  if (layer.name === view.chosen) return;
  mark(view, layer.name, "smooth"); // at once; Python follows
  tell(view, layer.name);
}

function move(view, event) {
  const count = view.order.length;
  const up = { ArrowDown: beside(view, 1), ArrowUp: beside(view, -1) };
  const to = taken(event, { ...up, ArrowRight: view.at + 1, ArrowLeft: view.at - 1, Home: 0, End: count - 1 });
  if (to !== undefined) choose(view, bounded(to, count), true);
}

/** The nearest block of the lanes below or above: in the same column, or else in one close by. */
function beside(view, step) {
  const { lane, column } = view.block;
  const others = view.blocks.filter((block) => Math.sign(block.lane - lane) === step);
  const far = (block) => Math.abs(block.column - column) * 10 + Math.abs(block.lane - lane);
  const near = others.filter((block) => Math.abs(block.column - column) <= 1).sort((a, b) => far(a) - far(b))[0];
  return near ? view.order.findIndex(({ block }) => block === near) : view.at;
}

const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
