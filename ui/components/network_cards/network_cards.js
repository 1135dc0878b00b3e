// Networks side by side: what each was shown, what it answers, where it looked. One slider blends all the heat maps.

const views = new WeakMap(); // root element -> its cards, by network

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".lineup");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  const order = data.cards.map((card) => card.network).join();
  if (view.order !== order) fill(view, data.cards, order);
  data.cards.forEach((card, at) => paint(view.nodes[at], card));
  write(view.agreement, data.agreement);
  root.dataset.dense = data.dense;
  source(root.querySelector(".ramp"), data.ramp);
  root.querySelector(".tools").style.visibility = data.ramp ? "visible" : "hidden"; // its place stays: nothing jumps
}

function build(root) {
  const slider = root.querySelector("input");
  const blend = () => root.style.setProperty("--opacity", slider.value / 100);
  slider.addEventListener("input", blend);
  blend();
  return { list: root.querySelector(".cards"), agreement: root.querySelector(".agreement"), order: null, nodes: [] };
}

function fill(view, cards, order) {
  view.order = order;
  view.nodes = cards.map(make);
  view.list.replaceChildren(...view.nodes.map(({ node }) => node));
}

function make(card) {
  const node = element("li", "card");
  node.dataset.network = card.network;
  const title = node.appendChild(element("p", "title"));
  const stage = node.appendChild(element("div", "stage"));
  const photo = stage.appendChild(element("img", "photo"));
  const heat = stage.appendChild(element("img", "heat"));
  const answer = node.appendChild(element("div", "answer"));
  const label = answer.appendChild(element("span", "label"));
  const value = answer.appendChild(element("span", "value"));
  const bar = node.appendChild(element("span", "track")).appendChild(element("span", "fill"));
  const caption = node.appendChild(element("p", "caption"));
  photo.draggable = heat.draggable = false;
  heat.alt = "";
  return { node, title, photo, heat, label, value, bar, caption };
}

function paint(part, card) {
  part.node.dataset.known = card.known;
  part.title.title = card.title;
  write(part.title, card.title);
  part.photo.alt = card.alt;
  source(part.photo, card.photo);
  source(part.heat, card.heat);
  write(part.label, card.label);
  write(part.value, card.value);
  part.bar.style.setProperty("--share", card.share);
  write(part.caption, card.caption);
}
