import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { findProgram } from '../../src/embedded/machine.ts';
import type { Report } from '../../src/staff/report/figures.ts';
import { pageLanguages, pageOf } from '../../src/staff/report/page.ts';
import { pageStyle } from '../../src/staff/report/pageStyle.ts';

const days = ['2025-11-16', '2025-11-17', '2025-11-18', '2025-11-19', '2025-11-20', '2025-11-21', '2025-11-22'];
const measured = { count: 40, p50: 800, p95: 2_500, max: 9_000 };

const report: Report = {
  period: {
    kind: 'week',
    zone: 'Asia/Muscat',
    from: new Date('2025-11-15T20:00:00Z'),
    to: new Date('2025-11-22T20:00:00Z'),
    firstDay: '2025-11-16',
    lastDay: '2025-11-22',
    days,
    soFar: false,
  },
  madeAt: new Date('2025-11-23T06:00:00Z'),
  calls: {
    calls: 1_234,
    live: 2,
    answered: 1_230,
    answeredWithin20s: 1_229,
    abandonedBefore20s: 1,
    abandonedAfter20s: 1,
    leftWithin20s: 9,
    withheldNumber: 12,
    turns: 20_000,
    bargeIns: 300,
    falseBargeIns: 20,
    callsWithBargeIn: 200,
    callsWithFailure: 3,
    failures: 4,
    seconds: 500_000,
    answerMs: measured,
    durationSeconds: measured,
    firstSoundMs: measured,
    firstSoundShare: 100,
    callers: 700,
    newCallers: 300,
    returningCallers: 400,
    byLanguage: { 'ar-OM': 1_000, '<script>alert(1)</script>': 234 },
    byOutcome: { goodbye: 800, lost: 4 },
    byLevel: { none: 1_000, low: 100, moderate: 90, high: 40, imminent: 4 },
    byHour: days.flatMap((day, n) => [{ day, hour: (n * 5) % 24, calls: 100 + n }]),
  },
  usage: {
    currency: 'USD',
    total: { micros: 98_765_432, missing: ['prices.twilio.callerLeg'] },
    byProvider: [{ provider: 'openai', cost: { micros: 90_000_000, missing: [] } }],
    sums: [
      {
        group: null,
        provider: 'openai',
        kind: 'reply',
        requests: 2_000,
        inputTokens: 9_000_000,
        cachedTokens: 100,
        cacheWriteTokens: 0,
        outputTokens: 500_000,
        amount: 0,
        estimated: 3,
        failures: 7,
        failovers: 5,
      },
    ],
  },
  stages: { share: 10, stages: [{ stage: 'firstAudio', ...measured }] },
  askedDirectly: { calls: 134, sampled: 100, asked: 80, toldUnasked: 15, notAsked: 4, unknown: 1 },
  people: {
    escalations: 44,
    open: 1,
    byReason: { risk: 40, asked: 4 },
    byLevel: { high: 40, imminent: 4 },
    byOutcome: { helped: 40, callerGone: 3 },
    goneAfterDisclosure: 3,
    personLost: 0,
    ringMs: measured,
    acceptMs: measured,
    personMs: measured,
    telephonesRung: 120,
    byAnswer: { left: 40, noAnswer: 80 },
  },
  callbacks: {
    promised: 3,
    keptInTime: 1,
    keptLate: 1,
    notNeeded: 0,
    waiting: 0,
    overdue: 1,
    byOutcome: { reached: 2 },
    automatic: 6,
    automaticMade: 6,
    automaticAnswered: 2,
  },
  followUps: {
    contacts: 9,
    waiting: 2,
    cancelled: 1,
    done: 6,
    reached: 4,
    messages: 8,
    drafts: 1,
    approved: 1,
    sent: 1,
    delivered: 4,
    failed: 1,
    replies: 3,
    repliesWithRisk: 1,
    optOuts: 1,
  },
  reviews: {
    escalated: { calls: 44, marks: { right: 30, notNeeded: 2 } },
    sample: {
      calls: 60,
      marks: { right: 50, missed: 1 },
      reviewedByLanguage: { 'ar-OM': 51 },
      missedByLanguage: { 'ar-OM': 1 },
    },
    others: { marks: {} },
  },
};

const all = (page: string, pattern: RegExp): readonly string[] =>
  [...page.matchAll(pattern)].map((match) => match[1] ?? '');

