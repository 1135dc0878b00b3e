// A row of pictures; nodes stay, only what changed is written.

export default function ({ parentElement, data }) {
  const list = parentElement.querySelector(".strip");
  list.setAttribute("aria-label", data.label);
  list.classList.toggle("wide", data.wide);
  while (list.children.length > data.pictures.length) list.lastElementChild.remove();
  while (list.children.length < data.pictures.length) list.append(make());
  data.pictures.forEach((picture, at) => paint(list.children[at], picture));
}

function make() {
  const item = document.createElement("li");
  item.innerHTML = `<p class="title"></p><div class="stage"><img class="photo" draggable="false" />
    <img class="heat" alt="" draggable="false" /></div><p class="note"></p>`;
  return item;
}

function paint(item, picture) {
  say(item.querySelector(".title"), picture.title);
  say(item.querySelector(".note"), picture.note);
  item.querySelector(".stage").style.aspectRatio = picture.ratio;
  const photo = item.querySelector(".photo");
  photo.alt = picture.alt;
  source(photo, picture.source);
  source(item.querySelector(".heat"), picture.over);
}

function say(node, text) {
  write(node, text);
  node.hidden = !text;
}
