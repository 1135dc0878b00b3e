// A clip's frames and what each network says of them, over time. Moving the pointer asks nobody: all is here.
// The chosen frame follows a click or a key, and Python hears of it once the person rests.

const THUMBNAIL = 40; // px, the least width of a picture in the strip
const REST = 300; // ms without another choice before Python hears
const CALM = 1000; // ms a frame at least, where the person asked for less motion

const HUES = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]; // Okabe and Ito 2008

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".timeline");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  const text = JSON.stringify({ ...data, chosen: 0, turn: 0 });
  const isNew = view.text !== text;
  Object.assign(view, { data, text });
  if (newest(view, "chosen", data, setStateValue)) view.chosen = Number(data.chosen);
  if (isNew) fill(view);
  show(view, view.hovered ?? view.chosen);
}

function build(root) {
  const part = (name) => root.querySelector(`.${name}`);
  const view = { root, part, chosen: 0, hovered: null, text: null, timer: null };
  const track = part("track");
  track.addEventListener("pointermove", (event) => hover(view, event));
  track.addEventListener("pointerleave", () => leave(view));
  track.addEventListener("pointerdown", (event) => press(view, event));
  root.addEventListener("keydown", (event) => key(view, event));
  part("play").addEventListener("click", () => (view.timer ? pause(view) : play(view)));
  part("next").addEventListener("click", () => next(view));
  new ResizeObserver(() => view.data && fit(view)).observe(track);
  return view;
}

const count = (view) => view.data.frames.length;
const share = (view, frames) => `${(100 * frames) / count(view)}%`;
const colour = (rank) =>
  `color-mix(in srgb, ${HUES[rank] ?? "#808080"} ${HUES[rank] ? 82 : 60}%, var(--st-text-color))`; // 3:1 on either ground

function fill(view) {
  const { data, part } = view;
  pause(view);
  view.hovered = null;
  view.chosen = bounded(view.chosen, count(view));
  view.apart = new Set(data.apart);
  part("answers").replaceChildren(...data.lanes.map(saying));
  part("lanes").replaceChildren(...data.lanes.map((lane) => drawn(view, lane)));
  part("marks").replaceChildren(...data.apart.map((at) => placed(view, "mark", at, 1)));
  part("legend").replaceChildren(...data.legend.map(entry));
  part("count").textContent = data.note;
  part("next").disabled = data.jumps.length === 0;
  part("play").disabled = count(view) < 2;
  part("track").setAttribute("aria-label", data.moment);
  part("track").setAttribute("aria-valuemin", 1);
  part("track").setAttribute("aria-valuemax", count(view));
  fit(view);
}

function saying(lane) {
  const node = element("li", "says");
  node.append(worded("span", "title", lane.title), element("span", "name"), element("span", "percent"));
  node.append(element("span", "bar"), element("span", "then"));
  node.querySelector(".bar").append(element("span", "fill"));
  return node;
}

function drawn(view, lane) {
  const node = element("div", "lane");
  const names = element("div", "names");
  const cells = element("div", "cells");
  for (const { name, first, last } of lane.segments) {
    const label = placed(view, "label", first, last - first + 1);
    label.textContent = name;
    names.append(label);
  }
  const firsts = new Set(lane.segments.slice(1).map(({ first }) => first));
  lane.answers.forEach((answer, at) => {
    const cell = element("span", "cell");
    cell.style.height = `${Math.max(6, 100 * answer.share)}%`;
    cell.style.setProperty("--colour", colour(answer.colour));
    cell.dataset.known = answer.known;
    cell.dataset.first = firsts.has(at);
    cells.append(cell);
  });
  node.append(worded("span", "title", lane.title), names, cells);
  return node;
}

function placed(view, name, at, wide) {
  const node = element("span", name);
  node.style.left = share(view, at);
  node.style.width = share(view, wide);
  return node;
}

function entry({ name, colour: rank, known }) {
  const node = worded("li", "", name);
  node.dataset.known = known;
  node.style.setProperty("--colour", colour(rank));
  return node;
}

