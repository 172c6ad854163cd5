/**
 * The network door's process: `door.cjs --config FILE [--socket PATH] [--ready-fd N]`, started by strongroom-launch --door. It says 'R' and where it
 * listens on the ready descriptor when it serves, reads certificates anew on SIGHUP, and leaves on SIGTERM.
 */
import { closeSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { hardenDoor, loadProcess } from '../hardening/process/process.ts';
import { readConfig, serviceLog } from '../module/engine/public.ts';
import { openTraces } from '../module/traces/open.ts';
import { version } from '../schema/product.ts';
import { Door } from './door.ts';

const addon = loadProcess(import.meta.dirname);
const log = serviceLog(addon, '');

/** Tells whoever looks after us how it stands (sd_notify(3)). */
function notify(text: string): void {
  const socket = process.env.NOTIFY_SOCKET;
  if (socket !== undefined) addon.notify(socket, text);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function start(): Promise<void> {
  const { values } = parseArgs({
    options: { config: { type: 'string' }, socket: { type: 'string' }, 'ready-fd': { type: 'string' } },
  });
  for (const warning of hardenDoor(addon)) log.line(warning, 'warning');
  const { config } = readConfig(values.config);
  log.least = config.service.logLevel;
  const traces = await openTraces(import.meta.dirname, {
    ...config.network.traces,
    service: 'strongroom-door',
    version,
    log: (message, level) => log.line(message, level),
  });
  const door = new Door(config, import.meta.dirname, values.socket, log, traces);
  const addresses = await door.open();
  process.on('SIGHUP', () => {
    try {
      door.reload(readConfig(values.config).config);
      log.line('configuration and certificates were read anew');
    } catch (error) {
      log.line(`read anew, and what was is kept: ${messageOf(error)}`, 'error');
    }
  });
  const leave = (): void => {
    notify('STOPPING=1');
    log.line('leaves');
    void door
      .close()
      .then(() => traces?.close())
      .finally(() => process.exit(0));
  };
  process.once('SIGTERM', leave);
  process.once('SIGINT', leave);
  process.on('uncaughtException', (error) => log.line(`a bug: ${error.stack ?? error.message}`, 'error'));
  const places = addresses.map(({ host, port }) =>
    host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
  );
  if (values['ready-fd'] !== undefined) {
    writeSync(Number(values['ready-fd']), `R${places.join(',')}\n`);
    closeSync(Number(values['ready-fd']));
  }
  notify('READY=1');
  log.line(`serves at ${places.join(', ')}`);
}

start().catch((error: unknown) => {
  log.line(`cannot start: ${messageOf(error)}`, 'error');
  process.exit(1);
});
