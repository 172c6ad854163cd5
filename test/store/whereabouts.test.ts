import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadPrivate, newToken, openStore, putObject, temporaryFolder } from './support.ts';

test('files that were away when a change was made are lost, also when they have been put back since', () => {
  const folder = temporaryFolder();
  const opened = openStore(folder);
  const { token, master } = newToken(opened, 'token');
  loadPrivate(opened.store, token, master);
  let told = 0;
  opened.store.onLost = () => {
    told++;
  };
  expect(opened.store.lost()).toBeNull();
  renameSync(folder, `${folder}.away`);
  try {
    expect(() => putObject(opened.store, token, false, master)).toThrow(/no longer there/);
  } finally {
    renameSync(`${folder}.away`, folder);
  }
  // The database holds what its maker was told had failed, so that this engine must go.
  expect(told).toBe(1);
  expect(opened.store.lost()?.message).toMatch(/no longer there/);
  expect(() => putObject(opened.store, token, false, master)).toThrow(/no longer there/);
  opened.store.close();
});
