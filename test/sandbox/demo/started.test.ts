import { expect } from 'chai';
import { Started, Stopped } from '../../../src/sandbox/demo/started.ts';

describe('what the demo has started', () => {
  it('is stopped in the reverse order, once, also when one of them fails to stop', async () => {
    const stopped: string[] = [];
    const started = new Started();
    const stop = async (name: string) => void stopped.push(name);
    await started.add(Promise.resolve('database'), stop);
    await started.add(Promise.resolve('broken'), async () => Promise.reject(new Error('gone already')));
    await started.add(Promise.resolve('server'), stop);
    await Promise.all([started.close(), started.close()]);
    expect(stopped).to.deep.equal(['server', 'database']);
  });

  it('is stopped as well when it comes up after the end', async () => {
    const stopped: string[] = [];
    const started = new Started();
    let come = (_name: string): void => {};
    const late = started.add(
      new Promise<string>((resolve) => {
        come = resolve;
      }),
      async (name) => void stopped.push(name),
    );
    await started.close();
    come('late');
    const outcome = await late.catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(Stopped);
    expect(stopped).to.deep.equal(['late']);
  });
});
