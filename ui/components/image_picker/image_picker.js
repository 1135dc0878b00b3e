// Photos to choose from; `tiles` shows them.

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".gallery");
  if (!views.has(root)) views.set(root, build(root));
  lay(views.get(root), data, setStateValue);
}

function build(root) {
  const view = {};
  rowed(root, view);
  return view;
}
