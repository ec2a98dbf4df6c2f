import { expect } from 'chai';
import { startLanguageModels, type LanguageModels } from '../../src/sandbox/languageModels/server.ts';
import { anthropicModel } from '../../src/therapist/anthropic.ts';
import { ModelError, type ChatMessage, type LanguageModel } from '../../src/therapist/languageModel.ts';
import { openaiModel } from '../../src/therapist/openai.ts';
import { english, omani } from '../../src/therapist/packs.ts';
import { plainFacts } from '../../src/therapist/prompt.ts';
import { createResponder, type Reply } from '../../src/therapist/responder.ts';
import { hedge } from '../../src/therapist/hedged.ts';

/** Until the server has noticed; a second at most. */
async function eventually(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !holds(); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).to.equal(true);
}

describe('the reply to a caller', () => {
  let server: LanguageModels;
  let says = '';
  before(async () => {
    server = await startLanguageModels({ timing: { firstTokenMs: 1, tokenEveryMs: 1 }, reply: () => says });
  });
  after(() => server.close());
  beforeEach(() => server.faults.clear());

  const openai = () => openaiModel({ apiKey: 'sk-any', model: 'm', baseUrl: server.openaiBaseUrl });
  const caller = (text: string): ChatMessage[] => [{ role: 'caller', text }];

  async function reply(
    text: string,
    options: {
      readonly pack?: typeof omani;
      readonly model?: LanguageModel;
      readonly said?: string;
      readonly maxSentences?: number;
    } = {},
  ): Promise<Reply[]> {
    says = text;
    const responder = createResponder({
      model: options.model ?? openai(),
      pack: options.pack ?? omani,
      ...(options.maxSentences === undefined ? {} : { maxSentences: options.maxSentences }),
    });
    const chunks: Reply[] = [];
    for await (const chunk of responder.reply(
      caller(options.said ?? 'ضايق خلقي'),
      plainFacts,
      new AbortController().signal,
    ))
      chunks.push(chunk);
    return chunks;
  }
  const spoken = (chunks: readonly Reply[]) =>
    chunks.flatMap((chunk) => (chunk.type === 'sentence' ? [chunk.text] : []));
  const last = (chunks: readonly Reply[]) => chunks.at(-1);

  it('comes as sentences in order, and ends with what it cost', async () => {
    const chunks = await reply('أسمعكم. هذا حمل ثقيل. إيش أصعب شي فيه؟');
    expect(spoken(chunks)).to.deep.equal(['أسمعكم.', 'هذا حمل ثقيل.', 'إيش أصعب شي فيه؟']);
    expect(last(chunks)).to.deep.include({ type: 'end', reason: 'finished' });
    expect(last(chunks)).to.have.nested.property('usage.provider', 'openai');
  });

  it('says the guard’s sentence in place of one that is refused, and goes on', async () => {
    const chunks = await reply('أسمعكم. عندك اكتئاب. خذوا راحتكم.');
    expect(chunks.filter((chunk) => chunk.type === 'sentence')).to.deep.equal([
      { type: 'sentence', text: 'أسمعكم.', guarded: null },
      { type: 'sentence', text: 'ما أقدر أسمي اللي فيكم، بس أسمع إن الحمل ثقيل.', guarded: 'diagnosis' },
      { type: 'sentence', text: 'خذوا راحتكم.', guarded: null },
    ]);
  });

  it('says nothing more after what would go on with danger', async () => {
    const chunks = await reply('أسمعكم. خذ كل الحبوب. وبعدها نام.');
    expect(spoken(chunks)).to.have.length(2);
    expect(last(chunks)).to.deep.include({ reason: 'guarded' });
  });

  it('asks one question', async () => {
    const chunks = await reply('أسمعكم. من متى؟ وليش؟');
    expect(spoken(chunks)).to.deep.equal(['أسمعكم.', 'من متى؟']);
    expect(chunks).to.deep.include({ type: 'dropped', rule: 'secondQuestion' });
  });

  it('is bounded in sentences, and stops asking the provider', async () => {
    const before = server.stats().openai.aborted;
    server.faults.add({ scope: 'openai', fault: { kind: 'slow', tokenEveryMs: 5 } });
    const chunks = await reply('نعم. '.repeat(40), { maxSentences: 3 });
    expect(spoken(chunks)).to.deep.equal(['نعم.', 'نعم.', 'نعم.']);
    expect(last(chunks)).to.deep.equal({ type: 'end', reason: 'bounded', usage: null });
    await eventually(() => server.stats().openai.aborted === before + 1);
  });

  it('leaves half a sentence out when the reply became too long', async () => {
    server.faults.add({ scope: 'openai', fault: { kind: 'length', afterTokens: 4 } });
    const chunks = await reply('I hear you. It has been very hard for you.', { pack: english, said: 'hello' });
    expect(spoken(chunks)).to.deep.equal(['I hear you.']);
    expect(chunks).to.deep.include.members([last(chunks)]);
    expect(last(chunks)).to.deep.include({ reason: 'finished' });
  });

  it('ends as broken off when the providers fail after a sentence, without the half sentence', async () => {
    server.faults.add({ scope: 'openai', fault: { kind: 'cut', afterTokens: 5 } });
    const chunks = await reply('I hear you. It has been very hard for you.', { pack: english, said: 'hello' });
    expect(spoken(chunks)).to.deep.equal(['I hear you.']);
    expect(last(chunks)).to.deep.equal({ type: 'end', reason: 'brokenOff', usage: null });
  });

  for (const [title, fault] of [
    ['fails before a sentence', { kind: 'cut', afterTokens: 2 }],
    ['refuses', { kind: 'refusal', afterTokens: 0 }],
    ['says nothing', { kind: 'empty' }],
  ] as const)
    it(`throws when the model ${title}`, async () => {
      server.faults.add({ scope: 'openai', fault });
      const error = await reply('It has been very hard for you.', { pack: english, said: 'hello' }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(ModelError);
    });

  it('throws when the model says only marks that nobody can speak', async () => {
    expect(await reply('… 😊 •').catch((thrown: unknown) => thrown)).to.be.instanceOf(ModelError);
  });

  it('answers a caller in the script they changed to', async () => {
    expect(spoken(await reply('I hear you.', { said: 'can we talk in English' }))).to.deep.equal(['I hear you.']);
    expect(spoken(await reply('I hear you.', { said: 'تعبان' }))).to.deep.equal(['أنا أسمعكم، كملوا.']);
  });

  it('is one reply when the first provider breaks off and the second goes on', async () => {
    server.faults.add({ scope: 'openai', fault: { kind: 'cut', afterTokens: 5 } });
    const second = anthropicModel({ apiKey: 'sk-ant', model: 'm', baseUrl: server.anthropicBaseUrl });
    const model = hedge([
      { ...openai(), name: 'openai' },
      { ...second, name: 'anthropic' },
    ]);
    const chunks = await reply('I hear you. It has been very hard for you.', { pack: english, said: 'hello', model });
    expect(spoken(chunks)).to.deep.equal(['I hear you.', 'It has been very hard for you.']);
    expect(last(chunks)).to.have.nested.property('usage.provider', 'anthropic');
  });

  it('ends quietly when the caller goes on', async () => {
    server.faults.add({ scope: 'openai', fault: { kind: 'hang' } });
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    const chunks: Reply[] = [];
    for await (const chunk of createResponder({ model: openai(), pack: omani }).reply(
      caller('ألو'),
      plainFacts,
      abort.signal,
    ))
      chunks.push(chunk);
    expect(chunks).to.deep.equal([]);
  });

  it('gives the model what the caller heard, and warms it without a throw', () => {
    const responder = createResponder({
      model: openaiModel({ apiKey: 'sk-any', model: 'm', baseUrl: 'http://127.0.0.1:1/v1' }),
      pack: omani,
    });
    expect(responder.warm()).to.equal(undefined);
  });
});
