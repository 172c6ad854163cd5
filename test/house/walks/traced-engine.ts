/**
 * Builds the engine so that it notes which of its files each call enters: the same sources, with a word at the beginning of every function.
 * What it noted it leaves beside itself, in walks.json, when it ends.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Plugin, transform } from 'esbuild';
import { parseAst } from 'vite';
import { root } from '../sources.ts';

/** Of each call that came: the files that it entered, each once, in the order of the first time. */
export type Walks = string[][];

/**
 * A call is under way while the engine is in one of these: the first takes it off its lane, the second goes on with one that has waited, and
 * a third works for it between other calls.
 */
const doors: ReadonlyMap<string, string> = new Map([
  ['module/engine/calls/dispatch.ts serve', '__begin'],
  ['module/engine/calls/dispatch.ts finish', '__goOn'],
  ['module/engine/values/slices.ts slice', '__goOn'],
]);

/** What of the tree of a source's syntax is looked at. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly key?: { readonly type: string; readonly name?: string };
  readonly value?: unknown;
  readonly body?: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/**
 * JavaScript with `__enter(file)` at the beginning of every function.
 * @param found gets the doors that are in it
 */
function traced(file: string, text: string, found: Set<string>): string {
  const words: { readonly at: number; readonly text: string }[] = [];
  const enter = `__enter(${JSON.stringify(file)})`;
  const visit = (node: Node, member?: string): void => {
    if (/Function(Expression|Declaration)$/.test(node.type) && isNode(node.body)) {
      const { body } = node;
      const door = doors.get(`${file} ${member}`);
      if (door !== undefined) {
        found.add(`${file} ${member}`);
        words.push({ at: body.start + 1, text: `${door}();try{${enter};` });
        words.push({ at: body.end - 1, text: '}finally{__leave();}' });
      } else if (body.type === 'BlockStatement') words.push({ at: body.start + 1, text: `${enter};` });
      else words.push({ at: body.start, text: `(${enter},(` }, { at: body.end, text: '))' });
    }
    for (const child of Object.values(node).flat())
      if (isNode(child)) visit(child, node.key?.type === 'PrivateIdentifier' ? node.key.name : undefined);
  };
  visit(parseAst(text) as unknown as Node);
  let result = '';
  let from = 0;
  for (const word of words.sort((a, b) => a.at - b.at)) {
    result += text.slice(from, word.at) + word.text;
    from = word.at;
  }
  return result + text.slice(from);
}

const tracing = (found: Set<string>): Plugin => ({
  name: 'tracing',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const relative = path.relative(root, file);
      const { code } = await transform(readFileSync(file, 'utf8'), { loader: 'ts', target: 'node26' });
      const isOurs = !/(^|\/)(generated|node_modules)\//.test(relative);
      return { contents: isOurs ? traced(relative, code, found) : code, loader: 'js' };
    });
  },
});

const banner = `
const { writeFileSync: __write } = require('node:fs');
const __fileUrl = require('node:url').pathToFileURL(__filename).href;
const __walks = [];
let __inside = 0;
function __begin() { __walks.push(new Set()); __goOn(); }
function __goOn() { __inside++; }
function __leave() { __inside--; }
function __enter(file) { if (__inside > 0) __walks.at(-1)?.add(file); }
process.on('exit', () => {
  __write(__dirname + '/walks.json', JSON.stringify(__walks.map((walk) => [...walk])));
});
`;

/** @param outfile where the engine's bundle is written */
export async function buildTracedEngine(outfile: string): Promise<void> {
  const found = new Set<string>();
  await build({
    entryPoints: [path.join(root, 'module/engine/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node26',
    define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__fileUrl' },
    banner: { js: banner },
    logLevel: 'silent',
    plugins: [tracing(found)],
  });
  if (found.size !== doors.size) throw new Error(`doors are elsewhere now: only ${[...found].join(', ')}`);
}
