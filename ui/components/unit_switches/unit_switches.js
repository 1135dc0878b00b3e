// The units of a layer as switches over one picture of all maps; each is answered here at once, and Python follows.

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".switches");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  const another = view.data?.of !== data.of;
  if (view.data?.sheet !== data.sheet || another) fill(view, data);
  view.data = data;
  if (newest(view, "off", data, setStateValue) || another) view.off = new Set(data.off);
  paint(view);
}

function build(root) {
  const part = (name) => root.querySelector(`.${name}`);
  const view = { data: null, off: new Set(), nodes: [], at: 0, tiles: part("tiles"), tools: {} };
  Object.assign(view, { hint: part("hint"), low: part("low"), high: part("high"), ramp: part("ramp") });
  const tools = { strongest, half, none: (all) => all, every: () => [] };
  for (const [name, units] of Object.entries(tools)) {
    view.tools[name] = part(name);
    part(name).addEventListener("click", () => change(view, units(view.nodes.map((_, unit) => unit), view)));
  }
  view.tiles.addEventListener("click", (event) => flip(view, event.target.closest(".tile")));
  view.tiles.addEventListener("keydown", (event) => walk(view, event));
  return view;
}

/** Those that are off, and of the others the one that is strongest on this input. */
function strongest(all, view) {
  const next = view.data.order.find((unit) => !view.off.has(unit));
  return next === undefined ? all : [...view.off, next];
}

function half(all) {
  const drawn = all.map((unit) => [Math.random(), unit]).sort((one, other) => one[0] - other[0]);
  return drawn.slice(0, Math.ceil(all.length / 2)).map(([, unit]) => unit);
}

function fill(view, data) {
  const [height, width, count] = data.shape;
  const down = Math.ceil(count / data.across);
  const picture = `url("${data.sheet}")`;
  if (view.nodes.length !== count || view.word !== data.word) {
    view.word = data.word;
    view.nodes = Array.from({ length: count }, (_, unit) => make(data.word, unit));
    view.tiles.replaceChildren(...view.nodes);
    view.at = 0;
  }
  view.tiles.style.setProperty("--side", count > 128 ? "2rem" : count > 32 ? "3rem" : "4.25rem");
  view.nodes.forEach((node, unit) => {
    const { style } = node.firstChild;
    style.aspectRatio = `${width} / ${height}`;
    style.backgroundImage = picture;
    style.backgroundSize = `${data.across * 100}% ${down * 100}%`;
    style.backgroundPosition = `${share(unit % data.across, data.across)} ${share(Math.floor(unit / data.across), down)}`;
    node.lastChild.hidden = count > 128;
  });
  view.low.textContent = data.low;
  view.high.textContent = data.high;
  view.ramp.style.background = `url("${data.ramp}") 0 0 / 100% 100%`;
}

const share = (at, count) => `${count > 1 ? (at / (count - 1)) * 100 : 0}%`;

function make(word, unit) {
  const name = `${word === "unit" ? "Unit" : "Channel"} ${unit}`;
  const node = element("button", "tile", { type: "button", title: name, role: "switch", "aria-label": name, "data-unit": unit });
  node.append(element("span", "map"), worded("span", "name", unit));
  return node;
}

function paint(view) {
  const { data, nodes, off } = view;
  nodes.forEach((node, unit) => {
    set(node, "aria-checked", !off.has(unit));
    node.tabIndex = unit === view.at ? 0 : -1;
  });
  view.tiles.setAttribute("aria-label", `${data.label}. Arrow keys walk, the space bar switches.`);
  view.tools.every.disabled = off.size === 0;
  for (const name of ["strongest", "none"]) view.tools[name].disabled = off.size === nodes.length;
  const [count, all] = [off.size, nodes.length.toLocaleString("en")];
  const said = count ? `${count.toLocaleString("en")} of ${all} ${data.word}s ${count > 1 ? "are" : "is"} off.` : `All ${all} ${data.word}s are on.`;
  view.hint.textContent = `${said} Click a map to switch it; arrow keys walk, the space bar switches.`;
}

function flip(view, node) {
  if (!node) return;
  const unit = Number(node.dataset.unit);
  view.at = unit;
  const off = new Set(view.off);
  if (!off.delete(unit)) off.add(unit);
  change(view, off);
}

function change(view, units) {
  view.off = new Set(units);
  paint(view); // at once; Python follows
  tell(view, { of: view.data.of, off: [...view.off].sort((one, other) => one - other).join(".") });
}

function walk(view, event) {
  const across = getComputedStyle(view.tiles).gridTemplateColumns.split(" ").length;
  const to = tiled(event, view.at, view.nodes.length, across);
  if (to === undefined) return;
  view.nodes[view.at].tabIndex = -1;
  view.at = to;
  view.nodes[view.at].tabIndex = 0;
  view.nodes[view.at].focus();
}
