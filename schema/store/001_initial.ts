/**
 * Migration 1: the first layout of store.db. A migration that has shipped is never edited; a change is a new file.
 *
 * What is plain here (slot numbers, random ids, versions, KDF parameters, salts) is covered by the sealed rows of
 * `manifest`; everything else is sealed before it comes in.
 */
export const initial = `
-- Facts about the whole store. name: 'store id' (16 random bytes, also in store.key and in the anchors).
CREATE TABLE meta (
  name  TEXT PRIMARY KEY NOT NULL,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Keys of the store itself (such as the one that signs audit checkpoints), sealed under the store key.
CREATE TABLE sealed_keys (
  name   TEXT PRIMARY KEY NOT NULL,
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- slot: the stable CK_SLOT_ID, never used twice. id: 16 random bytes, new at each initialisation.
-- info: label, serial number, flags and state, sealed under the store key.
CREATE TABLE tokens (
  slot INTEGER PRIMARY KEY NOT NULL,
  id   BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  info BLOB NOT NULL
) STRICT;

-- One way to the token master key each. kind: CK_USER_TYPE of the PIN (0 security officer, 1 user).
-- kdf and parameters (JSON) say how the PIN becomes the key that unwraps: other KDFs need no new column.
CREATE TABLE keyslots (
  slot       INTEGER NOT NULL REFERENCES tokens (slot) ON DELETE CASCADE,
  kind       INTEGER NOT NULL,
  kdf        TEXT NOT NULL,
  parameters TEXT NOT NULL,
  salt       BLOB NOT NULL,
  wrapped    BLOB NOT NULL,
  PRIMARY KEY (slot, kind)
) STRICT, WITHOUT ROWID;

-- id: the object's unique id. version: counts its changes. private: sealed under the token master key (1) or the store key (0).
-- unconfirmed: changed while the master key was not at hand; see tombstones.
-- Clustered by (slot, private), so that one sweep reads what a login needs and nothing else.
CREATE TABLE objects (
  slot        INTEGER NOT NULL REFERENCES tokens (slot) ON DELETE CASCADE,
  private     INTEGER NOT NULL CHECK (private IN (0, 1)),
  id          BLOB NOT NULL CHECK (length(id) = 16),
  version     INTEGER NOT NULL,
  unconfirmed INTEGER NOT NULL CHECK (unconfirmed IN (0, 1)),
  attributes  BLOB NOT NULL,
  value       BLOB,
  PRIMARY KEY (slot, private, id)
) STRICT, WITHOUT ROWID;

-- Public objects that the manifest under the master key still counts, though a session without login has since
-- changed or destroyed them. digest: of the sealed row as it was. The next login confirms and clears them.
CREATE TABLE tombstones (
  slot    INTEGER NOT NULL REFERENCES tokens (slot) ON DELETE CASCADE,
  id      BLOB NOT NULL CHECK (length(id) = 16),
  version INTEGER NOT NULL,
  digest  BLOB NOT NULL CHECK (length(digest) = 32),
  PRIMARY KEY (slot, id)
) STRICT, WITHOUT ROWID;

-- The authenticated account of everything above, one sealed row for each token (its slot), and one for the store as a
-- whole (slot -1), which is written with every change and carries the store's generation.
-- They share a table so that they share a page: a commit writes one page for both.
CREATE TABLE manifest (
  slot       INTEGER PRIMARY KEY NOT NULL,
  generation INTEGER NOT NULL,
  sealed     BLOB NOT NULL
) STRICT;
`;
