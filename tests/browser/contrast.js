// What is hard to read or to hit on a page, in shadow roots too: [ratio or size, element, words] each.
() => {
  const unreadable = [], small = [];
  const phone = matchMedia("(width <= 640px)").matches;
  const BUTTONS = ".push, [data-testid^=stBaseButton-primary], [data-testid^=stBaseButton-secondary]";
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (text) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = "#000";
    pen.fillStyle = text;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const over = (below, [...colour], share) => below.map((level, at) => level + (colour[at] - level) * share);
  const luminance = (colour) => {
    const [r, g, b] = colour.map((level) => (level <= 10.31475 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const up = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;
  const line = (node) => (node ? [node, ...line(up(node))] : []);

  // The ground behind a node; null where it is a picture.
  const ground = (node) => {
    const styles = line(node).map((one) => getComputedStyle(one));
    const opaque = styles.findIndex((style) => rgba(style.backgroundColor)[3] === 255);
    const behind = styles.slice(0, opaque < 0 ? undefined : opaque + 1);
    if (behind.some((style) => style.backgroundImage !== "none")) return null;
    return behind.reverse().reduce((below, { backgroundColor }) => {
      const colour = rgba(backgroundColor);
      return over(below, colour, colour[3] / 255);
    }, [255, 255, 255]);
  };

  const read = (node, style, words) => {
    const below = ground(node);
    if (!below) return;
    const colour = rgba(node.tagName === "text" ? style.fill : style.color);
    const opacity = line(node).reduce((whole, one) => whole * Number(getComputedStyle(one).opacity), colour[3] / 255);
    const [dark, light] = [luminance(over(below, colour, opacity)), luminance(below)].sort((one, other) => one - other);
    const ratio = (light + 0.05) / (dark + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5) - 0.01) unreadable.push([ratio.toFixed(2), node.tagName, words.slice(0, 30)]);
  };

  const hit = (node, { width, height }) => {
    const label = node.closest("label")?.getBoundingClientRect();
    const least = phone && node.matches(BUTTONS) ? 44 : 24; // px; BUTTONS are what a page is for
    if (Math.max(width, label?.width ?? 0) >= 24 && Math.max(height, label?.height ?? 0) >= least) return;
    small.push([`${Math.round(width)}x${Math.round(height)}`, node.tagName, node.getAttribute("aria-label") ?? node.textContent.slice(0, 30)]);
  };

  const visit = (node) => {
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    if (box.width <= 2 || !box.height || style.visibility === "hidden" || style.clipPath !== "none") return;
    if (node.disabled || node.closest("[disabled], [aria-disabled=true], [data-stale=true], [data-testid=stSlider]")) return; // about to go; Streamlit's own
    const words = [...node.childNodes].filter((one) => one.nodeType === 3).map((one) => one.textContent.trim()).join("");
    if (/\w/.test(words) && (!node.closest("svg") || node.tagName === "text")) read(node, style, words);
    if (style.opacity !== "0" && node.matches("button, [role=button], [role=radio], [role=tab], [role=switch], select, input[type=range], input[type=checkbox]")) hit(node, box);
  };
  const walk = (root) => {
    for (const node of root.querySelectorAll("*")) {
      visit(node);
      if (node.shadowRoot) walk(node.shadowRoot);
    }
  };
  walk(document.querySelector(".stApp"));
  return { unreadable, small };
}
