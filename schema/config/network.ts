/** The keys about other machines: where keys are on one (`remote`), and how others come to ours (`network`). */
import type { ConfigKey } from './shape.ts';

export const remoteKeys = [
  {
    name: 'remote',
    type: 'text',
    shape: 'hosts',
    default: '',
    meaning:
      'Where keys are on another machine: host and port of a strongroomd with a network door, such as hsm.example:5696, or several, separated by ' +
      'commas, which are tried in their order. What the library starts then keeps no keys of its own: it passes calls on, over mutual TLS.',
  },
  {
    name: 'remote_ca',
    type: 'text',
    shape: 'path',
    default: '',
    meaning:
      'The certificates, in PEM, of the authorities that the other machine’s certificate may come from. Needed with `remote`.',
  },
  {
    name: 'remote_certificate',
    type: 'text',
    shape: 'path',
    default: '',
    meaning:
      'Our own certificate, in PEM, with those between it and its authority behind it. Needed with `remote`.',
  },
  {
    name: 'remote_key',
    type: 'text',
    shape: 'path',
    default: '',
    meaning: 'The private key of `remote_certificate`, in PEM. Needed with `remote`.',
    warning: 'Whoever can read it is, to the other machine, who we are: mode 0600.',
  },
  {
    name: 'remote_name',
    type: 'text',
    shape: 'name',
    default: '',
    meaning:
      'The name that the other machine’s certificate must have, where that is another than the host in `remote`.',
  },
  {
    name: 'remote_patience_seconds',
    type: 'integer',
    default: 5,
    unit: 'seconds',
    least: 1,
    most: 600,
    meaning:
      'How long a call waits for a connection to any of `remote`, while there is none, before it answers CKR_DEVICE_ERROR.',
  },
  {
    name: 'remote_traces',
    type: 'text',
    shape: 'collector',
    default: '',
    meaning:
      'Where the process that passes calls on says where their time goes, as `network.traces` does for the door. It also begins what the door then goes on with.',
  },
  {
    name: 'remote_traces_per_thousand',
    type: 'integer',
    default: 10,
    unit: 'calls of a thousand',
    least: 0,
    most: 1000,
    meaning: 'How many calls are followed that way.',
  },
] as const satisfies readonly ConfigKey[];

export const networkKeys = [
  {
    name: 'network.listen',
    type: 'text',
    shape: 'hosts',
    default: '',
    meaning:
      'Where strongroomd lets programs of other machines in, over gRPC with mutual TLS: host and port, such as 0.0.0.0:5696, or several, separated by ' +
      'commas. Without it there is no network door. Who may do what the policy says, by the names of certificates.',
  },
  {
    name: 'network.certificate',
    type: 'text',
    shape: 'path',
    default: '/etc/strongroom/tls/server.pem',
    meaning:
      'The door’s certificate, in PEM, with those between it and its authority behind it. Read anew on SIGHUP, as are the three below.',
  },
  {
    name: 'network.key',
    type: 'text',
    shape: 'path',
    default: '/etc/strongroom/tls/server.key',
    meaning: 'The private key of `network.certificate`, in PEM: readable for the door’s user alone.',
  },
  {
    name: 'network.client_ca',
    type: 'text',
    shape: 'path',
    default: '/etc/strongroom/tls/clients.pem',
    meaning:
      'The certificates, in PEM, of the authorities that clients’ certificates may come from, up to their roots.',
    warning:
      'Each of them can make itself a certificate with any name. An authority of the web’s is none to put here.',
  },
  {
    name: 'network.crl',
    type: 'text',
    shape: 'path',
    default: '',
    meaning:
      'The lists of revoked certificates of those authorities, in PEM, one for each in a chain. Who is on one is not let in, and who is in is put out when the list is read.',
  },
  {
    name: 'network.user',
    type: 'text',
    shape: 'user',
    default: '',
    meaning:
      'The user, by name or number, under whom the door runs, and who alone may say to the engine for whom he asks; where nothing is said, the service’s own.',
    warning:
      'The door is best kept apart by a user of its own. He needs no rule in the policy, and must be able to reach the socket.',
  },
  {
    name: 'network.start_door',
    type: 'boolean',
    default: true,
    meaning:
      'Whether strongroomd starts the door itself, and again when it ends. Where something else does, such as the unit strongroom-door.service, this is false.',
  },
  {
    name: 'network.lease_seconds',
    type: 'integer',
    default: 30,
    unit: 'seconds',
    least: 1,
    most: 86_400,
    meaning:
      'How long the sessions and logins of a program on another machine are kept while it cannot reach us, or the door is started again.',
  },
  {
    name: 'network.max_connections',
    type: 'integer',
    default: 4_096,
    unit: 'connections',
    least: 1,
    most: 65_536,
    meaning: 'How many connections there may be in all.',
  },
  {
    name: 'network.max_connections_per_identity',
    type: 'integer',
    default: 256,
    unit: 'connections',
    least: 1,
    most: 65_536,
    meaning: 'How many of them one identity may have.',
  },
  {
    name: 'network.max_streams_per_connection',
    type: 'integer',
    default: 128,
    unit: 'streams',
    least: 1,
    most: 4_096,
    meaning: 'How many calls and applications may share one connection at a time.',
  },
  {
    name: 'network.max_message_bytes',
    type: 'integer',
    default: 67_108_864,
    unit: 'bytes',
    least: 65_536,
    most: 536_870_912,
    meaning:
      'The longest message, either way. A call with more data answers CKR_HOST_MEMORY: use several parts.',
  },
  {
    name: 'network.serving_needs_unlocked',
    type: 'boolean',
    default: false,
    meaning:
      'Whether health checks hear NOT_SERVING while a token that the policy gives without a login is locked.',
  },
  {
    name: 'network.metrics',
    type: 'text',
    shape: 'address',
    default: '',
    meaning:
      'Where the door tells Prometheus and its like how it is, as `service.metrics` does for the engine: a port of the loopback interface, such as ' +
      '127.0.0.1:9465, since the door can make no socket’s file. Without it nothing is counted.',
  },
  {
    name: 'network.traces',
    type: 'text',
    shape: 'collector',
    default: '',
    meaning:
      'Where the door says where the time of calls goes, to an OpenTelemetry collector: with OTLP over HTTP at an address such as ' +
      'http://127.0.0.1:4318/v1/traces, or at the absolute path of a socket. Without it nothing is followed. Looked at when the door starts.',
    warning:
      'What is said goes unencrypted, and is nobody’s secret: names of functions and results, and times. Let a collector of this machine pass it on.',
  },
  {
    name: 'network.traces_per_thousand',
    type: 'integer',
    default: 10,
    unit: 'calls of a thousand',
    least: 0,
    most: 1000,
    meaning:
      'How many calls are followed whose callers say nothing about it. One whose caller follows it is always followed, and one whose caller does not, never; of all ' +
      'together 200 a second at the most.',
  },
] as const satisfies readonly ConfigKey[];
