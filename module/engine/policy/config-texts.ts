/** Texts of the configuration: what each shape of them asks for, and what they mean. */
import { isIP } from 'node:net';
import type { TextKey } from '../../../schema/config/keys.ts';
import { pinProfiles } from '../../../schema/config/pin-rules.ts';
import { levels } from '../values/level.ts';

/** Host and port. */
export interface HostAddress {
  readonly host: string;
  readonly port: number;
}

/** The longest list of words, in bytes. */
const WORDS_MOST = 2048;

/** What is wrong with a text of each shape. */
export const shapes: Readonly<Record<TextKey['shape'], (value: string) => string | undefined>> = {
  path: (value) =>
    /^\/\P{Cc}*$/u.test(value) && Buffer.byteLength(value) < 4096 ? undefined : 'be an absolute path',
  user: accountProblem,
  group: accountProblem,
  level: levelProblem,
  kdf: (value) => (value === 'argon2id' || value === 'pbkdf2' ? undefined : 'be argon2id or pbkdf2'),
  hosts: (value) =>
    value.split(',').every((one) => hostOf(one) !== undefined)
      ? undefined
      : 'be a host and a port, such as hsm.example:5696 or [::1]:5696, or several, separated by commas',
  profile: (value) =>
    Object.hasOwn(pinProfiles, value)
      ? undefined
      : `be one of ${Object.keys(pinProfiles)
          .map((each) => JSON.stringify(each))
          .join(', ')}`,
  words: (value) =>
    Buffer.byteLength(value) <= WORDS_MOST && !/[^\P{Cc}\t\n]/u.test(value)
      ? undefined
      : `be words separated by blanks, at most ${WORDS_MOST} bytes of them`,
  name: (value) =>
    /^[A-Za-z0-9.:_-]{1,253}$/u.test(value) ? undefined : 'be the name or the address of a machine',
  collector: (value) =>
    /^\/\P{Cc}*$/u.test(value) || isCollector(value)
      ? undefined
      : 'be the absolute path of a socket, or a URL with an address and a port, such as http://127.0.0.1:4318/v1/traces',
  address: (value) =>
    /^\/\P{Cc}*$/u.test(value) || isLoopback(value)
      ? undefined
      : 'be the absolute path of a socket, or a port of the loopback interface such as 127.0.0.1:9464',
};

function hostOf(text: string): HostAddress | undefined {
  const [, v6, name, port] =
    /^\s*(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]{1,253})):(\d{1,5})\s*$/u.exec(text) ?? [];
  const host = v6 ?? name;
  const number = Number(port);
  return host === undefined || !(number <= 65_535) ? undefined : { host, port: number };
}

export function hostsOf(text: string): readonly HostAddress[] {
  return Object.freeze(text === '' ? [] : text.split(',').flatMap((one) => hostOf(one) ?? []));
}

function levelProblem(value: string): string | undefined {
  return (levels as readonly string[]).includes(value) ? undefined : `be one of ${levels.join(', ')}`;
}

function isLoopback(address: string): boolean {
  const [, host = '', port] = /^(127(?:\.\d{1,3}){3}|\[::1\]|localhost):(\d{1,5})$/u.exec(address) ?? [];
  return (
    Number(port) >= 1 && Number(port) <= 65_535 && host.split('.').every((part) => !(Number(part) > 255))
  );
}

/** An address, not a name: the door asks no name server. */
function isCollector(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  return (
    url?.protocol === 'http:' &&
    url.username === '' &&
    url.password === '' &&
    /^http:\/\/[^/]*:\d+(\/|$)/u.test(text) &&
    (host === 'localhost' || isIP(host) !== 0)
  );
}

function accountProblem(value: string): string | undefined {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,255}\$?$/u.test(value)
    ? undefined
    : 'be a name or a number of the system’s';
}
