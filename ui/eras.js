// Milestones as a radio group on a line of time; nodes are made once and then only change.

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".eras");
  if (!views.has(root)) views.set(root, build(root, data));
  const view = views.get(root);
  view.send = (value, turn) => setStateValue("chosen", { value, turn });
  if (data.turn >= view.turn) {
    view.turn = data.turn; // an answer to an older turn would undo a choice that is on its way
    view.chosen = data.chosen;
  }
  paint(view);
}

function build(root, data) {
  root.setAttribute("role", "radiogroup");
  root.setAttribute("aria-label", "Architectures, by year");
  const view = { root, turn: 0, eras: data.eras };
  view.nodes = data.eras.map((era) => make(view, era));
  root.replaceChildren(...view.nodes);
  root.addEventListener("keydown", (event) => move(view, event));
  return view;
}

function make(view, era) {
  const node = element("button", "era", { type: "button", role: "radio" });
  node.setAttribute("aria-label", `${era.year}, ${era.title}, ${era.place}: ${era.note}`);
  node.append(element("span", "dot"), text("year", era.year));
  const head = node.appendChild(element("span", "head"));
  head.append(element("img", "flag", { src: era.flag, alt: "", title: era.place }), text("title", era.title));
  node.append(text("note", era.note));
  node.addEventListener("click", () => choose(view, era.key));
  return node;
}

function paint(view) {
  view.eras.forEach((era, at) => {
    const chosen = era.key === view.chosen;
    view.nodes[at].setAttribute("aria-checked", chosen);
    view.nodes[at].tabIndex = chosen ? 0 : -1;
  });
}

function choose(view, key) {
  if (key === view.chosen) return;
  view.chosen = key;
  view.turn += 1;
  paint(view); // at once; Python follows
  view.send(key, view.turn);
}

function move(view, event) {
  const count = view.eras.length;
  const now = view.eras.findIndex((era) => era.key === view.chosen);
  const to = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: count - 1 };
  if (!(event.key in to) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const at = (to[event.key] + count) % count;
  choose(view, view.eras[at].key);
  view.nodes[at].focus();
}

function text(name, words) {
  const node = element("span", name);
  node.textContent = words;
  return node;
}

function element(tag, name, attributes = {}) {
  const node = document.createElement(tag);
  node.className = name;
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  return node;
}
