// A network in one file: ONNX Runtime Web answers, from what this page holds. Nothing is fetched: Chrome forbids that
// to a page that is opened from a disk.
const MOST_PX = 1024; // of a photo's longer side: the network makes it smaller by itself, which takes a while
const ROWS = 5; // answers that are shown
const AGAIN_MS = 500; // between two answers of the camera
const DIGIT = { side: 28, long: 20, ink: 100 }; // MNIST's form: LeCun et al. 1998

const $ = (id) => document.getElementById(id);
const facts = JSON.parse($("facts").textContent);
const canvas = $("photo");
const pen = canvas.getContext("2d", { willReadFrequently: true });
let session, Tensor, stream, asked = 0;

const bytes = (text) => Uint8Array.from(atob(text.trim()), (one) => one.charCodeAt(0));
const held = (id) => { const found = bytes($(id).textContent); $(id).remove(); return found; };
const unpacked = async (packed) =>
  new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());

function say(words, wrong = false) {
  $("state").textContent = words;
  $("state").classList.toggle("wrong", wrong);
}

async function answers(pixels, height, width) {
  const channels = facts.takes === "digit" ? 1 : 3;
  const given = new Tensor("uint8", pixels, [1, height, width, channels]);
  const found = await session.run({ picture: given });
  return Object.fromEntries(Object.entries(found).map(([name, one]) => [name, one.data]));
}

function show({ probabilities: shares, familiarity }, spent) {
  $("none").hidden = facts.least === null || familiarity[0] >= facts.least;
  const order = [...shares.keys()].sort((one, other) => shares[other] - shares[one]).slice(0, ROWS);
  $("bars").replaceChildren(...order.map((at) => {
    const row = document.createElement("li");
    row.innerHTML = '<div class="row"><span></span><b></b></div><div class="track"><div class="fill"></div></div>';
    row.querySelector("span").textContent = facts.labels[at];
    row.querySelector("b").textContent = `${(100 * shares[at]).toFixed(1)} %`;
    row.querySelector(".fill").style.width = `${100 * shares[at]}%`;
    return row;
  }));
  $("time").textContent = `Answered in ${spent.toFixed(0)} ms.`;
}

function draw(source, width, height) {
  const scale = Math.min(1, MOST_PX / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.hidden = false;
  pen.fillStyle = "white"; // what is transparent lies over white, as in ConvScope
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
}

function colours() {
  const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0, to = 0; at < data.length; at += 4) {
    rgb[to++] = data[at]; rgb[to++] = data[at + 1]; rgb[to++] = data[at + 2];
  }
  return [rgb, height, width];
}

function digit() { // a clean picture of a digit, as MNIST has it; null where there is no ink
  const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const grey = Float32Array.from({ length: width * height }, (_, at) =>
    0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2]);
  const edge = [];
  for (let x = 0; x < width; x++) edge.push(grey[x], grey[(height - 1) * width + x]);
  for (let y = 0; y < height; y++) edge.push(grey[y * width], grey[y * width + width - 1]);
  const paper = edge.sort((one, other) => one - other)[edge.length >> 1];
  let most = 1;
  for (let at = 0; at < grey.length; at++) most = Math.max(most, grey[at] = Math.abs(grey[at] - paper));
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let at = 0; at < grey.length; at++) {
    grey[at] *= 255 / most;
    if (grey[at] > DIGIT.ink && most > 30) {
      left = Math.min(left, at % width); right = Math.max(right, at % width);
      top = Math.min(top, at / width | 0); bottom = Math.max(bottom, at / width | 0);
    }
  }
  if (right < 0) return null;
  const ink = new ImageData(width, height);
  for (let at = 0; at < grey.length; at++) ink.data.set([grey[at], grey[at], grey[at], 255], 4 * at);
  const whole = new OffscreenCanvas(width, height);
  whole.getContext("2d").putImageData(ink, 0, 0);
  const [wide, high] = [right - left + 1, bottom - top + 1];
  const scale = DIGIT.long / Math.max(wide, high);
  const small = new OffscreenCanvas(DIGIT.side, DIGIT.side).getContext("2d", { willReadFrequently: true });
  const place = (x, y) => {
    small.fillStyle = "black";
    small.fillRect(0, 0, DIGIT.side, DIGIT.side);
    small.imageSmoothingQuality = "high";
    small.drawImage(whole, left, top, wide, high, x, y, Math.max(1, wide * scale), Math.max(1, high * scale));
    return small.getImageData(0, 0, DIGIT.side, DIGIT.side).data;
  };
  const first = place(0, 0);
  let [sum, x, y] = [0, 0, 0];
  for (let at = 0; at < DIGIT.side ** 2; at++) {
    sum += first[4 * at]; x += first[4 * at] * (at % DIGIT.side + 0.5); y += first[4 * at] * ((at / DIGIT.side | 0) + 0.5);
  }
  const made = place(Math.round(DIGIT.side / 2 - x / sum), Math.round(DIGIT.side / 2 - y / sum));
  return [Uint8Array.from({ length: DIGIT.side ** 2 }, (_, at) => made[4 * at]), DIGIT.side, DIGIT.side];
}

