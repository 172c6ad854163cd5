/** The flags of CK_TOKEN_INFO are true at every moment: whatever happens to PINs, they are what a model of the standard's words says. */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Call } from '../../module/engine/calls/call.ts';
import { initToken } from '../../module/engine/calls/init-token.ts';
import { loginHandlers } from '../../module/engine/calls/login.ts';
import { slotHandlers } from '../../module/engine/calls/slots.ts';
import * as ck from '../../module/engine/generated/constants.ts';
import type { Session } from '../../module/engine/sessions/application.ts';
import { Host, span } from '../engine/host.ts';
import { enclave } from '../store/real-enclave.ts';
import { fillStore } from '../support/fill.ts';
import { configText, temporaryFolder } from './support.ts';

const MOST = { so: 3, user: 2 } as const;
const officerPin = 'so-pin-1234';

type Who = 'so' | 'user';

/** A role's PIN as the standard speaks of it. */
interface Pin {
  set: boolean;
  value: string;
  wrong: number;
  locked: boolean;
  due: boolean;
}

const bits = {
  so: {
    low: ck.CKF_SO_PIN_COUNT_LOW,
    last: ck.CKF_SO_PIN_FINAL_TRY,
    locked: ck.CKF_SO_PIN_LOCKED,
    due: ck.CKF_SO_PIN_TO_BE_CHANGED,
  },
  user: {
    low: ck.CKF_USER_PIN_COUNT_LOW,
    last: ck.CKF_USER_PIN_FINAL_TRY,
    locked: ck.CKF_USER_PIN_LOCKED,
    due: ck.CKF_USER_PIN_TO_BE_CHANGED,
  },
} as const;
const always = ck.CKF_RNG | ck.CKF_DUAL_CRYPTO_OPERATIONS | ck.CKF_TOKEN_INITIALIZED | ck.CKF_LOGIN_REQUIRED;

let folder: string;
let config: string;

