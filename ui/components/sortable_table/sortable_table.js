// A table that sorts in the browser: a click on a head sorts by it, a second click turns the order round.

const views = new WeakMap(); // root element -> how it is sorted, and its rows by key

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".ledger");
  if (!views.has(root)) views.set(root, { root, by: null, down: false, shape: null, rows: new Map() });
  const view = views.get(root);
  const shape = data.columns.map((column) => column.title).join("|");
  view.data = data;
  root.setAttribute("aria-label", data.caption);
  write(root.querySelector("caption"), data.caption);
  if (view.shape !== shape) heads(view, shape);
  body(view);
}

function heads(view, shape) {
  view.shape = shape;
  view.rows.clear();
  view.heads = view.data.columns.map((column, at) => {
    const head = element("th", "");
    head.scope = "col";
    const button = head.appendChild(element("button", "sort"));
    button.type = "button";
    button.append(column.title, element("span", "arrow"));
    button.title = column.help;
    button.addEventListener("click", () => sort(view, at));
    if (column.words && at) head.style.textAlign = "left";
    return head;
  });
  view.root.querySelector("thead tr").replaceChildren(...view.heads);
}

function sort(view, at) {
  view.down = view.by === at ? !view.down : view.data.columns[at].best === "most";
  view.by = at;
  body(view);
}

function body(view) {
  const { rows } = view.data;
  const order = view.by === null ? [...rows] : [...rows].sort((a, b) => compare(a, b, view));
  const nodes = order.map((row) => {
    if (!view.rows.has(row.key)) view.rows.set(row.key, make(view, row));
    const node = view.rows.get(row.key);
    row.cells.forEach((cell, at) => paint(node.children[at], cell, best(view, at, cell)));
    return node;
  });
  view.heads.forEach((head, at) => {
    if (at === view.by) head.setAttribute("aria-sort", view.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
  const longest = Math.max(0, ...rows.flatMap((row) => row.cells.filter((_, at) => view.data.columns[at].words).map((cell) => cell.text.length)));
  view.root.style.setProperty("--words", `${Math.min(26, longest * 0.42)}rem`);
  const place = view.root.querySelector("tbody");
  if (nodes.length !== place.children.length || nodes.some((node, at) => node !== place.children[at])) {
    place.replaceChildren(...nodes);
  }
}

function make(view, row) {
  const node = element("tr", "");
  node.dataset.key = row.key;
  row.cells.forEach((_, at) => {
    const cell = node.appendChild(element(at ? "td" : "th", view.data.columns[at].words ? "words" : ""));
    if (!at) cell.scope = "row";
    cell.append(element("span", "text"), element("span", "note"));
  });
  return node;
}

function paint(node, cell, best) {
  write(node.children[0], cell.text);
  write(node.children[1], cell.note);
  node.children[0].classList.toggle("best", best);
}

function best(view, at, cell) {
  const { best: which } = view.data.columns[at];
  if (!which || cell.value === null || view.data.rows.length < 2) return false;
  const values = view.data.rows.map((row) => row.cells[at].value).filter((value) => value !== null);
  return cell.value === (which === "most" ? Math.max(...values) : Math.min(...values));
}

function compare(a, b, { by, down }) {
  const [one, other] = [a.cells[by], b.cells[by]];
  if (one.value === null || other.value === null) {
    if (one.value !== other.value) return one.value === null ? 1 : -1; // what is not known comes last either way
    return (down ? -1 : 1) * one.text.localeCompare(other.text);
  }
  return (down ? -1 : 1) * (one.value - other.value);
}
