// Hands pasted pictures, and files dropped anywhere on the page, to the page's file uploader; not to one for folders.

const INPUT = '[data-testid="stFileUploaderDropzoneInput"]:not([webkitdirectory])'; // Streamlit 1.67
const ZONE = '[data-testid="stFileUploaderDropzone"]';
let pasted = 0; // names tell one pasted picture from the next
let listening = new AbortController();

export default function () {
  listening.abort(); // this runs again with every run of the page
  const gone = (listening = new AbortController());
  const on = (name, answer) => document.addEventListener(name, answer, { signal: gone.signal });
  on("paste", paste);
  on("dragover", (event) => outside(event) && event.preventDefault()); // else the browser would open the file
  on("drop", drop);
  return () => gone.abort();
}

function paste(event) {
  const files = [...event.clipboardData.files].map(named);
  if (files.length && give(files)) event.preventDefault();
}

function drop(event) {
  if (!outside(event)) return;
  event.preventDefault();
  give([...event.dataTransfer.files]);
}

// The uploader takes what is dropped on itself.
const outside = (event) => event.dataTransfer.types.includes("Files") && !event.target.closest?.(ZONE);

// Every browser calls a pasted picture image.png.
const named = (file) => {
  const ending = file.name.split(".").pop();
  const name = /^image\.\w+$/.test(file.name) ? `Pasted ${++pasted}.${ending}` : file.name;
  return new File([file], name, { type: file.type });
};

function give(files) {
  const input = document.querySelector(INPUT);
  if (!input) return false;
  const carrier = new DataTransfer();
  files.forEach((file) => carrier.items.add(file));
  input.files = carrier.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}
