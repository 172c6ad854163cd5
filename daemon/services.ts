/** The door's services for people and programs, beside the library's (cryptoki/): Keys, Admin, health checks and reflection. */
import type { Server } from '@grpc/grpc-js';
import type { Traces } from '../module/traces/trace.ts';
import { HealthService } from '../module/wire/generated/grpc/health/v1/health.ts';
import { ServerReflectionService } from '../module/wire/generated/grpc/reflection/v1/reflection.ts';
import { AdminService } from '../module/wire/generated/strongroom/v1/admin.ts';
import { KeysService } from '../module/wire/generated/strongroom/v1/keys.ts';
import { adminService } from './admin/service.ts';
import type { ConnectionOf } from './front/connection.ts';
import { Health, healthService } from './health/service.ts';
import { Applications, type Attach } from './keys/application.ts';
import { Idempotency } from './keys/idempotency.ts';
import { keysService } from './keys/service.ts';
import { Description, reflectionService } from './reflection/service.ts';
import { Calls, type Log } from './rpc.ts';

/** What the services need of the door. */
export interface ServicesHost {
  readonly connectionOf: ConnectionOf;
  /** Makes an application of the engine's for a client. @throws LaneError */
  readonly attach: Attach;
  /** As it says now. */
  readonly config: () => { readonly servingNeedsUnlocked: boolean };
  /** Where calls are followed. */
  readonly traces?: Traces | undefined;
  /** Of what is a bug, and of an engine that answers nonsense. */
  readonly log: Log;
}

const OURS = ['strongroom.v1.Cryptoki', 'strongroom.v1.Keys', 'strongroom.v1.Admin'] as const;

export function registerServices(server: Server, host: ServicesHost): void {
  const { attach } = host;
  const calls = new Calls(host.connectionOf, host.log, host.traces);
  const health = new Health(attach, () => host.config().servingNeedsUnlocked);
  const described = new Description([
    ...OURS,
    'grpc.health.v1.Health',
    'grpc.reflection.v1.ServerReflection',
  ]);
  server.addService(KeysService, keysService(calls, new Applications(attach), new Idempotency()));
  server.addService(AdminService, adminService(calls, attach));
  server.addService(HealthService, healthService(calls, health, OURS));
  server.addService(ServerReflectionService, reflectionService(calls, attach, described));
}