beforeEach(() => {
  folder = temporaryFolder();
  config = path.join(folder, 'own.toml');
  const limits = [`so_max_attempts = ${MOST.so}`, `max_attempts = ${MOST.user}`];
  fs.writeFileSync(config, configText([...limits, 'must_change_after_reset = true']));
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function infoOf(host: Host): { flags: number; call: Call } {
  const app = host.app();
  const area = new Uint8Array(4096);
  let found: Call | undefined;
  const session = { app } as Session;
  void host.call(
    (call: Call) => {
      found = call;
      const rv = slotHandlers.C_GetTokenInfo(call, { slot: 0 });
      area.set(call.reply.buffer.subarray(0, area.length));
      return rv;
    },
    session,
    {},
  );
  host.end(app);
  if (found === undefined) throw new Error('it was not called');
  // Behind label, manufacturer, model and serial number.
  return { flags: Number(new DataView(area.buffer).getBigUint64(96, true)), call: found };
}

function expected(pins: Readonly<Record<Who, Pin>>): number {
  let flags: number = always;
  if (pins.user.set) flags |= ck.CKF_USER_PIN_INITIALIZED;
  for (const who of ['so', 'user'] as const) {
    const { set, wrong, locked, due } = pins[who];
    if (!set) continue;
    if (wrong > 0) flags |= bits[who].low;
    if (!locked && MOST[who] - wrong === 1) flags |= bits[who].last;
    if (locked) flags |= bits[who].locked;
    if (due) flags |= bits[who].due;
  }
  return flags;
}

/** The engine and the model side by side. */
class Twins {
  host: Host;
  readonly pins: Record<Who, Pin>;
  #session: Session;
  readonly #store: string;
  #fresh = 0;

  constructor(store: string) {
    this.#store = store;
    this.host = new Host(store, 0, config);
    this.#session = this.host.session();
    const pin = { set: true, wrong: 0, locked: false, due: false };
    this.pins = { so: { ...pin, value: officerPin }, user: { ...pin, value: 'user-pin-1234' } };
  }

  /** What the call is answered is the model's to know; meanwhile nothing may be said that is not so. */
  async #call(begin: (session: Session) => Promise<number>, before: number): Promise<number> {
    return this.host.answered(begin(this.#session), () => {
      const { flags } = infoOf(this.host);
      if (flags !== before && flags !== expected(this.pins)) this.#between.add(flags);
    });
  }

  /** What was said while calls were under way, and was neither as before nor as after. */
  readonly #between = new Set<number>();

  async #try(who: Who, value: string): Promise<boolean> {
    const pin = this.pins[who];
    const before = expected(this.pins);
    const type = who === 'so' ? ck.CKU_SO : ck.CKU_USER;
    this.#between.clear();
    const rv = await this.#call((session) => this.host.login(session, value, type), before);
    if (!pin.set) {
      expect(rv).toBe(ck.CKR_USER_PIN_NOT_INITIALIZED);
      return false;
    }
    if (pin.locked) {
      expect(rv).toBe(ck.CKR_PIN_LOCKED);
      return false;
    }
    if (value === pin.value) {
      expect(rv).toBe(ck.CKR_OK);
      pin.wrong = 0;
    } else {
      pin.wrong++;
      pin.locked = pin.wrong >= MOST[who];
      expect(rv).toBe(pin.locked ? ck.CKR_PIN_LOCKED : ck.CKR_PIN_INCORRECT);
    }
    // Before, or after: nothing in between.
    for (const flags of this.#between) expect(flags).toBe(expected(this.pins));
    return value === pin.value;
  }

  async attempt(who: Who, right: boolean): Promise<void> {
    if (await this.#try(who, right ? this.pins[who].value : 'wrong-pin'))
      expect(await this.host.answered(this.host.logout(this.#session))).toBe(ck.CKR_OK);
  }

  async reset(): Promise<void> {
    if (!(await this.#try('so', this.pins.so.value))) return;
    const value = `given-pin-${++this.#fresh}`;
    const given = this.host.call(loginHandlers.C_InitPIN, this.#session, { pin: span(value) });
    expect(await this.host.answered(given)).toBe(ck.CKR_OK);
    this.pins.user = { set: true, value, wrong: 0, locked: false, due: true };
    expect(infoOf(this.host).flags).toBe(expected(this.pins));
    expect(await this.host.answered(this.host.logout(this.#session))).toBe(ck.CKR_OK);
  }

  /** As the user, without a login. */
  async change(right: boolean): Promise<void> {
    const { user } = this.pins;
    const value = `own-pin-${++this.#fresh}`;
    const a = { oldPin: span(right ? user.value : 'wrong-pin'), newPin: span(value) };
    const rv = await this.host.answered(this.host.call(loginHandlers.C_SetPIN, this.#session, a));
    if (!user.set) expect(rv).toBe(ck.CKR_USER_PIN_NOT_INITIALIZED);
    else if (user.locked) expect(rv).toBe(ck.CKR_PIN_LOCKED);
    else if (right) {
      expect(rv).toBe(ck.CKR_OK);
      this.pins.user = { set: true, value, wrong: 0, locked: false, due: false };
    } else {
      user.wrong++;
      user.locked = user.wrong >= MOST.user;
      expect(rv).toBe(user.locked ? ck.CKR_PIN_LOCKED : ck.CKR_PIN_INCORRECT);
    }
  }

  async empty(right: boolean): Promise<void> {
    const { so } = this.pins;
    this.host.close(this.#session);
    const value = right ? so.value : 'wrong-pin';
    const { app } = this.#session;
    const asker = { app, closed: false } as Session;
    const rv = await this.host.answered(
      this.host.call((call) => initToken(call, 0, span(value), span('anew')), asker, {}),
    );
    if (so.locked) expect(rv).toBe(ck.CKR_PIN_LOCKED);
    else if (right) {
      expect(rv).toBe(ck.CKR_OK);
      so.wrong = 0;
      this.pins.user = { set: false, value: '', wrong: 0, locked: false, due: false };
    } else {
      so.wrong++;
      so.locked = so.wrong >= MOST.so;
      expect(rv).toBe(so.locked ? ck.CKR_PIN_LOCKED : ck.CKR_PIN_INCORRECT);
    }
    this.#session = this.host.session();
  }

  restart(): void {
    this.host.engine.close();
    this.host = new Host(this.#store, 0, config);
    this.#session = this.host.session();
  }

  compare(): void {
    expect(infoOf(this.host).flags).toBe(expected(this.pins));
  }
}

const step = fc.oneof(
  fc.record({
    what: fc.constant('attempt' as const),
    who: fc.constantFrom<Who>('so', 'user'),
    right: fc.boolean(),
  }),
  fc.record({ what: fc.constant('change' as const), right: fc.boolean() }),
  fc.record({ what: fc.constantFrom('reset' as const, 'restart' as const) }),
  fc.record({ what: fc.constant('empty' as const), right: fc.boolean() }),
);

async function take(twins: Twins, taken: Parameters<Parameters<typeof step.map>[0]>[0]): Promise<void> {
  if (taken.what === 'attempt') await twins.attempt(taken.who, taken.right);
  else if (taken.what === 'change') await twins.change(taken.right);
  else if (taken.what === 'reset') await twins.reset();
  else if (taken.what === 'empty') await twins.empty(taken.right);
  else twins.restart();
}

describe('the flags of CK_TOKEN_INFO', () => {
  test('are a model’s, after every step and while one is under way', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const store = path.join(folder, `store-${round++}`);
        fillStore(enclave, store, [{ label: 'flags', objects: 1, kind: 'aes' }]);
        const twins = new Twins(store);
        try {
          twins.compare();
          for (const taken of steps) {
            await take(twins, taken);
            twins.compare();
          }
        } finally {
          twins.host.engine.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  test('tell of the last try also where there is only one', async () => {
    fs.writeFileSync(config, configText(['max_attempts = 1']));
    const store = path.join(folder, 'store');
    fillStore(enclave, store, [{ label: 'one', objects: 1, kind: 'aes' }]);
    const host = new Host(store, 0, config);
    const flags = () => infoOf(host).flags & (bits.user.low | bits.user.last | bits.user.locked);
    expect(flags()).toBe(bits.user.last);
    expect(await host.answered(host.login(host.session(), 'wrong-pin'))).toBe(ck.CKR_PIN_LOCKED);
    expect(flags()).toBe(bits.user.low | bits.user.locked);
    host.engine.close();
  });
});
