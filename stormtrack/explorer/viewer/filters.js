// Which tracks are shown: the rules of Tracks.select, with its words.

const PLACES = { any: "any point", all: "all points", genesis: "where it begins", lysis: "where it ends", maximum: "the strongest point" };

// What rules ask of each track, counted once (and again for another variable).
function traitsOf(set, clock, variable) {
  const traits = { lifetime: new Float64Array(set.nTracks), peak: new Int32Array(set.nTracks), strength: new Float64Array(set.nTracks) };
  const missing = set.named.missing_after ? set.named.missing_after.raw : null;
  for (let k = 0; k < set.nTracks; k++) {
    const first = set.start[k], end = set.start[k + 1];
    if (clock.kind === "date") traits.lifetime[k] = (clock.at[end - 1] - clock.at[first]) / DAY;
    else {
      traits.lifetime[k] = end - first;
      if (missing) for (let i = first; i < end; i++) traits.lifetime[k] += missing[i];
    }
    traits.peak[k] = peakOf(variable, first, end);
    traits.strength[k] = traits.peak[k] < 0 ? NaN : variable.values[traits.peak[k]];
  }
  return traits;
}

function peakOf(variable, first, end) {
  let peak = -1;
  if (!variable) return peak;
  const values = variable.values;
  for (let i = first; i < end; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (peak < 0 || (variable.lowIsStrong ? values[i] < values[peak] : values[i] > values[peak])) peak = i;
  }
  return peak;
}

const noFilter = () => ({ lifetime: [null, null], intensity: [null, null], months: null, region: null, at: "any" });

const between = (value, [low, high]) =>
  (low === null && high === null) || ((low === null || value >= low) && (high === null || value <= high));

function inRegion(region, lon, lat) {
  const [west, east, south, north] = region;
  if (lat < Math.fround(south) || lat > Math.fround(north)) return false;
  if (Math.abs(east - west) >= 360) return true;
  const modulo = (value) => ((value % 360) + 360) % 360;
  return modulo(lon - west) <= modulo(east - west);
}

function pointMatches(set, clock, filter, point) {
  if (filter.months && !filter.months.has(monthOf(clock, point))) return false;
  return !filter.region || inRegion(filter.region, set.geo.lon[point], set.geo.lat[point]);
}

function placeMatches(set, clock, traits, filter, k) {
  if (!filter.months && !filter.region) return true;
  const first = set.start[k], end = set.start[k + 1];
  if (filter.at === "genesis") return pointMatches(set, clock, filter, first);
  if (filter.at === "lysis") return pointMatches(set, clock, filter, end - 1);
  if (filter.at === "maximum") return traits.peak[k] >= 0 && pointMatches(set, clock, filter, traits.peak[k]);
  const all = filter.at === "all";
  for (let i = first; i < end; i++) if (pointMatches(set, clock, filter, i) !== all) return !all;
  return all;
}

// Marks the tracks that match (1) in `shown`; gives their numbers.
function filtered(set, clock, traits, filter, shown) {
  const found = [];
  for (let k = 0; k < set.nTracks; k++) {
    const matches = between(traits.lifetime[k], filter.lifetime) && between(traits.strength[k], filter.intensity)
      && placeMatches(set, clock, traits, filter, k);
    shown[k] = matches ? 1 : 0;
    if (matches) found.push(k);
  }
  return found;
}

function strongestFirst(tracks, traits, variable) {
  const sign = variable && variable.lowIsStrong ? 1 : -1;
  const weight = (k) => (Number.isFinite(traits.strength[k]) ? sign * traits.strength[k] : Number.MAX_VALUE);
  return [...tracks].sort((a, b) => weight(a) - weight(b) || a - b);
}
