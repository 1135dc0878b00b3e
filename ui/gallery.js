// Photos as a radio group in one row that scrolls sideways; nodes are made anew only when the photos change.

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".gallery");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  view.send = (value, turn) => setStateValue("chosen", { value, turn });
  if (view.order !== order(data)) fill(view, data);
  view.data = data;
  root.setAttribute("aria-label", data.label);
  if (data.turn >= view.turn) {
    view.turn = data.turn; // an answer to an older turn would undo a choice that is on its way
    view.chosen = data.chosen;
  }
  paint(view);
  if (view.shown !== view.chosen) reveal(view);
}

const order = (data) => data.tiles.map((tile) => tile.key).join();

function build(root) {
  root.setAttribute("role", "radiogroup");
  const view = { root, turn: 0, order: null, nodes: [] };
  root.addEventListener("keydown", (event) => move(view, event));
  return view;
}

function fill(view, data) {
  view.order = order(data);
  view.nodes = data.tiles.map((tile, at) => make(view, tile, at));
  view.root.replaceChildren(...view.nodes.map(({ node }) => node));
}

function make(view, tile, at) {
  const node = element("button", "tile", { type: "button", role: "radio" });
  const image = node.appendChild(element("img", "picture", { alt: "", src: tile.picture, draggable: "false" }));
  const answer = node.appendChild(element("span", "answer"));
  node.addEventListener("click", () => choose(view, at));
  return { node, image, answer };
}

function paint(view) {
  view.data.tiles.forEach((tile, at) => {
    const { node, answer } = view.nodes[at];
    const chosen = tile.key === view.chosen;
    node.setAttribute("aria-checked", chosen);
    node.setAttribute("aria-label", tile.answer === tile.name ? tile.name : `${tile.name}: ${tile.answer}`);
    node.title = tile.name;
    node.dataset.sure = tile.sure;
    node.tabIndex = chosen ? 0 : -1;
    if (answer.textContent !== tile.answer) answer.textContent = tile.answer;
  });
}

/** Scroll the row, and nothing else, until the chosen tile is in sight. */
function reveal(view) {
  view.shown = view.chosen;
  const { node } = view.nodes[view.data.tiles.findIndex((tile) => tile.key === view.chosen)];
  const [from, to] = [node.offsetLeft - view.root.offsetLeft, view.root.scrollLeft];
  if (from < to || from + node.offsetWidth > to + view.root.clientWidth) view.root.scrollLeft = from - node.offsetWidth;
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
  const now = view.data.tiles.findIndex((tile) => tile.key === view.chosen);
  const to = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: count - 1 };
  if (!(event.key in to) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const at = (to[event.key] + count) % count;
  choose(view, at);
  view.nodes[at].node.focus();
}

function element(tag, name, attributes = {}) {
  const node = document.createElement(tag);
  node.className = name;
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  return node;
}
