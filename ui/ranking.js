// The most probable classes as a radio group of bars; nodes are made once and then only change.

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".ranking");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  view.send = (value, turn) => setStateValue("chosen", { value, turn });
  if (view.nodes.length !== data.ranks.length) fill(view, data.ranks.length);
  view.data = data;
  if (data.turn >= view.turn) {
    view.turn = data.turn; // an answer to an older turn would undo a choice that is on its way
    view.chosen = data.chosen;
  }
  paint(view);
}

function build(root) {
  const view = { turn: 0, nodes: [] };
  view.caption = root.appendChild(element("p", "caption"));
  view.group = root.appendChild(element("div", "bars", { role: "radiogroup" }));
  view.group.addEventListener("keydown", (event) => move(view, event));
  return view;
}

function fill(view, count) {
  view.nodes = Array.from({ length: count }, (_, at) => make(view, at));
  view.group.replaceChildren(...view.nodes.map(({ node }) => node));
}

function make(view, at) {
  const node = element("button", "bar", { type: "button", role: "radio" });
  const name = node.appendChild(element("span", "name"));
  const value = node.appendChild(element("span", "value"));
  const fill = node.appendChild(element("span", "track")).appendChild(element("span", "fill"));
  const note = node.appendChild(element("span", "note"));
  node.addEventListener("click", () => choose(view, at));
  return { node, name, value, fill, note };
}

function paint(view) {
  const { ranks, caption } = view.data;
  write(view.caption, caption);
  view.group.setAttribute("aria-label", caption);
  ranks.forEach((rank, at) => {
    const { node, name, value, fill, note } = view.nodes[at];
    const chosen = rank.key === view.chosen;
    node.setAttribute("aria-checked", chosen);
    node.setAttribute("aria-label", `${rank.name}, ${rank.value}. Show the evidence`);
    node.dataset.name = rank.name;
    node.tabIndex = chosen ? 0 : -1;
    fill.style.setProperty("--share", rank.share);
    write(name, rank.name);
    write(value, rank.value);
    write(note, rank.note);
  });
}

function choose(view, at) {
  const { key } = view.data.ranks[at];
  if (key === view.chosen) return;
  view.chosen = key;
  view.turn += 1;
  paint(view); // at once; Python follows
  view.send(key, view.turn);
}

function move(view, event) {
  const count = view.nodes.length;
  const now = view.data.ranks.findIndex((rank) => rank.key === view.chosen);
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

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
