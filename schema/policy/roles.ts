/** Roles, as rules name them: what somebody is, and the functions that come with it. */
import type { GroupName } from './groups.ts';

export interface Role {
  readonly name: 'operator' | 'so' | 'user' | 'auditor' | 'metrics';
  readonly meaning: string;
  /** Of the whole engine, or of each token that the rule names. */
  readonly of: 'engine' | 'token';
  /** Groups of functions that a rule gives with the role where it does not name functions itself. */
  readonly gives: readonly GroupName[];
}

export const roles = [
  {
    name: 'user',
    of: 'token',
    meaning: 'May log in as the token’s user, with the user PIN, and use the objects that the rule names.',
    gives: [
      'login',
      'find',
      'read',
      'create',
      'copy',
      'modify',
      'destroy',
      'encrypt',
      'decrypt',
      'digest',
      'digest-key',
      'sign',
      'verify',
      'wrap',
      'unwrap',
      'derive',
      'generate',
      'random',
      'state',
    ],
  },
  {
    name: 'so',
    of: 'token',
    meaning:
      'May log in as the token’s security officer, with the SO PIN, and do what that is for: PINs, labels, emptying the token, trust.',
    gives: ['login', 'admin', 'find', 'read', 'create', 'copy', 'modify', 'destroy', 'random'],
  },
  {
    name: 'operator',
    of: 'engine',
    meaning:
      'Looks after the engine: asks for its state, stops it, changes its settings, unlocks tokens. This alone gives no object.',
    gives: ['engine'],
  },
  { name: 'auditor', of: 'engine', meaning: 'Reads the audit log, and verifies it.', gives: [] },
  {
    name: 'metrics',
    of: 'engine',
    meaning: 'Reads the figures that service.metrics has the engine count.',
    gives: [],
  },
] as const satisfies readonly Role[];

export type RoleName = Role['name'];
