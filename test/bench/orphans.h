/* Engines outlive the programs that start them. A test program adopts them, so that it can end exactly those
 * and no one else's. */
#ifndef STRONGROOM_TEST_ORPHANS_H
#define STRONGROOM_TEST_ORPHANS_H

/** From now on, processes orphaned below this one become its children (PR_SET_CHILD_SUBREAPER). */
void adopt_orphans(void);

/** Ends every process whose parent is this one and waits for them: SIGTERM first, SIGKILL for those still
 * there after two seconds. */
void end_orphans(void);

#endif
