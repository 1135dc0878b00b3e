// The steps in order, each a picture with a switch; the last panel is what the network sees.
// A switch moves at once; Python answers with new pictures. Nodes are made anew only when the steps change.

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".xray");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  announce(view, data);
  if (newest(view, "off", data, setStateValue)) {
    view.off = new Set(data.panels.filter((panel) => !panel.on && !panel.fixed).map((panel) => panel.step));
  }
  if (view.order !== order(data)) fill(view, data);
  paint(view, data);
}

function build(root) {
  const view = { off: new Set(), panels: [], order: null };
  view.steps = add(root, "ol", "steps", { role: "list", "aria-label": "Steps" });
  view.last = add(root, "div", "last", { role: "group", "aria-label": "What the network sees" });
  view.verdict = element("p", "verdict", { "data-testid": "verdict" });
  view.restore = element("button", "push restore", { type: "button" });
  view.restore.textContent = "Switch all on";
  view.restore.addEventListener("click", () => restore(view));
  return view;
}

function announce(view, data) {
  const answered = data.turn > view.answered; // to a switch, not to a stroke: that, the canvas announces
  view.answered = data.turn;
  set(view.verdict, "aria-live", answered ? "polite" : "off");
}

function order(data) {
  return data.panels.map((panel) => `${panel.step}:${panel.fixed}`).join();
}

function fill(view, data) {
  view.order = order(data);
  view.steps.replaceChildren();
  view.last.replaceChildren();
  view.panels = data.panels.map((panel, at) => {
    const last = at === data.panels.length - 1;
    return makePanel(view, last ? view.last : add(view.steps, "li", "panel"), panel);
  });
  view.panels.at(-1).words.append(view.verdict, view.restore);
}

function makePanel(view, node, { step, fixed }) {
  const frame = add(node, "div", "frame");
  const words = add(node, "div", "words");
  const head = add(words, "div", "head");
  set(node, "data-step", step);
  return {
    node,
    step,
    words,
    image: add(frame, "img", "picture", { decoding: "sync", draggable: "false" }),
    title: add(head, "span", "title"),
    toggle: fixed ? null : makeSwitch(view, head, step),
    text: add(words, "p", "text"),
  };
}

function makeSwitch(view, head, step) {
  const toggle = add(head, "button", "switch", { type: "button", role: "switch" });
  add(toggle, "span", "knob");
  toggle.addEventListener("click", () => flip(view, step));
  return toggle;
}

function paint(view, data) {
  data.panels.forEach((panel, at) => paintPanel(view.panels[at], panel));
  write(view.verdict, data.verdict);
  paintSwitches(view);
}

function paintPanel({ image, title, text, toggle }, panel) {
  write(title, panel.title);
  write(text, panel.text);
  set(image, "alt", panel.alt);
  if (toggle) set(toggle, "aria-label", panel.title);
  if (panel.picture) set(image, "src", panel.picture);
  else image.removeAttribute("src");
}

function paintSwitches(view) {
  for (const { node, step, toggle } of view.panels) {
    set(node, "data-on", !view.off.has(step));
    if (toggle) set(toggle, "aria-checked", !view.off.has(step));
  }
  view.restore.classList.toggle("needed", view.off.size > 0); // its place stays, so that nothing jumps
}

function flip(view, step) {
  if (!view.off.delete(step)) view.off.add(step);
  changed(view);
}

function restore(view) {
  view.off.clear();
  view.panels.find((panel) => panel.toggle)?.toggle.focus(); // the button that had the focus is about to go
  changed(view);
}

function changed(view) {
  paintSwitches(view); // at once; Python follows
  tell(view, [...view.off]);
}