async function ask() {
  const mine = ++asked;
  const given = facts.takes === "digit" ? digit() : colours();
  if (!given) return;
  const started = performance.now();
  const found = await answers(...given);
  if (mine === asked) show(found, performance.now() - started);
}

async function take(file) {
  stopCamera();
  try {
    const photo = await createImageBitmap(file); // turned as its EXIF says
    draw(photo, photo.width, photo.height);
    say("");
    await ask();
  } catch {
    say("This file could not be read as a photo. Try a JPEG or PNG.", true);
  }
}

function stopCamera() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = undefined;
  $("camera").textContent = "Camera";
}

async function startCamera() {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    say("There is no camera, or this page may not use it.", true);
    return;
  }
  $("camera").textContent = "Stop the camera";
  const video = document.createElement("video");
  video.muted = video.playsInline = true;
  video.srcObject = stream;
  await video.play();
  while (stream) {
    if (!document.hidden) { draw(video, video.videoWidth, video.videoHeight); await ask(); }
    await new Promise((then) => setTimeout(then, AGAIN_MS));
  }
}

function blank() {
  asked++;
  canvas.width = canvas.height = 280;
  pen.fillStyle = "white";
  pen.fillRect(0, 0, 280, 280);
  $("bars").replaceChildren();
  $("none").hidden = true;
  $("time").textContent = "";
}

function letDraw() {
  canvas.classList.add("drawing");
  $("clear").hidden = false;
  $("clear").onclick = blank;
  let last;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
  };
  canvas.onpointerdown = (event) => {
    if (canvas.width !== 280 || canvas.height !== 280) blank();
    canvas.setPointerCapture(event.pointerId); last = place(event);
  };
  canvas.onpointermove = (event) => {
    if (!last) return;
    const here = place(event);
    pen.lineWidth = 20; pen.lineCap = "round"; pen.strokeStyle = "black";
    pen.beginPath(); pen.moveTo(...last); pen.lineTo(...here); pen.stroke();
    last = here;
  };
  canvas.onpointerup = () => { last = undefined; ask(); };
}

async function checkItself() { // answers pictures that were asked before it was handed over, and compares
  let apart = 0;
  for (const one of facts.proof) {
    const found = await answers(bytes(one.pixels), one.height, one.width);
    for (const [name, wanted] of Object.entries(one.answers)) {
      wanted.forEach((number, at) => { apart = Math.max(apart, Math.abs(found[name][at] - number)); });
    }
  }
  if (!(apart <= facts.tolerance)) throw new Error(`it differs by ${apart.toExponential(1)} from what it answered when it was made`);
  return apart;
}

async function wake() {
  document.title = $("title").textContent = facts.title;
  $("hint").textContent = facts.takes === "digit" ? "Draw a digit here, or drop a clean picture of one." : "Drop a photo here, paste it, or take it with the camera.";
  for (const [name, words] of Object.entries(facts.card)) {
    $("card").append(Object.assign(document.createElement("dt"), { textContent: name }), Object.assign(document.createElement("dd"), { textContent: words }));
  }
  blank();
  canvas.hidden = facts.takes === "photo"; // until there is one
  const engine = await import(URL.createObjectURL(new Blob([held("engine")], { type: "text/javascript" })));
  const ort = engine.default ?? engine;
  ort.env.wasm.numThreads = 1; // a page from a disk may share no memory between threads
  ort.env.wasm.wasmBinary = (await unpacked(held("wasm"))).buffer;
  Tensor = ort.Tensor;
  session = await ort.InferenceSession.create(await unpacked(held("network")), { executionProviders: ["wasm"] });
  const apart = await checkItself();
  say(`Ready. It has just answered ${facts.proof.length} pictures as ConvScope does (largest difference ${apart.toExponential(1)}).`);
  $("tools").hidden = false;
  if (facts.takes === "digit") letDraw();
}

window.askAgain = ask; // for measurements

$("file").onchange = (event) => event.target.files[0] && take(event.target.files[0]);
$("camera").onclick = () => (stream ? stopCamera() : startCamera());
document.ondragover = (event) => { event.preventDefault(); document.body.classList.add("over"); };
document.ondragleave = () => document.body.classList.remove("over");
document.ondrop = (event) => {
  event.preventDefault();
  document.body.classList.remove("over");
  if (session && event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
};
document.onpaste = (event) => session && event.clipboardData.files[0] && take(event.clipboardData.files[0]);
wake().catch((error) => say(`This network cannot answer here: ${error.message}. A browser of 2023 or later is needed.`, true));
