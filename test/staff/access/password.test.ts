import { expect } from 'chai';
import { askPassword } from '../../../src/staff/access/askPassword.ts';
import { faultOfPassword, hashPassword, verifyPassword } from '../../../src/staff/access/password.ts';
import type { TerminalInput } from '../../../src/staff/output.ts';

describe('a password', () => {
  it('is kept as a salted hash with its cost, and known again', async () => {
    const [one, other] = [
      await hashPassword('four words of one person'),
      await hashPassword('four words of one person'),
    ];
    expect(one).to.match(/^scrypt\$15\$8\$3\$[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=$/);
    expect(one).to.not.equal(other);
    expect(await verifyPassword('four words of one person', one)).to.deep.equal({ right: true, outdated: false });
    expect(await verifyPassword('four words of one persoN', one)).to.deep.equal({ right: false, outdated: false });
  });

  it('is known again when another keyboard writes the same letters as other code points', async () => {
    const kept = await hashPassword('caf\u00E9 et quatre mots');
    expect((await verifyPassword('cafe\u0301 et quatre mots', kept)).right).to.equal(true);
  });

  it('is hashed again when its cost is an older one', async () => {
    const { scryptSync } = await import('node:crypto');
    const salt = Buffer.alloc(16, 7);
    const hash = scryptSync('four words of one person', salt, 32, { N: 2 ** 10, r: 8, p: 1 });
    const kept = `scrypt$10$8$1$${salt.toString('base64')}$${hash.toString('base64')}`;
    expect(await verifyPassword('four words of one person', kept)).to.deep.equal({ right: true, outdated: true });
  });

  it('is never right where the hash is missing, unreadable, or asks for more than can be borne', async () => {
    const unreadable = [null, '', 'scrypt', 'scrypt$30$8$1$AAAA$AAAA', 'plain:four words of one person'];
    for (const kept of unreadable)
      expect(await verifyPassword('four words of one person', kept)).to.deep.equal({ right: false, outdated: false });
  });

  it('is refused when it is short, long, monotonous, not to be typed again, or holds the login', () => {
    const faults = ['elevencharc', 'x'.repeat(201), 'aaaaaaaaaaaaaaaa', 'tab\tin the middle', 'my name is Salim ok'];
    expect(faults.map((each) => faultOfPassword(each, 'salim') === null)).to.deep.equal(faults.map(() => false));
    expect(faultOfPassword('ثلاث كلمات عربية', 'salim')).to.equal(null);
    expect(faultOfPassword('four words of one person', 'salim')).to.equal(null);
  });
});

/** A person at a keyboard, key by key; what a terminal would echo is written nowhere. */
function keyboard(keys: readonly string[]): { readonly stdin: TerminalInput; readonly raw: readonly boolean[] } {
  const raw: boolean[] = [];
  const waiting = [...keys];
  let listener: ((chunk: string) => void) | null = null;
  const press = (): void => {
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
      listener?.(key);
      // The next question has not been asked yet: what is typed ahead waits for it.
      if (listener === null) return;
    }
  };
  const stdin: TerminalInput = {
    isTTY: true,
    setRawMode: (on) => raw.push(on),
    on: (event, take) => {
      if (event === 'data') listener = take;
    },
    removeListener: (event) => {
      if (event === 'data') listener = null;
    },
    resume: () => queueMicrotask(press),
    pause: () => {},
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
  };
  return { stdin, raw };
}

describe('asking for a password', () => {
  const ask = async (keys: readonly string[], twice = false) => {
    const { stdin, raw } = keyboard(keys);
    let shown = '';
    const stream = { write: (text: string) => void (shown += text) };
    const typed = await askPassword(
      { stdout: stream, stderr: stream, stdin, environment: {} },
      { fromStdin: false, twice, prompt: 'Password: ' },
    );
    return { typed, raw, shown };
  };

  it('shows nothing of what is typed, and gives the terminal back as it was', async () => {
    const { typed, raw, shown } = await ask(['f', 'o', 'x', '\u007F', 'ur words', '\r']);
    expect(typed).to.deep.equal({ kind: 'typed', password: 'four words' });
    expect(raw).to.deep.equal([true, false]);
    expect(shown).to.equal('Password: \n');
  });

  it('asks twice for a new one, and refuses two that differ', async () => {
    expect((await ask(['same words', '\r', 'same words', '\r'], true)).typed.kind).to.equal('typed');
    expect((await ask(['same words', '\r', 'other words', '\r'], true)).typed).to.deep.equal({
      kind: 'refused',
      message: 'The two passwords differ. Nothing was changed.',
    });
  });

  it('ends with Ctrl-C', async () => {
    const { typed, raw } = await ask(['four', '\u0003']);
    expect(typed.kind).to.equal('refused');
    expect(raw).to.deep.equal([true, false]);
  });

  it('refuses to read one from something that is no terminal, unless it is told to', async () => {
    const stream = { write: () => {} };
    const typed = await askPassword(
      { stdout: stream, stderr: stream, environment: {} },
      { fromStdin: false, twice: false, prompt: '' },
    );
    expect(typed.kind).to.equal('refused');
  });
});
