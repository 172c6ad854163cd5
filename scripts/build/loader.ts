/**
 * How each of our programs starts: this file, as NAME.cjs, beside NAME.js, which has all its code, and NAME.cache, which has that code as V8
 * compiled it when the program was built. Most of a start would be spent on compiling otherwise. V8 itself refuses what another V8, or one with other
 * flags, has compiled, but of the source it compares the length alone: so the cache begins with the first line of the code that it belongs to.
 * Without a cache that fits everything works as well, and begins later.
 *
 * Whoever can write the cache can write the code: they lie in one folder, with the same owner.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';

const file = path.join(__dirname, `${path.basename(__filename, '.cjs')}.js`);
const source = readFileSync(file, 'latin1');
const firstLine = source.slice(0, source.indexOf('\n') + 1);

function compiled(): Buffer | undefined {
  try {
    const cache = readFileSync(file.replace(/js$/, 'cache'));
    return cache.toString('latin1', 0, firstLine.length) === firstLine
      ? cache.subarray(firstLine.length)
      : undefined;
  } catch {
    return undefined;
  }
}

// One line before the code, and nothing else on it: so V8 names the right lines of NAME.js.
const script = new vm.Script(`(function (require, module, exports, __dirname, __fileUrl) {${source}\n})`, {
  filename: file,
  cachedData: compiled(),
  importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
script.runInThisContext()(require, module, module.exports, __dirname, pathToFileURL(file).href);
