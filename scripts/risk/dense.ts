/** Weights that are all moved at each step, by Adam. */
export class Dense {
  readonly weights: Float32Array;
  readonly gradient: Float32Array;
  readonly #mean: Float32Array;
  readonly #square: Float32Array;

  constructor(weights: Float32Array) {
    this.weights = weights;
    this.gradient = new Float32Array(weights.length);
    this.#mean = new Float32Array(weights.length);
    this.#square = new Float32Array(weights.length);
  }

  move(rate: number, step: number, examples: number): void {
    const unbiased = rate / (1 - 0.9 ** step);
    const spread = 1 / (1 - 0.999 ** step);
    for (let at = 0; at < this.weights.length; at += 1) {
      const gradient = (this.gradient[at] ?? 0) / examples;
      const mean = 0.9 * (this.#mean[at] ?? 0) + 0.1 * gradient;
      const square = 0.999 * (this.#square[at] ?? 0) + 0.001 * gradient * gradient;
      this.#mean[at] = mean;
      this.#square[at] = square;
      this.weights[at] = (this.weights[at] ?? 0) - (unbiased * mean) / (Math.sqrt(square * spread) + 1e-8);
      this.gradient[at] = 0;
    }
  }
}
