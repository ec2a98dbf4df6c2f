import {
  convolve,
  filterSize,
  headCount,
  kindValues,
  networkHeads,
  networkShape,
  pooledSize,
  poolWords,
  readOut,
  rowCount,
  widthOffset,
  workspace,
  type Network,
  type Workspace,
} from '../../src/risk/network.ts';
import type { Token, TokenFeatures } from '../../src/risk/tokens.ts';
import { Dense } from './dense.ts';
import { chance, shuffle } from './learn.ts';

/** What the network is to say of the tokens: of each level 1 or 0 and how much it weighs; index of domain and subject. */
export interface NetworkTarget {
  readonly tokens: readonly Token[];
  readonly levels: readonly number[];
  readonly weights: readonly number[];
  readonly domain: number;
  readonly subject: number;
}

export interface NetworkSettings {
  readonly epochs: number;
  /** Of the rows (AdaGrad, one sum of squares per row) and of all else (Adam). */
  readonly rowRate: number;
  readonly rate: number;
  readonly batch: number;
  readonly kindWeights: readonly number[];
  /** Chances that a word, a kind of feature of one word, and one pooled value are left out for one epoch. */
  readonly wordDropout: number;
  readonly kindDropout: number;
  readonly pooledDropout: number;
  /** How much what it is about counts beside the level. */
  readonly aboutWeight: number;
  readonly seed: number;
}

const { dimensions, filters, widths } = networkShape;

export function learnNetwork(examples: readonly NetworkTarget[], settings: NetworkSettings): Network {
  const learner = new Learner(settings);
  const order = Uint32Array.from(examples.keys());
  let waiting = 0;
  for (let epoch = 0; epoch < settings.epochs; epoch += 1) {
    shuffle(order, learner.random);
    order.forEach((which, at) => {
      const example = examples[which];
      const left = Math.max(leastRate, 1 - (epoch + at / order.length) / settings.epochs);
      if (example !== undefined && example.tokens.length > 0) {
        learner.learnFrom(example, left);
        waiting += 1;
      }
      if (waiting < settings.batch) return;
      learner.move(left, waiting);
      waiting = 0;
    });
  }
  return learner.network;
}

/** Share of the rate with which learning ends. */
const leastRate = 0.03;

class Learner {
  readonly random: () => number;
  readonly network: Network;
  readonly #settings: NetworkSettings;
  readonly #dense: readonly Dense[];
  readonly #rowSquares = new Float32Array(rowCount).fill(1e-6);
  readonly #space: Workspace = workspace();
  readonly #keep = new Float32Array(pooledSize);
  readonly #errors = new Float64Array(headCount);
  readonly #pooledErrors = new Float64Array(pooledSize);
  readonly #wordErrors: Float32Array;
  /** For each word, what one feature of each kind counts; 0 where it is left out. */
  readonly #values: number[][] = [];
  #steps = 0;

  constructor(settings: NetworkSettings) {
    this.#settings = settings;
    this.random = chance(settings.seed);
    this.#wordErrors = new Float32Array(this.#space.words.length);
    const weights = new Float32Array(filterSize);
    for (let width = 1; width <= widths; width += 1)
      this.#fill(weights.subarray(widthOffset(width), widthOffset(width + 1)), Math.sqrt(2 / (width * dimensions)));
    this.network = {
      rows: this.#fill(new Float32Array(rowCount * dimensions), 0.1),
      kindWeights: settings.kindWeights,
      filters: weights,
      filterBias: new Float32Array(filters * widths),
      output: this.#fill(new Float32Array(pooledSize * headCount), Math.sqrt(0.5 / pooledSize)),
      outputBias: new Float32Array(headCount),
    };
    const { filterBias, output, outputBias } = this.network;
    this.#dense = [weights, filterBias, output, outputBias].map((each) => new Dense(each));
  }

