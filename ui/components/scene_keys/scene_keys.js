// Keys walk the scenes, unless what has the focus walks by them itself.

const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }; // a presenter sends the page keys
const OWN = "input, textarea, select, canvas, svg, [contenteditable=true], [role=slider], [role=radio], [role=switch], [role=grid], [role=gridcell], [role=combobox], [role=option], [role=menuitem]";
const LEAVE = -1;
let listening = new AbortController();

export default function ({ parentElement, data, setTriggerValue }) {
  listening.abort(); // this runs again with every run of the app
  const gone = (listening = new AbortController());
  const [back, at, on, leave] = ["back", "at", "on", "leave"].map((name) => parentElement.querySelector(`.${name}`));
  const step = (by) => data.at + by in Array.from({ length: data.count }) && setTriggerValue("to", data.at + by);
  at.textContent = `${data.at + 1} / ${data.count}`;
  back.disabled = data.at === 0;
  on.disabled = data.at === data.count - 1;
  back.onclick = () => step(-1);
  on.onclick = () => step(1);
  leave.onclick = () => setTriggerValue("to", LEAVE);
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.composedPath()[0].matches?.(OWN)) return;
    if (event.key === "Escape") setTriggerValue("to", LEAVE);
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    step(STEPS[event.key]);
  }, { signal: gone.signal });
  return () => gone.abort();
}
