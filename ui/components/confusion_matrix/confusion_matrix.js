// A confusion matrix as a grid: arrow keys walk over its cells, Enter, space or a click chooses one.

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".matrix");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  const order = data.classes.join("|");
  if (view.order !== order) fill(view, data.classes, order);
  view.data = data;
  view.grid.setAttribute("aria-label", data.caption);
  if (newest(view, "chosen", data, setStateValue)) view.chosen = data.chosen;
  paint(view);
}

function build(root) {
  const view = { root, order: null, cells: [], at: [0, 0], grid: root.querySelector("table") };
  view.grid.addEventListener("keydown", (event) => key(view, event));
  return view;
}

function fill(view, classes, order) {
  view.order = order;
  const heads = classes.map((name) => head(name, "col", name.length > 2 ? "long" : ""));
  const first = element("tr", "");
  first.append(head("shows", "col", ""), ...heads);
  view.root.querySelector("thead").replaceChildren(first);
  view.cells = classes.map((_, row) => classes.map((_, column) => cell(view, row, column)));
  const rows = view.cells.map((cells, row) => {
    const line = element("tr", "");
    line.append(head(classes[row], "row", ""), ...cells);
    return line;
  });
  view.root.querySelector("tbody").replaceChildren(...rows);
}

function head(name, scope, kind) {
  const node = worded("th", kind, name);
  node.scope = scope;
  return node;
}

function cell(view, row, column) {
  const node = element("td", "", { role: "gridcell" });
  node.classList.toggle("wrong", row !== column);
  node.addEventListener("click", () => choose(view, row, column));
  return node;
}

function paint(view) {
  const { counts, classes } = view.data;
  const most = Math.max(1, ...counts.flatMap((row, r) => row.filter((_, c) => c !== r)));
  const [chosenRow, chosenColumn] = view.chosen.split(",").map(Number);
  view.cells.forEach((cells, row) =>
    cells.forEach((node, column) => {
      const count = counts[row][column];
      const total = Math.max(1, counts[row].reduce((sum, one) => sum + one, 0));
      const chosen = row === chosenRow && column === chosenColumn;
      const share = row === column ? count / total : Math.sqrt(count / most); // one mistake must be seen, too
      node.style.setProperty("--share", share);
      node.textContent = count || row === column ? count.toLocaleString("en") : "";
      node.setAttribute("aria-selected", chosen);
      node.setAttribute("aria-label", `shows ${classes[row]}, answered ${classes[column]}: ${count}`);
      if (chosen) view.at = [row, column];
    }),
  );
  rove(view);
}

function rove(view) {
  view.cells.forEach((cells, row) =>
    cells.forEach((node, column) => (node.tabIndex = row === view.at[0] && column === view.at[1] ? 0 : -1)),
  );
}

function choose(view, row, column) {
  const value = `${row},${column}`;
  view.at = [row, column];
  if (value === view.chosen) return rove(view);
  view.chosen = value;
  paint(view); // at once; Python follows
  tell(view, value);
}

function key(view, event) {
  if (taken(event, { Enter: true, " ": true })) return choose(view, ...view.at);
  const to = over(event, view.at, [view.cells.length, view.cells.length]);
  if (!to) return;
  view.at = to;
  rove(view);
  view.cells[to[0]][to[1]].focus();
}
