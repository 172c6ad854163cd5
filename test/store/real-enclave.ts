/** The enclave as it was built; apart from support.ts so that child processes can load it without the test runner. */
import path from 'node:path';
import { loadEnclave } from '../../module/enclave/load.ts';

export const enclave = loadEnclave(path.join(import.meta.dirname, '../../out/lib/strongroom/enclave.node'));
