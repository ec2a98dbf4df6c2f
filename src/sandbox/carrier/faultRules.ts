/** Trouble on demand: which requests it meets, and how many of them. */
export interface FaultRule<Fault> {
  readonly fault: Fault;
  /** All when not given. */
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** REST: below the account, without `.json`. Webhooks: the path of the address. */
  readonly path?: RegExp;
  /** Parameters the request must have, exactly so. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** How many requests it meets; 1 when not given, all when only a probability is. */
  readonly times?: number;
  /** 0..1, from the carrier's seed; 1 when not given. */
  readonly probability?: number;
}

export interface Faultable {
  readonly method: string;
  readonly path: string;
  readonly parameter: (name: string) => string | null;
}

export class FaultRules<Fault> {
  readonly #random: () => number;
  #rules: { readonly rule: FaultRule<Fault>; left: number }[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  add(rule: FaultRule<Fault>): void {
    const otherwise = rule.probability === undefined ? 1 : Number.POSITIVE_INFINITY;
    this.#rules.push({ rule, left: rule.times ?? otherwise });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault of the first rule that fits, which then meets one request fewer. */
  take(request: Faultable): Fault | undefined {
    const met = this.#rules.find(({ rule, left }) => left > 0 && fits(rule, request) && this.#happens(rule));
    if (met === undefined) {
      return undefined;
    }
    met.left -= 1;
    this.#rules = this.#rules.filter(({ left }) => left > 0);
    return met.rule.fault;
  }

  #happens({ probability }: FaultRule<Fault>): boolean {
    return probability === undefined || this.#random() < probability;
  }
}

function fits<Fault>(rule: FaultRule<Fault>, { method, path, parameter }: Faultable): boolean {
  const parameters = Object.entries(rule.parameters ?? {});
  return (
    (rule.method ?? method) === method &&
    // A rule with `g` would remember where it stopped.
    (rule.path === undefined || path.search(rule.path) >= 0) &&
    parameters.every(([name, value]) => parameter(name) === value)
  );
}
