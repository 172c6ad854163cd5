import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, defaultConfig, loadConfig } from '../../module/engine/policy/config.ts';
import { configKeys } from '../../schema/config/keys.ts';
import { pinRuleKeys } from '../../schema/config/pin-rules.ts';
import { generateConfigSample } from '../../scripts/generate/config-sample.ts';
import { ROOT } from '../support/profile.ts';
import { makeStore } from '../support/store.ts';

/** Loads a configuration with these contents, and answers with the problems if it is refused. */
function load(contents: string): ReturnType<typeof loadConfig> | string[] {
  const store = makeStore();
  onTestFinished(() => store.close());
  const file = store.path('strongroom.toml');
  writeFileSync(file, contents);
  try {
    return loadConfig(file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').map((line) => {
      expect(line.startsWith(`${file}: `), `${line} names its file`).toBe(true);
      return line.slice(file.length + 2);
    });
  }
}

/** The values of a configuration by their dotted names. */
function leaves(table: object, prefix = ''): [name: string, value: unknown][] {
  return Object.entries(table).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? leaves(value, `${prefix}${name}.`)
      : [[prefix + name, value]],
  );
}

describe('the configuration', () => {
  it('is the defaults without a file', () => {
    expect(loadConfig(undefined)).toBe(defaultConfig);
    expect(loadConfig('')).toBe(defaultConfig);
    // Every key has its place: pin.max_attempts is pin.maxAttempts. And there is nothing that no key speaks of.
    const rules = new Set<string>(
      pinRuleKeys.map(({ name }) => name).filter((name) => name !== 'pin.profile'),
    );
    const isLength = (name: string) => /^pin\.(so_)?min_length$/.test(name);
    const lengths = configKeys.filter(({ name }) => isLength(name)).map(({ default: least }) => least);
    expect(lengths).toHaveLength(2);
    const alone = configKeys.filter(({ name }) => !isLength(name));
    const places = alone.map((key) => {
      // A table cannot have the name of a key, so what belongs to `remote` stands beside it.
      const name = key.name
        .replace(/^remote$/, 'remote.addresses')
        .replace(/^remote_/, 'remote.')
        // The rules for PINs are a set of their own, with one length for each role.
        .replace(/^pin\./, rules.has(key.name) ? 'pin.rules.' : 'pin.')
        // The two about traces belong together.
        .replace(/\.traces$/, '.traces.collector')
        .replace(/\.traces_/, '.traces.');
      const words = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()).split('.');
      const isList =
        key.type === 'text' && (key.shape === 'hosts' || key.shape === 'words') && key.default === '';
      return [words.join('.'), isList ? [] : key.default] as const;
    });
    expect(Object.fromEntries(leaves(defaultConfig))).toEqual({
      ...Object.fromEntries(places),
      'pin.rules.minLength': lengths,
    });
  });

  it('takes what a file says, and the defaults for the rest', () => {
    expect(load('linger_seconds = 0\npin.iterations = 1000\n[slots]\nfree_slot = true\n')).toEqual({
      ...defaultConfig,
      lingerSeconds: 0,
      pin: { ...defaultConfig.pin, iterations: 1000 },
      slots: { freeSlot: true, maxTokens: 256 },
    });
  });

  it('takes both ends of every range and nothing beyond them', () => {
    for (const key of configKeys) {
      if (key.type !== 'integer') continue;
      for (const value of [key.least, key.most])
        expect(load(`${key.name} = ${value}`)).not.toBeInstanceOf(Array);
      for (const value of [key.least - 1, key.most + 1]) {
        expect(load(`${key.name} = ${value}`)).toEqual([
          `${key.name} must be ${key.least} to ${key.most} (${key.unit}), not ${value}`,
        ]);
      }
    }
  });

  it.each([
    ['linger_second = 3', 'there is no key linger_second; did you mean linger_seconds?'],
    ['[pin]\nlinger_seconds = 3', 'there is no key pin.linger_seconds; did you mean linger_seconds?'],
    ['[pni]\niterations = 3000', 'there is no key pni.iterations; did you mean pin.iterations?'],
    ['colour = "red"', 'there is no key colour; docs/strongroom.toml lists all there are'],
    ['[colours]', 'there is no key colours; docs/strongroom.toml lists all there are'],
    ['pin = 3', 'pin must be a table: write [pin]'],
    ['memory.require_lock = "yes"', 'memory.require_lock must be true or false, not "yes"'],
    ['slots.free_slot = [true]', 'slots.free_slot must be true or false, not a list'],
    ['linger_seconds = 1.5', 'linger_seconds must be a whole number, 0 to 604800 (seconds), not 1.5'],
    ['linger_seconds = \n', 'line 1, column 18: invalid value'],
  ])('refuses %j and says why', (contents, problem) => {
    expect(load(contents)).toEqual([problem]);
  });

  it('names every problem at once', () => {
    expect(load('linger_seconds = -1\n[audit]\nsync = 3\n')).toHaveLength(2);
  });

  it('refuses a file that is not there', () => {
    expect(() => loadConfig('/nowhere/strongroom.toml')).toThrow(
      "/nowhere/strongroom.toml: it can't be read (ENOENT)",
    );
  });
});

describe('docs/strongroom.toml', () => {
  const sample = readFileSync(join(ROOT, 'docs/strongroom.toml'), 'utf8');

  it('is what the schema says now', () => {
    expect(sample).toBe(generateConfigSample().get('docs/strongroom.toml'));
  });

  it('gives the defaults as it stands, and with every line of it in force', () => {
    expect(load(sample)).toEqual(defaultConfig);
    const inForce = sample.replace(/^# (?=[a-z0-9_]+ = )/gm, '');
    expect(inForce.match(/^[a-z0-9_]+ = /gm)).toHaveLength(configKeys.length);
    expect(load(inForce)).toEqual(defaultConfig);
  });
});
