import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { buildPkcs11js } from '../support/pkcs11js.ts';
import { missing } from './consumers/needs.ts';
import { page, type Section, untested } from './consumers/page.ts';
import { World } from './consumers/world.ts';

const asRoot = process.getuid?.() === 0;
const needsOf = (section: Section) => section.blocks.flatMap((block) => block.needs);

/** Skips the test that runs, and leaves the reason where scripts/test.ts finds it. It prints which programs ran. */
function skip(context: TestContext, reason: string): never {
  Object.assign(context.task.meta, { reason });
  return context.skip(reason);
}

/**
 * Sections need only what the first two left, so they run side by side on one store. Programs that root can't run
 * have a store of another user's.
 */
describe('the lines of docs/consumers.md', { timeout: 900_000 }, () => {
  let world: World | undefined;
  let others: World | undefined;
  const whyNoOther = asRoot ? World.whyNoOther() : undefined;

  beforeAll(async () => {
    await buildPkcs11js();
    world = await World.make('present');
    if (asRoot && whyNoOther === undefined) others = await World.make('other');
  }, 300_000);

  afterAll(async () => {
    await world?.close();
    await others?.close();
  }, 60_000);

  it('leave no shell block untested', () => {
    expect(untested).toEqual([]);
    const sections = page.filter((section) => needsOf(section).length > 0);
    expect(sections.length).toBeGreaterThanOrEqual(27);
  });

  for (const section of page.filter((each) => needsOf(each).length > 0))
    it.concurrent(section.heading, async (context) => {
      Object.assign(context.task.meta, { program: section.heading });
      const needs = needsOf(section);
      const lacks = missing(needs);
      if (lacks !== undefined) return skip(context, lacks);
      const elsewhere = asRoot && needs.includes('not-root');
      if (elsewhere && whyNoOther !== undefined) return skip(context, whyNoOther);
      const outside = await (elsewhere ? others : world)?.run(section);
      if (outside !== undefined) skip(context, outside);
    });
});
