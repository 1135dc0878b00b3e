// One's own kernel or pool on one's own picture. Everything is worked out here, at once; the bounds of the settings
// depend on each other, so that no setting exists that Keras would refuse.

const REST = 500; // ms without another change before Python hears, for the address
const LARGEST = { size: 7, stride: 8, dilation: 4 };
const PADDINGS = { conv: ["valid", "same", "pixels"], pool: ["valid", "same"] };
const TYPED = "typed in";
const THREES = {
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
  "Sobel x": [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  "Sobel y": [-1, -2, -1, 0, 0, 0, 1, 2, 1],
  outline: [-1, -1, -1, -1, 8, -1, -1, -1, -1],
  emboss: [-2, -1, 0, -1, 1, 1, 0, 1, 2],
};
const ANY = {
  blur: (size) => Array(size * size).fill(1 / (size * size)),
  identity: (size) => Array.from({ length: size * size }, (_, at) => Number(at === middle(size) * (size + 1))),
};
const PRESETS = ["Sobel x", "Sobel y", "outline", "sharpen", "emboss", "blur", "identity", TYPED];
const FIRST = { kind: "conv", size: 3, stride: 1, padding: "same", pixels: 1, dilation: 1, colour: false, preset: "Sobel x" };

const middle = (size) => Math.floor((size - 1) / 2);
const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".sandbox");
  if (!views.has(root)) views.set(root, build(root, data));
  const view = views.get(root);
  newest(view, "setting", data, setStateValue); // what it answers changes nothing: the settings live here
  if (view.picture !== data.picture) {
    view.picture = data.picture;
    view.input = opened(data);
    view.at = null;
    view.title = data.title;
    if (view.input.channels.length < 3) view.setting.colour = false;
  }
  work(view);
}

function build(root, data) {
  const part = (name) => root.querySelector(`.${name}`);
  const view = { root, part, at: null, setting: read(data.setting), palette: colours(data.palette) };
  const change = (name, value) => () => alter(view, { [name]: value() });
  for (const name of ["size", "stride", "pixels", "dilation"]) part(name).addEventListener("input", change(name, () => Number(part(name).value)));
  part("preset").addEventListener("change", change("preset", () => part("preset").value));
  part("padding-kind").addEventListener("change", change("padding", () => part("padding-kind").value));
  part("colour").addEventListener("change", change("colour", () => part("colour").checked));
  for (const radio of root.querySelectorAll("[name=kind]")) radio.addEventListener("change", change("kind", () => radio.value));
  for (const side of ["source", "output"]) {
    part(side).addEventListener("pointerdown", (event) => take(view, side, event));
    part(side).addEventListener("pointermove", (event) => event.buttons && take(view, side, event));
  }
  part("output").addEventListener("keydown", (event) => key(view, event));
  return view;
}

// ---- Settings

// Read "conv,3,1,same,1,1,grey,Sobel x" or the like; what is missing or unknown stays as at first.
function read(text) {
  const [kind, size, stride, padding, pixels, dilation, colour, preset, ...numbers] = (text || "").split(",");
  const setting = { ...FIRST };
  const number = (name, given) => Number.isInteger(Number(given)) && given !== "" && given !== undefined && (setting[name] = Number(given));
  if (kind in PADDINGS) setting.kind = kind;
  if (PADDINGS[setting.kind].includes(padding)) setting.padding = padding;
  Object.entries({ size, stride, pixels, dilation }).forEach(([name, given]) => number(name, given));
  setting.size = Math.max(1, Math.min(LARGEST.size, setting.size));
  setting.colour = colour === "colour";
  if (PRESETS.includes(preset)) setting.preset = preset;
  if (preset in THREES) setting.size = 3;
  setting.kernel = made(setting.preset, setting.size) ?? Array.from({ length: setting.size ** 2 }, (_, at) => Number(numbers[at]) || 0);
  return bounds(setting, 28, 28).setting;
}

function written({ kind, size, stride, padding, pixels, dilation, colour, preset, kernel }) {
  const typed = preset === TYPED ? kernel : [];
  return [kind, size, stride, padding, pixels, dilation, colour ? "colour" : "grey", preset, ...typed].join();
}

function made(preset, size) {
  return THREES[preset] ?? ANY[preset]?.(size) ?? null;
}

