/** The text format of Prometheus, 0.0.4: what is counted, and behind it the labels and a number a line. */
import type { Metric } from '../../../schema/metrics.ts';

/** Backslashes, quotes and line ends are escaped: a label can hold any text. */
export function labelText(labels: Readonly<Record<string, string | number>>): string {
  return Object.entries(labels)
    .map(
      ([name, value]) =>
        `${name}="${String(value).replace(/[\\"\n]/g, (at) => (at === '\n' ? '\\n' : `\\${at}`))}"`,
    )
    .join(',');
}

export class Page {
  #text = '';

  /** A metric whose lines are made already. */
  lines({ name, type, help }: Metric, lines: string): void {
    // One without a line is left out: it says no more than its absence.
    if (lines !== '') this.#text += `# HELP ${name} ${help}.\n# TYPE ${name} ${type}\n${lines}`;
  }

  /** A metric without labels. */
  value(metric: Metric, value: number): void {
    this.lines(metric, `${metric.name} ${value}\n`);
  }

  /** A metric with one label. */
  by(metric: Metric, values: Iterable<readonly [label: string | number, value: number]>): void {
    const [label = ''] = metric.labels ?? [];
    this.rows(
      metric,
      Array.from(values, ([which, value]) => [{ [label]: which }, value]),
    );
  }

  /** A metric with several. */
  rows(
    metric: Metric,
    rows: readonly (readonly [labels: Readonly<Record<string, string | number>>, value: number])[],
  ): void {
    this.lines(
      metric,
      rows.map(([labels, value]) => `${metric.name}{${labelText(labels)}} ${value}\n`).join(''),
    );
  }

  get text(): string {
    return this.#text;
  }
}
