// How our front ends make elements and change them; `ui.components.register.component` puts this in front of every script.

const SVG = "http://www.w3.org/2000/svg";

function element(tag, name, attributes = {}) {
  const node = document.createElement(tag);
  node.className = name;
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  return node;
}

function worded(tag, name, text) {
  const node = element(tag, name);
  node.textContent = text;
  return node;
}

function shape(tag, name, attributes = {}) {
  const node = document.createElementNS(SVG, tag);
  if (name) node.setAttribute("class", name);
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  return node;
}

function lettering(name, text, attributes) {
  const node = shape("text", name, attributes);
  node.textContent = text;
  return node;
}

function add(parent, tag, name, attributes) {
  return parent.appendChild(element(tag, name, attributes));
}

// What stays the same is not written again: a screen reader would say it again, a picture would blink.
function set(node, attribute, value) {
  if (node.getAttribute(attribute) !== String(value)) node.setAttribute(attribute, value);
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