// The largest value of each setting, given the others; and the setting itself, brought within.
function bounds(given, height, width) {
  const setting = { ...given };
  const side = Math.min(height, width);
  const most = { size: Math.min(LARGEST.size, side) };
  setting.size = Math.max(1, Math.min(most.size, setting.size));
  if (!PADDINGS[setting.kind].includes(setting.padding)) setting.padding = "valid";
  const pool = setting.kind === "pool";
  most.dilation = pool || setting.size === 1 || setting.stride > 1 ? 1 : Math.min(LARGEST.dilation, Math.floor((side - 1) / (setting.size - 1)));
  setting.dilation = Math.max(1, Math.min(most.dilation, setting.dilation));
  most.stride = setting.dilation > 1 ? 1 : Math.min(LARGEST.stride, side);
  setting.stride = Math.max(1, Math.min(most.stride, setting.stride));
  most.pixels = (setting.size - 1) * setting.dilation; // with more, a window would read nothing but padding
  setting.pixels = Math.max(0, Math.min(most.pixels, setting.pixels));
  return { setting, most };
}

function alter(view, change) {
  const setting = { ...view.setting, ...change };
  if ("preset" in change) {
    if (change.preset in THREES) setting.size = 3;
    setting.kernel = made(change.preset, setting.size) ?? setting.kernel;
  }
  if ("size" in change) {
    if (setting.preset in THREES) setting.preset = TYPED;
    setting.kernel = made(setting.preset, setting.size) ?? resized(view.setting.kernel, view.setting.size, setting.size);
  }
  view.setting = bounds(setting, view.input.height, view.input.width).setting;
  work(view);
  tell(view, written(view.setting), REST);
}

// Keep a kernel's middle when its size changes.
function resized(kernel, from, to) {
  const shift = middle(from) - middle(to);
  return Array.from({ length: to * to }, (_, at) => {
    const [row, column] = [Math.floor(at / to) + shift, (at % to) + shift];
    return row >= 0 && row < from && column >= 0 && column < from ? kernel[row * from + column] : 0;
  });
}

// ---- The picture and what becomes of it

function opened({ picture, height, width, channels }) {
  const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
  const count = height * width;
  const each = Array.from({ length: channels }, (_, channel) => {
    const values = Float64Array.from({ length: count }, (_, at) => bytes[at * channels + channel] / 255);
    return { height, width, values };
  });
  const shares = channels === 3 ? [0.299, 0.587, 0.114] : [1]; // of ITU-R BT.601
  const values = Float64Array.from({ length: count }, (_, at) => shares.reduce((sum, share, i) => sum + share * each[i].values[at], 0));
  return { height, width, channels: each, grey: { height, width, values } };
}

// How the window slides, and how many places it has, as TensorFlow counts.
function laid({ size, stride, padding, pixels, dilation }, height, width) {
  const far = (size - 1) * dilation + 1;
  const sides = [height, width].map((length) => {
    if (padding !== "same") {
      const edge = padding === "pixels" ? pixels : 0;
      return { before: edge, after: edge, count: Math.floor((length + 2 * edge - far) / stride) + 1 };
    }
    const count = Math.ceil(length / stride);
    const whole = Math.max(0, (count - 1) * stride + far - length);
    return { before: Math.floor(whole / 2), after: whole - Math.floor(whole / 2), count };
  });
  return {
    size: [size, size],
    strides: [stride, stride],
    dilation: [dilation, dilation],
    before: sides.map(({ before }) => before),
    after: sides.map(({ after }) => after),
    output: sides.map(({ count }) => count),
  };
}

// Slide over one map: the sum of the products, or without a kernel the largest number that is no padding.
function slid(map, slides, kernel) {
  const [height, width] = slides.output;
  const { size, dilation, strides } = slides;
  const edge = kernel ? 0 : -Infinity;
  const spread = padded(map, slides, edge);
  const values = new Float64Array(height * width).fill(edge);
  for (let i = 0; i < size[0]; i += 1) {
    for (let j = 0; j < size[1]; j += 1) {
      const weight = kernel ? kernel[i * size[1] + j] : 0;
      if (kernel && weight === 0) continue;
      for (let y = 0, at = 0; y < height; y += 1) {
        let from = (y * strides[0] + i * dilation[0]) * spread.width + j * dilation[1];
        for (let x = 0; x < width; x += 1, at += 1, from += strides[1]) {
          if (kernel) values[at] += weight * spread.values[from];
          else if (spread.values[from] > values[at]) values[at] = spread.values[from];
        }
      }
    }
  }
  return { height, width, values };
}

