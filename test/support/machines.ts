/**
 * Two machines with a cable between them, for what happens over a network: two network namespaces, where they can be made, which takes root and `ip`. Elsewhere
 * both are here, on the loopback interface.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SEARCH_PATH } from './programs.ts';

export type Side = 'far' | 'near';

/** Addresses that no network has (RFC 5737). */
const ADDRESSES = { far: '192.0.2.1', near: '192.0.2.2' } as const;

/** Where `ip netns exec` finds the files that a namespace has in the place of those in /etc. */
const ETC = '/etc/netns';

function ip(...args: readonly string[]): boolean {
  return spawnSync('ip', args, { env: { PATH: SEARCH_PATH } }).status === 0;
}

export class Machines {
  /** Whether they are apart, or both here. */
  readonly apart: boolean;
  readonly #tag = process.pid.toString(36);

  /** @param hosts names, besides its own, by which the near machine knows addresses; `far` stands for the other's. They need namespaces. */
  constructor(hosts: Readonly<Record<string, string>> = {}) {
    this.apart = this.#make();
    if (!this.apart) {
      this.remove();
      return;
    }
    const names = Object.entries(hosts).map(([name, at]) => `${at === 'far' ? ADDRESSES.far : at} ${name}`);
    if (names.length === 0) return;
    const folder = path.join(ETC, this.name('near'));
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(folder, 'hosts'),
      `${readFileSync('/etc/hosts', 'utf8').trimEnd()}\n${names.join('\n')}\n`,
    );
  }

  name(side: Side): string {
    return `sr-${side}-${this.#tag}`;
  }

  #make(): boolean {
    const [far, near] = [this.name('far'), this.name('near')];
    const ends = { far: `${this.#tag}f`, near: `${this.#tag}n` };
    return (
      ip('netns', 'add', far) &&
      ip('netns', 'add', near) &&
      ip('link', 'add', ends.far, 'netns', far, 'type', 'veth', 'peer', 'name', ends.near, 'netns', near) &&
      (['far', 'near'] as const).every(
        (side) =>
          ip('-n', this.name(side), 'address', 'add', `${ADDRESSES[side]}/24`, 'dev', ends[side]) &&
          ip('-n', this.name(side), 'link', 'set', ends[side], 'up') &&
          ip('-n', this.name(side), 'link', 'set', 'lo', 'up'),
      )
    );
  }

  /** The address at which one reaches the other. */
  address(side: Side): string {
    return this.apart ? ADDRESSES[side] : '127.0.0.1';
  }

  /** What stands in front of a command that is to run there. */
  on(side: Side): string[] {
    return this.apart ? ['ip', 'netns', 'exec', this.name(side)] : [];
  }

  /** What a test says of where it ran. */
  get where(): string {
    return this.apart ? 'in two network namespaces' : 'over loopback: no namespaces can be made here';
  }

  remove(): void {
    for (const side of ['near', 'far'] as const) {
      ip('netns', 'delete', this.name(side));
      rmSync(path.join(ETC, this.name(side)), { recursive: true, force: true });
    }
    try {
      // It was made for ours, unless somebody else has one there too.
      rmdirSync(ETC);
    } catch {
      // Then it stays.
    }
  }
}
