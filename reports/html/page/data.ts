/** The data this file carries: what is said of the cases at once, what proves one and what was recorded of it when somebody looks at it. */
import { useEffect, useState } from 'preact/hooks';
import { type Comparison, comparisonsOf, type Side, sidesOf } from '../../comparison.ts';
import { type PageBlock, placeInBlocks, runInBlock } from '../page-block.ts';
import { type CaseProof, casesIn, type PageCase, type ProofBlock, placeInProofs } from '../page-cases.ts';
import type { PageData, PageRun } from '../page-data.ts';
import { octetsOf } from './base64.ts';
import { pathBelow } from './bundle-path.ts';

const all = (await unpacked('data')) as PageData;
const blocks = new Map<string, Promise<unknown>>();

export const result = all.result;
export const cases: readonly PageCase[] = casesIn(all.cases, 0);
export const documents: readonly string[] = [
  ...new Set(cases.flatMap((each) => each.readings.map((reading) => reading.document))),
];

/** What can be compared: each product of this run, and of the other one where there is one. */
const earlier = all.earlier ? { ...all.earlier.result, cases: casesIn(all.earlier.cases, cases.length) } : undefined;
export const sides: readonly PageSide[] = sidesOf({ ...result, cases }, earlier);
/** What is worth it by itself. */
export const comparisons: readonly Comparison<PageCase>[] = comparisonsOf({ ...result, cases }, earlier);

export type PageSide = Side<PageCase>;

/** How the address names a side. */
export function sideKey({ run, product }: PageSide): string {
  return `${run}/${product.name}`;
}

/** From this page to the bundle of a case; undefined where none was kept, or none is beside this page. */
export function bundleOf({ bundle, place }: PageCase): string | undefined {
  const { folder } = place < cases.length ? all : all.earlier!;
  return bundle === null || folder === null ? undefined : pathBelow(folder, bundle);
}

/** Of the product of a case. */
export function runtimeOf({ product, place }: PageCase): string | undefined {
  const { products } = place < cases.length ? result : all.earlier!.result;
  return products.find(({ name }) => name === product)?.runtime;
}

export function caseTitle(each: PageCase): string {
  return each.variant === '' ? each.id : `${each.id}/${each.variant}`;
}

/** A case that somebody looks at. */
export interface OpenedCase {
  readonly proof: CaseProof;
  /** Absent where nothing was recorded. */
  readonly run?: PageRun;
  /** Where what proves it cannot be read. */
  readonly damage?: string;
}

/** Undefined until its blocks are open. */
export function useOpened(each: PageCase): OpenedCase | undefined {
  const [opened, setOpened] = useState<{ readonly of: PageCase; readonly as: OpenedCase }>();
  useEffect(() => {
    let wanted = true;
    void openedCase(each).then((as) => wanted && setOpened({ of: each, as }));
    return () => {
      wanted = false;
    };
  }, [each]);
  return opened?.of === each ? opened.as : undefined;
}

async function openedCase(each: PageCase): Promise<OpenedCase> {
  const [proved, run] = await Promise.all([proofOf(each), each.run === null ? undefined : runAt(each.run)]);
  return { ...proved, ...(run && { run }) };
}

async function proofOf({ place }: PageCase): Promise<Omit<OpenedCase, 'run'>> {
  const { block, at } = placeInProofs(place);
  try {
    const proof = ((await blockNamed(`proofs-${block}`)) as ProofBlock)[at];
    if (proof) return { proof };
    throw new RangeError(`there is no case ${at} in it`);
  } catch (error) {
    const damage = `This report is damaged where the evidence stands: ${(error as Error).message}`;
    return { proof: { controls: [], evidence: [] }, damage };
  }
}

async function runAt(run: number): Promise<PageRun> {
  const { block, place } = placeInBlocks(run);
  try {
    return runInBlock((await blockNamed(`block-${block}`)) as PageBlock, place);
  } catch (error) {
    return { damage: `This report is damaged where the recording stands: ${(error as Error).message}` };
  }
}

/** Each is opened once. */
function blockNamed(name: string): Promise<unknown> {
  const known = blocks.get(name) ?? unpacked(name);
  blocks.set(name, known);
  return known;
}

/** The JSON in a script element: compressed (RFC 1950), in base64. */
async function unpacked(id: string): Promise<unknown> {
  const octets = octetsOf(document.getElementById(id)!.textContent!);
  return new Response(new Blob([octets]).stream().pipeThrough(new DecompressionStream('deflate'))).json();
}