function padded({ height, width, values }, { before, after }, edge) {
  const wide = width + before[1] + after[1];
  const spread = new Float64Array((height + before[0] + after[0]) * wide).fill(edge);
  for (let row = 0; row < height; row += 1) {
    spread.set(values.subarray(row * width, (row + 1) * width), (row + before[0]) * wide + before[1]);
  }
  return { width: wide, values: spread };
}

function work(view) {
  const { setting, input } = view;
  view.slides = laid(setting, input.height, input.width);
  const kernel = setting.kind === "conv" ? setting.kernel : null;
  const maps = setting.colour ? input.channels : [input.grey];
  view.outputs = maps.map((map) => slid(map, view.slides, kernel));
  const [high, wide] = view.slides.output;
  view.at = view.at ? [bounded(view.at[0], high), bounded(view.at[1], wide)] : [Math.floor(high / 2), Math.floor(wide / 2)];
  controls(view);
  kernelGrid(view);
  pictures(view, maps);
  facts(view);
  mark(view);
}

// ---- What is drawn

function controls(view) {
  const { setting, part, input } = view;
  const { most } = bounds(setting, input.height, input.width);
  const pool = setting.kind === "pool";
  for (const radio of view.root.querySelectorAll("[name=kind]")) radio.checked = radio.value === setting.kind;
  options(part("preset"), PRESETS, setting.preset);
  options(part("padding-kind"), PADDINGS[setting.kind], setting.padding);
  for (const name of ["size", "stride", "pixels", "dilation"]) {
    const slider = part(name);
    slider.max = most[name];
    slider.value = setting[name];
    slider.disabled = Number(slider.min) === most[name];
    write(slider.nextElementSibling, String(setting[name]));
  }
  part("colour").checked = setting.colour;
  part("colour-field").hidden = input.channels.length < 3;
  part("preset-field").hidden = part("dilation-field").hidden = pool;
  part("pixels-field").hidden = pool || setting.padding !== "pixels";
  write(part("note"), remark(setting, pool));
}

function remark({ stride, dilation }, pool) {
  if (pool) return "Padding never wins: only real pixels are compared.";
  if (stride > 1) return "Keras takes a dilation only with stride 1.";
  return dilation > 1 ? "Keras takes a stride only without dilation." : "Type into the kernel to make your own.";
}

function options(select, names, chosen) {
  if ([...select.options].map(({ value }) => value).join() !== names.join()) select.replaceChildren(...names.map((name) => new Option(name, name)));
  select.value = chosen;
}

function kernelGrid(view) {
  const { setting, part } = view;
  const node = part("typed");
  const pool = setting.kind === "pool";
  node.parentElement.hidden = pool;
  write(part("kernel-title"), pool ? `window ${setting.size} \u00d7 ${setting.size}` : `kernel ${setting.size} \u00d7 ${setting.size}`);
  if (pool) return;
  node.style.setProperty("--columns", setting.size);
  while (node.children.length > setting.size ** 2) node.lastChild.remove();
  while (node.children.length < setting.size ** 2) entry(view, node);
  const top = farthest(setting.kernel);
  setting.kernel.forEach((value, at) => {
    const cell = node.children[at];
    const colour = hue(value, top, view.palette);
    cell.setAttribute("aria-label", `Weight in row ${Math.floor(at / setting.size)}, column ${at % setting.size}`);
    if (Number(cell.value) !== value || cell.value === "") cell.value = String(Math.round(value * 1000) / 1000);
    cell.style.background = `rgb(${colour})`;
    cell.style.color = ink(colour);
  });
}

function entry(view, node) {
  const cell = add(node, "input", "entry", { type: "number", step: "any", inputmode: "decimal" });
  cell.addEventListener("input", () => {
    if (cell.value === "" || !Number.isFinite(cell.valueAsNumber)) return;
    const kernel = [...view.setting.kernel];
    kernel[[...node.children].indexOf(cell)] = cell.valueAsNumber;
    alter(view, { kernel, preset: TYPED });
  });
}

