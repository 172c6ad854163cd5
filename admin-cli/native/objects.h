/* The calls about objects: finding, reading, making and destroying them, and signing with one. */
#ifndef STRONGROOM_CLI_OBJECTS_H
#define STRONGROOM_CLI_OBJECTS_H

#include "values.h"

bool cli_objects_define(napi_env env, napi_value exports);

#endif
