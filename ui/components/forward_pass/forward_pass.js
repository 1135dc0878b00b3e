// Plays the forward pass out of pictures that are here already: nothing is asked of Python. Who wants less motion sees
// each layer at once, and the bars at their length.

const PACE_MS = 1300; // a layer while it plays
const SPREAD_MS = 600; // from the first map of a layer to its last
const ROOM = { wide: 190, narrow: 150 }; // px, height of the maps on the stage
const MOST_PX = 120; // of one map

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".pass");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  const sheets = data.frames.map(({ sheet }) => sheet).join();
  if (view.sheets === sheets) return undefined;
  view.sheets = sheets;
  load(view, data);
  return () => pause(view);
}

function build(root) {
  const part = (name) => root.querySelector(name);
  const view = { root, at: -1, timer: 0, play: part(".play"), film: part(".film"), stage: part(".stage") };
  Object.assign(view, { maps: part(".maps"), title: part(".title"), text: part(".text"), answer: part(".answer") });
  view.play.addEventListener("click", () => (view.timer ? pause(view) : play(view)));
  const drag = (event) => event.buttons && take(view, stillAt(view, event));
  view.film.addEventListener("pointerdown", drag);
  view.film.addEventListener("pointermove", drag);
  view.film.addEventListener("keydown", (event) => {
    const to = view.data && along(event, Math.max(view.at, 0), view.data.frames.length + 1, 5);
    if (to !== undefined) take(view, to);
  });
  new ResizeObserver(() => view.at >= 0 && lay(view)).observe(root);
  return view;
}

async function load(view, data) {
  pause(view);
  const pictures = await Promise.all(data.frames.map(({ sheet }) => picture(sheet)));
  if (view.sheets !== data.frames.map(({ sheet }) => sheet).join()) return; // another picture was chosen meanwhile
  Object.assign(view, { data, pictures });
  view.stills = [...data.frames.map((_, at) => still(view, at)), element("span", "still last")];
  view.film.replaceChildren(...view.stills);
  set(view.film, "aria-valuemax", view.stills.length);
  view.answer.replaceChildren(...data.answers.map(bar));
  show(view, view.at < 0 ? -1 : view.stills.length - 1, false);
}

async function picture(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

/** One map of a layer, small: the first one of its sheet. */
function still(view, at) {
  const [height, width] = view.data.frames[at].shape;
  return drawn(view, at, 0, "still", width, height);
}

function drawn(view, at, map, name, wide, high) {
  const { shape: [height, width], across } = view.data.frames[at];
  const canvas = element("canvas", name, { width: wide, height: high });
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = false;
  const corner = [(map % across) * width, Math.floor(map / across) * height];
  pen.drawImage(view.pictures[at], ...corner, width, height, 0, 0, wide, high);
  return canvas;
}

function bar({ name, value }) {
  const row = element("li", "");
  const track = element("span", "track");
  track.append(element("span", "fill"));
  row.append(worded("span", "name", name), track, worded("span", "value", value));
  return row;
}

function play(view) {
  if (!view.data) return;
  if (view.at >= view.stills.length - 1) view.at = -1;
  const step = () => {
    show(view, view.at + 1, true);
    if (view.at >= view.stills.length - 1) pause(view);
    else view.timer = setTimeout(step, PACE_MS);
    label(view);
  };
  step();
}

function pause(view) {
  clearTimeout(view.timer);
  view.timer = 0;
  label(view);
}

function label(view) {
  const ended = view.stills && view.at >= view.stills.length - 1;
  write(view.play, view.timer ? "Pause" : ended ? "▶ Again" : view.at > 0 ? "▶ Go on" : "▶ Play");
}

function take(view, at) {
  if (!view.data || at === view.at) return;
  pause(view);
  show(view, at, false);
}

function stillAt(view, event) {
  const found = view.stills?.findIndex((one) => event.clientX <= one.getBoundingClientRect().right) ?? -1;
  return found < 0 ? (view.stills?.length ?? 1) - 1 : found;
}

/** Bring a layer on the stage; behind the last one stand the bars. */
function show(view, at, moving) {
  view.at = at;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  view.stage.hidden = at < 0;
  view.stage.classList.toggle("moving", moving && !calm);
  view.stills.forEach((one, place) => {
    one.classList.toggle("lit", place <= at);
    one.classList.toggle("now", place === at);
  });
  set(view.film, "aria-valuenow", Math.max(at, 0) + 1);
  label(view);
  if (at < 0) return;
  const ended = at >= view.data.frames.length;
  const { title, text } = ended ? { title: "The answer", text: view.data.said } : view.data.frames[at];
  set(view.film, "aria-valuetext", title);
  write(view.title, title);
  write(view.text, text);
  view.answer.hidden = !ended;
  lay(view);
  if (ended) grow(view, moving && !calm);
}

function grow(view, moving) {
  const fills = [...view.answer.querySelectorAll(".fill")];
  const shares = view.data.answers.map(({ share }) => share);
  const set_ = (values) => fills.forEach((fill, at) => fill.style.setProperty("--share", values[at]));
  if (!moving) return set_(shares);
  set_(shares.map(() => 0));
  return requestAnimationFrame(() => requestAnimationFrame(() => set_(shares)));
}

/** Lay the maps of a layer out, as large as fits; at the end those of the last layer stay. */
function lay(view) {
  const at = Math.min(view.at, view.data.frames.length - 1);
  const [height, width, count] = view.data.frames[at].shape;
  const narrow = view.root.clientWidth < 600;
  const [room, tall] = [view.root.clientWidth * (narrow ? 1 : 0.6) - 40, narrow ? ROOM.narrow : ROOM.wide];
  const side = Math.min(count === 1 ? tall : MOST_PX, Math.floor(Math.sqrt((room * tall) / count)) - 4);
  const fine = window.devicePixelRatio || 1;
  const wide = Math.max(side, 3);
  const high = Math.max(3, Math.round((wide * height) / width));
  view.stage.style.setProperty("--stagger", `${SPREAD_MS / count}ms`);
  view.maps.replaceChildren(
    ...Array.from({ length: count }, (_, map) => {
      const canvas = drawn(view, at, map, "map", Math.round(wide * fine), Math.round(high * fine));
      canvas.style.cssText = `width: ${wide}px; height: ${high}px; --order: ${map}`;
      return canvas;
    }),
  );
}
