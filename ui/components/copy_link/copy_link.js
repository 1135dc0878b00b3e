// Copies the page's whole address, and says what of it the address cannot carry. Nothing is sent to Python.

const HERE = ["localhost", "127.0.0.1", "[::1]"];
const roots = new WeakSet();

export default ({ parentElement, data }) => {
  const root = parentElement.querySelector(".copy");
  if (!roots.has(root)) mount(root, data);
  oneStepAPage();
};

function mount(root, data) {
  roots.add(root);
  const [button, note, said, address] = ["button", ".note", ".said", ".address"].map((name) => root.querySelector(name));
  button.addEventListener("click", async () => {
    note.hidden = false;
    address.value = shared(data);
    const copied = await copy(address);
    write(said, [copied ? "Link copied." : "Copy this link:", ...limits(data)].join(" "));
  });
  const close = () => (note.hidden = true);
  root.addEventListener("keydown", (event) => event.key === "Escape" && close());
  root.addEventListener("focusout", (event) => root.contains(event.relatedTarget) || close());
}

/** The page's address without what is this person's alone. */
function shared({ kept }) {
  const address = new URL(location.href);
  for (const name of kept) address.searchParams.delete(name);
  return kept.some((name) => new URLSearchParams(location.search).has(name)) ? address.href : location.href;
}

/** Copy what a field holds: with the clipboard where the page may, else as the keyboard would. */
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}

/** Say what the link leaves out: each name that begins as one's own does, and where it opens at all. */
function limits({ own, parts, local }) {
  const asked = [...new URLSearchParams(location.search)];
  const stays = (value) => value.split(",").some((one) => own.some((start) => one.startsWith(start)));
  const missing = parts.filter(([part]) => asked.some(([name, value]) => name === part && (part === "run" || stays(value))));
  return [...missing.map(([, sentence]) => sentence), ...(HERE.includes(location.hostname) ? [local] : [])];
}

/**
 * Make Back lead to the page before. Streamlit makes every change of the address a step of the browser's history, a
 * page writes its choices there as it opens, and so Back came to the same page, which wrote them again.
 */
function oneStepAPage() {
  if (history.oneStepAPage) return;
  history.oneStepAPage = true;
  const push = history.pushState.bind(history);
  history.pushState = (state, unused, url) => {
    const same = new URL(url ?? "", location.href).pathname === location.pathname;
    (same ? history.replaceState.bind(history) : push)(state, unused, url);
  };
}
