/** A token in the engine: its row in the store, its objects, and who is logged in to it. */
import type { KeyHandle } from '../../enclave/enclave.ts';
import type { Engine } from '../engine.ts';
import { TokenObjects } from '../objects/token-objects.ts';
import type { Application } from '../sessions/application.ts';
import type { Token as TokenRecord } from '../store/token.ts';
import type { Opening } from './opening.ts';

export class Token {
  /** The store's view; the store keeps it current. */
  readonly record: TokenRecord;
  readonly objects: TokenObjects;
  /** The token master key while an application is logged in as user, else 0. */
  master: KeyHandle = 0;
  /** The private objects on their way in, while the first user's login waits for them. */
  opening: Opening | undefined;
  /** Applications that are logged in as user. */
  readonly users = new Set<Application>();
  /** The master key as opened by the SO PIN, for each application that is logged in as SO. */
  readonly securityOfficers = new Map<Application, KeyHandle>();

  constructor(engine: Engine, record: TokenRecord) {
    this.record = record;
    this.objects = new TokenObjects(engine, this);
  }

  /** Nobody is logged in as user any more: private objects and the master key leave memory. */
  closePrivate(engine: Engine): void {
    this.objects.dropPrivate();
    engine.enclave.keyFree(this.master);
    this.master = 0;
    engine.enclave.purgeParsed();
  }

  get id(): Uint8Array {
    return this.record.id;
  }

  get slotId(): number {
    return this.record.slot;
  }
}
