// Patches are cut out of the whole pictures here, so that each picture is sent once; choosing one sends no message.

const views = new WeakMap(); // root element -> what it shows
const ACROSS = 3; // patches in a row
const SMALL = 64; // px: of pictures up to this side every pixel is shown as a square
const TINY = 0.06; // of the picture: a smaller box gets a ring around it, to be found

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".examples");
  if (!views.has(root)) views.set(root, build(root));
  load(views.get(root), data);
}

function build(root) {
  const part = (name) => root.querySelector(name);
  const [groups, whole, box, said] = [".groups", ".whole img", ".box", ".said"].map(part);
  const view = { groups, whole, box, said, tiles: [], chosen: 0 };
  new ResizeObserver(() => view.data && view.tiles.forEach((tile) => cut(view, tile))).observe(groups);
  return view;
}

async function load(view, data) {
  view.wanted = data;
  const images = await Promise.all(data.pictures.map(decoded));
  if (view.wanted !== data) return; // another unit was chosen meanwhile
  if (view.data?.of !== data.of) view.chosen = 0;
  Object.assign(view, { data, images, tiles: [] });
  view.groups.replaceChildren(...data.groups.map((group) => grid(view, group)));
  view.chosen = bounded(view.chosen, view.tiles.length);
  view.tiles.forEach((tile) => cut(view, tile));
  choose(view, view.chosen);
}

async function decoded(uri) {
  const image = new Image();
  image.src = uri;
  await image.decode();
  return image;
}

function grid(view, group) {
  const figure = element("figure", "group");
  figure.append(worded("figcaption", "", group.title));
  const list = add(figure, "div", "patches", { role: "group", "aria-label": group.title });
  const first = view.tiles.length;
  group.patches.forEach((patch, at) => {
    const node = add(list, "button", "patch", { type: "button", "aria-label": patch.sentence, title: `${patch.name}: ${patch.value}` });
    view.tiles.push({ node, canvas: add(node, "canvas", ""), patch });
    node.addEventListener("click", () => choose(view, first + at));
    node.addEventListener("keydown", (event) => {
      const to = tiled(event, at, group.patches.length, ACROSS);
      if (to === undefined) return;
      choose(view, first + to);
      view.tiles[first + to].node.focus();
    });
  });
  figure.append(worded("p", "note", group.note));
  return figure;
}

/** Draw a patch as large as its tile, its pixels as squares where the picture is small. */
function cut(view, { node, canvas, patch }) {
  const [left, top, width, height] = patch.box;
  const image = view.images[patch.picture];
  const [down, across] = [image.naturalHeight / view.data.sides[0], image.naturalWidth / view.data.sides[1]];
  const room = Math.round((node.clientWidth || 64) * (window.devicePixelRatio || 1));
  const scale = room / Math.max(width, height);
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = view.data.sides[0] > SMALL;
  pen.drawImage(image, left * across, top * down, width * across, height * down, 0, 0, canvas.width, canvas.height);
  canvas.style.width = `${(100 * width) / Math.max(width, height)}%`;
}

function choose(view, at) {
  view.chosen = at;
  view.tiles.forEach(({ node }, tile) => {
    set(node, "aria-pressed", tile === at);
    node.tabIndex = tile === at ? 0 : -1;
  });
  const { patch } = view.tiles[at];
  const [high, wide] = view.data.sides;
  const [left, top, width, height] = patch.box;
  if (view.whole.src !== view.data.pictures[patch.picture]) view.whole.src = view.data.pictures[patch.picture];
  view.whole.alt = patch.name;
  view.whole.classList.toggle("small", high <= SMALL);
  const box = { left: left / wide, top: top / high, width: width / wide, height: height / high };
  for (const [side, share] of Object.entries(box)) view.box.style[side] = `${share * 100}%`;
  view.box.classList.toggle("tiny", Math.max(box.width, box.height) < TINY);
  write(view.said, patch.sentence);
}
