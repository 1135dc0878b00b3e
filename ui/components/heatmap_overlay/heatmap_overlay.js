// The opacity lives here alone: the slider answers at once, and no message is sent.

export default function ({ parentElement, data }) {
  const part = (name) => parentElement.querySelector(`.${name}`);
  const slider = part("opacity").querySelector("input");
  const blend = () => part("stage").style.setProperty("--opacity", slider.value / 100);
  slider.oninput = blend;
  blend();
  part("photo").alt = data.alt;
  for (const name of ["photo", "heat", "ramp"]) source(part(name), data[name]);
  frame(part("box"), data.box);
  part("tools").classList.toggle("idle", !data.heat); // its place stays, so that nothing jumps
  slider.disabled = !data.heat;
  write(part("caption"), data.caption);
}

function frame(node, box) {
  node.hidden = !box;
  if (!box) return;
  ["left", "top", "width", "height"].forEach((side, at) => {
    node.style[side] = `${box[at] * 100}%`;
  });
}
