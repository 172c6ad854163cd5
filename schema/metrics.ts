/**
 * Every metric that an engine gives: the engine writes them, docs/metrics.md and docs/grafana-dashboard.json are made from this list.
 * Labels never say whose or which: no labels of tokens and keys, no ids, no PINs, no users and no paths.
 */

export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** What it says, in a sentence without its full stop. */
  readonly help: string;
  readonly labels?: readonly string[];
}

/** Upper ends of the buckets of calls, in microseconds: powers of two, so that a bucket is found without a search. The last one is over half a minute. */
export const bucketMicroseconds: readonly number[] = Array.from({ length: 26 }, (_, power) => 2 ** power);

export const metrics = {
  buildInfo: {
    name: 'strongroom_build_info',
    type: 'gauge',
    help: 'Always 1; its labels are what runs',
    labels: ['version', 'node', 'openssl'],
  },
  calls: {
    name: 'strongroom_calls_total',
    type: 'counter',
    help: 'Calls by function and result (CKR_OK or another CK_RV); what the library answers by itself is not among them',
    labels: ['function', 'result'],
  },
  callDuration: {
    name: 'strongroom_call_duration_seconds',
    type: 'histogram',
    help:
      'How long calls took, from when the engine found the request until the answer was out, waiting for a processor or another call included; ' +
      'with the mechanism where a key was used. An opening such as C_SignInit that came together with the call it is for counts with that call',
    labels: ['function', 'mechanism'],
  },
  refusals: {
    name: 'strongroom_limit_refusals_total',
    type: 'counter',
    help: 'Calls that were refused because their application had as much as it may have, or there was no more',
  },
  applications: {
    name: 'strongroom_applications',
    type: 'gauge',
    help: 'Applications that are connected, by where they are: on this machine (local), or on others (remote)',
    labels: ['from'],
  },
  sessions: {
    name: 'strongroom_sessions',
    type: 'gauge',
    help: 'Sessions that are open, by where their applications are',
    labels: ['from'],
  },
  logins: {
    name: 'strongroom_logins',
    type: 'gauge',
    help: 'Applications that are logged in, by role (user or so)',
    labels: ['role'],
  },
  tokens: {
    name: 'strongroom_tokens',
    type: 'gauge',
    help: 'Tokens, by whether they can be used (ok) or are out of use (trouble)',
    labels: ['state'],
  },
  lockedPins: {
    name: 'strongroom_pins_locked',
    type: 'gauge',
    help: 'PINs that are locked after too many wrong guesses, by role (user or so)',
    labels: ['role'],
  },
  tokenObjects: {
    name: 'strongroom_token_objects',
    type: 'gauge',
    help: 'Objects of a token, by slot id; private ones count while somebody is logged in. The first 256 slots only',
    labels: ['slot', 'access'],
  },
  keyStates: {
    name: 'strongroom_keys_by_state',
    type: 'gauge',
    help: 'Keys of tokens in another state than active, by state; private ones count while somebody is logged in',
    labels: ['state'],
  },
  keysEnding: {
    name: 'strongroom_keys_ending',
    type: 'gauge',
    help: 'Active keys of tokens whose end comes within so many days; private ones count while somebody is logged in',
    labels: ['days'],
  },
  keysBeginning: {
    name: 'strongroom_keys_beginning',
    type: 'gauge',
    help: 'Keys of tokens that begin within so many days; private ones count while somebody is logged in',
    labels: ['days'],
  },
  keysNearLimit: {
    name: 'strongroom_keys_near_limit',
    type: 'gauge',
    help: 'Keys in memory and in use that have used up half of a limit of their uses, or more',
  },
  rotationsDue: {
    name: 'strongroom_keys_due',
    type: 'gauge',
    help: 'Keys that are due to be rotated, of tokens that somebody is logged in to or that are unlocked',
  },
  lanes: {
    name: 'strongroom_lanes',
    type: 'gauge',
    help: 'Lanes: one for each thread of an application that calls',
  },
  busyLanes: {
    name: 'strongroom_lanes_busy',
    type: 'gauge',
    help: 'Lanes that have called within the last milliseconds',
  },
  parked: {
    name: 'strongroom_calls_waiting',
    type: 'gauge',
    help: 'Calls that wait for a job of the pool, at work or in its queue',
  },
  jobs: {
    name: 'strongroom_pool_jobs',
    type: 'gauge',
    help: 'Jobs that the pool works on at this moment',
  },
  poolThreads: {
    name: 'strongroom_pool_threads',
    type: 'gauge',
    help: 'Threads of the pool',
  },
  quotaUsed: {
    name: 'strongroom_quota_used',
    type: 'gauge',
    help: 'What all applications together make the engine keep, by kind',
    labels: ['kind'],
  },
  quotaLimit: {
    name: 'strongroom_quota_limit',
    type: 'gauge',
    help: 'How much that may be',
    labels: ['kind'],
  },
  quotaLargest: {
    name: 'strongroom_quota_application_used',
    type: 'gauge',
    help: 'What the application that has most of a kind makes the engine keep',
    labels: ['kind'],
  },
  quotaApplication: {
    name: 'strongroom_quota_application_limit',
    type: 'gauge',
    help: 'How much one application may have',
    labels: ['kind'],
  },
  limitRatio: {
    name: 'strongroom_limit_used_ratio',
    type: 'gauge',
    help: 'How much of each limit is used, 1 being all of it; for limits of one application or token, by the one that is nearest to it',
    labels: ['limit'],
  },
  auditRecords: {
    name: 'strongroom_audit_records_total',
    type: 'counter',
    help: 'Records in the audit log, from its beginning',
  },
  auditUnsynced: {
    name: 'strongroom_audit_unsynced_records',
    type: 'gauge',
    help: 'Records that are written, but not yet on the disk for sure',
  },
  auditUnsigned: {
    name: 'strongroom_audit_unsigned_records',
    type: 'gauge',
    help: 'Records that no signature covers yet',
  },
  auditWritable: {
    name: 'strongroom_audit_writable',
    type: 'gauge',
    help: '1 while the audit log can be written; with 0 no key is used',
  },
  lostLines: {
    name: 'strongroom_log_lost_lines',
    type: 'gauge',
    help: 'Lines of engine.log that could not be written, until one is again',
  },
  troubles: {
    name: 'strongroom_troubles',
    type: 'gauge',
    help: 'What the engine knows to be wrong, by what it is about; “strongroom doctor” says it in words',
    labels: ['about'],
  },
  loopDelay: {
    name: 'strongroom_event_loop_delay_seconds',
    type: 'histogram',
    help: 'How much later than asked for a timer of the engine’s thread ran; one observation a second',
  },
  guarded: {
    name: 'strongroom_guarded_memory_bytes',
    type: 'gauge',
    help: 'Guarded memory, where keys and PINs are',
  },
  memoryLocked: {
    name: 'strongroom_guarded_memory_locked',
    type: 'gauge',
    help: '1 when all guarded memory is locked in RAM',
  },
  locked: {
    name: 'strongroom_memory_locked_bytes',
    type: 'gauge',
    help: 'Memory of the engine’s process that is locked in RAM',
  },
  keys: {
    name: 'strongroom_enclave_keys',
    type: 'gauge',
    help: 'Keys that the enclave holds, those of its own among them',
  },
  heap: {
    name: 'strongroom_heap_bytes',
    type: 'gauge',
    help: 'Heap of the engine’s runtime that is used',
  },
  heapLimit: {
    name: 'strongroom_heap_limit_bytes',
    type: 'gauge',
    help: 'How large that heap can be',
  },
  resident: {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory of the engine’s process',
  },
  cpu: {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'Processor time of the engine’s process, in user and system mode',
  },
  started: {
    name: 'process_start_time_seconds',
    type: 'gauge',
    help: 'When the engine started, in seconds since 1970',
  },
} as const satisfies Readonly<Record<string, Metric>>;