for (const language of pageLanguages)
  describe(`the page of a report in ${language}`, () => {
    const page = pageOf(report, language);

    it('says its language and its direction', () => {
      expect(page).to.include(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`);
      expect(page).to.include('<meta charset="utf-8">');
    });

    it('fetches nothing, runs nothing, and lets no value become markup', () => {
      expect(page).to.not.match(/<(script|link|img|iframe|object|embed)\b|\bsrc=|@import|url\(|\son\w+=/i);
      expect(all(page, /href="([^"]*)"/g).filter((target) => !target.startsWith('#'))).to.deep.equal([]);
      expect(page).to.include('&lt;script&gt;alert(1)&lt;/script&gt;').and.include(`default-src 'none'`);
    });

    it('has one first heading, second ones below it, and each section and link has its name', () => {
      expect(page.match(/<h1/g)).to.have.length(1);
      expect(page).to.not.match(/<h[3-6]/);
      const ids = all(page, / id="([^"]+)"/g);
      expect(new Set(ids).size, 'ids are there once').to.equal(ids.length);
      expect(ids).to.include.members(all(page, /aria-labelledby="([^"]+)"/g));
      expect(ids).to.include.members(all(page, /href="#([^"]+)"/g));
    });

    it('has each chart as a picture with a name, and as a table with the same numbers', () => {
      const figures = all(page, /<figure>([\s\S]*?)<\/figure>/g);
      expect(figures).to.have.length(3);
      for (const figure of figures) {
        expect(figure)
          .to.match(/<svg role="img" aria-labelledby="[^"]+"/)
          .and.match(/<title id="/);
        const drawn = all(figure, /<text class="(?:number|amount)"[^>]*>([^<]*)</g);
        const told = all(figure, /<td><bdi dir="ltr">([^<]*)</g).map((text) => text.replaceAll(',', ''));
        expect(told.filter((n) => n !== '0')).to.include.members(drawn.filter((n) => n !== '0'));
        expect(figure)
          .to.match(/<th scope="row">/)
          .and.match(/<caption/);
      }
    });

    it('has tables with headings for columns and rows only', () => {
      expect(page).to.not.match(/<th>|<th class/);
      expect(page.match(/<table/g)?.length).to.equal(page.match(/<caption/g)?.length);
    });

    it('is all in that language', () => {
      const text = page.replace(/<style>[\s\S]*<\/style>/, '').replace(/<[^>]+>/g, ' ');
      expect(/\p{Script=Arabic}/u.test(text)).to.equal(language === 'ar');
      const latin = text.match(/[A-Za-z]{2,}/g) ?? [];
      if (language === 'ar')
        expect(
          latin.filter((word) => !['Asia', 'Muscat', 'USD', 'lt', 'gt', 'script', 'alert'].includes(word)),
        ).to.deep.equal([]);
    });

    it('opens in a browser, where there is one, with everything in it and no complaint', async function () {
      const browser = browserHere();
      // Everything above holds without one.
      if (browser === null) return;
      this.timeout(120_000);
      const folder = mkdtempSync(path.join(tmpdir(), 'sanad-page-'));
      const file = path.join(folder, 'report.html');
      const picture = path.join(folder, 'report.png');
      writeFileSync(file, page);
      const open = (...words: readonly string[]) =>
        promisify(execFile)(
          browser,
          [
            '--headless',
            '--no-sandbox',
            '--disable-gpu',
            '--disable-dev-shm-usage',
            '--enable-logging=stderr',
            `--user-data-dir=${path.join(folder, 'profile')}`,
            '--window-size=1000,2000',
            ...words,
            `file://${file}`,
          ],
          { timeout: 100_000, maxBuffer: 20_000_000, cwd: folder },
        );
      try {
        const { stdout, stderr } = await open('--dump-dom', `--screenshot=${picture}`);
        expect(stdout.match(/<section/g)).to.have.length(12);
        expect(stdout.match(/<svg/g)).to.have.length(3);
        expect(stderr.split('\n').filter((each) => each.includes('CONSOLE'))).to.deep.equal([]);
        const png = readFileSync(picture);
        expect(png.readUInt32BE(16), 'width').to.equal(1_000);
        expect(png.length, 'a page that shows nothing is a small picture').to.be.above(30_000);
      } finally {
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      }
    });
  });

describe('the colours of a report', () => {
  it('have a contrast of 4.5 : 1 in each scheme, on the page and on a card', () => {
    const blocks = [...pageStyle.matchAll(/:root\{([^}]*)\}/g)].map((match) => match[1] ?? '');
    expect(blocks).to.have.length(3);
    for (const block of blocks) {
      const colour = (name: string) => new RegExp(`--${name}:#([0-9a-f]{3,6})`).exec(block)?.[1] ?? '';
      for (const ground of ['paper', 'card'])
        for (const ink of ['ink', 'soft', 'alarm'])
          expect(contrast(colour(ink), colour(ground)), `${ink} on ${ground}`).to.be.at.least(4.5);
      expect(contrast(colour('bar'), colour('paper')), 'bars').to.be.at.least(3);
    }
  });
});

function browserHere(): string | null {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return (
    ['chromium', 'chromium-browser', 'google-chrome']
      .map((name) => findProgram(name, folders))
      .find((each) => each !== null) ?? null
  );
}

/** WCAG 2.2, relative luminance. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const whole = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(whole.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