  /** Normal numbers of so wide a spread. */
  #fill(numbers: Float32Array, spread: number): Float32Array {
    for (let at = 0; at < numbers.length; at += 1) {
      const length = spread * Math.sqrt(-2 * Math.log(this.random() + 1e-9));
      numbers[at] = length * Math.cos(2 * Math.PI * this.random());
    }
    return numbers;
  }

  move(left: number, examples: number): void {
    this.#steps += 1;
    for (const dense of this.#dense) dense.move(this.#settings.rate * left, this.#steps, examples);
  }

  learnFrom(example: NetworkTarget, left: number): void {
    const { tokens } = example;
    this.#readWords(tokens);
    convolve(tokens.length, this.network, this.#space);
    poolWords(tokens.length, this.#space);
    const { pooled } = this.#space;
    const { pooledDropout } = this.#settings;
    for (let at = 0; at < pooledSize; at += 1) {
      const keep = this.random() < pooledDropout ? 0 : 1 / (1 - pooledDropout);
      this.#keep[at] = keep;
      pooled[at] = (pooled[at] ?? 0) * keep;
    }
    readOut(this.network, this.#space);
    this.#findErrors(example);
    this.#backToPooled();
    this.#backToWords(tokens.length);
    this.#backToRows(tokens, this.#settings.rowRate * left);
  }

  #readWords(tokens: readonly Token[]): void {
    const { kindWeights, wordDropout, kindDropout } = this.#settings;
    const { words } = this.#space;
    words.fill(0, 0, tokens.length * dimensions);
    tokens.forEach(({ own, meant }, at) => {
      const isLeftOut = this.random() < wordDropout;
      const values = kindValues([...own.kinds, ...meant.kinds], kindWeights).map((value) =>
        this.random() < kindDropout || isLeftOut ? 0 : value,
      );
      this.#values[at] = values;
      if (isLeftOut) return;
      this.#addRows(own, values, at * dimensions);
      this.#addRows(meant, values, at * dimensions);
    });
  }

  #addRows({ hashes, kinds }: TokenFeatures, values: readonly number[], offset: number): void {
    const { words } = this.#space;
    const { rows } = this.network;
    for (let at = 0; at < hashes.length; at += 1) {
      const value = values[kinds[at] ?? 0] ?? 0;
      if (value === 0) continue;
      const row = ((hashes[at] ?? 0) & (rowCount - 1)) * dimensions;
      for (let d = 0; d < dimensions; d += 1)
        words[offset + d] = (words[offset + d] ?? 0) + value * (rows[row + d] ?? 0);
    }
  }

  #findErrors({ levels, weights, domain, subject }: NetworkTarget): void {
    const { outputs } = this.#space;
    levels.forEach((level, head) => {
      this.#errors[head] = (weights[head] ?? 1) * (1 / (1 + Math.exp(-(outputs[head] ?? 0))) - level);
    });
    const { aboutWeight } = this.#settings;
    const from = networkHeads.levels;
    choose(outputs, this.#errors, from, networkHeads.domains, domain, aboutWeight);
    choose(outputs, this.#errors, from + networkHeads.domains, networkHeads.subjects, subject, aboutWeight);
  }

  #backToPooled(): void {
    const [, , output, outputBias] = this.#dense;
    if (output === undefined || outputBias === undefined) return;
    const { pooled } = this.#space;
    for (let head = 0; head < headCount; head += 1)
      outputBias.gradient[head] = (outputBias.gradient[head] ?? 0) + (this.#errors[head] ?? 0);
    for (let at = 0; at < pooledSize; at += 1) {
      const value = pooled[at] ?? 0;
      this.#pooledErrors[at] = 0;
      if (value === 0) continue;
      let sum = 0;
      for (let head = 0; head < headCount; head += 1) {
        const error = this.#errors[head] ?? 0;
        const weight = at * headCount + head;
        sum += error * (output.weights[weight] ?? 0);
        output.gradient[weight] = (output.gradient[weight] ?? 0) + error * value;
      }
      this.#pooledErrors[at] = sum * (this.#keep[at] ?? 0);
    }
  }

  #backToWords(count: number): void {
    const errors = this.#wordErrors;
    errors.fill(0, 0, count * dimensions);
    for (let width = 1; width <= widths; width += 1)
      for (let f = 0; f < filters; f += 1) this.#backThroughFilter(width, f, count);
    const value = 1 / Math.sqrt(count);
    for (let d = 0; d < dimensions; d += 1) {
      const error = value * (this.#pooledErrors[filters * widths + d] ?? 0);
      for (let at = d; at < count * dimensions; at += dimensions) errors[at] = (errors[at] ?? 0) + error;
    }
  }

  #backThroughFilter(width: number, f: number, count: number): void {
    const [weights, bias] = this.#dense;
    const which = (width - 1) * filters + f;
    const error = this.#pooledErrors[which] ?? 0;
    if (error === 0 || weights === undefined || bias === undefined) return;
    bias.gradient[which] = (bias.gradient[which] ?? 0) + error;
    const start = this.#space.highest[which] ?? 0;
    const { words } = this.#space;
    for (let place = Math.max(0, -start); place < width && start + place < count; place += 1) {
      const word = (start + place) * dimensions;
      const offset = widthOffset(width) + place * dimensions * filters + f;
      for (let d = 0; d < dimensions; d += 1) {
        const weight = offset + d * filters;
        weights.gradient[weight] = (weights.gradient[weight] ?? 0) + error * (words[word + d] ?? 0);
        this.#wordErrors[word + d] = (this.#wordErrors[word + d] ?? 0) + error * (weights.weights[weight] ?? 0);
      }
    }
  }

  #backToRows(tokens: readonly Token[], rate: number): void {
    tokens.forEach(({ own, meant }, at) => {
      const errors = this.#wordErrors.subarray(at * dimensions, (at + 1) * dimensions);
      const square = errors.reduce((sum, error) => sum + error * error, 0) / dimensions;
      if (square < 1e-14) return;
      this.#moveRows(own, this.#values[at] ?? [], errors, square, rate);
      this.#moveRows(meant, this.#values[at] ?? [], errors, square, rate);
    });
  }

  #moveRows(
    { hashes, kinds }: TokenFeatures,
    values: readonly number[],
    errors: Float32Array,
    square: number,
    rate: number,
  ): void {
    const { rows } = this.network;
    for (let at = 0; at < hashes.length; at += 1) {
      const value = values[kinds[at] ?? 0] ?? 0;
      if (value === 0) continue;
      const row = (hashes[at] ?? 0) & (rowCount - 1);
      const squares = (this.#rowSquares[row] ?? 0) + value * value * square;
      this.#rowSquares[row] = squares;
      const step = (rate * value) / Math.sqrt(squares);
      for (let d = 0; d < dimensions; d += 1)
        rows[row * dimensions + d] = (rows[row * dimensions + d] ?? 0) - step * (errors[d] ?? 0);
    }
  }
}

/** One of several is right: the errors of their odds (softmax). */
function choose(
  outputs: Float64Array,
  errors: Float64Array,
  from: number,
  count: number,
  right: number,
  weight: number,
): void {
  const most = Math.max(...outputs.subarray(from, from + count));
  let sum = 0;
  for (let at = from; at < from + count; at += 1) sum += Math.exp((outputs[at] ?? 0) - most);
  for (let at = from; at < from + count; at += 1) {
    const share = Math.exp((outputs[at] ?? 0) - most) / sum;
    errors[at] = weight * (share - (at - from === right ? 1 : 0));
  }
}
