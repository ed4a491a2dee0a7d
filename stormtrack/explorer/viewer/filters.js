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

const noFilter = () => ({ lifetime: [null, null], intensity: [null, null], months: null, years: [null, null], region: null, at: "any" });

const between = (value, [low, high]) =>
  (low === null && high === null) || ((low === null || value >= low) && (high === null || value <= high));

function inRegion(region, lon, lat) {
  const [west, east, south, north] = region;
  if (lat < Math.fround(south) || lat > Math.fround(north)) return false;
  if (Math.abs(east - west) >= 360) return true;
  const modulo = (value) => ((value % 360) + 360) % 360;
  return modulo(lon - west) <= modulo(east - west);
}

// Months that count for the year that follows: a season that goes on after December is that of the year in which it ends.
function turning(months) {
  const found = new Set();
  if (months && months.has(1)) for (let month = 12; months.has(month); month--) found.add(month);
  return found;
}

const dated = (filter) => filter.months !== null || filter.years.some((year) => year !== null);

function dateMatches(clock, { months, years, next }, number) {
  if (number < 0) return false;
  const month = clock.month[number];
  return (!months || months.has(month)) && between(clock.year[number] + (next.has(month) ? 1 : 0), years);
}

function pointMatches(set, clock, filter, point) {
  if (filter.dated && !dateMatches(clock, filter, clock.number[point])) return false;
  return !filter.region || inRegion(filter.region, set.geo.lon[point], set.geo.lat[point]);
}

function placeMatches(set, clock, traits, filter, k) {
  if (!filter.dated && !filter.region) return true;
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
  const found = [], rules = { ...filter, dated: dated(filter), next: turning(filter.months) };
  for (let k = 0; k < set.nTracks; k++) {
    const matches = between(traits.lifetime[k], filter.lifetime) && between(traits.strength[k], filter.intensity)
      && placeMatches(set, clock, traits, rules, k);
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
