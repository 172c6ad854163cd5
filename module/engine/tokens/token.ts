/** A token in the engine: its row in the store, its objects, and who is logged in to it. */
import type { Enclave, KeyHandle } from '../../enclave/enclave.ts';
import type { ObjectsHost } from '../objects/host.ts';
import { TokenObjects } from '../objects/token-objects.ts';
import type { Token as TokenRecord } from '../store/token.ts';
import type { Clock } from '../values/clock.ts';
import type { Caller } from './caller.ts';
import type { Opening } from './opening.ts';

export class Token {
  /** The store's view; the store keeps it current. */
  readonly record: TokenRecord;
  readonly objects: TokenObjects;
  readonly clock: Clock;
  /** The token master key while an application is logged in as user, else 0. */
  master: KeyHandle = 0;
  /** The private objects on their way in, while the first user's login waits for them. */
  opening: Opening | undefined;
  /** Applications that are logged in as user. */
  readonly users = new Set<Caller>();
  /** Stands among them while the token is unlocked for whom the policy lets use it without a login; see sessions/unlocking.ts. */
  keeper: Caller | undefined;
  /** The master key as opened by the SO PIN, for each application that is logged in as SO. */
  readonly securityOfficers = new Map<Caller, KeyHandle>();

  constructor(host: ObjectsHost, record: TokenRecord) {
    this.record = record;
    this.clock = host.clock;
    this.objects = new TokenObjects(host, this);
  }

  /** Nobody is logged in as user any more: private objects and the master key leave memory. */
  closePrivate(enclave: Enclave): void {
    this.objects.dropPrivate();
    enclave.keyFree(this.master);
    this.master = 0;
    enclave.purgeParsed();
  }

  get id(): Uint8Array {
    return this.record.id;
  }

  get slotId(): number {
    return this.record.slot;
  }
}
