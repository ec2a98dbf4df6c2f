import {
  ROOT_CONTEXT,
  trace,
  type Attributes,
  type Context,
  type Span,
  type SpanOptions,
  type TimeInput,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';

/** What a vendor's provider would be handed, kept in memory. */
export class CollectedSpan {
  readonly name: string;
  readonly parent: CollectedSpan | null;
  readonly startMs: number;
  readonly attributes: Attributes;
  endMs: number | null = null;
  ends = 0;

  constructor(name: string, parent: CollectedSpan | null, startMs: number, attributes: Attributes) {
    this.name = name;
    this.parent = parent;
    this.startMs = startMs;
    this.attributes = { ...attributes };
  }

  get fact(): (name: string) => unknown {
    return (name) => this.attributes[`sanad.${name}`];
  }
}

/** `sampled`: whether spans record. `broken`: which of its methods throw. */
export interface ProviderKind {
  readonly sampled?: boolean;
  readonly broken?: 'nothing' | 'tracer' | 'spans' | 'everything';
}

export class CollectingProvider implements TracerProvider {
  readonly spans: CollectedSpan[] = [];
  asked = 0;
  readonly #kind: Required<ProviderKind>;
  readonly #known = new WeakMap<Span, CollectedSpan>();

  constructor({ sampled = true, broken = 'nothing' }: ProviderKind = {}) {
    this.#kind = { sampled, broken };
  }

  getTracer(): Tracer {
    if (this.#kind.broken === 'everything') throw new Error('no tracer');
    const startSpan = (name: string, options?: SpanOptions, context?: Context) => this.#start(name, options, context);
    return {
      startSpan,
      startActiveSpan: () => {
        throw new Error('the active context is not ours to set');
      },
    };
  }

  named(name: string): readonly CollectedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  #start(name: string, options: SpanOptions = {}, context: Context = ROOT_CONTEXT): Span {
    this.asked += 1;
    // The first of a call starts, so that it has somebody to lose the others.
    if (this.#kind.broken === 'tracer' && this.asked > 1) throw new Error('no span');
    const above = trace.getSpan(context);
    const parent = above === undefined ? null : (this.#known.get(above) ?? null);
    const collected = new CollectedSpan(name, parent, millisecondsOf(options.startTime), options.attributes ?? {});
    this.spans.push(collected);
    const span = this.#spanOf(collected);
    this.#known.set(span, collected);
    return span;
  }

  #spanOf(collected: CollectedSpan): Span {
    const { sampled, broken } = this.#kind;
    const spoil = (): void => {
      if (broken === 'spans') throw new Error('no such thing');
    };
    const span: Span = {
      spanContext: () => ({ traceId: '1'.repeat(32), spanId: '1'.repeat(16), traceFlags: 1 }),
      setAttribute: (name, value) => span.setAttributes({ [name]: value }),
      setAttributes: (attributes) => {
        spoil();
        Object.assign(collected.attributes, attributes);
        return span;
      },
      addEvent: () => span,
      addLink: () => span,
      addLinks: () => span,
      setStatus: () => span,
      updateName: () => span,
      end: (at) => {
        spoil();
        collected.ends += 1;
        collected.endMs = millisecondsOf(at);
      },
      isRecording: () => sampled,
      recordException: () => {},
    };
    return span;
  }
}

/** Times are explicit everywhere: one that is left to the provider would be that of a busy machine. */
function millisecondsOf(time: TimeInput | undefined): number {
  if (!(time instanceof Date)) throw new Error('a time is missing, or may be taken for one since the process began');
  return time.getTime();
}
