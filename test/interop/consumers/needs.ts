/** What blocks of docs/consumers.md may need besides programs, and why it may be missing here. */
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/profile.ts';
import { findProgram, PACKAGE_OF } from '../../support/programs.ts';

/** Files that stand for a package which brings no program. */
const FILES: Readonly<Record<string, { readonly pattern: string; readonly missing: string }>> = {
  'pkcs11-engine': {
    pattern: '/usr/lib/*/engines-3/pkcs11.so',
    missing: 'libengine-pkcs11-openssl is not installed',
  },
  'pkcs11-provider': {
    pattern: process.env.OPENSSL_MODULES
      ? join(process.env.OPENSSL_MODULES, 'pkcs11.so')
      : '/usr/lib/*/ossl-modules/pkcs11.so',
    missing: 'pkcs11-provider is not installed; Debian 12 has no package of it',
  },
  'p11-kit-client': {
    pattern: '/usr/lib/*/pkcs11/p11-kit-client.so',
    missing: 'p11-kit-modules is not installed',
  },
  'cryptsetup-pkcs11': {
    pattern: '/usr/lib/*/cryptsetup/libcryptsetup-token-systemd-pkcs11.so',
    missing: "systemd's plugin for cryptsetup is not installed",
  },
  'strongswan-pkcs11': {
    pattern: '/usr/lib/ipsec/plugins/libstrongswan-pkcs11.so',
    missing: 'libstrongswan-extra-plugins is not installed',
  },
  'python3-pykcs11': {
    pattern: '/usr/lib/python3/dist-packages/PyKCS11/__init__.py',
    missing: 'python3-pykcs11 is not installed',
  },
  pkcs11js: { pattern: join(ROOT, 'node_modules/pkcs11js/package.json'), missing: 'npm install has not run' },
  graphene: {
    pattern: join(ROOT, 'node_modules/graphene-pk11/package.json'),
    missing: 'npm install has not run',
  },
};

/** Registries and users: the runner looks after these. */
const ELSEWHERE = ['node', 'not-root', 'pypi', 'crates', 'goproxy'];

/** Why a block with these needs can't run here, or undefined when it can. */
export function missing(needs: readonly string[]): string | undefined {
  for (const need of needs) {
    const file = FILES[need];
    if (ELSEWHERE.includes(need)) continue;
    if (need === 'no-systemd') {
      // Debian's OpenVPN asks systemd for PINs wherever it runs, and systemd asks a person.
      if (existsSync('/run/systemd/system')) return 'it would ask for the PIN through systemd here';
    } else if (file !== undefined) {
      if (globSync(file.pattern).length === 0) return file.missing;
    } else if (findProgram(need) === undefined) {
      return `${need} is not installed (${PACKAGE_OF[need] ?? need})`;
    }
  }
  return undefined;
}

/** What programs print when something outside them and us is not to be had. */
const OUTSIDE: readonly (readonly [need: string, pattern: RegExp, reason: string])[] = [
  [
    'pypi',
    /No matching distribution|NewConnectionError|Temporary failure in name resolution|No module named '?(venv|ensurepip)/,
    'the packages of pypi could not be fetched',
  ],
  ['pypi', /ensurepip is not available/, 'python3-venv is not installed'],
  [
    'crates',
    /failed to (download|fetch|get)|Could(n't| not) resolve host|spurious network error/,
    'the crates could not be fetched',
  ],
  ['crates', /requires rustc|feature `?edition|rustup could not choose/, 'the Rust here is too old'],
  [
    'goproxy',
    /dial tcp|no such host|i\/o timeout|unrecognized import path|module lookup disabled/,
    'the Go modules could not be fetched',
  ],
  ['goproxy', /requires go ?(version )?>?=? ?1\.|requires newer Go/, 'the Go here is too old'],
  [
    'cryptsetup',
    /kernel crypto interface not available|Cannot initialize device-mapper|Failed to (setup|set up) dm-crypt/,
    'the kernel lends programs no ciphers here',
  ],
  [
    'nginx',
    /engine routines::not initialised/,
    "Debian 13's nginx does not initialise the engines of its libp11 0.4.13",
  ],
];

/** Why a block failed through no fault of its own or ours, or undefined. */
export function outsideFault(needs: readonly string[], output: string): string | undefined {
  return OUTSIDE.find(([need, pattern]) => needs.includes(need) && pattern.test(output))?.[2];
}
