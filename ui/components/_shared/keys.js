// Where the keys go that walk; `ui.components.register.component` puts this in front of the scripts of components.

const bounded = (at, count) => Math.max(0, Math.min(count - 1, at));

/** Take a key that `to` names: where it goes. Undefined for other keys, and with Ctrl, Meta or Alt, which are the browser's. */
function taken(event, to) {
  if (!(event.key in to) || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  event.preventDefault();
  return to[event.key];
}

/** Walk the `count` choices of a radio group, from the last on to the first. */
function round(event, at, count) {
  const to = taken(event, { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: count - 1 });
  return to === undefined ? to : (to + count) % count;
}

/** Walk a slider of `count` places, with the page keys by `leap`. */
function along(event, at, count, leap) {
  const back = { ArrowLeft: at - 1, ArrowDown: at - 1, PageDown: at - leap, Home: 0 };
  const on = { ArrowRight: at + 1, ArrowUp: at + 1, PageUp: at + leap, End: count - 1 };
  const to = taken(event, { ...back, ...on });
  return to === undefined ? to : bounded(to, count);
}
