/** Arguments of functions that work on messages, and of wrapped keys that travel as messages do: sensible ones, and such as no library sends. */
import type { Argument, CryptokiFunction } from '../../schema/cryptoki/functions.ts';
import type { Random, RequestWriter } from './writer.ts';

/** What the generator of requests lends. */
export interface Words {
  readonly random: Random;
  /** Any number, an absurd one as a rule. */
  number(): number;
}

const kinds: ReadonlySet<Argument['kind']> = new Set<Argument['kind']>([
  'message',
  'messageMechanism',
  'sealed',
  'sealedRoom',
]);

/** Whether the function has to do with messages, so that a mechanism for them is what it wants. */
export function ofMessages({ name, args }: CryptokiFunction): boolean {
  return /^C_Message(Encrypt|Decrypt)/.test(name) || args.some(({ kind }) => kinds.has(kind));
}

/** Forms of a message's parameter: none, AES-GCM, and what is none. */
const FORM_GCM = 1;
const BULK_OFFSET = 65536;

/** Bytes with the flag and length of a pointer in front, of which some lie. */
function pointer(out: RequestWriter, { random, number }: Words, length: number): void {
  const present = random.chance(90);
  out.ulong(present ? 1 : random.of([0, 2, -1]));
  out.ulong(random.chance(93) ? (present ? length : 0) : number());
  if (present) out.content(random.bytes(length));
}

/** A CK_GCM_MESSAGE_PARAMS. Most are sensible, so that what is behind the first check is reached too. */
export function message(out: RequestWriter, words: Words): void {
  const { random, number } = words;
  if (random.chance(65)) {
    const generator = random.of([0, 1, 2, 3]);
    const bits = generator === 1 && random.chance(30) ? random.below(33) : 0;
    out
      .ulong(FORM_GCM)
      .ulong(1)
      .ulong(12)
      .ulong(bits)
      .ulong(generator)
      .ulong(1)
      .ulong(random.of([96, 128]));
    pointer(out, words, random.chance(90) ? 12 : random.below(300));
    return;
  }
  const or = (percent: number, good: readonly number[]): number =>
    random.chance(percent) ? random.of(good) : number();
  if (random.chance(4)) {
    out.ulong(random.of([0, 2, 3, 4, -1]));
    if (random.chance(50)) return;
  } else out.ulong(FORM_GCM);
  const vector = or(90, [12, 12, 12, 12, 1, 16, 256, 257, 0]);
  const bits = or(90, [0, 0, 0, 8, 32, 33, 96]);
  const generator = or(95, [0, 1, 1, 2, 3, 4, 77]);
  out
    .ulong(or(97, [1]))
    .ulong(vector)
    .ulong(bits)
    .ulong(generator);
  out.ulong(or(97, [1])).ulong(or(90, [128, 128, 96, 120, 64, 32, 0, 136, 127]));
  // What comes with it is another length at times than what was said.
  const given = generator === 0 || bits !== 0 || random.chance(40);
  const length = random.chance(92) && vector >= 0 && vector <= 4096 ? vector : random.below(300);
  if (given) pointer(out, words, length);
  else out.ulong(0).ulong(0);
}

/** A mechanism that wraps under a vector of the token's (CK_GCM_WRAP_PARAMS): its form, the message, the associated data. */
export function madeVector(out: RequestWriter, words: Words): void {
  out.ulong(4);
  message(out, words);
  pointer(out, words, words.random.of([0, 1, 20, 300]));
}

/** The data and their tag, in the request or in the shared area, at lengths that may be shorter than a tag. */
export function sealed(out: RequestWriter, { random, number }: Words): void {
  if (random.chance(35)) out.ulong(random.chance(85) ? random.below(200_000) : number()).ulong(BULK_OFFSET);
  else out.bytes(random.bytes(random.of([0, 1, 15, 16, 17, 32, 48, 64, 300, 5000])));
}
