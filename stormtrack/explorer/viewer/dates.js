// Dates and frames. Dates of every calendar come as parts, made by stormtrack; nothing is counted here.

const DAY = 86400;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function clockOf(bytes, told, numbers) {
  const clock = { kind: told.kind, step: told.step, at: Float64Array.from(numbers) };
  if (told.kind === "date") {
    for (const name of ["seconds", "year", "month", "day", "second"]) clock[name] = arrayOf(bytes, told[name]);
    clock.number = numbers;
    clock.at = Float64Array.from(numbers, (k) => (k < 0 ? NaN : clock.seconds[k]));
  }
  clock.first = Infinity;
  clock.last = -Infinity;
  for (const value of clock.at) {
    if (value < clock.first) clock.first = value;
    if (value > clock.last) clock.last = value;
  }
  clock.known = clock.last >= clock.first;
  clock.moves = clock.last > clock.first;
  return clock;
}

const digits = (value, width) => String(value).padStart(width, "0");

function isoDate(clock, number, separator = "T") {
  if (number < 0) return "";
  const year = clock.year[number], second = clock.second[number];
  const day = `${year < 0 ? "-" : ""}${digits(Math.abs(year), 4)}-${digits(clock.month[number], 2)}-${digits(clock.day[number], 2)}`;
  const hour = `${digits(Math.floor(second / 3600), 2)}:${digits(Math.floor(second / 60) % 60, 2)}`;
  return separator === "T" ? `${day}T${hour}:${digits(second % 60, 2)}` : `${day} ${hour}`;
}

// When a point is, for people.
function when(clock, point) {
  if (clock.kind === "date") return isoDate(clock, clock.number[point], " ") || "no date";
  return `frame ${clock.at[point]}`;
}

// The last of the values from `first` to before `end` (they grow) that is not after a time; `first` if all are after it.
function lastNotAfter(values, first, end, time) {
  let low = first, high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return Math.max(first, low - 1);
}

function timeText(clock, time) {
  if (!clock.known) return "";
  if (clock.kind === "date") return isoDate(clock, lastNotAfter(clock.seconds, 0, clock.seconds.length, time), " ");
  return `Frame ${Math.floor(time)}`;
}

function spanText(clock, span) {
  if (clock.kind !== "date") return `${span} frame${span === 1 ? "" : "s"}`;
  if (span < 2 * DAY) return `${rounded(span / 3600)} h`;
  return `${rounded(span / DAY)} days`;
}

function yearsOf(clock) {
  let first = Infinity, last = -Infinity;
  for (const year of clock.year) {
    first = Math.min(first, year);
    last = Math.max(last, year);
  }
  return { first, last };
}

const rounded = (value) => String(Number(value.toPrecision(3)));
