// A radio group whose choice Python keeps. `ui.components.register.component` puts this in front of the scripts of the groups:
// each has its own `paint(view)`, and keeps its buttons in `view.radios`.

/** Make `group` one of radios that pointer and arrow keys walk through. */
function grouped(group, view) {
  group.setAttribute("role", "radiogroup");
  group.addEventListener("keydown", (event) => move(view, event));
  view.turn = 0;
}

function radio(view, name, at) {
  const node = element("button", name, { type: "button", role: "radio" });
  node.addEventListener("click", () => choose(view, at));
  return node;
}

/** Take what Python says: the keys in their order, and which is chosen. */
function hear(view, keys, data, setStateValue) {
  view.keys = keys;
  view.send = (value, turn) => setStateValue("chosen", { value, turn });
  if (data.turn < view.turn) return; // an answer to an older turn would undo a choice that is on its way
  view.turn = data.turn;
  view.chosen = data.chosen;
}

/** Check the chosen one; the Tab key stops there, or at the first where none is chosen. */
function check(view) {
  const stop = Math.max(0, view.keys.indexOf(view.chosen));
  view.radios.forEach((node, at) => {
    node.setAttribute("aria-checked", view.keys[at] === view.chosen);
    node.tabIndex = at === stop ? 0 : -1;
  });
}

function choose(view, at) {
  if (view.keys[at] === view.chosen) return;
  view.chosen = view.keys[at];
  view.turn += 1;
  paint(view); // at once; Python follows
  view.send(view.chosen, view.turn);
}

function move(view, event) {
  const count = view.keys.length;
  const now = Math.max(0, view.keys.indexOf(view.chosen));
  const to = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: count - 1 };
  if (!(event.key in to) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const at = (to[event.key] + count) % count;
  choose(view, at);
  view.radios[at].focus();
}
