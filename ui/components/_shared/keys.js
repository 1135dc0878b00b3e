// Where the keys go that walk; `ui.components.register.component` puts this in front of the scripts of components.

const bounded = (at, count) => Math.max(0, Math.min(count - 1, at));

/** Take a key that `to` names: what stands there. Undefined for other keys, and with Ctrl, Meta or Alt: those are the browser's. */
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

/** Walk a map of `high` by `wide` places, with the page keys by `leap` rows, if any. */
function over(event, [y, x], [high, wide], leap = 0) {
  const arrows = { ArrowLeft: [y, x - 1], ArrowRight: [y, x + 1], ArrowUp: [y - 1, x], ArrowDown: [y + 1, x] };
  const pages = leap ? { PageUp: [y - leap, x], PageDown: [y + leap, x] } : {};
  const to = taken(event, { ...arrows, ...pages, Home: [y, 0], End: [y, wide - 1] });
  return to && [bounded(to[0], high), bounded(to[1], wide)];
}

/** Walk `count` tiles, `across` of them in a row; where none is, it stays. */
function tiled(event, at, count, across) {
  const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + across, ArrowUp: at - across };
  const to = taken(event, { ...steps, Home: 0, End: count - 1 });
  return to === undefined || to < 0 || to >= count ? undefined : to;
}
