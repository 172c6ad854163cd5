/** docs/strongroom.toml: every key of the configuration, commented out at its default. */
import { type ConfigKey, configKeys } from '../../schema/config/keys.ts';

const width = 100;

/** Path (from the project's root) → content. */
export function generateConfigSample(): Map<string, string> {
  const lines = [
    ...comment(
      'Strongroom’s configuration. No file is needed: what follows are the defaults, and a key takes effect once its ' +
        'line loses its “#”. The engine reads the file when it starts, from $STRONGROOM_CONFIG (an absolute path), ' +
        'else ~/.config/strongroom/strongroom.toml, else /etc/strongroom/strongroom.toml, and refuses to start with ' +
        'a key or a value that it doesn’t know. “strongroom doctor” tells which file is used and what is wrong with it.',
    ),
  ];
  let table = '';
  for (const key of configKeys as readonly ConfigKey[]) {
    const dot = key.name.lastIndexOf('.');
    const its = dot < 0 ? '' : key.name.slice(0, dot);
    lines.push('');
    if (its !== table) lines.push(`[${its}]`, '');
    table = its;
    lines.push(...comment(key.meaning));
    if (key.type === 'integer') lines.push(...comment(`Unit: ${key.unit}, ${key.least} to ${key.most}.`));
    if (key.warning !== undefined) lines.push(...comment(`Careful: ${key.warning}`));
    lines.push(`# ${key.name.slice(dot + 1)} = ${spelled(key)}`);
  }
  return new Map([['docs/strongroom.toml', `${lines.join('\n')}\n`]]);
}

/** Large numbers with the separators that TOML permits, permission bits in octal. */
function spelled(key: ConfigKey): string {
  if (key.type !== 'integer') return JSON.stringify(key.default);
  if (key.unit.startsWith('permission bits')) return `0o${key.default.toString(8)}`;
  return key.default.toLocaleString('en-US').replaceAll(',', '_');
}

/** Words in lines of a comment. */
export function comment(text: string): string[] {
  const lines: string[] = [];
  let line = '##';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > width) {
      lines.push(line);
      line = '##';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
