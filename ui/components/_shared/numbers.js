// How numbers are written; `ui.components.register.component` puts this in front of the scripts of components.

const MINUS = "\u2212";
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

const signed = (text) => text.replace("-", MINUS);

/** A number in a cell: as many decimals as one can compare. */
function short(value) {
  const size = Math.abs(value);
  if (size < 0.00005) return "0";
  const decimals = size >= 1000 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 3 : 4;
  return signed(value.toFixed(decimals));
}

/** A number in a sum, with five digits that count. */
function long(value) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  return signed(size < 1e-4 ? value.toExponential(2) : size < 1e5 ? value.toPrecision(5) : value.toFixed(0));
}

/** A measured number, with three digits that count. */
const measured = (value) => (value === 0 ? "0" : String(Number(value.toPrecision(3))));

/** A number of any size: whole ones in full, very large and very small ones as a power of ten. */
function number(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 100000) return (value || 0).toLocaleString("en"); // never "-0"
  if (size >= 0.001 && size < 100000) return Number(value.toPrecision(3)).toLocaleString("en");
  const power = Math.floor(Math.log10(size) + 1e-9);
  const head = Number((value / 10 ** power).toPrecision(2));
  const raised = [...String(power)].map((sign) => RAISED[sign] ?? "⁻").join("");
  return head === 1 ? `10${raised}` : `${head}·10${raised}`;
}

/** A share in [0, 1]. */
const percent = (share) => `${(100 * share).toFixed(share === 0 || share === 1 ? 0 : 1)} %`;

/** The same where the axis says that it counts in percent. */
const points = (share) => String(Number((100 * share).toPrecision(4)));

/** A large number in few letters, such as "50 k" or "1 M". */
function amount(value) {
  const [size, unit] = [[1e9, " G"], [1e6, " M"], [1e3, " k"], [1, ""]].find(([least]) => value >= least) ?? [1, ""];
  return `${Number((value / size).toPrecision(3))}${unit}`;
}
