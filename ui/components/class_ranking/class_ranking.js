// The most probable classes as a radio group of bars; nodes are made once and then only change.

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".ranking");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  if (view.radios.length !== data.ranks.length) fill(view, data.ranks.length);
  view.data = data;
  const keys = data.ranks.map((rank) => rank.key);
  hear(view, keys, data, setStateValue);
  paint(view);
}

function build(root) {
  const view = { radios: [] };
  view.caption = root.appendChild(element("p", "caption"));
  view.group = root.appendChild(element("div", "bars"));
  grouped(view.group, view);
  return view;
}

function fill(view, count) {
  view.radios = Array.from({ length: count }, (_, at) => make(view, at));
  view.group.replaceChildren(...view.radios);
}

function make(view, at) {
  const node = radio(view, "bar", at);
  node.append(element("span", "name"), element("span", "value"));
  node.appendChild(element("span", "track")).appendChild(element("span", "fill"));
  node.append(element("span", "note"));
  return node;
}

function paint(view) {
  const { ranks, caption } = view.data;
  write(view.caption, caption);
  view.group.setAttribute("aria-label", caption);
  ranks.forEach((rank, at) => {
    const node = view.radios[at];
    node.setAttribute("aria-label", `${rank.name}, ${rank.value}. Show the evidence`);
    node.dataset.name = rank.name;
    node.querySelector(".fill").style.setProperty("--share", rank.share);
    for (const part of ["name", "value", "note"]) write(node.querySelector(`.${part}`), rank[part]);
  });
  check(view);
}