// What depends on the width: as many pictures as fit, and only the names that are not cut.
function fit(view) {
  const { part, data } = view;
  const pictures = Math.max(1, Math.min(count(view), Math.floor(part("track").clientWidth / THUMBNAIL)));
  if (part("strip").childElementCount !== pictures || view.strip !== view.text) {
    view.strip = view.text;
    const middle = (at) => Math.floor(((at + 0.5) * count(view)) / pictures);
    part("strip").replaceChildren(...Array.from({ length: pictures }, (_, at) => image(data.frames[middle(at)].picture)));
  }
  for (const label of view.root.querySelectorAll(".label")) {
    label.dataset.fits = label.scrollWidth <= label.clientWidth;
  }
}

function show(view, at) {
  const { part, data } = view;
  const frame = data.frames[at];
  if (part("large").getAttribute("src") !== frame.picture) part("large").src = frame.picture;
  const moment = `${frame.time}, ${data.frame} ${at + 1} of ${count(view)}`;
  const disagree = view.apart.has(at) ? ". The networks disagree." : "";
  part("moment").textContent = moment + disagree;
  const said = data.lanes.map((lane, index) => say(part("answers").children[index], lane, lane.answers[at]));
  part("pointer").style.left = share(view, at);
  part("pointer").style.width = share(view, 1);
  part("large").alt = `${data.whole} at ${moment}`;
  if (at !== view.chosen) return;
  part("track").setAttribute("aria-valuenow", at + 1);
  part("track").setAttribute("aria-valuetext", [moment, ...said].join("; ") + disagree);
}

function say(node, lane, answer) {
  const text = (name, value) => (node.querySelector(`.${name}`).textContent = value);
  node.dataset.known = answer.known;
  node.style.setProperty("--colour", colour(answer.colour));
  node.querySelector(".fill").style.width = `${100 * answer.share}%`;
  text("name", answer.name);
  text("percent", answer.percent);
  text("then", answer.then);
  return `${lane.title}: ${answer.name} ${answer.percent}`;
}

function choose(view, at) {
  view.hovered = null;
  if (at === view.chosen) return show(view, at);
  view.chosen = at;
  show(view, at);
  if (view.timer) view.turn += 1; // each message sends all pictures back: Python hears when the clip stops
  else tell(view, String(at), REST);
}

function under(view, event) {
  const { left, width } = view.part("track").getBoundingClientRect();
  return bounded(Math.floor(((event.clientX - left) / width) * count(view)), count(view));
}

function hover(view, event) {
  if (view.timer) return;
  if (event.buttons) return choose(view, under(view, event));
  view.hovered = under(view, event);
  show(view, view.hovered);
}

function leave(view) {
  view.hovered = null;
  show(view, view.chosen);
}

function press(view, event) {
  if (event.button !== 0) return;
  pause(view);
  choose(view, under(view, event));
}

function key(view, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.toLowerCase() === "n") return next(view);
  if (!view.part("track").contains(event.target)) return; // on a button the keys are the button's
  const to = along(event, view.chosen, count(view), 5);
  if (to === undefined) return;
  pause(view);
  choose(view, to);
}

function next(view) {
  const { jumps } = view.data;
  if (!jumps.length) return;
  pause(view);
  choose(view, jumps.find((at) => at > view.chosen) ?? jumps[0]);
}

function play(view) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (view.chosen === count(view) - 1) choose(view, 0);
  clearTimeout(view.resting);
  view.timer = setInterval(() => step(view), calm ? Math.max(CALM, view.data.pace) : view.data.pace);
  view.part("play").textContent = "Pause";
}

function step(view) {
  if (!view.root.isConnected || view.chosen === count(view) - 1) return pause(view);
  choose(view, view.chosen + 1);
}

function pause(view) {
  if (view.timer) tell(view, String(view.chosen), REST);
  clearInterval(view.timer);
  view.timer = null;
  view.part("play").textContent = "Play";
}

function image(source) {
  const node = element("img", "");
  Object.assign(node, { src: source, alt: "", draggable: false });
  return node;
}
