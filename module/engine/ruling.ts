/** The policy of a service at work: who may what, read anew when somebody says so, and looked at again when hours begin and end. */
import { Kind } from '../../audit/format.ts';
import type { Identity, Rights } from './policy/rights.ts';
import { PolicyFile, type PolicySource } from './policy/rules/file.ts';
import type { Application } from './sessions/application.ts';
import { applyRights } from './sessions/lifecycle.ts';
import type { LoginHost } from './sessions/login.ts';

const MINUTE_MS = 60_000;

/** The engine, as its policy needs it. */
export interface RuledHost extends LoginHost {
  readonly applications: ReadonlyMap<number, Application>;
  log(message: string): void;
  /** A record that may be lost when it cannot be written. */
  note(kind: Kind, detail: Readonly<Record<string, unknown>>): void;
}

export class Ruling {
  readonly #host: RuledHost;
  readonly #policy: PolicyFile;
  #clock: NodeJS.Timeout | undefined;

  /** @throws PolicyError when there is a file that can't be used */
  constructor(host: RuledHost, path: string) {
    this.#host = host;
    this.#policy = new PolicyFile(path, process.geteuid?.() ?? -1);
    this.#note();
    this.#watchHours();
  }

  get source(): PolicySource {
    return this.#policy.source;
  }

  /** Why the policy that is in its file now does not hold; undefined when it does. */
  get trouble(): string | undefined {
    return this.#policy.trouble;
  }

  rightsOf(who: Identity): Rights {
    return this.#policy.rightsOf(who);
  }

  /** Reads the rules again, and lets them hold for everybody who is here. Says why not when they stay as they were. */
  reload(path: string): string | undefined {
    const problem = this.#policy.reload(path);
    if (problem !== undefined) return problem;
    // What cannot be recorded still holds: rights that were taken away must not stay for want of room on the disk.
    this.#apply();
    this.#note();
    this.#watchHours();
    return undefined;
  }

  /** Lets the rules hold whose hour it is, for everybody who is here. */
  tick(): void {
    if (!this.#policy.tick()) return;
    this.#apply();
    const { holding, source } = this.#policy;
    this.#host.log(
      `hours have begun or ended: of ${source.rules} rules these hold: ${holding.join(', ') || 'none'}`,
    );
  }

  close(): void {
    clearTimeout(this.#clock);
  }

  #apply(): void {
    for (const app of this.#host.applications.values())
      applyRights(this.#host, app, this.#policy.rightsOf(app.peer));
    this.#host.bumpEpoch();
  }

  /** Hours end on full minutes, by a clock that somebody may set: so it is looked at each minute, and not at all where no rule has hours. */
  #watchHours(): void {
    clearTimeout(this.#clock);
    if (!this.#policy.hasHours) return;
    const look = (): void => {
      this.tick();
      this.#watchHours();
    };
    this.#clock = setTimeout(look, MINUTE_MS - (Date.now() % MINUTE_MS)).unref();
  }

  #note(): void {
    const { path, sha256, rules } = this.source;
    this.#host.log(
      sha256 === null
        ? `there is no policy ${path}: root and the service’s own user are served`
        : `the policy is ${path}: ${rules} rules`,
    );
    this.#host.note(Kind.Policy, { path: path.slice(0, 1000), sha256, rules });
  }
}
