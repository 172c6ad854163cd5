/** The keys of strongroomd alone. */
import type { ConfigKey } from './shape.ts';

export const serviceKeys = [
  {
    name: 'service.socket_mode',
    type: 'integer',
    default: 0o660,
    unit: 'permission bits, 0o660 as a rule',
    least: 0o600,
    most: 0o777,
    meaning:
      'Who may connect to strongroomd’s `socket`, in the file system’s eyes. What he may do then is the policy’s to say.',
  },
  {
    name: 'service.socket_group',
    type: 'text',
    shape: 'group',
    default: '',
    meaning:
      'The group, by name or number, that strongroomd’s `socket` belongs to. Without it: the group of strongroomd’s own user.',
  },
  {
    name: 'service.policy',
    type: 'text',
    shape: 'path',
    default: '/etc/strongroom/policy.toml',
    meaning:
      'The rules by which strongroomd serves: who may use which token and key for what. Whom no rule names is not served. Without the file ' +
      'only root and strongroomd’s own user are.',
  },
  {
    name: 'service.log_level',
    type: 'text',
    shape: 'level',
    default: 'info',
    meaning:
      'What strongroomd says on its standard error, which as a rule is the journal: “error”, “warning” (what is wrong, or refused by the ' +
      'system), “info” (also what it does, and whom it turns away) or “debug” (also who comes and goes). Of each, 200 lines at once and 20 a ' +
      'second after that; those left out are counted.',
  },
  {
    name: 'service.drain_seconds',
    type: 'integer',
    default: 5,
    unit: 'seconds',
    least: 0,
    most: 3_600,
    meaning:
      'How long strongroomd, told to end, still works on calls that wait for their answers, such as an RSA key in the making. Nobody new is ' +
      'let in meanwhile. What is not done by then answers CKR_DEVICE_REMOVED.',
    warning: 'Whoever ends it (TimeoutStopSec= of systemd) must have more patience than this.',
  },
  {
    name: 'service.metrics',
    type: 'text',
    shape: 'address',
    default: '',
    meaning:
      'Where the engine tells Prometheus and its like how it is (docs/metrics.md), over HTTP: the absolute path of a socket with mode 0660 and the ' +
      'group of `service.socket_group`, or a port of the loopback interface such as 127.0.0.1:9464. Without it nothing is counted.',
    warning:
      'At a port everybody on this machine can read it, at a socket those whom its mode lets through. It tells how much is done with which ' +
      'mechanism, by whom and with which keys never.',
  },
] as const satisfies readonly ConfigKey[];
