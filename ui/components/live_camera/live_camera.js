// The camera, live: one small picture goes to the server at a time, the next one when that was answered.

const EVERY_MS = 1000; // from one picture to the next, at least
const LOST_MS = 5000; // without an answer, before another goes all the same: under load Streamlit loses some
const SHORTER_PX = 256; // of a picture: what the networks of photos are shown the middle of
const QUALITY = 0.85; // of its JPEG: about 20 kB

const IDLE = "About one picture a second goes to the server, and none of them is kept.";
const LIVE = "Live. It stops when you leave this page or look at another tab.";
const TROUBLE = {
  NotFoundError: "No camera is here. Connect one, then start again.",
  NotAllowedError: "The camera was refused. Allow it beside the page's address, then start again.",
  NotReadableError: "Another program uses the camera. Close it, then start again.",
};
const INSECURE = "A browser gives a page the camera only over https, or on the machine that the page comes from.";

const views = new WeakMap(); // root element -> what it shows

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".camera");
  if (!views.has(root)) views.set(root, build(root));
  const view = views.get(root);
  view.send = (frame) => setTriggerValue("frame", frame);
  hear(view, data);
  return () => root.isConnected || stop(view); // Streamlit tidies up before it takes the element away, or after: `look` sees it, too
}

function build(root) {
  const part = (name) => root.querySelector(name);
  const view = { root, stream: null, asked: 0, sentAt: -Infinity, waits: false, serial: Date.now() };
  Object.assign(view, { button: part(".push"), note: part(".note"), shown: part(".view"), video: part("video") });
  Object.assign(view, { answer: part(".answer"), said: part(".said"), classes: part(".classes") });
  view.sheet = document.createElement("canvas");
  view.button.addEventListener("click", () => (view.stream ? stop(view) : start(view)));
  write(view.note, IDLE);
  return view;
}

async function start(view) {
  if (!navigator.mediaDevices) return write(view.note, INSECURE);
  const asked = (view.asked += 1); // pressed again, or left, while the browser asks the person
  view.button.disabled = true;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 640 } } });
    if (asked !== view.asked || !view.root.isConnected || document.hidden) return end(stream);
    show(view, stream);
  } catch (error) {
    write(view.note, TROUBLE[error.name] ?? `The camera does not start (${error.name}).`);
  } finally {
    view.button.disabled = false;
  }
}

function show(view, stream) {
  Object.assign(view, { stream, waits: false, sentAt: -Infinity, gone: new AbortController() });
  const when = (target, name) => target.addEventListener(name, () => stop(view), { signal: view.gone.signal });
  when(window, "pagehide");
  when(stream.getVideoTracks()[0], "ended"); // unplugged, or taken back
  document.addEventListener("visibilitychange", () => document.hidden && stop(view), { signal: view.gone.signal });
  view.video.srcObject = stream;
  view.video.play().catch(() => {}); // stopped before it began
  view.shown.hidden = false;
  write(view.button, "Stop the camera");
  write(view.note, LIVE);
  view.root.dataset.live = "true";
  look(view);
}

function end(stream) {
  stream.getTracks().forEach((track) => track.stop());
}

function stop(view) {
  view.asked += 1;
  if (!view.stream) return;
  clearTimeout(view.timer);
  view.gone.abort();
  end(view.stream);
  Object.assign(view, { stream: null, waits: false });
  view.video.srcObject = null;
  view.shown.hidden = true;
  view.classes.replaceChildren();
  write(view.said, "");
  write(view.button, "Start the live camera");
  write(view.note, IDLE);
  view.root.dataset.live = "false";
}

/** Look whether it is time for a picture; the page may have been left without a word. */
function look(view) {
  if (!view.root.isConnected) return stop(view);
  const since = performance.now() - view.sentAt;
  if (view.video.videoWidth && (view.waits ? since >= LOST_MS : since >= EVERY_MS)) send(view);
  view.timer = setTimeout(look, 100, view);
}

function send(view) {
  const { video, sheet } = view;
  const scale = SHORTER_PX / Math.min(video.videoWidth, video.videoHeight);
  sheet.width = Math.round(video.videoWidth * scale);
  sheet.height = Math.round(video.videoHeight * scale);
  const pen = sheet.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(video, 0, 0, sheet.width, sheet.height);
  Object.assign(view, { serial: view.serial + 1, waits: true, sentAt: performance.now() });
  view.send({ serial: view.serial, picture: sheet.toDataURL("image/jpeg", QUALITY).split(",")[1] });
}

function hear(view, data) {
  if (!view.stream || !view.waits || data.serial !== view.serial) return; // of an older picture, or of none
  view.waits = false;
  write(view.said, data.why ?? data.said);
  set(view.answer, "data-sure", data.sure ?? false);
  const listed = data.classes ?? [];
  if (view.classes.children.length !== listed.length) view.classes.replaceChildren(...listed.map(row));
  listed.forEach(({ name, share, value }, at) => {
    const node = view.classes.children[at];
    write(node.querySelector(".name"), name);
    write(node.querySelector(".value"), value);
    node.querySelector(".fill").style.setProperty("--share", share);
  });
}

function row() {
  const node = element("li", "");
  const track = element("span", "track");
  track.append(element("span", "fill"));
  node.append(element("span", "name"), element("span", "value"), track);
  return node;
}
