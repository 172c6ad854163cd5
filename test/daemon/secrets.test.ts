/** What clients entrust to the door is gone from its messages when a call has ended, whichever way. */
import { describe, expect, it } from 'vitest';
import { adminService } from '../../daemon/admin/service.ts';
import { Applications } from '../../daemon/keys/application.ts';
import { Idempotency } from '../../daemon/keys/idempotency.ts';
import { keysService } from '../../daemon/keys/service.ts';
import { Calls } from '../../daemon/rpc.ts';
import { KeyAlgorithm, KeySpec } from '../../module/wire/generated/strongroom/v1/keys.ts';
import { LocalEngine } from './support/engine.ts';
import { bytes, soPin, userPin } from './support/world.ts';

type Handler = (call: object, told: (error: unknown) => void) => void;

/** Has a handler answer a request, and returns the error, if there was one. */
function handle(handler: unknown, request: object): Promise<unknown> {
  return new Promise((resolve) => {
    (handler as Handler)({ request, cancelled: false, on: () => undefined }, resolve);
  });
}

describe('secrets', () => {
  it('of every call that has any are wiped', async () => {
    const engine = new LocalEngine();
    try {
      const principal = { names: ['dns:a.example'], fingerprint: 'a'.repeat(64), address: '127.0.0.1:1' };
      const connection = { id: 1, principal, destroy: () => undefined, onClose: () => undefined };
      const calls = new Calls(
        () => connection,
        (line) => expect(line).toBe(''),
      );
      const keys = keysService(calls, new Applications(engine.attach), new Idempotency());
      const admin = adminService(calls, engine.attach);
      const slot = engine.engine.slotIds()[0] ?? 0;
      const spec = KeySpec.fromPartial({ label: 'x', algorithm: KeyAlgorithm.KEY_ALGORITHM_GENERIC_SECRET });
      const secret = () => ({ $case: 'secret', value: bytes('0123456789abcdef') });
      const [user, so] = [() => bytes(userPin), () => bytes(soPin)];
      const token = 'web';
      for (const [name, handler, request, fails] of [
        ['init', admin.initToken, { slot, label: token, soPin: so() }, false],
        ['reset', admin.resetPin, { token, soPin: so(), newPin: user() }, false],
        ['rename', admin.renameToken, { token, soPin: so(), newLabel: token }, false],
        ['change', admin.changePin, { token, owner: 1, oldPin: user(), newPin: user() }, false],
        ['change of none', admin.changePin, { token, owner: 9, oldPin: user(), newPin: user() }, true],
        ['unlock', admin.unlockToken, { token, pin: user() }, true],
        ['wrong login', keys.login, { token, pin: bytes('wrong') }, true],
        ['login elsewhere', keys.login, { token: 'none', pin: user() }, true],
        ['login', keys.login, { token, pin: user() }, false],
        ['import', keys.importKey, { spec, material: secret(), idempotencyKey: 'one' }, false],
        ['import again', keys.importKey, { spec, material: secret(), idempotencyKey: 'one' }, false],
        ['wrong import', keys.importKey, { spec: undefined, material: secret(), idempotencyKey: '' }, true],
      ] as const) {
        const error = await handle(handler, request);
        expect(error === null, `${name}: ${String(error)}`).toBe(!fails);
        const { material, ...fields } = { material: undefined, ...request };
        const held = [...Object.values(fields), (material as { value: unknown } | undefined)?.value];
        const found = held.filter((value) => value instanceof Uint8Array);
        expect(found.length, name).toBeGreaterThan(0);
        for (const value of found)
          expect(
            value.every((byte) => byte === 0),
            name,
          ).toBe(true);
      }
    } finally {
      engine.close();
    }
  });
});
