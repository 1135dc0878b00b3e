// Pictures that are dragged into another class with mouse, pen or finger; `tiles` shows them. Buttons do the same.

const FAR_PX = 8; // that a pointer moves before it drags: less is a click
const DROP = "drop-on-"; // begins the keys of containers that take pictures; the same as in picture_mover.py
const OUTLINE = "2px solid var(--st-primary-color, #0b66c3)"; // of what would take the picture, outside of this component

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".mover");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  view.move = (picture, into) => setTriggerValue("move", { picture, into });
  lay(view, data, setStateValue);
  offer(view, data.targets);
}

function build(root) {
  const part = (name) => root.querySelector(name);
  const view = { mover: root, buttons: part(".targets"), news: part("[role=status]"), drag: null };
  rowed(part(".gallery"), view);
  const on = (name, answer) => view.root.addEventListener(name, (event) => answer(view, event), true);
  on("pointerdown", press);
  on("keydown", (_, event) => event.key === "Escape" && cancel(view));
  on("click", (_, event) => view.pulled && event.stopPropagation()); // the end of a drag is no choice
  return view;
}

function offer(view, targets) {
  if (view.targets?.map(({ key, name }) => key + name).join() === targets.map(({ key, name }) => key + name).join()) return;
  view.targets = targets;
  const buttons = targets.map(({ key, name }) => {
    const button = worded("button", "push", name);
    Object.assign(button, { type: "button", onclick: () => send(view, view.chosen, key) });
    button.dataset.into = key;
    return button;
  });
  view.buttons.replaceChildren(...(buttons.length ? [worded("span", "", "Drag it, or move it to"), ...buttons] : []));
}

function send(view, picture, into) {
  const [from, to] = [view.tiles.find(({ key }) => key === picture), view.targets.find(({ key }) => key === into)];
  if (!from || !to) return;
  write(view.news, `${from.name} is now in ${to.name}.`);
  view.move(picture, into);
}

function press(view, event) {
  cancel(view);
  view.pulled = false;
  const at = view.radios.findIndex((node) => node.contains(event.target));
  if (at < 0 || event.button !== 0 || !view.targets.length) return;
  const gone = new AbortController();
  view.drag = { at, id: event.pointerId, from: [event.clientX, event.clientY], node: null, over: null, gone };
  const on = (name, answer) => window.addEventListener(name, (later) => answer(view, later), { signal: gone.signal });
  on("pointermove", pull); // of the window: a quick hand leaves the picture with its first move
  on("pointerup", drop);
  on("pointercancel", cancel);
}

function pull(view, event) {
  const { drag } = view;
  if (!drag || event.pointerId !== drag.id) return;
  const here = [event.clientX, event.clientY];
  if (!drag.node) {
    if (Math.hypot(here[0] - drag.from[0], here[1] - drag.from[1]) < FAR_PX) return;
    lift(view, drag);
  }
  drag.node.style.transform = `translate(calc(${here[0]}px - 50%), calc(${here[1]}px - 50%))`;
  hover(drag, under(view, here));
}

function lift(view, drag) {
  view.pulled = true;
  view.radios[drag.at].classList.add("leaving");
  drag.node = add(view.mover, "img", "dragged", { alt: "", src: view.tiles[drag.at].picture });
}

/** Find what would take a picture at a place: the node that is marked, and the class. */
function under(view, [x, y]) {
  const button = view.mover.getRootNode().elementFromPoint(x, y)?.closest?.("[data-into]");
  if (button && view.mover.contains(button)) return { node: button, into: button.dataset.into };
  const box = document.elementFromPoint(x, y)?.closest(`[class*="st-key-${DROP}"]`);
  const into = box && [...box.classList].find((name) => name.startsWith(`st-key-${DROP}`)).slice(`st-key-${DROP}`.length);
  return view.targets.some(({ key }) => key === into) ? { node: box, into } : null;
}

function hover(drag, over) {
  if (drag.over?.node === over?.node) return;
  mark(drag.over, false);
  mark(over, true);
  drag.over = over;
}

function mark(over, taken) {
  if (!over) return;
  over.node.classList.toggle("over", taken);
  over.node.style.outline = taken ? OUTLINE : "";
}

function drop(view, event) {
  const { drag } = view;
  if (!drag || event.pointerId !== drag.id) return;
  const [picture, over] = [view.keys[drag.at], drag.over];
  cancel(view);
  if (over) send(view, picture, over.into);
}

function cancel(view) {
  const { drag } = view;
  view.drag = null;
  drag?.gone.abort();
  if (!drag?.node) return;
  mark(drag.over, false);
  drag.node.remove();
  view.radios[drag.at]?.classList.remove("leaving");
}
