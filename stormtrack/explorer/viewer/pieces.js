// Tracks cut into pieces of one colour, ordered by colour: what is drawn most quickly. Two levels: every point, and fewer
// points while things move.

const FEWER = 3;

function pointsOfLevel(set, every) {
  const index = new Int32Array(set.nPoints);
  const start = new Int32Array(set.nTracks + 1);
  let n = 0;
  for (let k = 0; k < set.nTracks; k++) {
    const first = set.start[k], last = set.start[k + 1] - 1;
    for (let i = first; i < last; i += every) index[n++] = i;
    index[n++] = last;
    start[k + 1] = n;
  }
  return { index: index.slice(0, n), start };
}

// Pieces [from, to] of `index`, of a track, with a bin of colour; `first[bin]` is where a bin begins.
function piecesOfLevel(set, level, values, scale) {
  const found = { from: [], to: [], bin: [] };
  for (let k = 0; k < set.nTracks; k++) {
    const end = level.start[k + 1] - 1;
    let from = level.start[k], bin = -1;
    for (let j = from; j < end; j++) {
      const middle = (values[level.index[j]] + values[level.index[j + 1]]) / 2;
      const own = binOf(scale, middle);
      if (own !== bin && bin >= 0) {
        found.from.push(from); found.to.push(j); found.bin.push(bin);
        from = j;
      }
      bin = own;
    }
    found.from.push(from); found.to.push(end);
    found.bin.push(bin >= 0 ? bin : binOf(scale, values[level.index[end]]));
  }
  return sortedPieces(found);
}

function sortedPieces(found) {
  const n = found.bin.length;
  const first = new Int32Array(BINS + 2);
  for (const bin of found.bin) first[bin + 1]++;
  for (let b = 0; b <= BINS; b++) first[b + 1] += first[b];
  const next = first.slice();
  const from = new Int32Array(n), to = new Int32Array(n);
  for (let r = 0; r < n; r++) {
    const place = next[found.bin[r]]++;
    from[place] = found.from[r];
    to[place] = found.to[r];
  }
  return { from, to, first };
}

function levelsOf(set, variable, scale) {
  const values = variable ? variable.values : new Float32Array(set.nPoints).fill(NaN);
  return [1, FEWER].map((every) => {
    const level = pointsOfLevel(set, every);
    return { ...level, ...piecesOfLevel(set, level, values, scale) };
  });
}

// A number for each track, in no order but always the same: the tracks that are drawn if not all can be.
function ranksOf(n) {
  const rank = Int32Array.from({ length: n }, (_, k) => k);
  let seed = 12345;
  for (let k = n - 1; k > 0; k--) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const other = seed % (k + 1);
    [rank[k], rank[other]] = [rank[other], rank[k]];
  }
  return rank;
}
