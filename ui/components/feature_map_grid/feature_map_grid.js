// All units of a layer as one picture; the chosen one large. Every choice is answered here at once, out of the sheets
// that Python sent with the layer; Python follows with the address and the links.

const views = new WeakMap(); // root element -> what it shows
const GAP = 2; // px between two maps
const EDGE = 4; // px around all maps, for the frame of the chosen one
const MOST = 124; // px, of a map among the others
const KERNEL = 240; // px, at most, that the kernels of a unit are drawn on
const REST_MS = 120; // after the last arrow key, before Python is told

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".units");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  if (newest(view, "picked", data, setStateValue) && view.data?.of === data.of) adopt(view, data);
  if (view.wanted?.key === data.key) return;
  view.wanted = data;
  load(view, data);
}

/** Take a choice that Python changed. */
function adopt(view, data) {
  const same = data.unit === view.unit && String(data.place) === String(view.place);
  [view.unit, view.place] = [data.unit, data.place];
  if (!same) paint(view);
}

async function load(view, data) {
  const [sheet, kernels] = await Promise.all([picture(data.sheet), data.kernel && picture(data.kernel.sheet)]);
  if (view.wanted !== data) return; // another layer was chosen meanwhile
  if (view.data?.of !== data.of) [view.unit, view.place] = [data.unit, data.place];
  Object.assign(view, { data, sheet, kernels });
  view.levels = new Map(data.palette.match(/.{6}/g).map((colour, level) => [colour, level]).reverse());
  if (view.input.src !== data.input) view.input.src = data.input;
  view.input.alt = `${data.input_name}, as the network sees it`;
  lay(view);
  paint(view);
}

