/** The dashboard asks for what the engine gives, in expressions that Prometheus understands, and for all of it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { type Metric, metrics } from '../../schema/metrics.ts';
import { ROOT } from '../support/profile.ts';

interface Target {
  readonly expr: string;
  readonly refId: string;
  readonly legendFormat: string;
  readonly datasource: { readonly type: string; readonly uid: string };
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

const text = readFileSync(path.join(ROOT, 'docs/grafana-dashboard.json'), 'utf8');
const dashboard = JSON.parse(text) as Dashboard;
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const targets = panels.flatMap((panel) => (panel.targets ?? []).map((target) => ({ panel, ...target })));

/** Metrics as they stand in expressions, each with the labels that it has. */
const given = new Map<string, ReadonlySet<string>>();
for (const { name, type, labels } of Object.values(metrics) as Metric[]) {
  const names = type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name];
  // Whoever scrapes says which instance and job it was.
  for (const each of names)
    given.set(
      each,
      new Set([...(labels ?? []), 'instance', 'job', ...(each.endsWith('_bucket') ? ['le'] : [])]),
    );
}

/** What Grafana puts in for its variables. */
function filled(expr: string): string {
  return expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*');
}

/** The texts of an expression's nodes of a kind; the parser marks what it does not understand. */
function nodes(expr: string, kind: string): string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, type, from, to }) => {
      if (type.isError) throw new SyntaxError(`${expr}: at ${from}`);
      if (name === kind) found.push(expr.slice(from, to));
    },
  });
  return found;
}

describe('the dashboard', () => {
  it('has a panel for every metric, and every panel has its question', () => {
    const asked = new Set(targets.flatMap(({ expr }) => nodes(filled(expr), 'Identifier')));
    const missing = (Object.values(metrics) as Metric[]).filter(({ name, type }) =>
      type === 'histogram' ? !asked.has(`${name}_bucket`) : !asked.has(name),
    );
    expect(missing).toEqual([]);
    for (const panel of panels) {
      expect(panel.targets?.length, panel.title).toBeGreaterThan(0);
      expect(panel.description, panel.title).toMatch(/\.$/);
    }
  });

  it.each(targets.map(({ panel, expr, refId }) => [`${panel.title} ${refId}`, expr]))(
    '%s parses and asks for what there is',
    (_title, expr) => {
      const whole = filled(expr);
      expect(whole).not.toContain('$');
      const names = nodes(whole, 'Identifier');
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect([...given.keys()]).toContain(name);
      for (const selector of nodes(whole, 'VectorSelector')) {
        const [name = ''] = nodes(selector, 'Identifier');
        for (const label of nodes(selector, 'LabelName')) expect(given.get(name), selector).toContain(label);
      }
    },
  );

  it('says in legends only what the metrics have', () => {
    for (const { panel, expr, legendFormat } of targets) {
      const [name = ''] = nodes(filled(expr), 'Identifier');
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
        expect(given.get(name), `${panel.title}: ${legendFormat}`).toContain(label);
    }
  });

  it('tells panels apart, and none lies over another', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of dashboard.panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(x, title).toBeLessThan(24);
          expect(taken, title).not.toContain(`${x} ${y}`);
          taken.add(`${x} ${y}`);
        }
  });

  it('lets everybody choose his own source', () => {
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'instance']);
    for (const { datasource } of targets)
      expect(datasource).toEqual({ type: 'prometheus', uid: `$\{datasource}` });
  });

  it('an expression that is none is found', () => {
    expect(() => nodes('sum(rate(x[5m])', 'Identifier')).toThrow(SyntaxError);
  });
});
