// What the components of the Arithmetic page share: colours of signs, maps, grids of numbers; it needs `keys` and
// `numbers`. `ui.components.register.component` puts this in front of their own scripts.

const LEAP = 5; // rows, for a page key
const ZERO = 128; // where 0 stands among the colours; as in ui/images/colormap.py

function decoded(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

// The colours that Python sent, 6 characters each: lists of red, green and blue.
function colours(hex) {
  return hex.match(/.{6}/g).map((one) => [0, 2, 4].map((at) => parseInt(one.slice(at, at + 2), 16)));
}

// The colour of a number between -top and top.
function hue(value, top, palette) {
  const share = top > 0 ? Math.max(-1, Math.min(1, value / top)) : 0;
  return palette[Math.round(ZERO + share * (255 - ZERO))];
}

// Black or white, whichever reads better on a colour (WCAG's relative luminance).
function ink([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((level) => ((level / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000" : "#fff";
}

function farthest(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

// Colour a map, one pixel a number.
function paint(canvas, { values, height, width }, top, palette) {
  if (canvas.height !== height) canvas.height = height;
  if (canvas.width !== width) canvas.width = width;
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(width, height);
  for (let at = 0; at < values.length; at += 1) {
    image.data.set(hue(values[at], top, palette), 4 * at);
    image.data[4 * at + 3] = 255;
  }
  pen.putImageData(image, 0, 0);
}

// Say what the colours mean: a ramp between -top and top.
function fillScale(node, top, palette) {
  write(node.querySelector(".low"), short(-top));
  write(node.querySelector(".high"), short(top));
  const stops = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1].map((share) => `rgb(${hue(share, 1, palette)})`);
  node.querySelector(".ramp").style.background = `linear-gradient(90deg, ${stops})`;
}

// A grid of coloured numbers; its cells are made anew only when their count changes.
function fillGrid(node, { rows, columns, values, top, real, winner, bare }, palette) {
  if (node.children.length !== rows * columns) {
    node.replaceChildren(...Array.from({ length: rows * columns }, () => element("span", "cell")));
  }
  node.style.setProperty("--columns", columns);
  for (let at = 0; at < rows * columns; at += 1) {
    const cell = node.children[at];
    const padding = real ? !real[at] : false;
    const colour = hue(values[at], top, palette);
    write(cell, bare ? "" : padding && winner !== undefined ? "" : short(values[at]));
    cell.style.background = padding ? "" : `rgb(${colour})`;
    cell.style.color = padding ? "" : ink(colour);
    cell.classList.toggle("padding", padding);
    cell.classList.toggle("winner", winner === at);
  }
}

// Where a window of some size begins that reads for the output's place (y, x).
function start({ strides, before }, y, x) {
  return [y * strides[0] - before[0], x * strides[1] - before[1]];
}

// What a window reads of one map at (y, x): its numbers, 0 in the padding, and which of them are no padding.
function patch(map, slides, y, x) {
  const { size, dilation } = slides;
  const [top, left] = start(slides, y, x);
  const values = new Float64Array(size[0] * size[1]);
  const real = new Uint8Array(values.length);
  for (let i = 0, at = 0; i < size[0]; i += 1) {
    const row = top + i * dilation[0];
    for (let j = 0; j < size[1]; j += 1, at += 1) {
      const column = left + j * dilation[1];
      if (row < 0 || row >= map.height || column < 0 || column >= map.width) continue;
      values[at] = map.values[row * map.width + column];
      real[at] = 1;
    }
  }
  return { values, real };
}

// How far the window reaches: rows and columns from its first to its last.
const reach = ({ size, dilation }) => size.map((side, at) => (side - 1) * dilation[at] + 1);

// Put a frame on a stage that shows `height` by `width` pixels, with padding around.
function frame(node, { top, left, rows, columns }, { before, after, height, width }) {
  const high = height + before[0] + after[0];
  const wide = width + before[1] + after[1];
  node.style.top = `${(100 * (top + before[0])) / high}%`;
  node.style.left = `${(100 * (left + before[1])) / wide}%`;
  node.style.height = `${(100 * rows) / high}%`;
  node.style.width = `${(100 * columns) / wide}%`;
}

// Lay a map's canvas into its stage, the padding around it.
function lay(stage, canvas, { before, after, height, width }) {
  const high = height + before[0] + after[0];
  const wide = width + before[1] + after[1];
  stage.style.aspectRatio = `${wide} / ${high}`;
  stage.style.setProperty("--shape", Math.min(1, wide / high));
  canvas.style.top = `${(100 * before[0]) / high}%`;
  canvas.style.left = `${(100 * before[1]) / wide}%`;
  canvas.style.height = `${(100 * height) / high}%`;
  canvas.style.width = `${(100 * width) / wide}%`;
}

// Which pixel of a stage the pointer is on; padding counts, under 0.
function pointed(stage, event, { before, after, height, width }) {
  const box = stage.getBoundingClientRect();
  const high = height + before[0] + after[0];
  const wide = width + before[1] + after[1];
  const row = Math.floor(((event.clientY - box.top) / box.height) * high) - before[0];
  const column = Math.floor(((event.clientX - box.left) / box.width) * wide) - before[1];
  return [row, column];
}

// The place whose window has a pixel in its middle.
function centred(slides, [row, column], [high, wide]) {
  const half = reach(slides).map((side) => (side - 1) / 2);
  const at = [row, column].map((pixel, i) => Math.round((pixel + slides.before[i] - half[i]) / slides.strides[i]));
  return [bounded(at[0], high), bounded(at[1], wide)];
}
