/** Fields that several of Admin's calls have. */
import { PinOwner } from '../../module/wire/generated/strongroom/v1/admin.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import { wrong } from '../errors/problem.ts';

export function pinOf(pin: Uint8Array, field: string): Uint8Array {
  if (pin.length === 0) throw wrong(field, 'it is missing');
  return pin;
}

const owners: ReadonlyMap<number, number> = new Map([
  [PinOwner.PIN_OWNER_USER, C.CKU_USER],
  [PinOwner.PIN_OWNER_SO, C.CKU_SO],
]);

export function ownerOf(owner: number): number {
  const found = owners.get(owner);
  if (found === undefined)
    throw wrong('owner', owner === 0 ? 'none is given' : 'it is none that is known here');
  return found;
}
