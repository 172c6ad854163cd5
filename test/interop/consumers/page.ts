/** What stands in docs/consumers.md: a section for each program, with the lines that the tests run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/profile.ts';

export interface Block {
  /** What follows the backquotes: the language, and how the block is run. */
  readonly info: string;
  readonly text: string;
  /** What the block can't run without: programs, or names of `needs.ts`. */
  readonly needs: readonly string[];
  /** It makes what the other sections build upon. */
  readonly first: boolean;
}

export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** How a shell block may begin; a block in another language is for reading. */
const SHELL = /^sh (first )?needs=([\w.,-]+)$/;

function blockOf(info: string, text: string): Block {
  const [, first, needs] = SHELL.exec(info) ?? [];
  return { info, text, needs: needs?.split(',') ?? [], first: first !== undefined };
}

/** The sections of a Markdown text that hold fenced blocks, in their order. */
export function sectionsOf(markdown: string): Section[] {
  const sections: { heading: string; blocks: Block[] }[] = [];
  let open: { info: string; lines: string[] } | undefined;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) {
      if (open === undefined) open = { info: line.slice(3).trim(), lines: [] };
      else {
        sections.at(-1)?.blocks.push(blockOf(open.info, open.lines.join('\n')));
        open = undefined;
      }
    } else if (open !== undefined) open.lines.push(line);
    else if (line.startsWith('## ')) sections.push({ heading: line.slice(3), blocks: [] });
  }
  return sections.filter((section) => section.blocks.length > 0);
}

export const page = sectionsOf(readFileSync(join(ROOT, 'docs/consumers.md'), 'utf8'));

/** Blocks that a reader would paste into a shell but that no test would run. */
export const untested = page
  .flatMap((section) => section.blocks)
  .filter((block) => /^(sh|bash|shell|console)\b/.test(block.info) && !SHELL.test(block.info));
