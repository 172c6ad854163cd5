/** How the secrets that somebody brings become the key that opens a keyslot, or a new one. */
import type { Enclave, JobId, KeyHandle } from '../../enclave/enclave.ts';
import type { Placement } from '../policy/placement.ts';
import type { Pins } from '../store/keyslot.ts';
import type { KeyslotChoice } from '../store/token.ts';
import type { Span } from '../values/arguments.ts';
import type { Waits } from '../values/waiting.ts';
import type { Caller } from './caller.ts';

/** A call that has keys derived. */
interface DerivingCall extends Pick<Waits, 'defer'> {
  readonly app: Caller;
  readonly engine: {
    readonly enclave: Pick<Enclave, 'keyFree'>;
    readonly pins: Pick<Pins, 'derive' | 'combine'>;
    readonly placement: Pick<Placement, 'job'>;
    jobHandle(job: JobId): KeyHandle;
  };
}

/**
 * Has the pool make the key that all these factors give, of one secret each, and passes it on: `then` takes it over. `otherwise` runs whenever
 * `then` will not, and the failure goes on. The secrets must stay until one of the two runs: a call waits for one job at a time, so that the
 * factors' turns come one after the other.
 * @param keep as {@link Waits.defer} has it
 */
export function withKeyOf(
  call: DerivingCall,
  choice: KeyslotChoice,
  secrets: readonly Span[],
  then: (kek: KeyHandle) => number,
  otherwise: () => void,
  keep?: 'keep',
): number {
  const { enclave, pins, placement } = call.engine;
  const keys: KeyHandle[] = [];
  const unless = <T>(step: () => T): T => {
    try {
      return step();
    } catch (error) {
      for (const key of keys) enclave.keyFree(key);
      otherwise();
      throw error;
    }
  };
  const goOn = (): number => {
    const [factor, secret] = [choice[keys.length], secrets[keys.length]];
    if (factor === undefined || secret === undefined) return then(unless(() => pins.combine(keys.splice(0))));
    const job = unless(() => {
      const number = placement.job(call.app);
      pins.derive(number, factor, secret);
      return number;
    });
    return call.defer(
      job,
      () => {
        unless(() => keys.push(call.engine.jobHandle(job)));
        return goOn();
      },
      keep,
    );
  };
  if (secrets.length !== choice.length) {
    otherwise();
    throw new TypeError(`the keyslot needs ${choice.length} secrets`);
  }
  return goOn();
}
