// A choice that Python keeps and the browser changes first, as `ui.components.choice` has it: the newest turn wins.

/** Hear Python: whether it answers the newest turn. An answer to an older one would undo a choice that is on its way. */
function newest(view, event, { turn }, setStateValue) {
  view.turn ??= 0;
  view.send = (value) => setStateValue(event, { value, turn: view.turn });
  if (turn < view.turn) return false;
  view.turn = turn;
  return true;
}

/** Tell Python of a choice, as the newest turn; with `rest`, in ms, once no other has come for so long. */
function tell(view, value, rest = 0) {
  view.turn += 1;
  clearTimeout(view.resting);
  if (rest) view.resting = setTimeout(() => view.send(value), rest);
  else view.send(value);
}
