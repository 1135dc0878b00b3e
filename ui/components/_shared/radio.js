// A radio group whose choice Python keeps; it needs `keys` and `turns`. `ui.components.register.component` puts this in
// front of the scripts of the groups: each has its own `paint(view)`, and keeps its buttons in `view.radios`.

/** Make `group` one of radios that pointer and arrow keys walk through. */
function grouped(group, view) {
  group.setAttribute("role", "radiogroup");
  group.addEventListener("keydown", (event) => walk(view, event));
}

function radio(view, name, at) {
  const node = element("button", name, { type: "button", role: "radio" });
  node.addEventListener("click", () => choose(view, at));
  return node;
}

/** Take what Python says: the keys in their order, and which is chosen. */
function hear(view, keys, data, setStateValue) {
  view.keys = keys;
  if (newest(view, "chosen", data, setStateValue)) view.chosen = data.chosen;
}

/** Check the chosen one; the Tab key stops there, or at the first where none is chosen. */
function check(view) {
  const stop = Math.max(0, view.keys.indexOf(view.chosen));
  view.radios.forEach((node, at) => {
    set(node, "aria-checked", view.keys[at] === view.chosen);
    node.tabIndex = at === stop ? 0 : -1;
  });
}

function choose(view, at) {
  if (view.keys[at] === view.chosen) return;
  view.chosen = view.keys[at];
  paint(view); // at once; Python follows
  tell(view, view.chosen);
}

function walk(view, event) {
  const at = round(event, Math.max(0, view.keys.indexOf(view.chosen)), view.keys.length);
  if (at === undefined) return;
  choose(view, at);
  view.radios[at].focus();
}
