/** The network door's messages and services in TypeScript, and their description for those who ask the door what it speaks. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const FOLDER = 'module/wire/generated';
const HEADER = '// Generated from schema/proto by scripts/generate.ts. Do not edit.\n';

/** What ts-proto is told (its README lists all options). */
const options = [
  'outputServices=grpc-js',
  'esModuleInterop=true',
  // Nothing that travels reaches 2^53; a number that does is refused.
  'forceLong=number',
  'oneof=unions-value',
  // Node takes types away and translates nothing, so no enums.
  'enumsAsLiterals=true',
  'unrecognizedEnum=false',
  'outputJsonMethods=false',
  'outputExtensions=false',
  'importSuffix=.ts',
];

/** Runs buf, which must neither reach for the network nor for the home of whoever runs it. */
export function buf(folder: string, ...args: readonly string[]): Buffer {
  return execFileSync(join(root, 'node_modules/.bin/buf'), args, {
    cwd: root,
    env: { ...process.env, BUF_CACHE_DIR: folder },
    maxBuffer: 1 << 26,
  });
}

/** What ts-proto writes holds a few `any` where a type can be said. */
function typed(text: string): string {
  const lines = text.replace(/^(?:\/\/.*\n)+\n?\/\* eslint-disable \*\/\n/, HEADER);
  return lines
    .replaceAll(
      '(reader as any).__tsProto',
      '(reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProto',
    )
    .replaceAll('base ?? ({} as any)', 'base ?? ({} as never)')
    .replaceAll('key: key as any,', 'key,')
    .replaceAll('reader.int32() as any', 'reader.int32() as never');
}

/** Path → content. */
export function generateProto(): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-buf-'));
  try {
    const plugin = [process.execPath, join(root, 'node_modules/ts-proto/protoc-gen-ts_proto')];
    const template = { version: 'v2', plugins: [{ local: plugin, out: '.', strategy: 'all', opt: options }] };
    buf(
      folder,
      'generate',
      'schema/proto',
      '-o',
      join(folder, 'out'),
      '--template',
      JSON.stringify(template),
    );
    const files = readdirSync(join(folder, 'out'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .sort();
    const image = buf(
      folder,
      'build',
      'schema/proto',
      '--as-file-descriptor-set',
      '--exclude-source-info',
      '-o',
      '-',
    );
    const description = `${HEADER}
/** A google.protobuf.FileDescriptorSet of all of them, in base64. */
export const description =
  '${image.toString('base64')}';
`;
    return new Map([
      ...files.map((name): [string, string] => [
        `${FOLDER}/${name}`,
        typed(readFileSync(join(folder, 'out', name), 'utf8')),
      ]),
      [`${FOLDER}/description.ts`, description],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
