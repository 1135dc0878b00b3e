// Two bars a row, before and after; nodes are made once and then only change.

const views = new WeakMap(); // root element -> its rows

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".contrast");
  const rows = views.get(root) ?? [];
  views.set(root, rows);
  const list = root.querySelector(".rows");
  while (rows.length < data.rows.length) rows.push(make(list));
  while (rows.length > data.rows.length) rows.pop().node.remove();
  write(root.querySelector(".title"), data.title);
  write(root.querySelector(".said"), data.said);
  write(root.querySelector(".first"), data.first);
  write(root.querySelector(".second"), data.second);
  const longest = Math.max(...data.rows.map((row) => row.name.length), 1);
  root.classList.toggle("wide", longest > 8); // long names stand above their bars
  root.style.setProperty("--names", `${longest * 0.62 + 0.5}rem`);
  data.rows.forEach((row, at) => paint(rows[at], row));
}

function make(list) {
  const node = list.appendChild(element("li", "row"));
  const name = node.appendChild(element("span", "name"));
  const bars = node.appendChild(element("span", "bars"));
  bars.setAttribute("aria-hidden", "true"); // the numbers beside them say the same
  const fills = [0, 1].map(() => bars.appendChild(element("span", "track")).appendChild(element("span", "fill")));
  const value = node.appendChild(element("span", "value"));
  return { node, name, fills, value };
}

function paint({ node, name, fills, value }, row) {
  write(name, row.name);
  name.title = row.name;
  write(value, row.value);
  node.dataset.name = row.name;
  node.dataset.best = row.best;
  fills.forEach((fill, at) => fill.style.setProperty("--share", row.shares[at]));
}
