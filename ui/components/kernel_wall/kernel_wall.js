// All kernels of a layer as one picture, cut from a sheet of one column. Every choice is framed here at once; Python follows.

const views = new WeakMap(); // root element -> what it shows
const GAP = 4; // px between two kernels
const MOST = 76; // px of a kernel
const [MANY, FEW, NARROW] = [16, 8, 640]; // kernels in a row, and px under which there are few
const REST_MS = 120; // after the last arrow key, before Python is told

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".kernels");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  const heard = newest(view, "chosen", data, setStateValue);
  const other = view.data?.of !== data.of;
  if (heard || other) view.unit = data.unit;
  view.data = data;
  write(view.caption, data.caption);
  if (other) load(view, data);
  else if (view.sheet) frame(view);
}

function build(root) {
  const part = (name) => root.querySelector(name);
  const view = { root, caption: part("figcaption"), field: part(".field"), canvas: part("canvas"), mark: part(".frame") };
  view.field.addEventListener("click", (event) => pick(view, unitAt(view, event)));
  view.field.addEventListener("keydown", (event) => {
    if (view.sheet) pick(view, tiled(event, view.unit, view.data.shape[2], view.across), REST_MS);
  });
  new ResizeObserver(() => view.sheet && lay(view)).observe(root);
  return view;
}

async function load(view, data) {
  const image = new Image();
  image.src = data.kernels;
  await image.decode();
  if (view.data.of !== data.of) return; // another layer was chosen meanwhile
  view.sheet = image;
  lay(view);
}

function lay(view) {
  const [height, width, count] = view.data.shape;
  const room = view.root.clientWidth - 8;
  view.across = Math.min(count, room < NARROW ? FEW : MANY);
  view.wide = Math.min(MOST, Math.floor((room + GAP) / view.across) - GAP);
  view.high = Math.round((view.wide * height) / width);
  const fine = window.devicePixelRatio || 1;
  const [full, tall] = [view.across * (view.wide + GAP) - GAP, Math.ceil(count / view.across) * (view.high + GAP) - GAP];
  [view.canvas.width, view.canvas.height] = [Math.round(full * fine), Math.round(tall * fine)];
  view.canvas.style.width = view.field.style.width = `${full}px`;
  const pen = view.canvas.getContext("2d");
  pen.scale(fine, fine);
  pen.imageSmoothingEnabled = false;
  for (let unit = 0; unit < count; unit++) pen.drawImage(view.sheet, 0, unit * height, width, height, ...corner(view, unit), view.wide, view.high);
  frame(view);
}

const corner = (view, unit) => [(unit % view.across) * (view.wide + GAP), Math.floor(unit / view.across) * (view.high + GAP)];

function frame(view) {
  const [x, y] = corner(view, view.unit);
  Object.assign(view.mark.style, { left: `${x}px`, top: `${y}px`, width: `${view.wide}px`, height: `${view.high}px` });
  set(view.field, "aria-valuemax", view.data.shape[2] - 1);
  set(view.field, "aria-valuenow", view.unit);
  set(view.field, "aria-valuetext", `Kernel of channel ${view.unit}`);
}

function unitAt(view, event) {
  const { left, top } = view.field.getBoundingClientRect();
  const column = Math.floor((event.clientX - left) / (view.wide + GAP));
  const unit = Math.floor((event.clientY - top) / (view.high + GAP)) * view.across + column;
  return column < view.across && unit < view.data?.shape[2] ? unit : undefined;
}

function pick(view, unit, rest = 0) {
  if (unit === undefined || unit === view.unit) return;
  view.unit = unit;
  frame(view);
  tell(view, { of: view.data.of, unit }, rest);
}
