import { featureKinds, featuresOf } from '../../src/risk/features.ts';
import { findingsOf } from '../../src/risk/rules.ts';
import { tag } from '../../src/risk/tagging.ts';
import { windowsOf } from '../../src/risk/windows.ts';

export interface Settings {
  readonly bits: number;
  readonly epochs: number;
  readonly rate: number;
  readonly decay: number;
  readonly kindWeights: readonly number[];
  /** Chance that one kind of feature is left out of one example for one epoch. */
  readonly kindDropout: number;
  readonly seed: number;
}

export const usual: Settings = {
  bits: 18,
  epochs: 8,
  rate: 0.25,
  decay: 1e-6,
  kindWeights: [0.8, 0.8, 0.6, 1, 0.6],
  kindDropout: 0.1,
  seed: 20_251_125,
};

/** One window: indices into the table and the kind of each. */
interface Packed {
  readonly index: Int32Array;
  readonly kind: Uint8Array;
  /** Value of a feature of each kind. */
  readonly value: Float32Array;
}

export interface Example {
  readonly windows: readonly Packed[];
}

export function pack(text: string, settings: Settings): Example {
  const tagged = tag(text);
  const features = featuresOf(tagged, findingsOf(tagged));
  const mask = (1 << settings.bits) - 1;
  const windows = windowsOf(tagged.words.length).map(({ from, to }) => {
    const inside: number[] = [];
    for (let at = 0; at < features.hashes.length; at += 1)
      if ((features.from[at] ?? 0) >= from && (features.to[at] ?? 0) <= to) inside.push(at);
    const counts = new Float32Array(featureKinds.length);
    for (const at of inside) counts[features.kinds[at] ?? 0] = (counts[features.kinds[at] ?? 0] ?? 0) + 1;
    return {
      index: Int32Array.from(inside, (at) => (features.hashes[at] ?? 0) & mask),
      kind: Uint8Array.from(inside, (at) => features.kinds[at] ?? 0),
      value: counts.map((count, kind) => (count === 0 ? 0 : (settings.kindWeights[kind] ?? 0) / Math.sqrt(count))),
    };
  });
  return { windows };
}

/** Seeded, so that the same corpus gives the same weights (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How much each feature counts: what stands in every other line says little. `groups` are the examples of one line each. */
export function rarities(groups: readonly (readonly Example[])[], bits: number): Float32Array {
  const lines = new Uint16Array(1 << bits);
  const last = new Int32Array(1 << bits).fill(-1);
  groups.forEach((examples, group) => {
    for (const { windows } of examples)
      for (const { index } of windows)
        for (const at of index) {
          if (last[at] === group) continue;
          last[at] = group;
          lines[at] = (lines[at] ?? 0) + 1;
        }
  });
  return Float32Array.from(lines, (count) =>
    count < 2 ? 0 : Math.min(2, Math.log(groups.length / count) / usualRarity),
  );
}

const usualRarity = 4;

