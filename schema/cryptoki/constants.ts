/**
 * Every named number of the standard (PKCS#11 3.2), in groups: within one group a number has one meaning.
 */

import { attributeIds } from './constants/attributes.ts';
import {
  attributeFlags,
  hkdfSaltFlags,
  initializeFlags,
  interfaceFlags,
  mechanismFlags,
  messageFlags,
  otpFlags,
  sessionFlags,
  slotEventFlags,
  slotFlags,
  tokenFlags,
} from './constants/flags.ts';
import { mechanismIds } from './constants/mechanisms.ts';
import {
  certificateCategories,
  certificateTypes,
  hardwareFeatures,
  keyTypes,
  mlDsaParameterSets,
  mlKemParameterSets,
  objectClasses,
  otpFormats,
  otpRequirements,
  profileIds,
  securityDomains,
  slhDsaParameterSets,
  trustValues,
  validationAuthorities,
  validationTypes,
} from './constants/objects.ts';
import {
  generatorFunctions,
  hedgeVariants,
  keyDerivations,
  maskGenerators,
  oaepSources,
  otpParameters,
  pbkdf2Prfs,
  pbkdf2SaltSources,
  sp800108Fields,
  sp800108LengthMethods,
} from './constants/parameters.ts';
import { results } from './constants/results.ts';
import { ALL_ONES, type Constant, type ConstantGroup } from './constants/shape.ts';
import {
  booleans,
  counts,
  handles,
  lifeStates,
  notifications,
  sessionStates,
  sessionValidationFlags,
  users,
  versionNumbers,
} from './constants/states.ts';

export { ALL_ONES, type Constant, type ConstantGroup };

