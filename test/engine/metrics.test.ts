/** Counting calls and writing pages: what the engine's metrics are made of. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callTable } from '../../module/engine/calls/generated/codec.ts';
import { CKM_ECDSA, CKR_DEVICE_ERROR, CKR_OK } from '../../module/engine/generated/constants.ts';
import { Calls } from '../../module/engine/metrics/calls.ts';
import { Histograms } from '../../module/engine/metrics/histogram.ts';
import { Page } from '../../module/engine/metrics/page.ts';
import { parseSettings } from '../../module/engine/policy/config.ts';
import { bucketMicroseconds, type Metric, metrics } from '../../schema/metrics.ts';
import { Scraped } from '../support/metrics.ts';

const duration = metrics.callDuration.name;

function numberOf(name: string): number {
  return callTable.findIndex((row) => row.name === name) + 1;
}

describe('a histogram', () => {
  it('has buckets from a microsecond to half a minute', () => {
    expect(bucketMicroseconds[0]).toBe(1);
    expect(bucketMicroseconds.at(-1)).toBeGreaterThan(30e6);
  });

  it('puts each time into the buckets whose end it does not pass', () => {
    const times = fc.array(fc.oneof(fc.nat(10_000), fc.nat(100_000_000), fc.nat(2 ** 31 - 1)));
    fc.assert(
      fc.property(times, (all) => {
        const histograms = new Histograms(1);
        histograms.add();
        const series = histograms.add();
        for (const each of all) histograms.observe(series, each);
        const text = `# HELP h h\n# TYPE h histogram\n${histograms.lines('h', 'a="b"', series)}`;
        const scraped = new Scraped(text);
        const bucket = (le: string) => scraped.value('h_bucket', { a: 'b', le });
        for (const end of bucketMicroseconds)
          expect(bucket(String(end / 1e6))).toBe(all.filter((each) => each <= end).length);
        expect(bucket('+Inf')).toBe(all.length);
        expect(scraped.value('h_count', { a: 'b' })).toBe(all.length);
        expect(scraped.value('h_sum', { a: 'b' })).toBeCloseTo(
          all.reduce((sum, each) => sum + each, 0) / 1e6,
          5,
        );
      }),
    );
  });

  it('counts further than 32 bits', () => {
    const histograms = new Histograms(1);
    const series = histograms.add();
    for (let i = 0; i < 3; i++) histograms.observe(series, 2 ** 31 - 1);
    expect(histograms.lines('h', '', series)).toContain(`h_sum ${(3 * (2 ** 31 - 1)) / 1e6}\n`);
  });
});

describe('calls', () => {
  it('are counted by function, result and mechanism', () => {
    const calls = new Calls();
    const [sign, init] = [numberOf('C_Sign'), numberOf('C_SignInit')];
    for (let i = 0; i < 5; i++) {
      calls.opened(init);
      calls.served(sign, CKM_ECDSA, CKR_OK, 30);
    }
    calls.served(sign, -1, CKR_DEVICE_ERROR, 1);
    calls.served(sign, -1, 0x80000001, 1);
    const page = new Page();
    page.lines(metrics.calls, calls.results(metrics.calls.name));
    page.lines(metrics.callDuration, calls.durations(duration));
    const scraped = new Scraped(page.text);
    expect(scraped.calls('C_SignInit')).toBe(5);
    expect(scraped.calls('C_Sign')).toBe(5);
    expect(scraped.calls('C_Sign', 'CKR_DEVICE_ERROR')).toBe(1);
    expect(scraped.calls('C_Sign', '0x80000001')).toBe(1);
    expect(scraped.timed('C_Sign', 'CKM_ECDSA')).toBe(5);
    expect(scraped.timed('C_Sign')).toBe(2);
    expect(scraped.timed('C_SignInit')).toBe(0);
  });

  it('with mechanisms that nobody offers share a line, however many there are', () => {
    const calls = new Calls();
    const sign = numberOf('C_Sign');
    for (let i = 0; i < 10_000; i++) calls.served(sign, 0x80000000 + i, CKR_OK, 1);
    const text = calls.durations(duration);
    expect(text.match(/_count/g)).toHaveLength(1);
    expect(text).toContain(`${duration}_count{function="C_Sign",mechanism="other"} 10000\n`);
  });

  it('have room for every function with every mechanism', () => {
    const calls = new Calls();
    for (const { number } of callTable)
      for (let mechanism = 0; mechanism < 0x1200; mechanism++) calls.served(number, mechanism, CKR_OK, 1);
    const counts = calls.durations(duration).match(/_count\{[^}]*\} \d+/g) ?? [];
    expect(counts.length).toBeGreaterThan(callTable.length * 50);
    const total = counts.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    expect(total).toBe(callTable.length * 0x1200);
  });
});

describe('a page', () => {
  it('escapes what stands in labels', () => {
    const page = new Page();
    const odd = 'a "quoted" \\ back\nslash}';
    page.by({ name: 'm', type: 'gauge', help: 'h', labels: ['l'] }, [[odd, 1]]);
    expect(page.text).toBe('# HELP m h.\n# TYPE m gauge\nm{l="a \\"quoted\\" \\\\ back\\nslash}"} 1\n');
    expect(new Scraped(page.text).value('m', { l: odd })).toBe(1);
  });

  it('names metrics as Prometheus wants them', () => {
    for (const { name, type, help } of Object.values(metrics) as Metric[]) {
      expect(name).toMatch(/^(strongroom|process)_[a-z_]+$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(help).not.toMatch(/[\\\n]/);
      expect(help.endsWith('.'), help).toBe(false);
    }
  });
});

describe('service.metrics', () => {
  const given = (address: string) => () => parseSettings(`[service]\nmetrics = "${address}"`, 'here');

  it.each([
    '',
    '/run/strongroom/metrics.socket',
    '127.0.0.1:9464',
    '127.3.2.255:1',
    '[::1]:65535',
    'localhost:80',
  ])('takes "%s"', (address) => expect(given(address)).not.toThrow());

  it.each([
    'metrics',
    '0.0.0.0:9464',
    '127.0.0.1',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '127.0.0.256:80',
    '10.0.0.1:80',
    '[::]:80',
    'example:80',
  ])('refuses "%s"', (address) =>
    expect(given(address)).toThrow(/service\.metrics must be the absolute path of a socket, or a port/),
  );
});
