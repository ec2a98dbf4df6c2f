import { expect } from 'chai';
import type { Caller } from '../../src/sandbox/carrier/caller.ts';
import type { LegReport } from '../../src/sandbox/carrier/legLog.ts';
import { escalationsOfCall, readShownEscalation, tasksOfCall } from '../../src/store/escalationQueries.ts';
import { readRows, run } from '../../src/store/rows.ts';
import { z } from 'zod';
import {
  effectsOf,
  eventsOf,
  openRehearsal,
  personNumber,
  type RehearsalOptions,
  type RehearsedCall,
  type Rehearsal,
} from '../support/rehearsal.ts';
import { recordGolden } from '../support/goldenCall.ts';
import { serverStartMs } from '../support/servers.ts';

const maryam = { name: 'Maryam', number: '+96891111111' };
const said = { name: 'Said', number: '+96892222222' };

/** Waits and guards as short as they may be, so that a night on which nobody answers passes in seconds. */
const quick = {
  waveMs: 2_500,
  ceilingMs: { imminent: 6_000, other: 6_000 },
  pauseMs: 3_000,
  ringSeconds: 2,
  automaticCallbackMs: [500, 1_000],
} as const;

const linesOf = (call: RehearsedCall): readonly string[] =>
  effectsOf(call, 'startReply').map(({ source }) => (source.kind === 'line' ? source.line : 'model'));

/** A whole call over real sockets, with the telephones of people on call on the same carrier. */
class Night {
  readonly line: Rehearsal;
  call: RehearsedCall | null = null;

  constructor(line: Rehearsal) {
    this.line = line;
  }

  answers(number: string, afterMs: number): void {
    this.line.carrier.setPhone(number, {
      kind: 'answers',
      afterMs,
      person: async (phone) => {
        await phone.asked();
        await phone.press('1');
        await phone.connected();
        await phone.say(this.line.phrase('hello'));
        await phone.listenUntilQuiet({ ms: 800, withinMs: 6_000 });
      },
    });
  }

  legOf(number: string): readonly LegReport[] {
    return this.line.carrier.legs().filter(({ to, direction }) => to === number && direction === 'outbound-api');
  }

  /** What the database says once nothing is open any more. */
  async records(): Promise<{
    readonly outcomes: readonly (string | null)[];
    readonly tasks: readonly string[];
    readonly attempts: readonly string[];
  }> {
    const { records } = this.line;
    const [call] = await records.acrossOrganisations(async (tx) =>
      readRows(
        z.object({ id: z.string(), organisation_id: z.string() }),
        await run(tx, 'select id, organisation_id from calls order by started_at', []),
      ),
    );
    if (call === undefined) throw new Error('no call was kept');
    return records.within(call.organisation_id, async (tx) => {
      const listed = await escalationsOfCall(tx, call.id);
      const shown = await Promise.all(listed.map(({ id }) => readShownEscalation(tx, id)));
      return {
        outcomes: listed.map(({ outcome }) => outcome),
        tasks: (await tasksOfCall(tx, call.id)).map(({ kind }) => kind),
        attempts: shown.flatMap((each) => each?.attempts ?? []).map(({ state }) => state),
      };
    });
  }
}

