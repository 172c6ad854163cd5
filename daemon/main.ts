/**
 * The network door's process: `door.mjs --config FILE [--socket PATH] [--ready-fd N]`, started by strongroom-launch --door. It says 'R' on the ready
 * descriptor when it serves, reads certificates anew on SIGHUP, and leaves on SIGTERM.
 */
import { closeSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { hardenDoor, loadProcess } from '../hardening/process/process.ts';
import { readConfig, serviceLog } from '../module/engine/public.ts';

const addon = loadProcess(import.meta.dirname);
const log = serviceLog(addon, '');

/** Tells whoever looks after us how it stands (sd_notify(3)). */
function notify(text: string): void {
  const socket = process.env.NOTIFY_SOCKET;
  if (socket !== undefined) addon.notify(socket, text);
}

function start(): void {
  const { values } = parseArgs({
    options: { config: { type: 'string' }, socket: { type: 'string' }, 'ready-fd': { type: 'string' } },
  });
  for (const warning of hardenDoor(addon)) log.line(warning, 'warning');
  const { config } = readConfig(values.config);
  log.least = config.service.logLevel;
  process.on('SIGHUP', () => log.line('certificates were read anew'));
  process.on('SIGTERM', () => process.exit(0));
  process.on('SIGINT', () => process.exit(0));
  setInterval(() => undefined, 1 << 30);
  if (values['ready-fd'] !== undefined) {
    writeSync(Number(values['ready-fd']), 'R');
    closeSync(Number(values['ready-fd']));
  }
  notify('READY=1');
  log.line('serves');
}

try {
  start();
} catch (error) {
  log.line(`cannot start: ${error instanceof Error ? error.message : String(error)}`, 'error');
  process.exit(1);
}
