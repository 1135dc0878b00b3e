// Photos as a radio group in one row that scrolls sideways; it needs `keys`, `turns` and `radio`. Nodes are made anew only
// when the photos change.

/** Make `root` the row. */
function rowed(root, view) {
  view.root = root;
  grouped(root, view);
  new ResizeObserver(() => view.chosen && reveal(view)).observe(root); // in the show tiles grow, a phone may be turned
}

/** Show the photos of `data`, and which is chosen. */
function lay(view, data, setStateValue) {
  const keys = data.tiles.map((tile) => tile.key);
  if (view.keys?.join() !== keys.join()) fill(view, data);
  view.tiles = data.tiles;
  view.root.setAttribute("aria-label", data.label);
  hear(view, keys, data, setStateValue);
  paint(view);
  if (view.shown !== view.chosen) reveal(view);
}

function fill(view, data) {
  view.radios = data.tiles.map((tile, at) => make(view, tile, at));
  view.root.replaceChildren(...view.radios);
}

function make(view, tile, at) {
  const node = radio(view, "tile", at);
  node.append(element("img", "picture", { alt: "", src: tile.picture, draggable: "false" }), element("span", "answer"));
  return node;
}

function paint(view) {
  view.tiles.forEach((tile, at) => {
    const node = view.radios[at];
    node.setAttribute("aria-label", tile.answer === tile.name ? tile.name : `${tile.name}: ${tile.answer}`);
    node.title = tile.name;
    node.dataset.sure = tile.sure;
    node.dataset.named = tile.answer === tile.name;
    write(node.querySelector(".answer"), tile.answer);
  });
  check(view);
}

/** Scroll the row, and nothing else, until the chosen tile is in sight. */
function reveal(view) {
  view.shown = view.chosen;
  const node = view.radios[view.keys.indexOf(view.chosen)];
  const [from, to] = [node.offsetLeft - view.root.offsetLeft, view.root.scrollLeft];
  const [wide, seen] = [node.offsetWidth, view.root.clientWidth];
  if (from < to || from + wide > to + seen) view.root.scrollLeft = Math.max(from - wide, from + wide - seen);
}