async function picture(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

function build(root) {
  const part = (name) => root.querySelector(name);
  const view = {
    root,
    wanted: null,
    window: part(".window"),
    all: part(".all .field"),
    tiles: part(".tiles"),
    hover: part(".hover"),
    chosen: part(".chosen"),
    pointed: part(".pointed"),
    whose: part(".whose"),
    lower: part(".low"),
    upper: part(".high"),
    ramp: part(".ramp"),
    said: part(".said"),
    map: part(".map .field"),
    large: part(".map canvas"),
    spots: part(".spots"),
    mark: part(".place"),
    seen: part(".seen"),
    input: part(".seen img"),
    box: part(".box"),
    kernelFigure: part(".kernels"),
    kernel: part(".kernels canvas"),
    note: part(".note"),
    here: part(".here"),
    strongest: part(".strongest"),
  };
  view.all.addEventListener("pointermove", (event) => point(view, unitAt(view, event)));
  view.all.addEventListener("pointerleave", () => point(view, null));
  view.all.addEventListener("click", (event) => pick(view, unitAt(view, event), null));
  view.all.addEventListener("keydown", (event) => walkUnits(view, event));
  view.map.addEventListener("click", (event) => pick(view, view.unit, placeAt(view, event)));
  view.map.addEventListener("keydown", (event) => walkPlaces(view, event));
  new ResizeObserver(() => view.data && (lay(view), frames(view))).observe(view.root);
  return view;
}

// All units

function lay(view) {
  const [height, width, count] = view.data.shape;
  const room = view.window.clientWidth - 2 * EDGE;
  const least = matchMedia("(pointer: coarse)").matches ? 26 : 16;
  const fitting = Math.sqrt((room * Math.min(room, 480)) / count) - GAP;
  const side = Math.min(Math.max(fitting, least), MOST);
  const fit = (room + GAP) / (side + GAP);
  const most = Math.max(1, side > least ? Math.ceil(fit) : Math.floor(fit));
  const across = Math.ceil(count / Math.ceil(count / most)); // rows as full as they can be
  const wide = Math.min(MOST, Math.floor((room + GAP) / across) - GAP);
  const high = Math.max(1, Math.round((wide * height) / width));
  Object.assign(view, { across, wide, high });
  const fine = window.devicePixelRatio || 1;
  const [full, tall] = [across * (wide + GAP) - GAP, Math.ceil(count / across) * (high + GAP) - GAP];
  view.tiles.width = Math.round(full * fine);
  view.tiles.height = Math.round(tall * fine);
  view.tiles.style.width = `${full}px`;
  view.all.style.width = `${full}px`;
  const pen = view.tiles.getContext("2d");
  pen.scale(fine, fine);
  pen.imageSmoothingEnabled = wide * fine < width; // enlarged pixels stay sharp
  for (let unit = 0; unit < count; unit++) {
    const [x, y] = corner(view, unit);
    pen.drawImage(view.sheet, ...source(view, unit), x, y, wide, high);
  }
  if (height * width === 1 && wide > 36) numbers(view, pen);
}

/** Write the value of each unit of one number, and its class, on its tile. */
function numbers(view, pen) {
  pen.textAlign = "center";
  for (let unit = 0; unit < view.data.shape[2]; unit++) {
    const [x, y] = corner(view, unit);
    const value = view.data.spots[unit][0]?.[2] ?? 0;
    pen.fillStyle = bright(view, value, unit) ? "#000" : "#fff";
    pen.font = "600 12px sans-serif";
    pen.fillText(measured(value), x + view.wide / 2, y + view.high / 2 + (view.data.names.length ? 12 : 4), view.wide - 4);
    if (view.data.names.length) pen.fillText(view.data.names[unit], x + view.wide / 2, y + view.high / 2 - 4, view.wide - 6);
  }
}

function bright(view, value, unit) {
  const [low, high] = bounds(view.data.limits, unit);
  const level = Math.round(low < 0 ? 128 + (value / high) * 127 : (value / high) * 255);
  const [red, green, blue] = [0, 2, 4].map((at) => parseInt(view.data.palette.substr(level * 6 + at, 2), 16));
  return 0.3 * red + 0.6 * green + 0.1 * blue > 120;
}

const corner = (view, unit) => [(unit % view.across) * (view.wide + GAP), Math.floor(unit / view.across) * (view.high + GAP)];

/** Where a unit's map lies in the sheet. */
function source({ data }, unit) {
  const [height, width] = data.shape;
  return [(unit % data.across) * width, Math.floor(unit / data.across) * height, width, height];
}

function unitAt(view, event) {
  const { left, top } = view.all.getBoundingClientRect();
  const column = Math.floor((event.clientX - left) / (view.wide + GAP));
  const row = Math.floor((event.clientY - top) / (view.high + GAP));
  const unit = row * view.across + column;
  return column >= 0 && column < view.across && row >= 0 && unit < view.data?.shape[2] ? unit : null;
}

function point(view, unit) {
  if (!view.data) return;
  view.hover.hidden = unit === null;
  if (unit !== null) frame(view.hover, view, unit);
  write(view.pointed, unit === null ? hint(view) : view.data.sentences[unit]);
}

const hint = ({ data }) => `${data.shape[2].toLocaleString("en")} ${data.word}s. Click one, or walk with the arrow keys.`;

function frame(node, view, unit) {
  const [x, y] = corner(view, unit);
  place(node, { left: `${x}px`, top: `${y}px`, width: `${view.wide}px`, height: `${view.high}px` });
}

function walkUnits(view, event) {
  const to = view.data && tiled(event, view.unit, view.data.shape[2], view.across);
  if (to !== undefined) pick(view, to, null, REST_MS);
}

/** Scroll the maps, and nothing else, until the chosen one is in sight. */
function reveal(view) {
  const [, y] = corner(view, view.unit);
  const { scrollTop, clientHeight } = view.window;
  if (y < scrollTop) view.window.scrollTop = y;
  if (y + view.high + 2 * EDGE > scrollTop + clientHeight) view.window.scrollTop = y + view.high + 2 * EDGE - clientHeight;
}

// The chosen unit

function paint(view) {
  reveal(view);
  const { data, unit } = view;
  const [height, width, count] = data.shape;
  say(view.all, data.word === "unit" ? "Unit" : "Channel", unit, count, data.sentences[unit]);
  write(view.said, data.sentences[unit]);
  write(view.pointed, hint(view));
  view.hover.hidden = true;
  drawMap(view, height, width);
  drawKernel(view);
  drawScale(view);
  listSpots(view);
  frames(view);
}

function drawMap(view, height, width) {
  view.root.classList.toggle("flat", height * width === 1);
  resize(view.large, width, height);
  view.large.getContext("2d", { willReadFrequently: true }).drawImage(view.sheet, ...source(view, view.unit), 0, 0, width, height);
}

function drawScale({ data, data: { word }, unit, whose, lower, upper, ramp }) {
  write(whose, data.scale === "unit" ? `Scale of ${word} ${unit}` : `Scale of the ${data.scale}`);
  const [from, to] = bounds(data.limits, unit);
  write(lower, measured(from));
  write(upper, measured(to));
  const stops = Array.from({ length: 17 }, (_, at) => `#${data.palette.substr(Math.round((at / 16) * 255) * 6, 6)}`);
  ramp.style.background = `linear-gradient(90deg, ${stops})`;
}

const bounds = (limits, unit) => limits[limits.length > 1 ? unit : 0];

function drawKernel(view) {
  const { kernel } = view.data;
  view.kernelFigure.hidden = !kernel;
  if (!kernel) return;
  const [height, width, channels] = kernel.shape;
  const across = Math.ceil(Math.sqrt((channels * height) / width));
  const down = Math.ceil(channels / across);
  const factor = Math.max(1, Math.floor(KERNEL / Math.max(across * width, down * height)));
  const air = channels > 1 ? 1 : 0;
  resize(view.kernel, across * (width * factor + air) - air, down * (height * factor + air) - air);
  const pen = view.kernel.getContext("2d");
  pen.clearRect(0, 0, view.kernel.width, view.kernel.height);
  pen.imageSmoothingEnabled = false;
  for (let channel = 0; channel < channels; channel++) {
    const [x, y] = [channel % across, Math.floor(channel / across)];
    const at = [x * (width * factor + air), y * (height * factor + air)];
    pen.drawImage(view.kernels, channel * width, view.unit * height, width, height, ...at, width * factor, height * factor);
  }
  const [low, high] = bounds(kernel.limits, view.unit).map(measured);
  const colours = kernel.coloured ? `in colour; grey is 0, black ${low}, white ${high}` : `blue ${low}, black 0, amber ${high}`;
  write(view.note, `${kernel.caption} Scale: ${colours}.`);
  view.kernel.setAttribute("aria-label", `Kernel of ${view.data.word} ${view.unit}. ${kernel.caption}`);
}

function listSpots(view) {
  const spots = view.root.classList.contains("flat") ? [] : view.data.spots[view.unit];
  view.strongest.replaceChildren(...spots.map((spot, at) => spotButton(view, spot, at)));
  const [height, width] = view.data.shape;
  view.spots.replaceChildren(...spots.map(([y, x], at) => {
    const mark = worded("span", "spot", at + 1);
    place(mark, { left: share(x + 0.5, width), top: share(y + 0.5, height) });
    mark.classList.toggle("leftward", x + 0.5 > width / 2); // so that it stays on the map, whose neighbour has a title
    mark.classList.toggle("downward", y + 0.5 < height / 2);
    return mark;
  }));
}

function spotButton(view, [y, x, value], at) {
  const row = element("li", "");
  const button = add(row, "button", "push", { type: "button", title: `Row ${y}, column ${x}` });
  button.append(worded("b", "", at + 1), ` ${measured(value)}`);
  button.setAttribute("aria-label", `Strongest place ${at + 1}: ${measured(value)} in row ${y}, column ${x}`);
  button.addEventListener("click", () => pick(view, view.unit, [y, x]));
  return row;
}

/** The place that is looked at: the chosen one, or the strongest. */
const spot = (view) => view.place ?? view.data.spots[view.unit][0]?.slice(0, 2) ?? null;

function frames(view) {
  frame(view.chosen, view, view.unit);
  const at = spot(view);
  view.mark.hidden = view.box.hidden = !at;
  view.seen.classList.toggle("nothing", !at);
  if (!at) return write(view.here, "");
  const [height, width] = view.data.shape;
  const [y, x] = at;
  place(view.mark, { left: share(x, width), top: share(y, height), width: share(1, width), height: share(1, height) });
  const [tall, wide] = view.data.sides;
  const [[top, bottom], [left, right]] = [view.data.rows[y], view.data.columns[x]];
  const [across, down] = [right - left + 1, bottom - top + 1];
  place(view.box, { left: share(left, wide), top: share(top, tall), width: share(across, wide), height: share(down, tall) });
  const seen = across >= wide && down >= tall ? "the whole input" : `${across}x${down} px of the input, from row ${top}, column ${left}`;
  const value = valueAt(view, y, x);
  write(view.here, view.root.classList.contains("flat") ? `It sees ${seen}.` : `Row ${y}, column ${x}: ${value}. It sees ${seen}.`);
  say(view.map, "Place", y * width + x, height * width, `row ${y}, column ${x}: ${value}, sees ${seen}`);
}

/** The value of a place: as Python sent it for the strongest, else as fine as its colour tells. */
function valueAt(view, y, x) {
  const known = view.data.spots[view.unit].find((one) => one[0] === y && one[1] === x);
  if (known) return measured(known[2]);
  const [red, green, blue] = view.large.getContext("2d").getImageData(x, y, 1, 1).data;
  const colour = [red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("");
  const level = view.levels.get(colour);
  if (level === undefined) return "not readable here";
  const [low, high] = bounds(view.data.limits, view.unit);
  const value = low < 0 ? ((level - 128) / 127) * high : (level / 255) * high;
  const digits = Math.max(0, Math.ceil(-Math.log10((high - low) / 255)));
  return `about ${Number(value.toFixed(digits))}`;
}

function placeAt(view, event) {
  const { left, top, width, height } = view.map.getBoundingClientRect();
  const [rows, columns] = view.data.shape;
  const [x, y] = [Math.floor(((event.clientX - left) / width) * columns), Math.floor(((event.clientY - top) / height) * rows)];
  return [bounded(y, rows), bounded(x, columns)];
}

function walkPlaces(view, event) {
  const to = view.data && over(event, spot(view) ?? [0, 0], view.data.shape);
  if (to) pick(view, view.unit, to, REST_MS);
}

function pick(view, unit, at, rest = 0) {
  if (unit === null || !view.data || (unit === view.unit && String(at) === String(view.place))) return;
  const other = unit !== view.unit;
  [view.unit, view.place] = [unit, at];
  if (other) paint(view);
  else frames(view);
  tell(view, { of: view.data.of, unit, place: at }, rest);
}

// Small help

const share = (part, whole) => `${(part / whole) * 100}%`;

function say(node, name, now, count, text) {
  const attributes = { label: `${name}s`, valuemin: 0, valuemax: count - 1, valuenow: now, valuetext: text };
  for (const [attribute, value] of Object.entries(attributes)) set(node, `aria-${attribute}`, value);
}

function place(node, style) {
  node.hidden = false;
  for (const [name, value] of Object.entries(style)) if (node.style[name] !== value) node.style[name] = value;
}

function resize(canvas, width, height) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
