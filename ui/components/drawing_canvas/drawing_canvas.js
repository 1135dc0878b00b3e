// The drawing canvas in the browser. Streamlit calls the function below at every rerun that has news;
// what a person has drawn lives here, so that no rerun ever touches it.
//
// A stroke is a list of [x, y] in canvas units, y downwards. Finished strokes never change.

const WIDTH = 480; // canvas units; the same numbers as in canvas.py
const HEIGHT = 360;
const MAX_STROKES = 200;
const MAX_POINTS = 20000;
const MAX_UNDO = 100; // steps
const DOT = 0.02; // of the width: a stroke that is not longer is a dot, as is one not longer than the pen is wide
const NEAR = 1; // canvas units: points closer than this to the one before are left out
const STEP = 12; // canvas units, for one press of an arrow key
const FINE_STEP = 3; // the same with Shift
const THROTTLE_MS = 200; // between two messages while drawing: the last one must not find the server busy
const PATIENCE_MS = 600; // without an answer, before the next message goes all the same
const LOST_MS = 3000; // without an answer, before the same drawing goes again: under load Streamlit loses some
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const DEMO_POINT_MS = 26; // between two points of a digit that draws itself: about two seconds a digit
const DEMO_REST_MS = 2500; // to look at the answers, before the next one

const REPLAY_MS_A_UNIT = 1.4; // a linked digit appears in a second or two
const LONGEST_REPLAY_MS = 3000;

const INVITATION = "Draw a digit here";
const LARGER = "Larger, please: a dot is no digit";

const pads = new WeakMap(); // root element -> its pad
const replayed = new Set(); // revisions that were: coming back to a page shows them whole

export default ({ parentElement, data, setStateValue }) => {
  const root = parentElement.querySelector(".pad");
  const pad = pads.get(root) ?? mount(root, data);
  pad.tell = (message) => setStateValue("message", message);
  hear(pad, data);
  if (data.demo.length && !pad.demo && !pad.past.length && !pad.strokes.length && !pad.live && !pad.taken) perform(pad, data.demo);
  return () => clearTimeout(pad.timer);
};

function mount(root, data) {
  const names = ["surface", "sheet", "ink", "cursor", "tip", "undo", "redo", "clear", "width", "nib", "samples"];
  const pad = {
    root,
    ...Object.fromEntries([...names, "hint", "news"].map((name) => [name, root.querySelector(`.${name}`)])),
    strokes: data.strokes, // finished ones
    live: null, // the stroke under the pen
    pen: data.pen, // width in canvas units
    past: [], // earlier values of `strokes`
    future: [],
    pointer: null, // id of the pointer that draws
    at: [WIDTH / 2, HEIGHT / 2], // where the keyboard's pen stands
    held: new Set(), // arrow keys held down
    revision: data.revision,
    answered: data.answered, // serial of the last message that the server has read
    sent: data.answered, // serial of the last message
    sentAt: -Infinity, // ms
    dirty: false, // something is drawn that no message has told
    timer: 0,
    demo: null, // digits that draw themselves, and how far they are
    taken: false, // a person has touched it: nothing draws itself any more
    shelf: "", // the samples on show, as JSON
  };
  pads.set(root, pad);
  for (const touch of ["pointerdown", "keydown"]) {
    root.addEventListener(touch, (event) => event.key !== "Tab" && takeOver(pad), true);
  }
  listenToPointer(pad);
  listenToKeys(pad);
  listenToTools(pad);
  paint(pad);
  return pad;
}

// ---- talking with the server

function hear(pad, data) {
  const forgotten = data.answered < pad.answered; // a new session, which has not seen this drawing
  pad.answered = data.answered;
  if (data.revision > pad.revision) adopt(pad, data);
  else if (forgotten) pad.dirty = true;
  if (data.replay && !pad.live && !replayed.has(data.revision)) replay(pad, data.revision);
  showSamples(pad, data.samples);
  flush(pad);
}

