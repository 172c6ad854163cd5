/**
 * Parameters of mechanisms that serve one protocol: TLS, IKE, CMS, one-time passwords, ratchets, GOST (PKCS#11 3.2).
 */

import type { Structure } from './shape.ts';

/** In an order in which each is complete before another contains it. */
export const protocolStructures: readonly Structure[] = [
  {
    name: 'CK_SSL3_RANDOM_DATA',
    fields: [
      { name: 'pClientRandom', type: 'CK_BYTE_PTR' },
      { name: 'ulClientRandomLen', type: 'CK_ULONG' },
      { name: 'pServerRandom', type: 'CK_BYTE_PTR' },
      { name: 'ulServerRandomLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_SSL3_MASTER_KEY_DERIVE_PARAMS',
    fields: [
      { name: 'RandomInfo', type: 'CK_SSL3_RANDOM_DATA' },
      { name: 'pVersion', type: 'CK_VERSION_PTR' },
    ],
  },
  {
    name: 'CK_SSL3_KEY_MAT_OUT',
    fields: [
      { name: 'hClientMacSecret', type: 'CK_OBJECT_HANDLE' },
      { name: 'hServerMacSecret', type: 'CK_OBJECT_HANDLE' },
      { name: 'hClientKey', type: 'CK_OBJECT_HANDLE' },
      { name: 'hServerKey', type: 'CK_OBJECT_HANDLE' },
      { name: 'pIVClient', type: 'CK_BYTE_PTR' },
      { name: 'pIVServer', type: 'CK_BYTE_PTR' },
    ],
  },
  {
    name: 'CK_SSL3_KEY_MAT_PARAMS',
    fields: [
      { name: 'ulMacSizeInBits', type: 'CK_ULONG' },
      { name: 'ulKeySizeInBits', type: 'CK_ULONG' },
      { name: 'ulIVSizeInBits', type: 'CK_ULONG' },
      { name: 'bIsExport', type: 'CK_BBOOL' },
      { name: 'RandomInfo', type: 'CK_SSL3_RANDOM_DATA' },
      { name: 'pReturnedKeyMaterial', type: 'CK_SSL3_KEY_MAT_OUT_PTR' },
    ],
  },
  {
    name: 'CK_TLS_PRF_PARAMS',
    fields: [
      { name: 'pSeed', type: 'CK_BYTE_PTR' },
      { name: 'ulSeedLen', type: 'CK_ULONG' },
      { name: 'pLabel', type: 'CK_BYTE_PTR' },
      { name: 'ulLabelLen', type: 'CK_ULONG' },
      { name: 'pOutput', type: 'CK_BYTE_PTR' },
      { name: 'pulOutputLen', type: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'CK_WTLS_RANDOM_DATA',
    fields: [
      { name: 'pClientRandom', type: 'CK_BYTE_PTR' },
      { name: 'ulClientRandomLen', type: 'CK_ULONG' },
      { name: 'pServerRandom', type: 'CK_BYTE_PTR' },
      { name: 'ulServerRandomLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_WTLS_MASTER_KEY_DERIVE_PARAMS',
    fields: [
      { name: 'DigestMechanism', type: 'CK_MECHANISM_TYPE' },
      { name: 'RandomInfo', type: 'CK_WTLS_RANDOM_DATA' },
      { name: 'pVersion', type: 'CK_BYTE_PTR' },
    ],
  },
  {
    name: 'CK_WTLS_PRF_PARAMS',
    fields: [
      { name: 'DigestMechanism', type: 'CK_MECHANISM_TYPE' },
      { name: 'pSeed', type: 'CK_BYTE_PTR' },
      { name: 'ulSeedLen', type: 'CK_ULONG' },
      { name: 'pLabel', type: 'CK_BYTE_PTR' },
      { name: 'ulLabelLen', type: 'CK_ULONG' },
      { name: 'pOutput', type: 'CK_BYTE_PTR' },
      { name: 'pulOutputLen', type: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'CK_WTLS_KEY_MAT_OUT',
    fields: [
      { name: 'hMacSecret', type: 'CK_OBJECT_HANDLE' },
      { name: 'hKey', type: 'CK_OBJECT_HANDLE' },
      { name: 'pIV', type: 'CK_BYTE_PTR' },
    ],
  },
  {
    name: 'CK_WTLS_KEY_MAT_PARAMS',
    fields: [
      { name: 'DigestMechanism', type: 'CK_MECHANISM_TYPE' },
      { name: 'ulMacSizeInBits', type: 'CK_ULONG' },
      { name: 'ulKeySizeInBits', type: 'CK_ULONG' },
      { name: 'ulIVSizeInBits', type: 'CK_ULONG' },
      { name: 'ulSequenceNumber', type: 'CK_ULONG' },
      { name: 'bIsExport', type: 'CK_BBOOL' },
      { name: 'RandomInfo', type: 'CK_WTLS_RANDOM_DATA' },
      { name: 'pReturnedKeyMaterial', type: 'CK_WTLS_KEY_MAT_OUT_PTR' },
    ],
  },
  {
    name: 'CK_CMS_SIG_PARAMS',
    fields: [
      { name: 'certificateHandle', type: 'CK_OBJECT_HANDLE' },
      { name: 'pSigningMechanism', type: 'CK_MECHANISM_PTR' },
      { name: 'pDigestMechanism', type: 'CK_MECHANISM_PTR' },
      { name: 'pContentType', type: 'CK_UTF8CHAR_PTR' },
      { name: 'pRequestedAttributes', type: 'CK_BYTE_PTR' },
      { name: 'ulRequestedAttributesLen', type: 'CK_ULONG' },
      { name: 'pRequiredAttributes', type: 'CK_BYTE_PTR' },
      { name: 'ulRequiredAttributesLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_OTP_PARAM',
    fields: [
      { name: 'type', type: 'CK_OTP_PARAM_TYPE' },
      { name: 'pValue', type: 'CK_VOID_PTR' },
      { name: 'ulValueLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_OTP_PARAMS',
    fields: [
      { name: 'pParams', type: 'CK_OTP_PARAM_PTR' },
      { name: 'ulCount', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_OTP_SIGNATURE_INFO',
    fields: [
      { name: 'pParams', type: 'CK_OTP_PARAM_PTR' },
      { name: 'ulCount', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_KIP_PARAMS',
    fields: [
      { name: 'pMechanism', type: 'CK_MECHANISM_PTR' },
      { name: 'hKey', type: 'CK_OBJECT_HANDLE' },
      { name: 'pSeed', type: 'CK_BYTE_PTR' },
      { name: 'ulSeedLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_TLS12_MASTER_KEY_DERIVE_PARAMS',
    fields: [
      { name: 'RandomInfo', type: 'CK_SSL3_RANDOM_DATA' },
      { name: 'pVersion', type: 'CK_VERSION_PTR' },
      { name: 'prfHashMechanism', type: 'CK_MECHANISM_TYPE' },
    ],
  },
  {
    name: 'CK_TLS12_KEY_MAT_PARAMS',
    fields: [
      { name: 'ulMacSizeInBits', type: 'CK_ULONG' },
      { name: 'ulKeySizeInBits', type: 'CK_ULONG' },
      { name: 'ulIVSizeInBits', type: 'CK_ULONG' },
      { name: 'bIsExport', type: 'CK_BBOOL' },
      { name: 'RandomInfo', type: 'CK_SSL3_RANDOM_DATA' },
      { name: 'pReturnedKeyMaterial', type: 'CK_SSL3_KEY_MAT_OUT_PTR' },
      { name: 'prfHashMechanism', type: 'CK_MECHANISM_TYPE' },
    ],
  },
  {
    name: 'CK_TLS_KDF_PARAMS',
    fields: [
      { name: 'prfMechanism', type: 'CK_MECHANISM_TYPE' },
      { name: 'pLabel', type: 'CK_BYTE_PTR' },
      { name: 'ulLabelLength', type: 'CK_ULONG' },
      { name: 'RandomInfo', type: 'CK_SSL3_RANDOM_DATA' },
      { name: 'pContextData', type: 'CK_BYTE_PTR' },
      { name: 'ulContextDataLength', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_TLS_MAC_PARAMS',
    fields: [
      { name: 'prfHashMechanism', type: 'CK_MECHANISM_TYPE' },
      { name: 'ulMacLength', type: 'CK_ULONG' },
      { name: 'ulServerOrClient', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_TLS12_EXTENDED_MASTER_KEY_DERIVE_PARAMS',
    fields: [
      { name: 'prfHashMechanism', type: 'CK_MECHANISM_TYPE' },
      { name: 'pSessionHash', type: 'CK_BYTE_PTR' },
      { name: 'ulSessionHashLen', type: 'CK_ULONG' },
      { name: 'pVersion', type: 'CK_VERSION_PTR' },
    ],
  },
  {
    name: 'CK_GOSTR3410_DERIVE_PARAMS',
    fields: [
      { name: 'kdf', type: 'CK_EC_KDF_TYPE' },
      { name: 'pPublicData', type: 'CK_BYTE_PTR' },
      { name: 'ulPublicDataLen', type: 'CK_ULONG' },
      { name: 'pUKM', type: 'CK_BYTE_PTR' },
      { name: 'ulUKMLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_GOSTR3410_KEY_WRAP_PARAMS',
    fields: [
      { name: 'pWrapOID', type: 'CK_BYTE_PTR' },
      { name: 'ulWrapOIDLen', type: 'CK_ULONG' },
      { name: 'pUKM', type: 'CK_BYTE_PTR' },
      { name: 'ulUKMLen', type: 'CK_ULONG' },
      { name: 'hKey', type: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'CK_X3DH_INITIATE_PARAMS',
    fields: [
      { name: 'kdf', type: 'CK_X3DH_KDF_TYPE' },
      { name: 'pPeer_identity', type: 'CK_OBJECT_HANDLE' },
      { name: 'pPeer_prekey', type: 'CK_OBJECT_HANDLE' },
      { name: 'pPrekey_signature', type: 'CK_BYTE_PTR' },
      { name: 'pOnetime_key', type: 'CK_BYTE_PTR' },
      { name: 'pOwn_identity', type: 'CK_OBJECT_HANDLE' },
      { name: 'pOwn_ephemeral', type: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'CK_X3DH_RESPOND_PARAMS',
    fields: [
      { name: 'kdf', type: 'CK_X3DH_KDF_TYPE' },
      { name: 'pIdentity_id', type: 'CK_BYTE_PTR' },
      { name: 'pPrekey_id', type: 'CK_BYTE_PTR' },
      { name: 'pOnetime_id', type: 'CK_BYTE_PTR' },
      { name: 'pInitiator_identity', type: 'CK_OBJECT_HANDLE' },
      { name: 'pInitiator_ephemeral', type: 'CK_BYTE_PTR' },
    ],
  },
  {
    name: 'CK_X2RATCHET_INITIALIZE_PARAMS',
    fields: [
      { name: 'sk', type: 'CK_BYTE_PTR' },
      { name: 'peer_public_prekey', type: 'CK_OBJECT_HANDLE' },
      { name: 'peer_public_identity', type: 'CK_OBJECT_HANDLE' },
      { name: 'own_public_identity', type: 'CK_OBJECT_HANDLE' },
      { name: 'bEncryptedHeader', type: 'CK_BBOOL' },
      { name: 'eCurve', type: 'CK_ULONG' },
      { name: 'aeadMechanism', type: 'CK_MECHANISM_TYPE' },
      { name: 'kdfMechanism', type: 'CK_X2RATCHET_KDF_TYPE' },
    ],
  },
  {
    name: 'CK_X2RATCHET_RESPOND_PARAMS',
    fields: [
      { name: 'sk', type: 'CK_BYTE_PTR' },
      { name: 'own_prekey', type: 'CK_OBJECT_HANDLE' },
      { name: 'initiator_identity', type: 'CK_OBJECT_HANDLE' },
      { name: 'own_public_identity', type: 'CK_OBJECT_HANDLE' },
      { name: 'bEncryptedHeader', type: 'CK_BBOOL' },
      { name: 'eCurve', type: 'CK_ULONG' },
      { name: 'aeadMechanism', type: 'CK_MECHANISM_TYPE' },
      { name: 'kdfMechanism', type: 'CK_X2RATCHET_KDF_TYPE' },
    ],
  },
  {
    name: 'CK_IKE2_PRF_PLUS_DERIVE_PARAMS',
    fields: [
      { name: 'prfMechanism', type: 'CK_MECHANISM_TYPE' },
      { name: 'bHasSeedKey', type: 'CK_BBOOL' },
      { name: 'hSeedKey', type: 'CK_OBJECT_HANDLE' },
      { name: 'pSeedData', type: 'CK_BYTE_PTR' },
      { name: 'ulSeedDataLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_IKE_PRF_DERIVE_PARAMS',
    fields: [
      { name: 'prfMechanism', type: 'CK_MECHANISM_TYPE' },
      { name: 'bDataAsKey', type: 'CK_BBOOL' },
      { name: 'bRekey', type: 'CK_BBOOL' },
      { name: 'pNi', type: 'CK_BYTE_PTR' },
      { name: 'ulNiLen', type: 'CK_ULONG' },
      { name: 'pNr', type: 'CK_BYTE_PTR' },
      { name: 'ulNrLen', type: 'CK_ULONG' },
      { name: 'hNewKey', type: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'CK_IKE1_PRF_DERIVE_PARAMS',
    fields: [
      { name: 'prfMechanism', type: 'CK_MECHANISM_TYPE' },
      { name: 'bHasPrevKey', type: 'CK_BBOOL' },
      { name: 'hKeygxy', type: 'CK_OBJECT_HANDLE' },
      { name: 'hPrevKey', type: 'CK_OBJECT_HANDLE' },
      { name: 'pCKYi', type: 'CK_BYTE_PTR' },
      { name: 'ulCKYiLen', type: 'CK_ULONG' },
      { name: 'pCKYr', type: 'CK_BYTE_PTR' },
      { name: 'ulCKYrLen', type: 'CK_ULONG' },
      { name: 'keyNumber', type: 'CK_BYTE' },
    ],
  },
  {
    name: 'CK_IKE1_EXTENDED_DERIVE_PARAMS',
    fields: [
      { name: 'prfMechanism', type: 'CK_MECHANISM_TYPE' },
      { name: 'bHasKeygxy', type: 'CK_BBOOL' },
      { name: 'hKeygxy', type: 'CK_OBJECT_HANDLE' },
      { name: 'pExtraData', type: 'CK_BYTE_PTR' },
      { name: 'ulExtraDataLen', type: 'CK_ULONG' },
    ],
  },
];
