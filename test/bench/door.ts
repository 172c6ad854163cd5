/**
 * What a good client of the network door notices of bad ones: the time of its calls alone, and beside each kind of them. Door, good client and bad
 * ones are processes of their own; the bad ones come back as soon as they are put out. The aim: the median stays under twice what it is alone.
 *
 *     node test/bench/door.ts [seconds for each]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { call, END_HEADERS, frame, header, message, preface, setting, TYPE, u32 } from '../daemon/raw.ts';
import { Door, Good } from '../daemon/support.ts';
import type { Identity } from '../support/certificates.ts';

interface Letter {
  readonly port: number;
  readonly ca: string;
  readonly good: { certificate: string; key: string };
  readonly bad: { certificate: string; key: string };
}

const repeat = (bytes: Buffer) => Buffer.concat(Array(Math.ceil(65_536 / bytes.length)).fill(bytes));

function pairs(): Buffer {
  const all: Buffer[] = [];
  for (let stream = 1; stream < 2000; stream += 2)
    all.push(frame(TYPE.headers, END_HEADERS, stream, call('Never')), frame(TYPE.reset, 0, stream, u32(8)));
  return Buffer.concat(all);
}

function bombs(): Buffer {
  const lines = Buffer.concat([call('Unary'), ...Array(1000).fill(header('a', 'b'))]);
  return Buffer.concat(
    Array.from({ length: 500 }, (_, i) => frame(TYPE.headers, END_HEADERS | 1, 2 * i + 1, lines)),
  );
}

const asks = Buffer.concat([
  frame(TYPE.headers, END_HEADERS, 1, call('Large')),
  frame(TYPE.data, 0, 1, Buffer.concat(Array(100).fill(message(Buffer.from('100000'))))),
]);

/** What a kind sends behind the preface, once or again and again; how many there are of it. */
const kinds: Readonly<Record<string, { first?: Buffer; flood?: Buffer; settings?: Buffer; count: number }>> =
  {
    'idle connections': { count: 200 },
    'answers not read': { count: 20, first: asks, settings: setting(4, 0x7fffffff) },
    'windows shut': { count: 20, first: asks, settings: setting(4, 0) },
    'rapid reset': { count: 4, first: pairs() },
    'header bombs': { count: 4, first: bombs() },
    'PING flood': { count: 4, flood: repeat(frame(TYPE.ping, 0, 0, Buffer.alloc(8))) },
    'SETTINGS flood': { count: 4, flood: repeat(frame(TYPE.settings, 0, 0)) },
    'window flood': { count: 4, flood: repeat(frame(TYPE.window, 0, 0, u32(1))) },
  };
const anonymous = ['half handshakes', 'handshakes without a certificate'];

async function attack(kind: string, { port, ca, bad }: Letter): Promise<void> {
  const open = (): void => {
    if (kind === 'half handshakes') {
      const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
      socket.on('error', () => undefined).on('connect', () => socket.write(Buffer.of(0x16, 3, 1)));
      socket.on('close', () => setTimeout(open, 5));
      return;
    }
    const known = anonymous.includes(kind) ? {} : { cert: bad.certificate, key: bad.key };
    const raw = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    raw.on('error', () => undefined);
    const socket = tls.connect({ socket: raw, ca, servername: 'localhost', ALPNProtocols: ['h2'], ...known });
    socket.on('error', () => undefined).on('close', () => setTimeout(open, 5));
    const { first, flood, settings } = kinds[kind] ?? {};
    if (kind !== 'answers not read') socket.resume();
    socket.once('secureConnect', () => {
      socket.write(preface(settings));
      if (first !== undefined) socket.write(first);
      const pour = () => {
        while (flood !== undefined && !socket.destroyed && socket.write(flood));
      };
      socket.on('drain', pour);
      pour();
    });
  };
  for (let i = 0; i < (kinds[kind]?.count ?? 50); i++) open();
  await sleep(3_600_000);
}

async function measure(good: Good, seconds: number): Promise<number[]> {
  const times: number[] = [];
  for (const until = performance.now() + seconds * 1000; performance.now() < until; ) {
    const at = performance.now();
    await good.call();
    times.push((performance.now() - at) * 1000);
    await sleep(2);
  }
  return times.sort((a, b) => a - b);
}

const quantile = (times: readonly number[], part: number) =>
  Math.round(times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN);

async function main(seconds: number): Promise<void> {
  const children: ChildProcess[] = [];
  const child = (...role: string[]) => {
    const started = fork(import.meta.filename, role, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    children.push(started);
    return started;
  };
  try {
    const door = child('door');
    const letter = await new Promise<Letter>((resolve) =>
      door.once('message', (said) => resolve(said as Letter)),
    );
    const good = new Good(letter.port, { certificate: letter.ca }, letter.good as Identity);
    await measure(good, 1);
    const alone = await measure(good, seconds);
    const row = (name: string, times: readonly number[]) =>
      console.log(
        `${name.padEnd(34)} ${String(quantile(times, 0.5)).padStart(7)} µs  ${String(quantile(times, 0.99)).padStart(8)} µs  ` +
          `${(quantile(times, 0.5) / quantile(alone, 0.5)).toFixed(2)}x`,
      );
    console.log(`${'beside'.padEnd(34)}  median         99 %`);
    row('nobody', alone);
    for (const kind of [...Object.keys(kinds), ...anonymous]) {
      const attacker = child('attack', kind);
      attacker.send(letter);
      await sleep(500);
      row(kind, await measure(good, seconds));
      const ended = new Promise((done) => attacker.once('exit', done));
      attacker.kill();
      await ended;
      await sleep(300);
    }
    good.close();
  } finally {
    for (const one of children) one.kill();
  }
}

const [role = '3', kind = ''] = process.argv.slice(2);
if (role === 'door') {
  const door = await new Door().open();
  const text = ({ certificate, key }: Identity) => ({ certificate, key });
  process.send?.({
    port: door.port,
    ca: door.servers.certificate,
    good: text(door.client()),
    bad: text(door.client({ dns: ['bad.example'] })),
  });
  process.once('SIGTERM', () => void door.close().then(() => process.exit()));
} else if (role === 'attack') process.once('message', (letter) => void attack(kind, letter as Letter));
else await main(Number(role));
