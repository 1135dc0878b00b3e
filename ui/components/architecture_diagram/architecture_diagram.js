// A network as a list of rows, each with a box: as high as its maps are wide, as deep as there are maps.
// A list, so that it is read in order by everybody; it is drawn anew only when the network changes.

const WIDTH = 96; // units of a box's drawing
const HEIGHT = 60;
const SLANT = 0.35; // how far a face leans back

const shown = new WeakMap(); // root element -> what it shows, as JSON

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".diagram");
  const text = JSON.stringify(data);
  if (shown.get(root) === text) return;
  shown.set(root, text);
  root.querySelector(".caption").replaceChildren(worded("strong", "name", data.title), worded("span", "sum", data.sum));
  root.querySelector(".parts").replaceChildren(...data.parts.map(row));
}

function row(part) {
  const node = element("li", "part");
  node.dataset.kind = part.kind;
  node.append(box(part), words(part));
  return node;
}

function words(part) {
  const node = element("div", "words");
  const head = node.appendChild(element("div", "head"));
  head.append(worded("span", "title", part.title));
  if (part.repeats > 1) head.append(worded("span", "repeats", `${part.repeats} times`));
  if (part.note) head.append(worded("span", "note", part.note));
  if (part.branches.length) node.append(branches(part));
  const figures = node.appendChild(element("div", "figures"));
  figures.append(worded("span", "said", part.said));
  if (part.cost) figures.append(worded("span", "cost", part.cost));
  const bar = node.appendChild(element("div", "bar"));
  bar.appendChild(element("span", "fill")).style.width = `${100 * part.weight}%`;
  return node;
}

// What runs side by side, between the line that splits and the line that joins; a shortcut is a way with nothing on it.
function branches(part) {
  const node = element("ul", "branches");
  node.setAttribute("aria-label", part.shortcut ? "Added to the input" : "Side by side, then joined");
  if (part.shortcut) {
    node.append(worded("li", "way shortcut", "the input"));
    node.dataset.joins = "+";
  }
  node.append(...part.branches.map((branch) => way(branch)));
  return node;
}

function way(branch) {
  const node = element("li", "way");
  node.append(...branch.split(", ").map((step) => worded("span", "step", step)));
  return node;
}

function box(part) {
  const svg = shape("svg", "box", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  const [height, , maps] = part.shape;
  if (height === 1) svg.append(...column(maps));
  else svg.append(...solid(Math.max(6, 40 * Math.sqrt(part.wide)), Math.min(44, 2 + 4.2 * Math.log2(maps + 1))));
  return svg;
}

function solid(side, deep) {
  const lean = side * SLANT;
  const left = (WIDTH - deep - lean) / 2;
  const top = (HEIGHT - side - lean) / 2 + lean;
  const bottom = top + side;
  const points = (list) => list.map((point) => point.join()).join(" ");
  const right = left + deep;
  return [
    shape("polygon", "face", { points: points([[left, top], [right, top], [right, bottom], [left, bottom]]) }),
    shape("polygon", "roof", {
      points: points([[left, top], [left + lean, top - lean], [right + lean, top - lean], [right, top]]),
    }),
    shape("polygon", "side", {
      points: points([[right, top], [right + lean, top - lean], [right + lean, bottom - lean], [right, bottom]]),
    }),
  ];
}

function column(units) {
  const long = Math.min(HEIGHT - 6, 8 + 4.2 * Math.log2(units));
  const place = { x: WIDTH / 2 - 4, y: (HEIGHT - long) / 2, width: 8, height: long, rx: 2 };
  return [shape("rect", "face", { ...place })];
}
