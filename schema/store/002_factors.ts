/**
 * Migration 2: what opens a keyslot is a list of factors, all of which are needed. Until here each had one, a PIN, in the columns of the
 * keyslot itself.
 */
export const factors = `
-- factor: what the secret is ('pin', 'mnemonic'). kdf, parameters (JSON) and salt say how it becomes a key. place: 0, 1, ...: the order in
-- which the keys of all factors are combined.
CREATE TABLE keyslot_factors (
  slot       INTEGER NOT NULL,
  kind       INTEGER NOT NULL,
  place      INTEGER NOT NULL,
  factor     TEXT NOT NULL,
  kdf        TEXT NOT NULL,
  parameters TEXT NOT NULL,
  salt       BLOB NOT NULL,
  PRIMARY KEY (slot, kind, place),
  FOREIGN KEY (slot, kind) REFERENCES keyslots (slot, kind) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO keyslot_factors (slot, kind, place, factor, kdf, parameters, salt)
  SELECT slot, kind, 0, 'pin', kdf, parameters, salt FROM keyslots;
ALTER TABLE keyslots DROP COLUMN kdf;
ALTER TABLE keyslots DROP COLUMN parameters;
ALTER TABLE keyslots DROP COLUMN salt;
`;
