/** The rules of a policy, and the rights that follow from them for somebody. */
import type { RoleName } from '../../../../schema/policy/roles.ts';
import { functionGroups } from '../../generated/functions.ts';
import {
  ANY_MECHANISM,
  everything,
  type Identity,
  type NamedObject,
  type NamedToken,
  nameOf,
  type ObjectRights,
  type Rights,
  type TokenRights,
} from '../rights.ts';
import { Bucket } from './bucket.ts';
import { holdsAt, isAbout, isOfObject, isOfToken, type Rate, type Rule } from './rule.ts';
import { Verdict, Verdicts } from './verdicts.ts';

/** So many identities are remembered at a time; who comes then is worked out again. */
const REMEMBERED = 4096;

const sight = functionGroups.filter(({ comes }) => comes === 'sight').flatMap(({ functions }) => functions);
const ofObjects = functionGroups
  .filter(({ objects }) => objects !== 'none')
  .flatMap(({ functions }) => functions);
const ofMechanisms = functionGroups
  .filter(({ mechanisms }) => mechanisms)
  .flatMap(({ functions }) => functions);

/** What the first rule says that decides about the role. */
function hasRole(rules: readonly Rule[], role: RoleName): boolean {
  return rules.find((rule) => rule.roles.has(role))?.allow === true;
}

class RightsOverObject implements ObjectRights {
  readonly visible: boolean;
  readonly pinless: boolean;
  readonly #verdicts: Verdicts;

  constructor(rules: readonly Rule[]) {
    this.#verdicts = new Verdicts(rules);
    const best = this.#verdicts.best(ofObjects, ANY_MECHANISM);
    this.visible = best !== Verdict.Denied;
    this.pinless = best === Verdict.Pinless;
  }

  mayUse(fn: number, mechanism: number): boolean {
    return this.#verdicts.of(fn, mechanism) !== Verdict.Denied;
  }

  mayUsePinless(fn: number, mechanism: number): boolean {
    return this.#verdicts.of(fn, mechanism) === Verdict.Pinless;
  }
}

class RightsOnToken implements TokenRights {
  readonly limited = true;
  readonly visible: boolean;
  readonly user: boolean;
  readonly so: boolean;
  readonly pinless: boolean;
  readonly #rules: readonly Rule[];
  /** Without an object: what denies certain objects denies nothing here. */
  readonly #anywhere: Verdicts;
  readonly #known = new WeakMap<object, ObjectRights>();
  /** Objects that the same rules are about have the same rights. */
  readonly #byRules = new Map<string, ObjectRights>();

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    this.#anywhere = new Verdicts(rules.filter(({ allow, keys }) => allow || keys === undefined));
    this.visible = this.#anywhere.best(sight, ANY_MECHANISM) !== Verdict.Denied;
    this.user = hasRole(rules, 'user');
    this.so = hasRole(rules, 'so');
    this.pinless = this.#anywhere.best(ofObjects, ANY_MECHANISM) === Verdict.Pinless;
  }

  mayCall(fn: number): boolean {
    return this.#anywhere.of(fn, ANY_MECHANISM) !== Verdict.Denied;
  }

  mayUseMechanism(fn: number, mechanism: number): boolean {
    return this.#anywhere.of(fn, mechanism) !== Verdict.Denied;
  }

  knowsMechanism(mechanism: number): boolean {
    return this.#anywhere.best(ofMechanisms, mechanism) !== Verdict.Denied;
  }

  over(attributes: object, named: () => NamedObject): ObjectRights {
    const known = this.#known.get(attributes);
    if (known !== undefined) return known;
    const name = named();
    const rules = this.#rules.filter((rule) => isOfObject(rule, name));
    const which = rules.map(({ number }) => number).join();
    let rights = this.#byRules.get(which);
    if (rights === undefined) {
      rights = new RightsOverObject(rules);
      this.#byRules.set(which, rights);
    }
    this.#known.set(attributes, rights);
    return rights;
  }
}

class RightsOf implements Rights {
  readonly limited = true;
  readonly enter: boolean;
  readonly operator: boolean;
  readonly auditor: boolean;
  readonly metrics: boolean;
  readonly newTokens: boolean;
  readonly #rules: readonly Rule[];
  readonly #take: (() => boolean) | undefined;
  readonly #known = new WeakMap<object, TokenRights>();

  /** @param take takes a call from what a rate leaves, if there is one */
  constructor(rules: readonly Rule[], take: (() => boolean) | undefined) {
    this.#rules = rules;
    this.#take = take;
    this.operator = hasRole(rules, 'operator');
    this.auditor = hasRole(rules, 'auditor');
    this.metrics = hasRole(rules, 'metrics');
    // Whoever is denied everything before he is allowed anything is not let in.
    const decided = rules.find(
      ({ allow, tokens, functions }) => allow || (tokens === undefined && isTotal(functions)),
    );
    this.enter = decided?.allow === true;
    this.newTokens = this.enter && rules.some(({ newTokens }) => newTokens);
  }