export interface Learned {
  readonly rarity: Float32Array;
  readonly heads: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

export interface Target {
  readonly example: Example;
  /** One number per head: 1, 0, or -1 for no opinion. */
  readonly targets: readonly number[];
  readonly weights: readonly number[];
}

/** The sum of each head over a window. */
function sumsOf(
  window: Packed,
  { heads, weights, bias, rarity }: Learned,
  out: Float64Array,
  keep: Float32Array,
): void {
  for (let head = 0; head < heads; head += 1) out[head] = bias[head] ?? 0;
  const { index, kind, value } = window;
  for (let at = 0; at < index.length; at += 1) {
    const k = kind[at] ?? 0;
    const x = (value[k] ?? 0) * (keep[k] ?? 0) * (rarity[index[at] ?? 0] ?? 0);
    if (x === 0) continue;
    const base = (index[at] ?? 0) * heads;
    for (let head = 0; head < heads; head += 1) out[head] = (out[head] ?? 0) + x * (weights[base + head] ?? 0);
  }
}

const all = new Float32Array(featureKinds.length).fill(1);

/** The highest sum of each head over the windows. */
export function scoresOf(example: Example, learned: Learned): readonly number[] {
  const best = Array.from({ length: learned.heads }, () => Number.NEGATIVE_INFINITY);
  const sums = new Float64Array(learned.heads);
  for (const window of example.windows) {
    sumsOf(window, learned, sums, all);
    for (let head = 0; head < learned.heads; head += 1) best[head] = Math.max(best[head] ?? 0, sums[head] ?? 0);
  }
  return best;
}

/** Logistic heads, each learning from the window in which it is highest; AdaGrad. */
export function learn(examples: readonly Target[], heads: number, settings: Settings, rarity: Float32Array): Learned {
  const size = (1 << settings.bits) * heads;
  const learned: Learned = { rarity, heads, weights: new Float32Array(size), bias: new Float32Array(heads) };
  const squares = new Float32Array(size).fill(0.01);
  const biasSquares = new Float32Array(heads).fill(1);
  const random = chance(settings.seed);
  const order = Uint32Array.from(examples.keys());
  for (let epoch = 0; epoch < settings.epochs; epoch += 1) {
    shuffle(order, random);
    const rate = settings.rate * (1 - epoch / (settings.epochs + 1));
    for (const at of order) {
      const example = examples[at];
      if (example !== undefined) step(example, learned, squares, biasSquares, rate, settings, random);
    }
  }
  return learned;
}

function step(
  { example, targets, weights: importance }: Target,
  learned: Learned,
  squares: Float32Array,
  biasSquares: Float32Array,
  rate: number,
  settings: Settings,
  random: () => number,
): void {
  const { heads, weights, bias, rarity } = learned;
  const keep = all.map(() => (random() < settings.kindDropout ? 0 : 1 / (1 - settings.kindDropout)));
  const sums = new Float64Array(heads);
  const best = new Float64Array(heads).fill(Number.NEGATIVE_INFINITY);
  const bestWindow = new Int32Array(heads);
  example.windows.forEach((window, number) => {
    sumsOf(window, learned, sums, keep);
    for (let head = 0; head < heads; head += 1)
      if ((sums[head] ?? 0) > (best[head] ?? 0)) {
        best[head] = sums[head] ?? 0;
        bestWindow[head] = number;
      }
  });
  const gradients = new Float64Array(heads);
  for (let head = 0; head < heads; head += 1) {
    const target = targets[head] ?? -1;
    if (target < 0) continue;
    gradients[head] = (1 / (1 + Math.exp(-(best[head] ?? 0))) - target) * (importance[head] ?? 1);
  }
  for (let number = 0; number < example.windows.length; number += 1) {
    const window = example.windows[number];
    if (window === undefined) continue;
    const active: number[] = [];
    for (let head = 0; head < heads; head += 1)
      if (bestWindow[head] === number && Math.abs(gradients[head] ?? 0) > 1e-4) active.push(head);
    if (active.length === 0) continue;
    const { index, kind, value } = window;
    for (let at = 0; at < index.length; at += 1) {
      const k = kind[at] ?? 0;
      const x = (value[k] ?? 0) * (keep[k] ?? 0) * (rarity[index[at] ?? 0] ?? 0);
      if (x === 0) continue;
      const base = (index[at] ?? 0) * heads;
      for (const head of active) {
        const w = base + head;
        const g = (gradients[head] ?? 0) * x + settings.decay * (weights[w] ?? 0);
        const square = (squares[w] ?? 0) + g * g;
        squares[w] = square;
        weights[w] = (weights[w] ?? 0) - (rate * g) / Math.sqrt(square);
      }
    }
  }
  for (let head = 0; head < heads; head += 1) {
    const g = gradients[head] ?? 0;
    const square = (biasSquares[head] ?? 0) + g * g;
    biasSquares[head] = square;
    bias[head] = (bias[head] ?? 0) - (rate * g) / Math.sqrt(square);
  }
}

export function shuffle(order: Uint32Array, random: () => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    const one = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = one;
  }
}