describe('a person who is brought over real sockets', () => {
  const nights: Night[] = [];
  const night = async (options: RehearsalOptions = {}): Promise<Night> => {
    const made = new Night(await openRehearsal({ onCall: [maryam, said], ...options }));
    nights.push(made);
    return made;
  };
  let crisis: Night;
  let nobody: Night;
  let killed: Night;
  let hungUp: Night;

  const discloses =
    (made: () => Night, phrase: string, onwards: Caller): Caller =>
    async (caller) => {
      await caller.listenUntilQuiet({ ms: 700 });
      await caller.say(made().line.phrase(phrase));
      await onwards(caller);
    };

  before(async function () {
    this.timeout(serverStartMs + 200_000);
    // They part after a few words; in life somebody in danger would then be rung for again.
    crisis = await night({ turnTaking: { shortTalkMs: 500 } });
    crisis.answers(maryam.number, 2_500);
    crisis.line.carrier.setPhone(said.number, { kind: 'voicemail', answersAfterMs: 500 });
    nobody = await night({ escalationTiming: quick });
    for (const number of [maryam.number, said.number, personNumber])
      nobody.line.carrier.setPhone(number, { kind: 'no-answer' });
    killed = await night();
    killed.answers(maryam.number, 7_000);
    killed.line.carrier.setPhone(said.number, { kind: 'busy' });
    hungUp = await night({ escalationTiming: quick });
    hungUp.line.carrier.setPhone(maryam.number, { kind: 'no-answer' });
    hungUp.line.carrier.setPhone(said.number, { kind: 'no-answer' });
    const stories: readonly (readonly [string, Night, Caller])[] = [
      [
        'crisis',
        crisis,
        discloses(
          () => crisis,
          'kill-myself',
          async (caller) => {
            await caller.connected();
            await caller.listenUntilQuiet({ ms: 700 });
            await caller.say(crisis.line.phrase('will-stay'));
            await caller.listenUntilQuiet({ ms: 2_500 });
          },
        ),
      ],
      [
        'nobodyAnswers',
        nobody,
        discloses(
          () => nobody,
          'kill-myself-tonight',
          async (caller) => {
            await caller.silence(26_000);
          },
        ),
      ],
      [
        'killed',
        killed,
        discloses(
          () => killed,
          'kill-myself',
          async (caller) => {
            await caller.hears({ atLeastMs: 1_000 });
            await killed.line.failOver();
            await caller.connected();
            await caller.listenUntilQuiet({ ms: 700 });
            await caller.silence(500);
          },
        ),
      ],
      [
        'hungUpInDanger',
        hungUp,
        discloses(
          () => hungUp,
          'kill-myself',
          async (caller) => {
            await caller.hears({ atLeastMs: 1_500 });
            caller.hangUp();
          },
        ),
      ],
    ];
    const play = async ([story, made, caller]: (typeof stories)[number]): Promise<void> => {
      made.call = await made.line.call(caller);
      if (story === 'crisis' || story === 'nobodyAnswers') recordGolden(story, made.call);
    };
    // The first by itself: its times are figures to be kept, and the others are three more servers in this process.
    const [first, ...others] = stories;
    if (first !== undefined) await play(first);
    await Promise.all(others.map(play));
    // What the end of a call brings about is done in its wake.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
  });
  after(() => Promise.all(nights.map(({ line }) => line.close())));

  const callOf = ({ call }: Night): RehearsedCall => {
    if (call === null) throw new Error('the call was not placed');
    return call;
  };

  it('is rung within two seconds of the words of danger, while Sanad stays and speaks', () => {
    const { report, steps } = callOf(crisis);
    const legs = crisis.line.carrier.legs();
    const answeredAtMs =
      legs.find(({ callSid }) => callSid === report.callSid)?.states.find(({ status }) => status === 'in-progress')
        ?.atMs ?? 0;
    const rang = Math.min(
      ...[maryam, said]
        .flatMap(({ number }) =>
          crisis.legOf(number).flatMap(({ states }) => states.filter(({ status }) => status === 'ringing')),
        )
        .map(({ atMs }) => atMs - answeredAtMs),
    );
    const words = report.utterances[0]?.lastVoicedMs ?? Infinity;
    expect(rang - words).to.be.below(2_000);
    expect(linesOf(callOf(crisis))).to.include('stayWithMe');
    expect(steps.some(({ state }) => state.transfer.kind === 'requested' && state.floor.kind === 'replying')).to.equal(
      true,
    );
  });

  it('takes the call by key, hears what it is about only then, and is with the caller in one room', () => {
    const [leg] = crisis.legOf(maryam.number);
    const pressedAtMs = leg?.digits[0]?.atMs ?? 0;
    const before = leg?.prompts.filter(({ atMs }) => atMs <= pressedAtMs).map(({ content }) => content) ?? [];
    const after = leg?.prompts.filter(({ atMs }) => atMs > pressedAtMs).map(({ content }) => content) ?? [];
    expect(before.join(' ')).to.not.match(/أقتل|خطر|انتحار/);
    expect(after.join(' ')).to.include('أقتل نفسي');
    expect(leg?.hears.some(({ whom }) => whom === callOf(crisis).report.callSid)).to.equal(true);
    expect(effectsOf(callOf(crisis), 'handOver'), 'the carrier never had to dial').to.deep.equal([]);
  });

  it('is never a voicemail', () => {
    const [leg] = crisis.legOf(said.number);
    expect(leg?.hears.some(({ whom }) => whom === callOf(crisis).report.callSid)).to.equal(false);
  });

  it('leaves a record that says it helped', async () => {
    const { outcomes, attempts } = await crisis.records();
    expect(outcomes).to.deep.equal(['helped']);
    expect(attempts.filter((state) => state === 'accepted' || state === 'joined' || state === 'left')).to.have.length(
      1,
    );
  });

  it('who does not come is owned up to; ringing goes on, company is kept, and a callback is written down', async () => {
    const call = callOf(nobody);
    expect(linesOf(call)).to.include.members(['stayWithMeNow', 'nobodyReached']);
    expect(eventsOf(call, 'escalationAdvanced').map(({ fact }) => fact)).to.include('nobody');
    expect(nobody.legOf(maryam.number).length, 'rung again in the next round').to.be.above(1);
    const { outcomes, tasks } = await nobody.records();
    expect(outcomes).to.deep.equal(['nobody']);
    expect(tasks).to.include('humanCallback');
  });

  it('leaves no caller in danger without a sound for more than eight seconds', () => {
    const { report, steps } = callOf(nobody);
    const words = report.utterances[0]?.lastVoicedMs ?? 0;
    const audible = report.timeline.flatMap((entry) =>
      entry.type === 'line-audible' || entry.type === 'line-quiet' ? [entry] : [],
    );
    let quietSince = words;
    let longest = 0;
    for (const { type, atMs } of audible) {
      if (atMs < words) continue;
      if (type === 'line-audible') longest = Math.max(longest, atMs - quietSince);
      quietSince = atMs;
    }
    expect(steps.length).to.be.above(50);
    expect(longest).to.be.below(8_000);
  });

  it('still comes when the server that asked for it is gone', async () => {
    const [leg] = killed.legOf(maryam.number);
    expect(leg?.hears.some(({ whom }) => whom === callOf(killed).report.callSid)).to.equal(true);
    expect(killed.legOf(maryam.number), 'rung once').to.have.length(1);
    expect((await killed.records()).outcomes).to.deep.equal(['helped']);
  });

  it('is followed up when the caller in danger hangs up: everyone released, Sanad rings back', async () => {
    const { outcomes, tasks } = await hungUp.records();
    expect(outcomes).to.deep.equal(['callerGone']);
    expect(tasks).to.include('automaticCallback');
    expect(hungUp.legOf('+96899887766').length, 'the caller was rung').to.be.above(0);
    for (const { number } of [maryam, said])
      for (const { status } of hungUp.legOf(number)) expect(['no-answer', 'canceled', 'completed']).to.include(status);
  });

  it('breaks none of the carrier’s rules', () => {
    for (const { call } of nights) expect([call?.report.warnings, call?.report.errors]).to.deep.equal([[], []]);
  });

  it('leaves neither a word nor a number of anybody in the log', () => {
    for (const { line } of nights) {
      expect(line.logged()).to.not.match(/[\u0600-\u06FF]/);
      expect(line.logged()).to.not.match(/\+968\d/);
      expect(line.logged()).to.not.include('Maryam');
    }
  });
});
