/** Objects: made, copied, destroyed, read and changed (PKCS#11 3.2, 5.7.1 to 5.7.6). */
import { Component, KeyKind } from '../../enclave/enclave.ts';
import { CKR_ACTION_PROHIBITED, CKR_OK, CKR_TEMPLATE_INCOMPLETE } from '../generated/constants.ts';
import { checkMayWrite } from '../objects/draft.ts';
import { changedAttributes, copiedAttributes } from '../objects/modify.ts';
import { readAttributes } from '../objects/read.ts';
import { completeTemplate, NOTHING_IMPLIED } from '../objects/template.ts';
import { hasOwnLimit } from '../objects/uses/key-uses.ts';
import { sessionOf } from '../sessions/application.ts';
import { CryptokiError, checked } from '../values/errors.ts';
import { NO_MECHANISM } from './call.ts';
import type { Handlers } from './generated/codec.ts';
import { noteLife } from './own/life-notes.ts';

const NOTHING = new Uint8Array(0);

export const objectHandlers = {
  C_CreateObject(call, { template }) {
    const session = sessionOf(call);
    const { enclave } = call.engine;
    const { attributes, components, keyKind } = completeTemplate({
      session,
      origin: 'create',
      template,
      implied: NOTHING_IMPLIED,
    });
    let key = 0;
    if (keyKind !== undefined) {
      if (components === undefined) return CKR_TEMPLATE_INCOMPLETE;
      key = checked(enclave.keyImport(keyKind, components), 'calls.objects');
    }
    const { objects } = session.token;
    const object = objects.add(session, attributes, key, { fn: call.fn, mechanism: NO_MECHANISM });
    call.audit(NO_MECHANISM, object.id, object.isFleeting);
    call.reply.ulong(objects.handleFor(session, object));
    return CKR_OK;
  },

  C_CopyObject(call, { object: handle, template }) {
    const session = sessionOf(call);
    const { objects } = session.token;
    const { enclave } = call.engine;
    const original = objects.get(session, handle);
    if (hasOwnLimit(original.attributes))
      throw new CryptokiError(
        CKR_ACTION_PROHIBITED,
        'calls.objects',
        'a copy would have the limits once more',
      );
    // The copy's value has been used as often as the original's.
    const source = original.hasKey
      ? original.attributes.with(objects.counting.of(original).counted())
      : original.attributes;
    const { attributes, value } = copiedAttributes(session, source, template, session.token.clock.now());
    let key = value === undefined ? 0 : checked(enclave.keyImport(KeyKind.Data, value), 'calls.objects');
    if (original.hasValue) key = checked(enclave.keyDuplicate(original.key()), 'calls.objects');
    const copy = objects.addCopy(session, attributes, key, { fn: call.fn, mechanism: NO_MECHANISM });
    call.audit(NO_MECHANISM, copy.id, copy.isFleeting);
    call.reply.ulong(objects.handleFor(session, copy));
    return CKR_OK;
  },

  C_DestroyObject(call, { object: handle }) {
    const session = sessionOf(call);
    const { objects } = session.token;
    const object = objects.get(session, handle);
    call.audit(NO_MECHANISM, object.id, object.isFleeting);
    objects.destroy(session, object);
    return CKR_OK;
  },

  /** The size of an object is that of its packed attributes, and of a value that may be read. A key's own size is nobody's business. */
  C_GetObjectSize(call, { object: handle }) {
    const session = sessionOf(call);
    const object = session.token.objects.get(session, handle);
    const { enclave } = call.engine;
    const hasValue = object.hasValue && !object.hasKey;
    const value = hasValue ? enclave.keyComponent(object.key(), Component.Value, NOTHING, 0, 0) : 0;
    call.reply.ulong(object.attributes.packed.length + checked(value, 'calls.objects'));
    return CKR_OK;
  },

  C_GetAttributeValue(call, { object: handle, template }) {
    const session = sessionOf(call);
    const object = session.token.objects.get(session, handle);
    return readAttributes(call.engine.enclave, object, session.token.objects.counting, template, call.reply);
  },

  C_SetAttributeValue(call, { object: handle, template }) {
    const session = sessionOf(call);
    const { objects } = session.token;
    const object = objects.get(session, handle);
    call.audit(NO_MECHANISM, object.id, object.isFleeting);
    checkMayWrite(session, object.owner === undefined, object.isPrivate);
    const now = session.token.clock.now();
    const attributes = changedAttributes(session, object.attributes, template, now);
    if (attributes === object.attributes) return CKR_OK;
    noteLife(call, session, object, attributes, now);
    objects.update(session, object, attributes);
    return CKR_OK;
  },
} satisfies Partial<Handlers>;
