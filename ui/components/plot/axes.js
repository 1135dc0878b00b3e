// The axes of a plot: from where to where each goes, where a number lies on it, its ticks. Here alone, for the ticks
// depend on the room there is.

const FORMS = { number, percent, points, amount };
const LEVELS = { powers: Math.log10, ratios: Math.log10 }; // equal ways are equal ratios; on the other axes, equal steps

/**
 * Make an axis that holds `values`, with `most` ticks at the most, unless it brings its own: `share` says where a number
 * lies, 0 at the one end and 1 at the other, `say` writes it, `marks` are the numbers of the ticks.
 */
function axis({ label, fit, form, ticks }, values, most) {
  const level = LEVELS[fit] ?? ((value) => value);
  const { low, high, marks } = FITS[fit](Math.min(...values), Math.max(...values), most);
  const share = (value) => (high > low ? (level(value) - low) / (high - low) : 0.5);
  return { label, share, say: FORMS[form], marks: ticks.length ? ticks : marks };
}

const FITS = {
  ends: (low, high, most) => even(low, high, most), // the numbers' own
  share: (_low, _high, most) => even(0, 1, most),
  zero(least, greatest, most) {
    const low = Math.min(least, 0); // what is compared by its height begins at 0
    return even(low, greatest > low ? greatest : low + 1, most);
  },
  room(low, high, most) {
    const room = (high - low) * 0.06 || Math.max(Math.abs(high), 1e-9) * 0.05;
    return even(low - room, high + room, most);
  },
  powers(least, greatest, most) {
    const low = Math.floor(Math.log10(least));
    const high = Math.max(low + 1, Math.ceil(Math.log10(greatest)));
    const step = Math.max(1, Math.ceil((high - low) / most));
    return { low, high, marks: Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, at) => 10 ** (low + at * step)) };
  },
  ratios(least, greatest, most) {
    const all = Array.from({ length: 60 }, (_, at) => Number(`${[1, 2, 5][at % 3]}e${Math.floor(at / 3) - 6}`));
    const [low, high] = [all.findLast((one) => one <= least * 0.9), all.find((one) => one >= greatest * 1.1)];
    const between = all.filter((one) => one >= low && one <= high);
    const every = Math.ceil(between.length / most);
    return { low: Math.log10(low), high: Math.log10(high), marks: between.filter((_, at) => at % every === 0) };
  },
};

/** Equal steps of 1, 2 or 5 times a power of ten. */
function even(low, high, most) {
  const rough = (high - low) / most || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough);
  const marks = [];
  const [first, last] = [Math.ceil(low / step - 1e-6), Math.floor(high / step + 1e-6)]; // ticks at the very ends are kept
  for (let at = first; at <= last; at += 1) marks.push(Number((at * step).toPrecision(6)));
  return { low, high, marks };
}
