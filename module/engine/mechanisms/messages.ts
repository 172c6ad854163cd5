/**
 * Encryption and decryption of messages (PKCS#11 3.2, 5.9 and 5.11): a process with a key, and in it one message after the other, each with a
 * parameter of its own. What is sealed has a tag, which travels apart from it.
 */
import type { MessageParameter, Span } from '../values/arguments.ts';
import { SymmetricOperation } from './cipher.ts';
import { KeyOperation } from './key-operation.ts';

/** The process: from C_MessageEncryptInit to C_MessageEncryptFinal. */
export abstract class MessageOperation extends KeyOperation {
  /** A message of that parameter. Nothing has been used of the key. @throws CryptokiError CKR_MECHANISM_PARAM_INVALID */
  abstract message(parameter: MessageParameter | undefined, associated: Span): Message;
}

/** One message. */
export abstract class Message extends SymmetricOperation {
  /** Bytes that have been given of what is to be opened, in parts; the tag is not among them. */
  held = 0;

  /** Bytes of the tag. */
  get tag(): number {
    return this.plan.param;
  }

  /** The vector that the token makes, empty where it came with the call. It is there once the message has {@link begin}ed. */
  abstract get made(): Uint8Array;

  /** Counts the message among the uses of its key, and makes its vector. Once for each message. Returns CKR_OK or why it may not be. */
  begin(): number {
    return this.count(0);
  }
}