  mayMakeToken(label: string): boolean {
    // Of tokens that are yet to be made nobody knows the serial number.
    const token = { label, serial: '' };
    const about = this.#rules.filter((rule) => isOfToken(rule, token));
    return (
      about.find(({ allow, newTokens, functions }) => (allow ? newTokens : isTotal(functions)))?.allow ===
      true
    );
  }

  admits(): boolean {
    return this.#take === undefined || this.#take();
  }

  on(token: NamedToken): TokenRights {
    let rights = this.#known.get(token);
    if (rights === undefined) {
      rights = new RightsOnToken(this.#rules.filter((rule) => isOfToken(rule, token)));
      this.#known.set(token, rights);
    }
    return rights;
  }
}

/** Whether a denying rule leaves nothing. */
function isTotal(functions: ReadonlySet<number>): boolean {
  return sight.every((fn) => functions.has(fn));
}

/** Those for whom a rule speaks alike. Of a client on another machine his names alone count, and nothing of the door's. */
function keyOf({ uid, gid, groups, remote }: Identity): string {
  return remote === undefined ? `${uid} ${gid} ${groups.join()}` : `remote ${JSON.stringify(remote.names)}`;
}

export class Policy {
  /** As the file has them, whether they hold at this hour or not. */
  readonly rules: readonly Rule[];
  /** Whether there are any that hold at some hours alone: then somebody has to look at the clock. */
  readonly hasHours: boolean;
  #holding: readonly Rule[];
  readonly #known = new Map<string, Rights>();
  readonly #buckets = new Map<string, Bucket>();
  /** With so many of them it is time to look for those that can be forgotten. */
  #many = REMEMBERED;

  /** @param now milliseconds since 1970 */
  constructor(rules: readonly Rule[], now = Date.now()) {
    this.rules = rules;
    this.hasHours = rules.some(({ hours }) => hours !== undefined);
    this.#holding = rules.filter((rule) => holdsAt(rule, now));
  }

  /** The rules whose hour it was when somebody last looked. */
  get holding(): readonly Rule[] {
    return this.#holding;
  }

  /** From now on the rules hold whose hour it is. @returns whether others do than before */
  tick(now = Date.now()): boolean {
    if (!this.hasHours) return false;
    const before = this.#holding;
    const holding = this.rules.filter((rule) => holdsAt(rule, now));
    if (holding.length === before.length && holding.every((rule, at) => rule === before[at])) return false;
    this.#holding = holding;
    this.#known.clear();
    return true;
  }

  /** What somebody may do; the same object each time, as long as it is remembered. */
  rightsOf(who: Identity): Rights {
    const key = keyOf(who);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const rules = this.#holding.filter((rule) => isAbout(rule, who));
    const rights = new RightsOf(rules, this.#takeOf(who, rules));
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(key, rights);
    return rights;
  }

  /** All processes of a user take from the same, and all clients of a name, or they would have more by being more. */
  #takeOf({ uid, remote }: Identity, rules: readonly Rule[]): (() => boolean) | undefined {
    const rule = rules.find(({ allow, rate }) => allow && rate !== undefined);
    const rate = rule?.rate;
    if (rate === undefined) return undefined;
    const key = `${rule?.number} ${remote === undefined ? uid : `remote ${nameOf(remote)}`}`;
    return () => this.#bucket(key, rate).take();
  }

  #bucket(key: string, rate: Rate): Bucket {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      if (this.#buckets.size >= this.#many) this.#forgetRested();
      bucket = new Bucket(rate);
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }

  /** One that is full is as good as a new one. */
  #forgetRested(): void {
    for (const [key, bucket] of this.#buckets) if (bucket.rested) this.#buckets.delete(key);
    this.#many = Math.max(REMEMBERED, 2 * this.#buckets.size);
  }
}

const nobody = new Policy([]);

/** Where there are no rules: whoever the machine says owns the engine may do everything, and nobody of another machine anything. */
export function ownersOnly(isOwner: (uid: number) => boolean): (who: Identity) => Rights {
  return (who) => (who.remote === undefined && isOwner(who.uid) ? everything : nobody.rightsOf(who));
}

/** Without a policy the machine's root and the service's own user may do everything, and nobody else comes in. */
export function withoutPolicy(ownUid: number): (who: Identity) => Rights {
  return ownersOnly((uid) => uid === 0 || uid === ownUid);
}
