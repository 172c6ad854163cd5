/**
 * The functions of PKCS#11 3.2 with the shapes of their arguments and the rules of their use.
 *
 * From these rows come the shim's stubs, the wire codec on both ends and the engine's call table. A row's place in the list
 * is its number on the wire and in the audit log, so rows are never moved: the order is the standard's function lists'
 * (2.40, then what 3.0 and 3.2 added).
 *
 * Wire layout. All fields are little-endian and begin on a multiple of 8 bytes.
 *   ulong, handle, slot      u64
 *   bytes                    u64 length, u64 place (0: content follows, padded to 8; else: offset in the request area)
 *   text32                   32 bytes
 *   mechanism                u64 present (0 ends it), u64 type, u64 parameter form (0 none, 1 the flattened shape, 2 plain bytes),
 *                            then the shape's fields: ulong → u64, bytes → u64 present, u64 length, content padded;
 *                            4 where a key is wrapped under a vector of the token's: a message, and the associated data as a shape's bytes
 *   messageMechanism         u64 present, u64 type, then a message
 *   template                 u64 count, then for each: u64 type, u64 kind (0 NULL, 1 value, 2 nested template), value: u64 length, content
 *   query                    u64 count, then for each: u64 type, u64 kind (0 size only, 1 room, 2 nested query), u64 capacity
 *   message                  u64 form (0 none, 1 AES-GCM, 3 malformed), u64 vector given, u64 its length, u64 fixed bits, u64 generator, u64 tag
 *                            given, u64 its bits, then the vector as a parameter's bytes: not present where the token makes all of it
 *   sealed                   as bytes: the data and behind them the tag, as long as the message's parameter says
 *   room, sealedRoom, list   u64 present, u64 capacity
 *   fill                     u64 length
 * Answers: ulongOut u64; room and fill: u64 length, content when CKR_OK and room was there; list: u64 count, then u64 each when it fits;
 *   a room with a vector: as a room, and behind the content u64 length and content of the vector where the token made it;
 *   sealedRoom: u64 length, then, as with a room, u64 length and content of the vector where the token made it, u64 length of the tag, and
 *   as one content the data and the tag; a message's vector: u64 length, content;
 *   found: u64 count, u64 each; struct: its bytes; query: for each entry u64 length (all ones: unavailable),
 *   u64 present, content; a nested template's content is its entries, each with its u64 type in front.
 */
import { added30 } from './functions/added-3-0.ts';
import { added32 } from './functions/added-3-2.ts';
import { cryptographic } from './functions/cryptographic.ts';
import { general } from './functions/general.ts';
import { own } from './functions/own.ts';
import type { CryptokiFunction } from './functions/shape.ts';

export type { Argument, CryptokiFunction } from './functions/shape.ts';

export const functions: readonly CryptokiFunction[] = [
  ...general,
  ...cryptographic,
  ...added30,
  ...added32,
  ...own,
];
