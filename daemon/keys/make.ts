/** New keys: generated, brought in, unwrapped, agreed on; and the end of keys. */
import { randomBytes } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type {
  DeriveKeyRequest,
  DeriveKeyResponse,
  DestroyKeyRequest,
  DestroyKeyResponse,
  GenerateKeyRequest,
  GenerateKeyResponse,
  GetPublicKeyRequest,
  GetPublicKeyResponse,
  ImportKeyRequest,
  ImportKeyResponse,
  Key,
  UnwrapKeyRequest,
  UnwrapKeyResponse,
  WrapKeyRequest,
  WrapKeyResponse,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import type { Attribute } from '../cryptoki-client/arguments.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import { about, missing, Problem, wrong } from '../errors/problem.ts';
import { derivation, wrapping } from './algorithms.ts';
import type { KeysApplication } from './application.ts';
import { describe } from './describe.ts';
import type { Found, KeyRole } from './find.ts';
import { peerPoint, privateMaterial, publicMaterial } from './material.ts';
import {
  lengthOf,
  privateTemplate,
  publicTemplate,
  secretTemplate,
  specOf,
  type Wanted,
  wanted,
} from './spec.ts';
import type { TokenInfo } from './tokens.ts';
import { number } from './values.ts';

const WRAPPED_MOST = 65_536;
const ID_BYTES = 20;

/** The two halves of a pair find each other by their id, so a pair always has one. */
function withId(key: Wanted): Wanted {
  if (!key.kind.pair || key.spec.id.length > 0) return key;
  return { ...key, spec: { ...key.spec, id: randomBytes(ID_BYTES) } };
}

/** A SubjectPublicKeyInfo in DER, empty where nothing is known of the public half. */
export async function publicInfo(
  app: KeysApplication,
  token: TokenInfo,
  object: number,
): Promise<Uint8Array> {
  const [info] = await app.finder.read(token.slot, object, [C.CKA_PUBLIC_KEY_INFO]);
  return info ?? new Uint8Array(0);
}

export async function generateKey(
  app: KeysApplication,
  request: GenerateKeyRequest,
): Promise<GenerateKeyResponse> {
  const asked = wanted(request.spec);
  const { p11 } = app;
  const token = await app.finder.token(asked.spec.token, 'spec.token');
  const session = await app.sessions.home(token.slot);
  const { kind } = asked;
  const mechanism = { type: kind.mechanism };
  if (!kind.pair) {
    const template = [...secretTemplate(asked), { type: C.CKA_VALUE_LEN, value: number(lengthOf(asked)) }];
    const { key } = await p11.C_GenerateKey({ session, mechanism, template });
    return { key: await describe(app.finder, token, key), publicKey: new Uint8Array(0) };
  }
  const pair = withId(asked);
  const shape: Attribute =
    kind.params === undefined
      ? { type: C.CKA_MODULUS_BITS, value: number(kind.modulusBits ?? 0) }
      : { type: C.CKA_EC_PARAMS, value: kind.params };
  const { publicKey, privateKey } = await p11.C_GenerateKeyPair({
    session,
    mechanism,
    publicTemplate: [...publicTemplate(pair), shape],
    privateTemplate: privateTemplate(pair),
  });
  return {
    key: await describe(app.finder, token, privateKey),
    publicKey: await publicInfo(app, token, publicKey),
  };
}

/** The public half beside a private key that is there already. Without it the private one would not be found by those who verify, so both are made, or none. */
async function publicHalf(
  app: KeysApplication,
  token: TokenInfo,
  session: number,
  pair: Wanted,
  privateKey: number,
): Promise<void> {
  try {
    const info = await publicInfo(app, token, privateKey);
    // A private key that does not tell what its public half is stays alone.
    if (info.length === 0) return;
    const { attributes } = publicMaterial(info, 'spec');
    await app.p11.C_CreateObject({ session, template: [...publicTemplate(pair), ...attributes] });
  } catch (error) {
    await app.p11.C_DestroyObject({ session, object: privateKey }).catch(() => undefined);
    throw error;
  }
}

type Material = NonNullable<ImportKeyRequest['material']>;

const fields: Readonly<Record<Material['$case'], string>> = {
  secret: 'secret',
  pkcs8: 'pkcs8',
  publicKey: 'public_key',
};

export async function importKey(app: KeysApplication, request: ImportKeyRequest): Promise<ImportKeyResponse> {
  const { material } = request;
  if (material === undefined) throw wrong('secret', 'neither secret, pkcs8 nor public_key is given');
  const token = await app.finder.token(specOf(request.spec).token, 'spec.token');
  const session = await app.sessions.home(token.slot);
  const bring = { secret: bringSecret, pkcs8: bringPair, publicKey: bringPublic }[material.$case];
  const object = await about(fields[material.$case], bring(app, token, session, request, material.value));
  return { key: await describe(app.finder, token, object) };
}

async function bringPublic(
  app: KeysApplication,
  _token: TokenInfo,
  session: number,
  request: ImportKeyRequest,
  bytes: Uint8Array,
): Promise<number> {
  const found = publicMaterial(bytes, 'public_key');
  const template = [...publicTemplate(wanted(request.spec, found.kind)), ...found.attributes];
  return (await app.p11.C_CreateObject({ session, template })).object;
}

async function bringSecret(
  app: KeysApplication,
  _token: TokenInfo,
  session: number,
  request: ImportKeyRequest,
  value: Uint8Array,
): Promise<number> {
  const key = wanted(request.spec);
  if (key.kind.pair)
    throw wrong('spec.algorithm', 'a pair is brought in as pkcs8, a public key as public_key');
  const said = key.kind.length ?? (key.spec.bits === 0 ? value.length : key.spec.bits / 8);
  if (value.length === 0 || value.length > WRAPPED_MOST || value.length !== said)
    throw wrong('secret', 'it is not as long as the spec says');
  const template = [...secretTemplate(key), { type: C.CKA_VALUE, value }];
  return (await app.p11.C_CreateObject({ session, template })).object;
}

async function bringPair(
  app: KeysApplication,
  token: TokenInfo,
  session: number,
  request: ImportKeyRequest,
  bytes: Uint8Array,
): Promise<number> {
  const found = privateMaterial(bytes, 'pkcs8');
  const pair = withId(wanted(request.spec, found.kind));
  const template = [...privateTemplate(pair), ...found.attributes];
  const { object } = await app.p11.C_CreateObject({ session, template });
  await publicHalf(app, token, session, pair, object);
  return object;
}

export async function getPublicKey(
  app: KeysApplication,
  request: GetPublicKeyRequest,
): Promise<GetPublicKeyResponse> {
  return await app.finder.use(
    () => app.finder.key(request.key, ['public', 'private']),
    async ({ token, object }) => {
      const publicKey = await publicInfo(app, token, object);
      if (publicKey.length === 0)
        throw missing('key', 'CKR_ATTRIBUTE_TYPE_INVALID', 'nothing is known of its public half');
      return { key: await describe(app.finder, token, object), publicKey };
    },
  );
}

async function every(
  app: KeysApplication,
  request: DestroyKeyRequest,
  roles: readonly KeyRole[],
): Promise<Found[]> {
  const all: Found[] = [];
  for (const role of roles)
    try {
      all.push(await app.finder.key(request.key, [role]));
    } catch (error) {
      const absent =
        error instanceof Problem &&
        error.reason === 'CKR_KEY_HANDLE_INVALID' &&
        error.code === status.NOT_FOUND;
      if (!absent) throw error;
    }
  return all;
}

export async function destroyKey(
  app: KeysApplication,
  request: DestroyKeyRequest,
): Promise<DestroyKeyResponse> {
  const found = await every(app, request, ['secret', 'private', 'public']);
  if (found.length === 0) await app.finder.key(request.key, ['secret', 'private', 'public']);
  if (found.some(({ role }) => role === 'secret') && found.length > 1)
    throw wrong('key', 'a secret key and a pair have this name; unique_id tells them apart');
  // The private half first: what is left when the second cannot be destroyed is no secret.
  for (const { token, object } of found) {
    const session = await app.sessions.home(token.slot);
    await app.p11.C_DestroyObject({ session, object });
  }
  return { destroyed: found.length };
}

export async function wrapKey(app: KeysApplication, request: WrapKeyRequest): Promise<WrapKeyResponse> {
  const { mechanism, rsa } = wrapping(request.algorithm);
  return await app.finder.use(
    () => app.finder.key(request.wrappingKey, [rsa ? 'public' : 'secret'], 'wrapping_key'),
    async (by) => {
      const key = await app.finder.key(request.key, ['secret', 'private'], 'key');
      if (key.token.slot !== by.token.slot)
        throw wrong('key', 'it is on another token than the wrapping key');
      const session = await app.sessions.home(by.token.slot);
      const { wrapped } = await app.p11.C_WrapKey({
        session,
        mechanism,
        wrappingKey: by.object,
        key: key.object,
        wrapped: WRAPPED_MOST,
      });
      return { wrapped };
    },
  );
}

/** The spec of a key that comes about on the token of another. */
function onSameToken(request: { readonly spec?: UnwrapKeyRequest['spec'] }, by: Found): Wanted {
  const key = wanted(request.spec);
  if (key.spec.token !== '' && key.spec.token !== by.token.label)
    throw wrong('spec.token', 'it is another than that of the key which is used');
  return key;
}

export async function unwrapKey(app: KeysApplication, request: UnwrapKeyRequest): Promise<UnwrapKeyResponse> {
  const { mechanism, rsa } = wrapping(request.algorithm);
  const { wrapped } = request;
  if (wrapped.length === 0 || wrapped.length > WRAPPED_MOST)
    throw wrong('wrapped', `it is 1 to ${WRAPPED_MOST} bytes long`);
  wanted(request.spec);
  const key = await app.finder.use(
    () => app.finder.key(request.unwrappingKey, [rsa ? 'private' : 'secret'], 'unwrapping_key'),
    async (by): Promise<Key> => {
      const session = await app.sessions.home(by.token.slot);
      const asked = withId(onSameToken(request, by));
      const { key: object } = await app.p11.C_UnwrapKey({
        session,
        mechanism,
        unwrappingKey: by.object,
        wrapped,
        template: asked.kind.pair ? privateTemplate(asked) : secretTemplate(asked),
      });
      if (asked.kind.pair) await publicHalf(app, by.token, session, asked, object);
      return await describe(app.finder, by.token, object);
    },
  );
  return { key };
}

export async function deriveKey(app: KeysApplication, request: DeriveKeyRequest): Promise<DeriveKeyResponse> {
  const kdf = derivation(request.algorithm);
  const publicData = peerPoint(request.peerPublicKey, 'peer_public_key');
  const sharedData = request.sharedInfo.length === 0 ? null : request.sharedInfo;
  if (sharedData !== null && kdf === C.CKD_NULL)
    throw wrong('shared_info', 'this algorithm has no KDF that it could go into');
  if (wanted(request.spec).kind.pair) throw wrong('spec.algorithm', 'a secret is agreed on, and no pair');
  const key = await app.finder.use(
    () => app.finder.key(request.baseKey, ['private'], 'base_key'),
    async (by): Promise<Key> => {
      const session = await app.sessions.home(by.token.slot);
      const asked = onSameToken(request, by);
      const { key: object } = await app.p11.C_DeriveKey({
        session,
        mechanism: {
          type: C.CKM_ECDH1_DERIVE,
          parameter: { shape: 'ecdh1', kdf, sharedData, publicData },
        },
        baseKey: by.object,
        template: [...secretTemplate(asked), { type: C.CKA_VALUE_LEN, value: number(lengthOf(asked)) }],
      });
      return await describe(app.finder, by.token, object);
    },
  );
  return { key };
}