/**
 * Every metric that a network door gives. What it has in common with an engine has the same name there: they are two processes, asked at two
 * addresses. Labels never say whose, here either: no names of certificates and no addresses.
 */
export const doorMetrics = {
  connections: {
    name: 'strongroom_door_connections',
    type: 'gauge',
    help: 'Connections whose certificate was accepted',
  },
  accepted: {
    name: 'strongroom_door_connections_total',
    type: 'counter',
    help: 'Connections whose certificate was accepted, from the beginning',
  },
  handshakes: {
    name: 'strongroom_door_handshakes',
    type: 'gauge',
    help: 'Connections that have not shown a certificate yet',
  },
  refused: {
    name: 'strongroom_door_refused_total',
    type: 'counter',
    help: 'Connections that were not let in, by reason',
    labels: ['reason'],
  },
  cut: {
    name: 'strongroom_door_cut_total',
    type: 'counter',
    help: 'Connections that were let in and put out again, by reason',
    labels: ['reason'],
  },
  streams: {
    name: 'strongroom_door_streams',
    type: 'gauge',
    help: 'Calls of gRPC that are under way; an application’s Cryptoki is one as long as it is connected',
  },
  calls: {
    name: 'strongroom_door_streams_total',
    type: 'counter',
    help: 'Calls of gRPC, from the beginning',
  },
  resets: {
    name: 'strongroom_door_resets_total',
    type: 'counter',
    help: 'Calls of gRPC that ended before their time',
  },
  bytes: {
    name: 'strongroom_door_bytes_total',
    type: 'counter',
    help: 'Bytes that came from clients (in) and went to them (out), without what TLS adds',
    labels: ['direction'],
  },
  loopDelay: metrics.loopDelay,
  heap: metrics.heap,
  heapLimit: metrics.heapLimit,
  resident: metrics.resident,
  cpu: metrics.cpu,
  started: metrics.started,
} as const satisfies Readonly<Record<string, Metric>>;

