import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { createMetrics } from '../src/metrics.ts';

const folder = path.join(import.meta.dirname, '../docs/operations');
const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8');

const dashboard = z.object({
  title: z.string(),
  uid: z.string(),
  schemaVersion: z.number(),
  panels: z.array(
    z.object({
      id: z.number(),
      type: z.enum(['row', 'stat', 'timeseries']),
      title: z.string(),
      targets: z.array(z.object({ expr: z.string().min(1) })).optional(),
    }),
  ),
});

/** The rules, each with the expression that raises it. The file keeps to one line for each field. */
function alerts(): readonly { readonly name: string; readonly expr: string; readonly runbook: string }[] {
  return read('alerts.yaml')
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map((rule) => ({
      name: rule.split('\n')[0] ?? '',
      expr: /^ {8}expr:\s*['"]?(.+?)['"]?$/m.exec(rule)?.[1] ?? '',
      runbook: /^ {10}runbook: (.+)$/m.exec(rule)?.[1] ?? '',
    }));
}

/** Names, without the parts that a histogram adds; `up` is Prometheus's own. */
function metricsIn(expression: string): readonly string[] {
  const names = expression.replace(/\{[^}]*\}/g, '').match(/\b(?:sanad|nodejs|process)_\w+/g) ?? [];
  return names.map((name) => (name.startsWith('sanad_') ? name.replace(/_bucket$/, '') : name));
}

/** `sanad_x{label="a"}` → `sanad_x` with the labels that the expression asks for. */
function labelsIn(expression: string): readonly string[] {
  return [...expression.matchAll(/\b(sanad_\w+?)(?:_bucket)?\{([^}]*)\}/g)].flatMap(([, name, labels = '']) =>
    [...labels.matchAll(/(\w+)=~?"/g)].map(([, label]) => `${name} ${label}`),
  );
}

describe('what is watched', () => {
  const panels = dashboard.parse(JSON.parse(read('grafana-dashboard.json'))).panels;
  const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
  const rules = alerts();

  it('asks only for metrics that exist, in every panel and every alert', async () => {
    const { text } = await createMetrics().exposition();
    const known = new Set(text.split('\n').flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []));
    const asked = [
      ...queries.map(({ title, expr }) => ({ title, expr })),
      ...rules.map((r) => ({ ...r, title: r.name })),
    ];
    const unknown = asked.flatMap(({ title, expr }) =>
      metricsIn(expr)
        .filter((name) => !known.has(name))
        .map((name) => `${title}: ${name}`),
    );
    expect(unknown).to.deep.equal([]);
    const empty = asked.filter(({ expr }) => metricsIn(expr).length === 0).map(({ title }) => title);
    expect(empty).to.deep.equal(['SanadDown']);
  });

  it('asks only for labels that the metrics have', async () => {
    const metrics = createMetrics('calls');
    metrics.turnClosed('unanswered');
    metrics.stageTook('firstReplyFrame', 1);
    metrics.backlog({
      queues: [{ queue: 'escalation', waiting: 1, running: 0, delayed: 0, dead: 0 }],
      stored: { outbox: { count: 0, oldestMs: 0 }, escalations: [], onCall: 1 },
    });
    const series = (await metrics.exposition()).text.split('\n').filter((line) => !line.startsWith('#'));
    const has = ([name, label]: readonly string[]): boolean =>
      series.some((line) => new RegExp(`^${name}(?:_bucket)?\\{.*\\b${label}="`).test(line));
    const asked = [...queries, ...rules].flatMap(({ expr }) => labelsIn(expr));
    expect(asked.filter((each) => !has(each.split(' ')))).to.deep.equal([]);
    expect(asked).to.have.length.greaterThan(5);
  });

  it('has a rule that can be read and something to do for each alert, and no other', () => {
    const headings = [...read('README.md').matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    expect(rules.map(({ name }) => name)).to.deep.equal(headings);
    for (const { name, runbook } of rules) expect(runbook).to.equal(`docs/operations/README.md#${name.toLowerCase()}`);
  });

  it('has panels with ids of their own, each with a query unless it is a row', () => {
    expect(new Set(panels.map(({ id }) => id)).size).to.equal(panels.length);
    expect(panels.filter(({ type, targets }) => (type === 'row') !== (targets === undefined))).to.deep.equal([]);
  });
});