/** All groups, in the order in which the header lists them. */
export const constantGroups: readonly ConstantGroup[] = [
  {
    id: 'versionNumbers',
    usedIn: 'The version of the standard that these tables follow',
    rows: versionNumbers,
  },
  { id: 'booleans', usedIn: 'CK_BBOOL', rows: booleans },
  { id: 'counts', usedIn: 'A CK_ULONG that counts or measures', rows: counts },
  { id: 'handles', usedIn: 'CK_SESSION_HANDLE and CK_OBJECT_HANDLE', rows: handles },
  { id: 'users', usedIn: 'CK_USER_TYPE', rows: users },
  { id: 'sessionStates', usedIn: 'CK_STATE', rows: sessionStates },
  {
    id: 'sessionValidationFlags',
    usedIn: 'The type argument of C_GetSessionValidationFlags',
    rows: sessionValidationFlags,
  },
  { id: 'notifications', usedIn: 'CK_NOTIFICATION', rows: notifications },
  { id: 'results', usedIn: 'CK_RV', rows: results },
  { id: 'objectClasses', usedIn: 'CKA_CLASS', rows: objectClasses },
  { id: 'keyTypes', usedIn: 'CKA_KEY_TYPE', rows: keyTypes },
  { id: 'certificateTypes', usedIn: 'CKA_CERTIFICATE_TYPE', rows: certificateTypes },
  { id: 'certificateCategories', usedIn: 'CKA_CERTIFICATE_CATEGORY', rows: certificateCategories },
  { id: 'securityDomains', usedIn: 'CKA_JAVA_MIDP_SECURITY_DOMAIN', rows: securityDomains },
  { id: 'hardwareFeatures', usedIn: 'CKA_HW_FEATURE_TYPE', rows: hardwareFeatures },
  { id: 'profileIds', usedIn: 'CKA_PROFILE_ID', rows: profileIds },
  {
    id: 'mlDsaParameterSets',
    usedIn: 'CKA_PARAMETER_SET of a CKK_ML_DSA key (FIPS 204)',
    rows: mlDsaParameterSets,
  },
  {
    id: 'slhDsaParameterSets',
    usedIn: 'CKA_PARAMETER_SET of a CKK_SLH_DSA key (FIPS 205)',
    rows: slhDsaParameterSets,
  },
  {
    id: 'mlKemParameterSets',
    usedIn: 'CKA_PARAMETER_SET of a CKK_ML_KEM key (FIPS 203)',
    rows: mlKemParameterSets,
  },
  { id: 'trustValues', usedIn: 'The CKA_TRUST_... attributes of a trust object', rows: trustValues },
  { id: 'validationTypes', usedIn: 'CKA_VALIDATION_TYPE', rows: validationTypes },
  { id: 'validationAuthorities', usedIn: 'CKA_VALIDATION_AUTHORITY_TYPE', rows: validationAuthorities },
  { id: 'otpFormats', usedIn: 'CKA_OTP_FORMAT', rows: otpFormats },
  { id: 'otpRequirements', usedIn: 'CKA_OTP_..._REQUIREMENT', rows: otpRequirements },
  { id: 'lifeStates', usedIn: 'CKA_STRONGROOM_STATE', rows: lifeStates },
  { id: 'attributeIds', usedIn: 'CK_ATTRIBUTE_TYPE', rows: attributeIds },
  { id: 'mechanismIds', usedIn: 'CK_MECHANISM_TYPE', rows: mechanismIds },
  { id: 'slotFlags', usedIn: 'CK_SLOT_INFO.flags', rows: slotFlags },
  { id: 'tokenFlags', usedIn: 'CK_TOKEN_INFO.flags', rows: tokenFlags },
  { id: 'sessionFlags', usedIn: 'CK_SESSION_INFO.flags and the flags of C_OpenSession', rows: sessionFlags },
  {
    id: 'mechanismFlags',
    usedIn: 'CK_MECHANISM_INFO.flags; C_SessionCancel takes the operation bits among them',
    rows: mechanismFlags,
  },
  {
    id: 'attributeFlags',
    usedIn: 'The bit in an attribute type that says: the value is an array',
    rows: attributeFlags,
  },
  { id: 'initializeFlags', usedIn: 'CK_C_INITIALIZE_ARGS.flags', rows: initializeFlags },
  {
    id: 'interfaceFlags',
    usedIn: 'CK_INTERFACE.flags and the flags of C_GetInterface',
    rows: interfaceFlags,
  },
  {
    id: 'messageFlags',
    usedIn: 'The flags of C_EncryptMessageNext and C_DecryptMessageNext',
    rows: messageFlags,
  },
  { id: 'slotEventFlags', usedIn: 'The flags of C_WaitForSlotEvent', rows: slotEventFlags },
  { id: 'otpFlags', usedIn: 'CK_OTP_FLAGS parameter of the one-time-password mechanisms', rows: otpFlags },
  { id: 'hkdfSaltFlags', usedIn: 'CK_HKDF_PARAMS.ulSaltType', rows: hkdfSaltFlags },
  { id: 'maskGenerators', usedIn: 'CK_RSA_PKCS_MGF_TYPE', rows: maskGenerators },
  {
    id: 'generatorFunctions',
    usedIn: 'CK_GENERATOR_FUNCTION: who makes the nonce of a message',
    rows: generatorFunctions,
  },
  { id: 'oaepSources', usedIn: 'CK_RSA_PKCS_OAEP_SOURCE_TYPE', rows: oaepSources },
  {
    id: 'keyDerivations',
    usedIn: 'CK_EC_KDF_TYPE, CK_X9_42_DH_KDF_TYPE and their kin',
    rows: keyDerivations,
  },
  { id: 'pbkdf2Prfs', usedIn: 'CK_PKCS5_PBKD2_PSEUDO_RANDOM_FUNCTION_TYPE', rows: pbkdf2Prfs },
  { id: 'pbkdf2SaltSources', usedIn: 'CK_PKCS5_PBKDF2_SALT_SOURCE_TYPE', rows: pbkdf2SaltSources },
  {
    id: 'hedgeVariants',
    usedIn: 'CK_HEDGE_TYPE: how much randomness a post-quantum signature takes',
    rows: hedgeVariants,
  },
  { id: 'otpParameters', usedIn: 'CK_OTP_PARAM_TYPE', rows: otpParameters },
  { id: 'sp800108Fields', usedIn: 'CK_PRF_DATA_TYPE (SP 800-108)', rows: sp800108Fields },
  {
    id: 'sp800108LengthMethods',
    usedIn: 'CK_SP800_108_DKM_LENGTH_METHOD (SP 800-108)',
    rows: sp800108LengthMethods,
  },
];

/** All constants of all groups, in the same order. */
export const constants: readonly Constant[] = constantGroups.flatMap((group) => group.rows);
