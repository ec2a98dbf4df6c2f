import Anthropic from '@anthropic-ai/sdk';
import { expect } from 'chai';
import OpenAI from 'openai';
import { startLanguageModels, type LanguageModels } from '../../../src/sandbox/languageModels/server.ts';
import { tokensOf } from '../../../src/sandbox/languageModels/stream.ts';

describe('the stand-in for language models', () => {
  let server: LanguageModels;
  before(async () => {
    server = await startLanguageModels({
      openaiKey: 'sk-right',
      anthropicKey: 'sk-ant-right',
      timing: { firstTokenMs: 1, tokenEveryMs: 1 },
    });
  });
  after(() => server.close());
  beforeEach(() => server.faults.clear());

  const openai = (apiKey = 'sk-right') =>
    new OpenAI({ apiKey, baseURL: server.openaiBaseUrl, maxRetries: 0, logLevel: 'off' });
  const anthropic = (apiKey = 'sk-ant-right') =>
    new Anthropic({ apiKey, baseURL: server.anthropicBaseUrl, maxRetries: 0, logLevel: 'off' });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${server.anthropicBaseUrl}${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers,
    });

  it('says in its start-up line that it is no model', () => {
    expect(server.startLine).to.include('stand-in').and.include('not a model');
  });

  it('answers the real OpenAI client, whole and streamed alike', async () => {
    const body = { model: 'gpt-x', messages: [{ role: 'user' as const, content: 'I cannot sleep at night' }] };
    const whole = await openai().chat.completions.create(body);
    let streamed = '';
    let usage: unknown;
    for await (const chunk of await openai().chat.completions.create({
      ...body,
      stream: true,
      stream_options: { include_usage: true },
    })) {
      streamed += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(whole.choices[0]?.message.content).to.equal(
      'The nights are long when sleep does not come. What goes through your mind in those hours?',
    );
    expect(streamed).to.equal(whole.choices[0]?.message.content);
    expect(usage).to.deep.equal(whole.usage);
  });

  it('sends no usage to a client that did not ask for it', async () => {
    const stream = await openai().chat.completions.create({
      model: 'm',
      stream: true,
      messages: [{ role: 'user', content: 'hi' }],
    });
    for await (const chunk of stream) expect(chunk.usage ?? null).to.equal(null);
  });

  it('answers the real Anthropic client, whole and streamed alike', async () => {
    const body = { model: 'claude-x', max_tokens: 100, messages: [{ role: 'user' as const, content: 'ما أقدر أنام' }] };
    const whole = await anthropic().messages.create(body);
    const streamed = await anthropic().messages.stream(body).finalMessage();
    const text = (message: Anthropic.Message) =>
      message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    expect(text(whole)).to.equal('الليل طويل لما النوم ما يجي. إيش اللي يدور في البال في هالساعات؟');
    expect(text(streamed)).to.equal(text(whole));
    expect(streamed.stop_reason).to.equal('end_turn');
    expect(streamed.usage.output_tokens).to.equal(whole.usage.output_tokens);
  });

  it('lists models to both clients', async () => {
    expect((await openai().models.list()).data.map((model) => model.id)).to.deep.equal(['stand-in']);
    expect((await anthropic().models.list()).data.map((model) => model.id)).to.deep.equal(['stand-in']);
    expect((await openai().models.retrieve('gpt-x')).id).to.equal('gpt-x');
    expect((await anthropic().models.retrieve('claude-x')).id).to.equal('claude-x');
  });

  it('refuses a wrong key as each vendor does', async () => {
    const messages = [{ role: 'user' as const, content: 'hi' }];
    const first: unknown = await openai('sk-wrong')
      .chat.completions.create({ model: 'm', messages })
      .catch((error: unknown) => error);
    expect(first).to.be.instanceOf(OpenAI.AuthenticationError).and.include({ status: 401, code: 'invalid_api_key' });
    const second: unknown = await anthropic('sk-wrong')
      .messages.create({ model: 'm', max_tokens: 5, messages })
      .catch((error: unknown) => error);
    expect(second)
      .to.be.instanceOf(Anthropic.AuthenticationError)
      .and.include({ status: 401, type: 'authentication_error' });
    const third: unknown = await openai('sk-wrong')
      .models.list()
      .catch((error: unknown) => error);
    expect(third).to.be.instanceOf(OpenAI.AuthenticationError);
  });

  it('refuses what the vendors would refuse', async () => {
    const key = { authorization: 'Bearer sk-right', 'x-api-key': 'sk-ant-right' };
    expect((await post('/v1/chat/completions', '{', key)).status).to.equal(400);
    expect((await post('/v1/chat/completions', { model: 'm', messages: [] }, key)).status).to.equal(400);
    expect(
      (await post('/v1/messages', { model: 'm', messages: [{ role: 'user', content: 'hi' }] }, key)).status,
    ).to.equal(400);
    expect(
      (await post('/v1/messages', { model: 'm', max_tokens: 5, messages: [{ role: 'assistant', content: 'hi' }] }, key))
        .status,
    ).to.equal(400);
    expect((await post('/v1/unknown', {}, key)).status).to.equal(404);
  });

  it('takes fault plans over HTTP, applies each as often as planned, and to that vendor only', async () => {
    const plan = { scope: 'openai', fault: { kind: 'status', status: 429 }, times: 2 };
    const answer = await post('/sandbox/faults', plan);
    expect(await answer.json()).to.deep.equal([plan]);
    const ask = () =>
      openai()
        .chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] })
        .then(
          () => 200,
          (error: unknown) => (error instanceof OpenAI.APIError ? error.status : error),
        );
    expect(
      await anthropic().messages.create({ model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] }),
    ).to.have.property('type', 'message');
    expect([await ask(), await ask(), await ask()]).to.deep.equal([429, 429, 200]);
  });

  it('refuses a plan that it does not know', async () => {
    const answer = await post('/sandbox/faults', { scope: 'openai', fault: { kind: 'explode' } });
    expect(answer.status).to.equal(400);
  });

  it('counts requests and how they went', async () => {
    const own = await startLanguageModels({ timing: { firstTokenMs: 1, tokenEveryMs: 1 } });
    const client = new OpenAI({ apiKey: 'any', baseURL: own.openaiBaseUrl, maxRetries: 0, logLevel: 'off' });
    await client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });
    own.faults.add({ scope: 'openai', fault: { kind: 'status', status: 500 } });
    await client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }).catch(() => {});
    expect(own.stats()).to.deep.equal({
      openai: { requests: 2, completed: 1, aborted: 0, faulted: 1, refusedKeys: 0 },
      anthropic: { requests: 0, completed: 0, aborted: 0, faulted: 0, refusedKeys: 0 },
      openaiStructured: { requests: 0, completed: 0, aborted: 0, faulted: 0, refusedKeys: 0 },
      anthropicStructured: { requests: 0, completed: 0, aborted: 0, faulted: 0, refusedKeys: 0 },
    });
    await own.close();
  });

  it('cuts long words as models do and loses no character', () => {
    const text = 'أسمعكم، والمسؤولية كبيرة. Overwhelmed?';
    expect(tokensOf(text).join('')).to.equal(text);
    expect(tokensOf(text).length).to.be.greaterThan(text.split(' ').length);
  });
});
