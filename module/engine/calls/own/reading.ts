/** What others than operators may read of an engine: the audit log, so that it can be verified elsewhere, and its figures. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import * as C from '../../generated/constants.ts';
import { files } from '../../store/folder.ts';
import { PROCEED } from '../../values/reply.ts';
import type { Handlers } from '../generated/codec.ts';

/** By the number that the call has for each. */
const readable: readonly string[] = [files.auditLog, files.auditPublicKey, files.auditAnchor];
/** As much is read at once: others wait meanwhile. */
const PART_MOST = 1 << 18;

export const readingHandlers = {
  /** Answers a part of a file from `offset` on, as much as there is room for; nothing at the file's end. */
  SR_ReadAuditLog(call, a) {
    const { engine, reply } = call;
    if (!call.app.rights.auditor) return C.CKR_FUNCTION_REJECTED;
    const name = readable[a.file];
    if (name === undefined || a.offset < 0) return C.CKR_ARGUMENTS_BAD;
    const file = openSync(path.join(engine.store.folder, name), 'r');
    try {
      // Behind the log's last record there is room for more, which is none of it.
      const end = name === files.auditLog ? engine.audit.end : fstatSync(file).size;
      const left = Math.max(0, end - a.offset);
      const room = a.data.present ? Math.min(a.data.capacity, reply.space - 8) : left;
      const length = Math.max(0, Math.min(left, room, PART_MOST));
      const rv = reply.query(a.data, length);
      if (rv !== PROCEED) return rv;
      const bytes = new Uint8Array(length);
      reply.bytes(bytes.subarray(0, readSync(file, bytes, 0, length, a.offset)));
      return C.CKR_OK;
    } finally {
      closeSync(file);
    }
  },

  SR_GetMetrics(call, a) {
    const { engine, reply } = call;
    if (!call.app.rights.metrics) return C.CKR_FUNCTION_REJECTED;
    const text = engine.metricsPage?.();
    if (text === undefined) return C.CKR_FUNCTION_NOT_SUPPORTED;
    const bytes = Buffer.from(text);
    const rv = reply.query(a.metrics, bytes.length);
    if (rv !== PROCEED) return rv;
    reply.bytes(bytes);
    return C.CKR_OK;
  },
} satisfies Partial<Handlers>;