// Python's drawing takes the place of the finished strokes; one under the pen goes on, on top of it.
function adopt(pad, data) {
  pad.revision = data.revision;
  pad.pen = data.pen;
  pad.dirty = Boolean(pad.live);
  remember(pad, data.strokes);
  paint(pad);
}

function flush(pad) {
  clearTimeout(pad.timer);
  const waiting = pad.answered < pad.sent;
  if (!pad.dirty && !waiting) return;
  const waited = performance.now() - pad.sentAt;
  const pause = !waiting ? THROTTLE_MS : pad.dirty ? PATIENCE_MS : LOST_MS;
  if (waited >= pause) send(pad);
  else pad.timer = setTimeout(flush, pause - waited, pad);
}

// Each message holds the whole drawing, so the last one to arrive is always the truth.
function send(pad) {
  clearTimeout(pad.timer);
  pad.dirty = false;
  pad.sentAt = performance.now();
  pad.sent += 1;
  const { pen, revision, sent: serial } = pad;
  pad.tell({ strokes: drawing(pad), pen, done: !pad.live, revision, serial, demo: Boolean(pad.demo) });
  pad.timer = setTimeout(flush, LOST_MS, pad);
}

// ---- digits that draw themselves, until somebody takes the pen

function perform(pad, digits) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  pad.demo = { digits, digit: 0, stroke: 0, point: 0, calm, timer: 0 };
  drawOn(pad);
}

function drawOn(pad) {
  const { demo } = pad;
  if (!demo || !pad.root.isConnected) return;
  const strokes = demo.digits[demo.digit];
  if (demo.calm) pad.strokes = strokes;
  const stroke = demo.calm ? undefined : strokes[demo.stroke];
  if (!stroke) {
    paint(pad);
    send(pad);
    if (!demo.calm) demo.timer = setTimeout(anotherDigit, DEMO_REST_MS, pad);
    return;
  }
  pad.live = stroke.slice(0, demo.point + 1);
  demo.point += 1;
  if (demo.point === stroke.length) {
    pad.strokes = drawing(pad);
    Object.assign(pad, { live: null });
    Object.assign(demo, { stroke: demo.stroke + 1, point: 0 });
  }
  paint(pad);
  changed(pad);
  demo.timer = setTimeout(drawOn, DEMO_POINT_MS, pad);
}

function anotherDigit(pad) {
  if (!pad.demo) return;
  Object.assign(pad.demo, { digit: (pad.demo.digit + 1) % pad.demo.digits.length, stroke: 0, point: 0 });
  pad.strokes = [];
  drawOn(pad);
}

// The drawing of a link appears stroke by stroke, at the pace of a hand. To Python it is there from the start, and the
// next thing that is painted shows it whole.
function replay(pad, revision) {
  replayed.add(revision);
  const paths = [...pad.ink.children];
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || !paths.length) return;
  const lengths = paths.map((one) => Math.max(pad.pen, one.getTotalLength()));
  const whole = lengths.reduce((sum, one) => sum + one, 0);
  const pace = Math.min(REPLAY_MS_A_UNIT, LONGEST_REPLAY_MS / whole);
  let delay = 0;
  paths.forEach((one, at) => {
    const duration = lengths[at] * pace;
    one.style.strokeDasharray = `${lengths[at]} ${lengths[at] + 2 * pad.pen}`;
    const hidden = { strokeDashoffset: lengths[at] + pad.pen }; // a round end reaches half a pen beyond its dash
    one.animate([hidden, { strokeDashoffset: 0 }], { delay, duration, fill: "backwards" });
    delay += duration;
  });
}

function takeOver(pad) {
  pad.taken = true;
  if (!pad.demo) return;
  clearTimeout(pad.demo.timer);
  Object.assign(pad, { demo: null, live: null, strokes: [] });
  paint(pad);
  changed(pad);
}

// ---- the drawing

const drawing = (pad) => (pad.live ? [...pad.strokes, pad.live] : pad.strokes);

function remember(pad, strokes) {
  pad.past = [...pad.past, pad.strokes].slice(-MAX_UNDO);
  pad.future = [];
  pad.strokes = strokes;
}

