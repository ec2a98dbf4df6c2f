import { systemClock } from '../../clock.ts';
import type { Settings } from '../../settings.ts';
import { anthropicModel } from '../../therapist/anthropic.ts';
import { ModelError, type ModelFault, type ModelName, type Provider } from '../../therapist/languageModel.ts';
import { modelTimes } from '../../therapist/modelStream.ts';
import { openaiModel } from '../../therapist/openai.ts';
import { type Bounds, type Check, defineCheck, orLate } from './check.ts';
import { fault, type Finding, ok, type Row, warning } from './finding.ts';

interface Vendor {
  readonly name: ModelName;
  readonly keyName: 'OPENAI_API_KEY' | 'ANTHROPIC_API_KEY';
  readonly modelName: 'OPENAI_MODEL' | 'ANTHROPIC_MODEL';
  readonly model: string;
  readonly provider: Provider;
  /** Asks whether the account has the model. */
  readonly lookUp: (signal: AbortSignal) => Promise<Response>;
}

const late = { state: 'fault', fix: 'See that port 443 to the providers of the models is open.' } as const;

export const openaiCheck: Check = defineCheck({
  rows: ['openai'],
  uses: ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL'],
  late,
  run: async (settings, asking) =>
    asking.report('openai', await tryOut('openai', openaiVendor(settings, asking.timeoutMs), asking)),
});

export const anthropicCheck: Check = defineCheck({
  rows: ['anthropic'],
  uses: ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'ANTHROPIC_MODEL'],
  late,
  run: async (settings, asking) =>
    asking.report('anthropic', await tryOut('anthropic', anthropicVendor(settings, asking.timeoutMs), asking)),
});

/** One answers for the other: a fault of one is a warning as long as the other answers. */
export function judgeTogether(rows: readonly Row[]): readonly Row[] {
  const models = rows.filter(({ id }) => id === 'openai' || id === 'anthropic');
  const answering = models.find(({ state }) => state === 'ok');
  return rows.map((row) => {
    if (!models.includes(row) || row.state !== 'fault') return row;
    if (answering !== undefined)
      return { ...row, state: 'warning', detail: `${row.detail}; ${answering.what} answers` };
    return { ...row, detail: `${row.detail}; no model answers, callers hear fixed lines only` };
  });
}

type OpenaiSettings = Pick<Settings, 'OPENAI_API_KEY' | 'OPENAI_BASE_URL' | 'OPENAI_MODEL'>;
type AnthropicSettings = Pick<Settings, 'ANTHROPIC_API_KEY' | 'ANTHROPIC_BASE_URL' | 'ANTHROPIC_MODEL'>;

function openaiVendor(settings: OpenaiSettings, firstTokenMs: number): Vendor | null {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: model } = settings;
  if (apiKey === undefined) return null;
  const root = baseUrl ?? 'https://api.openai.com/v1';
  return {
    name: 'openai',
    keyName: 'OPENAI_API_KEY',
    modelName: 'OPENAI_MODEL',
    model,
    provider: openaiModel({ apiKey, model, baseUrl, times: { ...modelTimes, firstTokenMs } }),
    lookUp: (signal) =>
      fetch(`${root}/models/${encodeURIComponent(model)}`, { headers: { authorization: `Bearer ${apiKey}` }, signal }),
  };
}

function anthropicVendor(settings: AnthropicSettings, firstTokenMs: number): Vendor | null {
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseUrl, ANTHROPIC_MODEL: model } = settings;
  if (apiKey === undefined) return null;
  const headers = { 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' };
  const root = baseUrl ?? 'https://api.anthropic.com';
  return {
    name: 'anthropic',
    keyName: 'ANTHROPIC_API_KEY',
    modelName: 'ANTHROPIC_MODEL',
    model,
    provider: anthropicModel({ apiKey, model, baseUrl, times: { ...modelTimes, firstTokenMs } }),
    lookUp: (signal) => fetch(`${root}/v1/models/${encodeURIComponent(model)}`, { headers, signal }),
  };
}

/** A few words in English are asked for; the whole costs far less than a cent. */
const question = {
  system: 'You are being tested. Answer with the one word: ready',
  messages: [{ role: 'caller', text: 'Are you there?' }],
  maxTokens: 32,
} as const;

async function tryOut(name: ModelName, vendor: Vendor | null, { timeoutMs, signal }: Bounds): Promise<Finding> {
  if (vendor === null)
    return warning('not set up', `Set ${keyNames[name]}, so that one provider stands in for the other.`);
  const ending = new AbortController();
  const end = (): void => ending.abort();
  signal.addEventListener('abort', end, { once: true });
  const tried = await orLate(ask(vendor, ending.signal), timeoutMs);
  end();
  return tried === 'late' ? failure(vendor, 'noFirstToken') : tried;
}

const keyNames = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY' } as const;

async function ask(vendor: Vendor, signal: AbortSignal): Promise<Finding> {
  // Opens the connection, so that the time measured is the model's and not the network's.
  const refused = (await vendor.provider.warm?.()) ?? null;
  if (refused !== null && refused !== 'service') return failure(vendor, refused);
  const startedAt = systemClock.now();
  try {
    for await (const chunk of vendor.provider.stream(question, signal))
      if (chunk.type === 'text')
        return ok(`${vendor.model} answers, first word after ${Math.round(systemClock.now() - startedAt)} ms`);
    return failure(vendor, 'empty');
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const kind = error.faults[0]?.fault ?? 'service';
    return kind === 'service' && (await isUnknown(vendor, signal)) ? unknownModel(vendor) : failure(vendor, kind);
  }
}

async function isUnknown({ lookUp }: Vendor, signal: AbortSignal): Promise<boolean> {
  return lookUp(signal).then(
    ({ status }) => status === 404,
    () => false,
  );
}

function unknownModel({ model, modelName, keyName }: Vendor): Finding {
  return fault(
    `there is no model "${model}" for this account`,
    `Correct ${modelName}, or give the account of ${keyName} access to it.`,
  );
}

function failure({ name, keyName }: Vendor, kind: ModelFault): Finding {
  const status = name === 'openai' ? 'https://status.openai.com' : 'https://status.anthropic.com';
  switch (kind) {
    case 'unauthorised':
      return fault('the key is refused', `Set ${keyName} to a valid key; it may have been withdrawn.`);
    case 'rateLimited':
      return fault('the account has used up its rate or its money (429)', 'Raise its limit, or pay its bill.');
    case 'unreachable':
      return fault('it cannot be reached', `See that port 443 to it is open. Its state: ${status}`);
    case 'noFirstToken':
    case 'stalled':
      return fault('no word came in time', `Its state: ${status}`);
    case 'truncated':
    case 'refused':
    case 'service':
    case 'tooLong':
    case 'empty':
      return fault(`it does not answer as it should (${kind})`, `Its state: ${status}`);
  }
}