/** Why a door does not let somebody in. */
export const doorRefusals = {
  handshake: 'no TLS 1.3, or what was said was no TLS at all',
  timeout: 'no handshake within ten seconds',
  crowd: 'too many without a handshake, most of them from this address',
  no_certificate: 'none was shown',
  untrusted: 'from no authority in `network.client_ca`',
  expired: 'the certificate, or one above it, has ended',
  not_yet_valid: 'the certificate, or one above it, has not begun',
  revoked: 'on a list in `network.crl`',
  no_list: '`network.crl` has no list of the authority, or an old one',
  purpose: 'the certificate is not for clients',
  name: 'the certificate names nobody, or in a way that could be misread',
  protocol: 'no HTTP/2 (ALPN)',
  connections: '`network.max_connections`',
  identity_connections: '`network.max_connections_per_identity`',
  barred:
    'put out by `resets`, `flood` or `protocol` less than ten seconds ago, from the same address under the same name',
} as const;

/** Why it puts somebody out again. */
export const doorCuts = {
  untrusted: 'its authority is in `network.client_ca` no more',
  expired: 'its certificate, or one above it, has ended',
  not_yet_valid: 'the clock was set back',
  revoked: 'on a list in `network.crl`',
  silent: 'no HTTP/2 within ten seconds',
  idle: 'no call within a minute of its coming, or for a quarter of an hour',
  crowd: 'it rested, its identity had most connections, and there was no place for another',
  resets: 'more than 100 calls a second given up',
  flood: 'more than it may send that belongs to no call',
  protocol: 'wrong HTTP/2, or more of it than the library takes',
  unread: 'it did not read what waited for it',
  slow: 'a message came too slowly',
} as const;
