// One card a network, a radio group; the chosen one's bars stand below it.
// Every number arrives as text from Python; nodes are made once and then only change.

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".answers");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  view.data = data;
  const keys = data.rows.map((row) => row.network);
  hear(view, keys, data, setStateValue);
  paint(view);
}

function build(root) {
  const view = { cards: [], bars: [] };
  view.group = add(root, "div", "cards", { "aria-label": "Architectures" });
  grouped(view.group, view);
  view.agreement = add(root, "p", "agreement", { role: "status", "aria-label": "Answer" }); // read out when it changes
  view.caption = add(root, "p", "caption");
  view.list = add(root, "ol", "bars", { role: "list" });
  return view;
}

function paint(view) {
  const { rows, labels, agreement } = view.data;
  if (view.cards.length !== rows.length) fill(view.group, view.cards, rows.length, (at) => card(view, at));
  if (view.bars.length !== labels.length) fill(view.list, view.bars, labels.length, () => bar(view.list));
  view.group.style.setProperty("--count", rows.length);
  rows.forEach((row, at) => paintCard(view.cards[at], row));
  view.radios = view.cards.map(({ node }) => node);
  check(view);
  write(view.agreement, agreement);
  paintBars(view, rows.find((row) => row.network === view.chosen) ?? rows[0]);
}

function fill(parent, parts, count, make) {
  parent.replaceChildren();
  parts.length = 0;
  for (let at = 0; at < count; at += 1) parts.push(make(at));
}

function card(view, at) {
  const node = view.group.appendChild(radio(view, "card", at));
  return {
    node,
    title: add(node, "span", "title"),
    reading: add(add(node, "span", "reading"), "span", "digit"),
    track: add(add(node, "span", "track"), "span", "fill"),
    confidence: add(node, "span", "confidence"),
    time: add(node, "span", "time"),
  };
}

function paintCard(card, row) {
  set(card.node, "aria-label", row.spoken);
  set(card.node, "data-network", row.network);
  set(card.node, "data-reading", row.reading);
  set(card.node, "data-known", row.known);
  card.reading.style.setProperty("--characters", row.shown.length);
  card.track.style.setProperty("--share", row.width);
  write(card.title, row.title);
  write(card.reading, row.shown);
  write(card.confidence, row.confidence);
  write(card.time, row.milliseconds);
}

function bar(list) {
  const node = add(list, "li", "bar");
  return {
    node,
    label: add(node, "span", "label"),
    track: add(add(node, "span", "track"), "span", "fill"),
    value: add(node, "span", "value"),
  };
}

function paintBars(view, row) {
  write(view.caption, row.caption);
  set(view.list, "aria-label", row.caption);
  set(view.list, "data-known", row.known);
  view.bars.forEach((bar, at) => {
    const [share, text] = row.bars[at];
    set(bar.node, "data-winner", at === row.winner);
    set(bar.node, "data-label", view.data.labels[at]);
    bar.track.style.setProperty("--share", share);
    write(bar.label, view.data.labels[at]);
    write(bar.value, text);
  });
}
