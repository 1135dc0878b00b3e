// Pictures of a set as a radio group; all of them are cut from one strip. Nodes are made anew only when the strip changes.

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".wall");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  view.send = (value, turn) => setStateValue("chosen", { value, turn });
  view.data = data;
  root.setAttribute("aria-label", data.caption);
  if (view.strip !== data.strip) fill(view);
  if (data.turn >= view.turn) {
    view.turn = data.turn; // an answer to an older turn would undo a choice that is on its way
    view.chosen = data.chosen;
  }
  paint(view);
}

function build(root) {
  const view = { root, turn: 0, strip: null, nodes: [] };
  root.addEventListener("keydown", (event) => move(view, event));
  return view;
}

function fill(view) {
  view.strip = view.data.strip;
  view.nodes = view.data.tiles.map((tile, at) => make(view, at));
  view.root.replaceChildren(...view.nodes);
}

function make(view, at) {
  const node = element("button", "tile");
  node.type = "button";
  node.setAttribute("role", "radio");
  const picture = node.appendChild(element("span", "picture"));
  const last = Math.max(1, view.data.tiles.length - 1);
  picture.style.backgroundImage = `url(${view.strip})`;
  picture.style.backgroundPosition = `0 ${(at / last) * 100}%`;
  node.appendChild(element("span", "head"));
  node.appendChild(element("span", "lines"));
  node.addEventListener("click", () => choose(view, at));
  return node;
}

function paint(view) {
  view.data.tiles.forEach((tile, at) => {
    const node = view.nodes[at];
    const chosen = tile.key === view.chosen;
    node.setAttribute("aria-checked", chosen);
    node.tabIndex = chosen || (at === 0 && !view.chosen) ? 0 : -1;
    node.dataset.key = tile.key;
    const spoken = [tile.head, ...tile.lines.map(({ said, who }) => `${said}: ${who}`)].join("; ");
    if (node.getAttribute("aria-label") === spoken) return;
    node.setAttribute("aria-label", spoken);
    node.querySelector(".head").textContent = tile.head;
    node.querySelector(".lines").replaceChildren(...tile.lines.map(line));
  });
}

function line({ said, who }) {
  const node = element("span", "line");
  node.style.display = "block";
  const answer = node.appendChild(element("span", "said"));
  answer.textContent = said;
  node.append(` ${who}`);
  return node;
}

function choose(view, at) {
  const { key } = view.data.tiles[at];
  if (key === view.chosen) return;
  view.chosen = key;
  view.turn += 1;
  paint(view); // at once; Python follows
  view.send(key, view.turn);
}

function move(view, event) {
  const count = view.nodes.length;
  const now = Math.max(0, view.data.tiles.findIndex((tile) => tile.key === view.chosen));
  const to = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: count - 1 };
  if (!(event.key in to) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const at = (to[event.key] + count) % count;
  choose(view, at);
  view.nodes[at].focus();
}

function element(tag, name) {
  const node = document.createElement(tag);
  node.className = name;
  return node;
}
