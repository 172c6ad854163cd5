/**
 * Checkpoints: the chain's head, signed. A checkpoint is a record of the log whose detail is the signature, and the
 * newest one is kept in a file beside the log (the anchor), whole, so that a log cut short of it is noticed.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { at, getU64, hashLength, headerLength, lengthProblem, putU64, sealLength } from './format.ts';

/**
 * What is signed: domain ‖ sequence u64 ‖ offset in the file u64 ‖ time u64 (ns) ‖ hash of the record before(32) ‖ generation of the
 * store u64. The first releases' checkpoints carry no generation.
 */
const domains = [1, 2].map((layout) => new TextEncoder().encode(`strongroom audit checkpoint ${layout}`));
export const signatureLength = 64;
/** A checkpoint's detail: signature(64) ‖ generation of the store u64. */
export const checkpointDetail = signatureLength + 8;

/** The store's generation in a checkpoint's detail; 0 where it says nothing. */
export function checkpointGeneration(detail: Uint8Array): number {
  if (detail.length !== checkpointDetail) return 0;
  return getU64(new DataView(detail.buffer, detail.byteOffset, detail.byteLength), signatureLength);
}

/** Fills the message to be signed for a checkpoint whose body stands in `body`, at `offset` of the file. */
export function checkpointMessage(body: Uint8Array, offset: number): Uint8Array {
  const generation = body.subarray(headerLength + signatureLength);
  const domain = domains[generation.length === 0 ? 0 : 1] ?? new Uint8Array(0);
  const message = new Uint8Array(domain.length + 24 + hashLength + generation.length);
  const view = new DataView(message.buffer);
  message.set(domain);
  message.set(body.subarray(at.sequence, at.sequence + 8), domain.length);
  putU64(view, domain.length + 8, offset);
  message.set(body.subarray(at.time, at.time + 8), domain.length + 16);
  message.set(body.subarray(at.previous, at.previous + hashLength), domain.length + 24);
  message.set(generation, domain.length + 24 + hashLength);
  return message;
}

/** Whether a checkpoint's body, found at `offset` of the file, carries the store's signature. */
export function checkpointHolds(body: Uint8Array, offset: number, publicKey: KeyObject): boolean {
  const { length } = body.subarray(headerLength);
  if (length !== signatureLength && length !== checkpointDetail) return false;
  const signature = body.subarray(headerLength, headerLength + signatureLength);
  return verify(null, checkpointMessage(body, offset), publicKey, signature);
}

const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** A raw Ed25519 public key (32 bytes) as SubjectPublicKeyInfo in PEM (RFC 8410), which is what audit.pub holds. */
export function publicKeyPem(raw: Uint8Array): string {
  const body = Buffer.concat([spkiPrefix, raw]).toString('base64');
  return `-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----\n`;
}

/** @throws Error when the text is not an Ed25519 public key in PEM */
export function readPublicKey(pem: string): KeyObject {
  const key = createPublicKey({ key: pem, format: 'pem' });
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the public key is not an Ed25519 key');
  return key;
}

/** The anchor's file: magic(8) ‖ offset of the record in the log u64 ‖ the whole record. */
const anchorMagic = Buffer.from('SR-AUDA1', 'latin1');
const anchorHeader = anchorMagic.length + 8;

export interface Anchor {
  /** Where the checkpoint's record begins in the log. */
  readonly offset: number;
  /** The whole record: body and seal. */
  readonly record: Uint8Array;
  readonly sequence: number;
}

/** Replaces the anchor, whole or not at all. The caller has synced the log first, so that the anchor is never ahead of it. */
export function writeAnchor(file: string, offset: number, record: Uint8Array): void {
  const temporary = `${file}.new`;
  const header = Buffer.alloc(anchorHeader);
  anchorMagic.copy(header);
  header.writeBigUInt64BE(BigInt(offset), anchorMagic.length);
  const fd = fs.openSync(temporary, 'w', 0o600);
  try {
    fs.writeFileSync(fd, Buffer.concat([header, record]));
    fs.fdatasyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  fs.renameSync(temporary, file);
}

/**
 * Reads the anchor and checks its signature.
 * @returns null when there is none
 * @throws Error that says what is wrong with it
 */
export function readAnchor(file: string, publicKey: KeyObject): Anchor | null {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const name = path.basename(file);
  const record = bytes.subarray(anchorHeader);
  const sound =
    record.length >= headerLength + sealLength &&
    bytes.subarray(0, anchorMagic.length).equals(anchorMagic) &&
    lengthProblem(record.readUInt32BE(at.length)) === null &&
    record.readUInt32BE(at.length) + sealLength === record.length;
  if (!sound) throw new Error(`${name} is damaged`);
  const offset = Number(bytes.readBigUInt64BE(anchorMagic.length));
  if (!checkpointHolds(record.subarray(0, record.length - sealLength), offset, publicKey)) {
    throw new Error(`${name} does not carry the store's signature`);
  }
  const sequence = getU64(new DataView(record.buffer, record.byteOffset, record.byteLength), at.sequence);
  return { offset, record, sequence };
}

/** Makes a rename or a new file in the folder survive power loss. */
export function syncFolder(folder: string): void {
  const fd = fs.openSync(folder, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
