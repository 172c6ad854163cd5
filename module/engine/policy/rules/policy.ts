/** The rules of a policy, and the rights that follow from them for somebody. */
import type { RoleName } from '../../../../schema/policy/roles.ts';
import { functionGroups } from '../../generated/functions.ts';
import {
  ANY_MECHANISM,
  everything,
  type Identity,
  type NamedObject,
  type NamedToken,
  type ObjectRights,
  type Rights,
  type TokenRights,
} from '../rights.ts';
import { Bucket } from './bucket.ts';
import { isAbout, isOfObject, isOfToken, type Rule } from './rule.ts';
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
  readonly #bucket: Bucket | undefined;
  readonly #known = new WeakMap<object, TokenRights>();

  constructor(rules: readonly Rule[], bucket: Bucket | undefined) {
    this.#rules = rules;
    this.#bucket = bucket;
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
    return this.#bucket === undefined || this.#bucket.take();
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

export class Policy {
  readonly rules: readonly Rule[];
  readonly #known = new Map<string, Rights>();
  readonly #buckets = new Map<string, Bucket>();

  constructor(rules: readonly Rule[]) {
    this.rules = rules;
  }

  /** What somebody may do; the same object each time, as long as it is remembered. */
  rightsOf(who: Identity): Rights {
    const key = `${who.uid} ${who.gid} ${who.groups.join()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const rules = this.rules.filter((rule) => isAbout(rule, who));
    const rights = new RightsOf(rules, this.#bucketOf(who.uid, rules));
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(key, rights);
    return rights;
  }

  /** All processes of a user take from the same, or he would have more by starting more. */
  #bucketOf(uid: number, rules: readonly Rule[]): Bucket | undefined {
    const rule = rules.find(({ allow, rate }) => allow && rate !== undefined);
    if (rule?.rate === undefined) return undefined;
    const key = `${uid} ${rule.number}`;
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = new Bucket(rule.rate);
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }
}

/** Without a policy the machine's root and the service's own user may do everything, and nobody else comes in. */
export function withoutPolicy(ownUid: number): (who: Identity) => Rights {
  const nobody = new Policy([]);
  return (who) => (who.uid === 0 || who.uid === ownUid ? everything : nobody.rightsOf(who));
}
