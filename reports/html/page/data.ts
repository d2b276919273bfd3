/** The data this file carries, read once; recorded runs when first asked for. */
import { useEffect, useState } from 'preact/hooks';
import { type Comparison, comparisonsOf, type Side, sidesOf } from '../../comparison.ts';
import { type PageBlock, placeInBlocks, runInBlock } from '../page-block.ts';
import type { PageCase, PageData, PageRun } from '../page-data.ts';
import { octetsOf } from './base64.ts';

const all = (await unpacked('data')) as PageData;
const blocks = new Map<number, Promise<PageBlock>>();

export const result = all.result;
export const cases = all.cases;
export const documents: readonly string[] = [
  ...new Set(cases.flatMap((each) => each.readings.map((reading) => reading.document))),
];

/** What can be compared: each product of this run, and of the other one where there is one. */
const earlier = all.earlier ? { ...all.earlier.result, cases: all.earlier.cases } : undefined;
export const sides: readonly PageSide[] = sidesOf({ ...result, cases }, earlier);
/** What is worth it by itself. */
export const comparisons: readonly Comparison<PageCase>[] = comparisonsOf({ ...result, cases }, earlier);

export type PageSide = Side<PageCase>;

/** How the address names a side. */
export function sideKey({ run, product }: PageSide): string {
  return `${run}/${product.name}`;
}

export function caseTitle(each: PageCase): string {
  return each.variant === '' ? each.id : `${each.id}/${each.variant}`;
}

/** What was recorded for a case, as soon as its block is open; undefined where nothing was. */
export function useRunOf(each: PageCase): PageRun | 'opening' | undefined {
  const [opened, setOpened] = useState<{ readonly of: PageCase; readonly run: PageRun }>();
  useEffect(() => {
    let wanted = true;
    if (each.run !== null) void runAt(each.run).then((run) => wanted && setOpened({ of: each, run }));
    return () => {
      wanted = false;
    };
  }, [each]);
  if (each.run === null) return undefined;
  return opened?.of === each ? opened.run : 'opening';
}

async function runAt(run: number): Promise<PageRun> {
  const { block, place } = placeInBlocks(run);
  const known = blocks.get(block) ?? (unpacked(`block-${block}`) as Promise<PageBlock>);
  blocks.set(block, known);
  try {
    return runInBlock(await known, place);
  } catch (error) {
    return { damage: `This report is damaged where the recording stands: ${(error as Error).message}` };
  }
}

/** The JSON in a script element: compressed (RFC 1950), in base64. */
async function unpacked(id: string): Promise<unknown> {
  const octets = octetsOf(document.getElementById(id)!.textContent!);
  return new Response(new Blob([octets]).stream().pipeThrough(new DecompressionStream('deflate'))).json();
}
