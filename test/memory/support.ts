/**
 * Searching the memory of an application and of its engine for bytes that are known to be secrets.
 *
 * Both processes are searched from outside, by a program of its own (search.c), so that the search cannot find itself. Guarded pages are
 * told by two marks that together nothing else carries: left out of core files (dd) and wiped in forked children (wf).
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { compile } from '../fault/support.ts';

/** Of long values so many stretches are looked for, from end to end. */
const WINDOWS_MOST = 24;
const WINDOW = 16;

/**
 * Whole values (the first bytes of long ones) and 16-byte windows of them, as they are and back to front: OpenSSL's big numbers keep their
 * limbs least significant first. A PIN is looked for whole and by its halves.
 */
export function patternsOf(name: string, value: Uint8Array): string[] {
  const lines: string[] = [];
  const orders = [
    ['be', Buffer.from(value)],
    ['le', Buffer.from(value).reverse()],
  ] as const;
  for (const [order, bytes] of orders) {
    lines.push(`${name}:${order}:whole ${bytes.subarray(0, 256).toString('hex')}`);
    const length = value.length % WINDOW === 0 ? WINDOW : value.length / 2;
    const steps = Math.ceil(value.length / length / WINDOWS_MOST);
    for (let at = 0; at + length <= bytes.length; at += steps * length)
      lines.push(`${name}:${order}:${at} ${bytes.subarray(at, at + length).toString('hex')}`);
  }
  return lines;
}

export interface Finding {
  /** The secret's name, order and place, as {@link patternsOf} writes them. */
  readonly name: string;
  readonly guarded: boolean;
  readonly line: string;
}

export class Search {
  readonly #patterns: string;

  /** @param file where the patterns are written: `search` reads them from there, so that its command line does not hold them */
  constructor(file: string, values: Iterable<readonly [name: string, value: Uint8Array]>) {
    this.#patterns = file;
    const lines = [...values].flatMap(([name, value]) => patternsOf(name, value));
    writeFileSync(file, lines.join('\n'), { mode: 0o600 });
  }

  /** Everything that is found in a process, and how many bytes were looked at. */
  in(pid: number | undefined): { findings: Finding[]; searched: number } {
    const program = compile('search', ['-O2'], import.meta.dirname);
    const output = execFileSync(program, [String(pid), this.#patterns], {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    });
    const lines = output.trim().split('\n');
    const findings = lines
      .filter((line) => line.startsWith('found '))
      .map((line) => {
        const flags = ` ${line.slice(line.lastIndexOf('|') + 1)} `;
        const guarded = flags.includes(' dd ') && flags.includes(' wf ');
        return { name: line.split(' ')[1] ?? '', guarded, line };
      });
    return { findings, searched: Number(lines.at(-1)?.split(' ')[1]) };
  }
}

export const isControl = ({ name }: Finding): boolean => name.startsWith('control');

/** What lies in the open, of all but the control. */
export function open(findings: readonly Finding[]): string[] {
  return findings.filter((each) => !each.guarded && !isControl(each)).map(({ line }) => line);
}

/** What lies anywhere, of all but the control. */
export function anywhere(findings: readonly Finding[]): string[] {
  return findings.filter((each) => !isControl(each)).map(({ line }) => line);
}

/** Which secrets are found, by name. */
export function namesOf(findings: readonly Finding[]): Set<string> {
  return new Set(findings.map(({ name }) => name.split(':')[0] ?? ''));
}

/** Another user's tools may not read the engine's memory: that is what its lockdown is for. */
export const canSearch = process.geteuid?.() === 0;
