/** What PINs are: their bounds, and which of them everybody tries first. */

/** Length of a PIN in bytes, whatever a policy says. */
export const PIN_LEAST = 4;
export const PIN_MOST = 255;

/** What people choose when they are made to choose; in lower case. Patterns (`0000`, `12345678`, `abcabc`) need not stand here. */
export const commonPins = [
  'admin',
  'admin123',
  'administrator',
  'changeit',
  'changeme',
  'default',
  'iloveyou',
  'letmein',
  'master',
  'monkey',
  'pass',
  'pass1234',
  'passw0rd',
  'password',
  'password1',
  'password123',
  'qwerty',
  'qwerty123',
  'qwertyuiop',
  'qwertz',
  'root',
  'secret',
  'strongroom',
  'temp',
  'test',
  'test1234',
  'user',
  'welcome',
  'welcome1',
  '1qaz2wsx',
  '2580',
] as const;

/** The longest block whose repetition makes a PIN trivial: `121212`, `abcabc`. */
const BLOCK_MOST = 3;

/** An ASCII letter's small form; any other byte as it is. */
function small(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}

/** Whether a PIN is a text, whatever the case of its ASCII letters. */
export function isText(pin: Uint8Array, text: string): boolean {
  if (pin.length !== new TextEncoder().encode(text).length) return false;
  return new TextEncoder().encode(text).every((byte, at) => small(byte) === small(pin[at] ?? 0));
}

function repeats(pin: Uint8Array, block: number): boolean {
  return pin.length > block && pin.every((byte, at) => byte === pin[at % block]);
}

/** `1234`, `9876`, `7890`, `abcd`: each byte follows the one before. */
function runs(pin: Uint8Array, step: 1 | -1): boolean {
  return pin.every((byte, at) => {
    const before = pin[at - 1];
    if (before === undefined) return true;
    const wraps = step === 1 ? before === 0x39 && byte === 0x30 : before === 0x30 && byte === 0x39;
    return byte === before + step || wraps;
  });
}

/**
 * Why a PIN is among those that are tried first, in words that go on after “it is”; undefined when it is not.
 * @param names what the token is called
 */
export function triviality(pin: Uint8Array, names: readonly string[]): string | undefined {
  if (names.some((name) => name !== '' && isText(pin, name))) return 'the name of the token';
  for (let block = 1; block <= BLOCK_MOST; block++) if (repeats(pin, block)) return 'a repetition';
  if (runs(pin, 1) || runs(pin, -1)) return 'a row of digits or letters';
  return commonPins.some((common) => isText(pin, common)) ? 'one of those that everybody tries' : undefined;
}

/** How many of the classes it has: lower case, upper case, digits, everything else. */
export function classesOf(pin: Uint8Array): number {
  const found = new Set<number>();
  for (const byte of pin) {
    if (byte >= 0x61 && byte <= 0x7a) found.add(0);
    else if (byte >= 0x41 && byte <= 0x5a) found.add(1);
    else if (byte >= 0x30 && byte <= 0x39) found.add(2);
    else found.add(3);
  }
  return found.size;
}