function begin(pad, point) {
  finish(pad);
  if (isFull(pad)) return write(pad.news, "The canvas is full. Undo or clear to go on.");
  pad.live = [point];
  paint(pad);
  changed(pad);
}

function extend(pad, point) {
  const [x, y] = pad.live.at(-1);
  if (Math.hypot(point[0] - x, point[1] - y) < NEAR || isFull(pad)) return;
  pad.live.push(point);
  pad.ink.lastElementChild.setAttribute("d", trace(pad.live));
  changed(pad);
}

function finish(pad) {
  if (!pad.live) return;
  const strokes = drawing(pad);
  pad.live = null;
  become(pad, strokes);
}

function isFull(pad) {
  const points = drawing(pad).reduce((sum, stroke) => sum + stroke.length, 0);
  return points >= MAX_POINTS || pad.strokes.length >= MAX_STROKES;
}

// Dots alone are no digit, as cnn/preprocessing/stroke_reader.py has it; it is said where the person looks.
function isSmall(pad) {
  const most = Math.max(pad.pen, DOT * WIDTH);
  const extent = (values) => Math.max(...values) - Math.min(...values);
  const isDot = (stroke) => [0, 1].every((axis) => extent(stroke.map((point) => point[axis])) <= most);
  return !pad.live && pad.strokes.length > 0 && pad.strokes.every(isDot);
}

// While a person draws: at the next good moment.
function changed(pad) {
  pad.dirty = true;
  flush(pad);
}

// At the end of a stroke, or of anything else that a person does at once: now.
function become(pad, strokes) {
  remember(pad, strokes);
  paint(pad);
  if (isSmall(pad)) write(pad.news, LARGER);
  send(pad);
}

function clear(pad) {
  finish(pad);
  if (pad.strokes.length) become(pad, []);
}

function undo(pad) {
  finish(pad);
  stepTo(pad, pad.past, pad.future);
}

function redo(pad) {
  finish(pad);
  stepTo(pad, pad.future, pad.past);
}

function stepTo(pad, from, to) {
  if (!from.length) return;
  to.push(pad.strokes);
  pad.strokes = from.pop();
  paint(pad);
  send(pad);
}

// ---- mouse, finger and pen

function listenToPointer(pad) {
  const { surface } = pad;
  surface.addEventListener("pointerdown", (event) => {
    if (pad.pointer !== null || event.button !== 0) return;
    pad.pointer = event.pointerId;
    surface.setPointerCapture(event.pointerId);
    showKeys(pad, false);
    begin(pad, place(pad, event));
  });
  surface.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pad.pointer || !pad.live) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const move of moves.length ? moves : [event]) extend(pad, place(pad, move));
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    surface.addEventListener(end, (event) => lift(pad, event));
  }
}

function lift(pad, event) {
  if (event.pointerId !== pad.pointer) return;
  if (event.type === "pointerup" && pad.live) extend(pad, place(pad, event));
  pad.pointer = null;
  if (pad.live) pad.at = pad.live.at(-1);
  finish(pad);
}

function place(pad, { clientX, clientY }) {
  const box = pad.sheet.getBoundingClientRect();
  return within([((clientX - box.left) / box.width) * WIDTH, ((clientY - box.top) / box.height) * HEIGHT]);
}

function within([x, y]) {
  const tenth = (value, most) => Math.round(Math.min(Math.max(value, 0), most) * 10) / 10;
  return [tenth(x, WIDTH), tenth(y, HEIGHT)];
}

// ---- the keyboard

function listenToKeys(pad) {
  const { surface, held } = pad;
  surface.addEventListener("focus", () => showKeys(pad, surface.matches(":focus-visible")));
  surface.addEventListener("blur", () => {
    held.clear();
    showKeys(pad, false);
    if (pad.pointer === null) finish(pad);
  });
  surface.addEventListener("keyup", (event) => held.delete(event.key));
  surface.addEventListener("keydown", (event) => {
    const act = pad.pointer === null && actOf(event);
    if (!act) return;
    event.preventDefault();
    showKeys(pad, true);
    act(pad, event);
  });
}

