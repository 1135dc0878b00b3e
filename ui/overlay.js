// The opacity lives here alone: the slider answers at once, and no message is sent.

export default function ({ parentElement, data }) {
  const part = (name) => parentElement.querySelector(`.${name}`);
  const slider = part("opacity").querySelector("input");
  const blend = () => part("stage").style.setProperty("--opacity", slider.value / 100);
  slider.oninput = blend;
  blend();
  show(part("photo"), data.photo, data.alt);
  show(part("heat"), data.heat, "");
  show(part("ramp"), data.ramp, "");
  frame(part("box"), data.box);
  part("tools").classList.toggle("idle", !data.heat); // its place stays, so that nothing jumps
  slider.disabled = !data.heat;
  if (part("caption").textContent !== data.caption) part("caption").textContent = data.caption;
}

function show(image, source, alt) {
  image.alt = alt;
  image.hidden = !source;
  if (source && image.getAttribute("src") !== source) image.src = source;
}

function frame(node, box) {
  node.hidden = !box;
  if (!box) return;
  ["left", "top", "width", "height"].forEach((side, at) => {
    node.style[side] = `${box[at] * 100}%`;
  });
}
