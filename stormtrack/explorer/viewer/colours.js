// Colours that colour-blind people can tell: viridis (public domain), from weak to strong. Strong is far from the ground.

const VIRIDIS = [0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725];
const BINS = 24;

function viridis(part) {
  const at = Math.min(Math.max(part, 0), 1) * (VIRIDIS.length - 1);
  const k = Math.min(Math.floor(at), VIRIDIS.length - 2);
  const mixed = [16, 8, 0].map((shift) => {
    const a = (VIRIDIS[k] >> shift) & 255, b = (VIRIDIS[k + 1] >> shift) & 255;
    return Math.round(a + (b - a) * (at - k));
  });
  return `rgb(${mixed.join(" ")})`;
}

const isDark = () => document.documentElement.dataset.theme === "dark";

// Part 0 (weak) to 1 (strong). Dark for strong on light ground, light for strong on dark ground.
const colourAt = (part) => (isDark() ? viridis(0.14 + 0.86 * part) : viridis(0.9 * (1 - part)));

const palette = () => Array.from({ length: BINS }, (_, k) => colourAt((k + 0.5) / BINS));

const COMMON = 0.01;

// How values are brought to parts: from weak to strong, but for the rare ones at both ends, which look like these.
function scaleOf(variable) {
  const known = Float32Array.from(variable.values.filter(Number.isFinite)).sort();
  if (!known.length) return { low: 0, high: 1, least: 0, most: 1, known: false, part: () => 0 };
  const rare = known.length < 200 ? 0 : Math.floor(COMMON * known.length);
  const few = Math.floor(rare / 4), [under, over] = variable.lowIsStrong ? [few, rare] : [rare, few];
  let low = known[under], high = known[known.length - 1 - over];
  if (!(high > low)) [low, high] = [known[0], known[known.length - 1]];
  const width = high > low ? high - low : 1;
  const part = (value) => (variable.lowIsStrong ? high - value : value - low) / width;
  return { low, high, least: known[0], most: known[known.length - 1], known: true, part };
}

const binOf = (scale, value) =>
  Number.isFinite(value) ? Math.min(BINS - 1, Math.max(0, Math.floor(scale.part(value) * BINS))) : BINS;

function style(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