function actOf(event) {
  if (event.ctrlKey || event.metaKey) {
    return { z: event.shiftKey ? redo : undo, y: redo }[event.key.toLowerCase()];
  }
  if (event.altKey) return undefined;
  if (event.key in ARROWS) return move;
  return { " ": toggle, Enter: toggle, Escape: raise, Delete: clear, Backspace: clear }[event.key];
}

function move(pad, event) {
  pad.held.add(event.key);
  const step = event.shiftKey ? FINE_STEP : STEP;
  let [x, y] = pad.at;
  for (const key of pad.held) {
    x += ARROWS[key][0] * step;
    y += ARROWS[key][1] * step;
  }
  pad.at = within([x, y]);
  if (pad.live) extend(pad, pad.at);
  showCursor(pad);
}

function toggle(pad, event) {
  if (event.repeat) return;
  if (pad.live) return raise(pad);
  begin(pad, pad.at);
  if (pad.live) write(pad.news, "Pen down");
}

function raise(pad) {
  if (!pad.live) return;
  finish(pad);
  write(pad.news, "Pen up");
}

function showKeys(pad, shown) {
  pad.root.classList.toggle("by-keys", shown);
  showCursor(pad);
}

// ---- the tools and the samples

function listenToTools(pad) {
  const { width } = pad;
  pad.undo.addEventListener("click", () => undo(pad));
  pad.redo.addEventListener("click", () => redo(pad));
  pad.clear.addEventListener("click", () => clear(pad));
  width.addEventListener("input", () => {
    pad.pen = Number(width.querySelector("input").value);
    paint(pad);
    changed(pad);
  });
}

function showSamples(pad, shelf) {
  if (shelf === pad.shelf) return;
  pad.shelf = shelf;
  pad.samples.replaceChildren(...JSON.parse(shelf).map((sample) => thumbnail(pad, sample)));
}

function thumbnail(pad, { name, strokes }) {
  const button = document.createElement("button");
  button.type = "button";
  button.title = name;
  button.setAttribute("aria-label", name);
  const middle = `${(WIDTH - HEIGHT) / 2} 0 ${HEIGHT} ${HEIGHT}`; // a digit seldom needs the sides
  const picture = shape("svg", "ink", { viewBox: middle, "aria-hidden": "true" });
  picture.append(...strokes.map(path));
  button.append(picture);
  button.addEventListener("click", () => {
    finish(pad);
    become(pad, strokes);
  });
  return button;
}

// ---- what is seen and heard

function paint(pad) {
  const strokes = drawing(pad);
  pad.ink.replaceChildren(...strokes.map(path));
  pad.ink.setAttribute("stroke-width", pad.pen);
  const small = isSmall(pad);
  pad.root.classList.toggle("empty", !strokes.length);
  pad.root.classList.toggle("small", small);
  write(pad.hint, small ? LARGER : INVITATION);
  pad.width.querySelector("input").value = pad.pen;
  pad.nib.setAttribute("r", pad.pen / 4);
  enable(pad, pad.undo, pad.past.length);
  enable(pad, pad.redo, pad.future.length);
  enable(pad, pad.clear, strokes.length);
  showCursor(pad);
}

// A disabled button loses the focus to nowhere: a person at the keyboard goes on at the surface.
function enable(pad, button, able) {
  if (!able && button.matches(":focus")) pad.surface.focus();
  button.disabled = !able;
}

function showCursor(pad) {
  pad.root.classList.toggle("pen-down", Boolean(pad.live));
  pad.cursor.setAttribute("transform", `translate(${pad.at})`);
  pad.tip.setAttribute("r", pad.pen / 2);
}

function path(stroke) {
  return shape("path", "", { d: trace(stroke) });
}

// Straight from point to point, as it is sent; the step of no length at the end makes one point a dot.
function trace(points) {
  return `M${points.join("L")}h0`;
}
