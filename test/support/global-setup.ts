/** Once before all tests: what several of them import must be built before any of them is loaded. */
import { buildPkcs11js } from './pkcs11js.ts';

export default async function setup(): Promise<void> {
  await buildPkcs11js();
}
