import { expect } from 'chai';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { CallEffect } from '../../src/call/effect.ts';
import type { CallEvent } from '../../src/call/event.ts';
import { brokenInvariants } from '../../src/call/invariants.ts';
import { reduce } from '../../src/call/reduce.ts';
import { replay, withoutWords, type LogEntry } from '../../src/call/replay.ts';
import { initialState } from '../../src/call/state.ts';
import { timeline } from '../../src/call/timeline.ts';
import { goldenFolder } from '../support/goldenCall.ts';

const entrySchema = z.object({
  seq: z.number(),
  at: z.number(),
  event: z.custom<CallEvent>((value) => typeof value === 'object' && value !== null && 'type' in value),
  effects: z.custom<readonly CallEffect[]>(Array.isArray),
});

function readGolden(name: string): readonly LogEntry[] {
  const [, ...lines] = readFileSync(path.join(goldenFolder, name), 'utf8').trim().split('\n');
  return lines.map((line) => entrySchema.parse(JSON.parse(line)));
}

/** With `UPDATE_GOLDEN=1`: the same events decided anew. The difference of the files is what the change decides otherwise. */
function decideAnew(name: string): void {
  const file = path.join(goldenFolder, name);
  const [header] = readFileSync(file, 'utf8').split('\n');
  let state = initialState;
  const entries = readGolden(name).map((entry) => {
    const step = reduce(state, entry);
    state = step.state;
    return JSON.stringify({ ...entry, effects: step.effects });
  });
  writeFileSync(file, `${[header, ...entries].join('\n')}\n`);
}

const names = readdirSync(goldenFolder).filter((name) => name.endsWith('.jsonl'));

if (process.env['UPDATE_GOLDEN'] === '1') names.forEach(decideAnew);

describe('golden calls', () => {
  it('are there', () => expect(names.length).to.be.at.least(10));

  for (const name of names) {
    it(`${name} is decided today as it was when it was recorded`, () => {
      expect(replay(readGolden(name)).divergence).to.equal(null);
    });
  }

  it('are decided the same with every word blanked out', () => {
    for (const name of names) {
      const blanked = readGolden(name).map((entry) => ({ ...entry, event: withoutWords(entry.event) }));
      expect(replay(blanked).divergence).to.equal(null);
    }
  });

  it('keep the invariants at every step', () => {
    for (const name of names) {
      let state = initialState;
      for (const timed of readGolden(name)) {
        const step = reduce(state, timed);
        expect(brokenInvariants(state, step.state, step.effects), `${name} #${timed.seq}`).to.deep.equal([]);
        state = step.state;
      }
    }
  });

  it('show a divergence with what was recorded and what is decided now', () => {
    const [first] = names;
    const log = readGolden(first ?? '').map((entry) => (entry.effects.length > 0 ? { ...entry, effects: [] } : entry));
    const { divergence } = replay(log);
    expect(divergence?.recorded).to.deep.equal([]);
    expect(divergence?.replayed).to.not.deep.equal([]);
  });

  it('read as a time line of one line for each decision, without words unless they are asked for', () => {
    const log = readGolden('plain.jsonl');
    expect(timeline(log, { words: false })).to.have.length(log.length);
    expect(timeline(log, { words: false }).join('\n')).to.not.match(/[\u0600-\u06FF]/);
    expect(timeline(log, { words: true }).join('\n')).to.match(/[\u0600-\u06FF]/);
  });
});
