/** The machine's users and groups, by name (passwd(5), group(5)). */
import { readFileSync } from 'node:fs';

/** The number in the third field of the line that begins with the name; a number stands for itself. Undefined when there is none. */
function numberIn(file: string, name: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name) < 0xffffffff ? Number(name) : undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  for (const line of text.split('\n')) {
    const [first, , number] = line.split(':');
    if (first === name && number !== undefined && /^\d+$/.test(number)) return Number(number);
  }
  return undefined;
}

/** Of a user's name or number. */
export function userNumber(name: string): number | undefined {
  return numberIn('/etc/passwd', name);
}

/** Of a group's name or number. */
export function groupNumber(name: string): number | undefined {
  return numberIn('/etc/group', name);
}
