// Milestones as a radio group on a line of time; nodes are made once and then only change.

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".eras");
  if (!views.has(root)) views.set(root, build(root, data.eras));
  const view = views.get(root);
  const keys = data.eras.map((era) => era.key);
  hear(view, keys, data, setStateValue);
  paint(view);
}

function build(root, eras) {
  const view = {};
  grouped(root, view);
  root.setAttribute("aria-label", "Architectures, by year");
  view.radios = eras.map((era, at) => make(view, era, at));
  root.replaceChildren(...view.radios);
  return view;
}

function make(view, era, at) {
  const node = radio(view, "era", at);
  node.setAttribute("aria-label", `${era.year}, ${era.title}, ${era.place}: ${era.note}`);
  node.append(element("span", "dot"), worded("span", "year", era.year));
  const head = node.appendChild(element("span", "head"));
  head.append(element("img", "flag", { src: era.flag, alt: "", title: era.place }), worded("span", "title", era.title));
  node.append(worded("span", "note", era.note));
  return node;
}

function paint(view) {
  check(view);
}
