/** What sends spans (otlp.ts) is a script of its own, which is loaded only where the configuration names a collector. */
import path from 'node:path';
import type { Traces, TracesHost } from './trace.ts';

/** @param folder where the scripts lie */
export async function openTraces(folder: string, host: TracesHost): Promise<Traces | undefined> {
  if (host.collector === '') return undefined;
  const { OtlpTraces } = (await import(path.join(folder, 'traces.mjs'))) as typeof import('./otlp.ts');
  return new OtlpTraces(host);
}
