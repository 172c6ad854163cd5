/** Derivations that cost tests nothing. */
import type { KdfPolicy } from '../../module/engine/store/factors/factor.ts';
import { noCost } from '../../module/engine/store/protection.ts';

export const cheapKdf: KdfPolicy = { ...noCost, kdf: 'pbkdf2', iterations: 1_000 };
