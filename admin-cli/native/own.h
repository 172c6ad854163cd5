/* The calls of Strongroom's own interface (module/generated/strongroom.h), for what PKCS#11 has no function
 * for. */
#ifndef STRONGROOM_CLI_OWN_H
#define STRONGROOM_CLI_OWN_H

#include "values.h"

/* Takes the interface out of a module that was just loaded; another maker's has none, and then its calls
 * throw. */
void cli_own_load(void *library);
bool cli_own_define(napi_env env, napi_value exports);

#endif
