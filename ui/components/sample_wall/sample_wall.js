// Pictures of a set as a radio group; all of them are cut from one strip. Nodes are made anew only when the strip changes.

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".wall");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  view.tiles = data.tiles;
  root.setAttribute("aria-label", data.caption);
  if (view.strip !== data.strip) fill(view, data.strip);
  const keys = data.tiles.map((tile) => tile.key);
  hear(view, keys, data, setStateValue);
  paint(view);
}

function build(root) {
  const view = { root, strip: null };
  grouped(root, view);
  return view;
}

function fill(view, strip) {
  view.strip = strip;
  view.radios = view.tiles.map((tile, at) => make(view, at));
  view.root.replaceChildren(...view.radios);
}

function make(view, at) {
  const node = radio(view, "tile", at);
  const picture = node.appendChild(element("span", "picture"));
  const last = Math.max(1, view.tiles.length - 1);
  picture.style.backgroundImage = `url(${view.strip})`;
  picture.style.backgroundPosition = `0 ${(at / last) * 100}%`;
  node.append(element("span", "head"), element("span", "lines"));
  return node;
}

function paint(view) {
  view.tiles.forEach((tile, at) => {
    const node = view.radios[at];
    node.dataset.key = tile.key;
    const spoken = [tile.head, ...tile.lines.map(({ said, who }) => `${said}: ${who}`)].join("; ");
    if (node.getAttribute("aria-label") === spoken) return;
    node.setAttribute("aria-label", spoken);
    node.querySelector(".head").textContent = tile.head;
    node.querySelector(".lines").replaceChildren(...tile.lines.map(line));
  });
  check(view);
}

function line({ said, who }) {
  const node = element("span", "line");
  node.style.display = "block";
  const answer = node.appendChild(element("span", "said"));
  answer.textContent = said;
  node.append(` ${who}`);
  return node;
}