function pictures(view, maps) {
  const { part, slides, input, outputs, setting } = view;
  const [source, output] = ["source", "output"].map((side) => part(side).querySelector("canvas"));
  view.stages = {
    source: { ...slides, height: input.height, width: input.width },
    output: { before: [0, 0], after: [0, 0], height: outputs[0].height, width: outputs[0].width },
  };
  lay(part("source"), source, view.stages.source);
  lay(part("output"), output, view.stages.output);
  asSeen(source, maps);
  view.top = farthest(outputs[0].values);
  if (setting.colour || setting.kind === "pool") asSeen(output, outputs);
  else paint(output, outputs[0], view.top, view.palette);
  const asItIs = setting.colour || setting.kind === "pool";
  part("scale").hidden = asItIs;
  if (!asItIs) fillScale(part("scale"), view.top, view.palette);
  const depth = setting.colour ? " \u00d7 3" : "";
  write(part("input-title"), `${view.title}: ${input.height} \u00d7 ${input.width}${depth}`);
  write(part("output-title"), `output: ${outputs[0].height} \u00d7 ${outputs[0].width}${depth}`);
  part("output").setAttribute("aria-label", `Output of ${outputs[0].height} rows and ${outputs[0].width} columns; arrow keys move the window`);
}

// Draw one map as grey, or three as red, green and blue; what lies outside of [0, 1] is cut off.
function asSeen(canvas, maps) {
  const [{ height, width }] = maps;
  Object.assign(canvas, { height, width });
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(width, height);
  for (let at = 0; at < height * width; at += 1) {
    for (let channel = 0; channel < 3; channel += 1) image.data[4 * at + channel] = 255 * maps[channel % maps.length].values[at];
    image.data[4 * at + 3] = 255;
  }
  pen.putImageData(image, 0, 0);
}

function facts(view) {
  const { setting, slides, input, part } = view;
  const [high, wide] = slides.output;
  const words = high === wide && input.height === input.width ? [["Rows and columns", 0]] : [["Rows", 0], ["Columns", 1]];
  write(part("formula"), `${words.map(([word, axis]) => `${word}: ${formula(setting, slides, [input.height, input.width][axis], axis)}`).join(" ")}`);
  write(part("code").firstChild, line(setting));
}

// The size of the output with its numbers filled in (floor is rounding down, ceil rounding up).
function formula({ size, stride, padding, dilation }, { before, after, output }, length, axis) {
  if (padding === "same") return `ceil(${length} / ${stride}) = ${output[axis]}.`;
  const far = (size - 1) * dilation + 1;
  const reaches = dilation > 1 ? ` where the window reaches over (${size} \u2212 1) \u00d7 ${dilation} + 1 = ${far} pixels` : "";
  const edges = before[axis] + after[axis] ? ` + ${before[axis]} + ${after[axis]}` : "";
  return `floor((${length}${edges} \u2212 ${far}) / ${stride}) + 1 = ${output[axis]}${reaches}.`;
}

// The Keras line that makes this layer.
function line({ kind, size, stride, padding, pixels, dilation, colour }) {
  const named = padding === "same" ? ', padding="same"' : "";
  if (kind === "pool") return `layers.MaxPooling2D(${size}, strides=${stride}${named})`;
  const more = (stride > 1 ? `, strides=${stride}` : "") + named + (dilation > 1 ? `, dilation_rate=${dilation}` : "");
  const own = colour ? `layers.DepthwiseConv2D(${size}${more}, use_bias=False)` : `layers.Conv2D(1, ${size}${more}, use_bias=False)`;
  return padding === "pixels" && pixels > 0 ? `layers.ZeroPadding2D(${pixels})\n${own}` : own;
}

function mark(view) {
  const [y, x] = view.at;
  const [top, left] = start(view.slides, y, x);
  const [rows, columns] = reach(view.slides);
  frame(view.part("source").querySelector(".box"), { top, left, rows, columns }, view.stages.source);
  frame(view.part("output").querySelector(".box"), { top: y, left: x, rows: 1, columns: 1 }, view.stages.output);
  const values = view.outputs.map((map) => long(map.values[y * map.width + x]));
  const what = view.setting.kind === "pool" ? "the largest number of the window is" : "the products add up to";
  write(view.part("value"), `Row ${y}, column ${x}: ${what} ${values.join(", ")}.`);
}

// ---- What moves the window

function take(view, side, event) {
  if (event.type === "pointerdown" && event.button !== 0) return;
  event.preventDefault();
  view.part("output").focus({ preventScroll: true });
  const pixel = pointed(view.part(side), event, view.stages[side]);
  const { output } = view.slides;
  view.at = side === "output" ? pixel.map((at, i) => bounded(at, output[i])) : centred(view.slides, pixel, output);
  mark(view);
}

function key(view, event) {
  const to = over(event, view.at, view.slides.output, LEAP);
  if (!to) return;
  view.at = to;
  mark(view);
}
