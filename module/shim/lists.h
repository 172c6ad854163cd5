/* The function lists that C_GetFunctionList and C_GetInterface give out. */
#ifndef STRONGROOM_LISTS_H
#define STRONGROOM_LISTS_H

#include "../generated/strongroom.h"

extern CK_FUNCTION_LIST sr_list_2_40;
extern CK_FUNCTION_LIST_3_0 sr_list_3_0;
extern CK_FUNCTION_LIST_3_2 sr_list_3_2;
extern SR_FUNCTION_LIST sr_list_own;

#endif
